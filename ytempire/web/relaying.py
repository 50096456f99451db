"""How a relayed vendor's routes answer: errors are our problems that carry the vendor's own shape beside.

The vendor's client finds what it reads (`error`, or `detail`), whoever knows us finds code, field and fix. What the
vendor itself refused keeps the vendor's status.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from ytempire.kit.errors import OUR_KEY, OutcomeUnknown, VendorRefused, YtempireError
from ytempire.web.bodies import example
from ytempire.web.parts import parts_of
from ytempire.web.problems import MEDIA_TYPE, Problem, answer_to
from ytempire.web.routing import API, PROBLEM, operation_id

_SAID = "chat completion of a workflow (strong): $0.64 more would pass the cap of budget openai ($1.00)"
_ERROR: dict[str, Any] = {"message": _SAID, "type": "budget_refused", "param": None, "code": "budget_refused"}
_PROBLEM: dict[str, Any] = {
    "type": "urn:ytempire:problem:budget_refused",
    "title": "budget refused",
    "status": 409,
    "code": "budget_refused",
    "request_id": "0199f3c2a4d67b1c8e21f0a9b3d4c5e6",
}
_AGAIN = frozenset({"in_flight", "outcome_unknown", "too_many", "vendor_refused", "database_unreachable"})
"""What a client may repeat as it is."""


class OpenAiError(BaseModel):
    """What OpenAI's clients read."""

    model_config = example(_ERROR)
    message: str
    type: str | None = None
    param: str | None = None
    code: str | None = None


class OpenAiProblem(Problem):
    """A problem, and beside it what OpenAI's clients read: its own words where it refused."""

    model_config = example(_PROBLEM | {"detail": _SAID, "error": _ERROR})
    error: OpenAiError | None = None


class ElevenLabsError(BaseModel):
    """What ElevenLabs' clients read."""

    model_config = example({"status": "budget_refused", "message": _SAID})
    status: str | None = None
    message: str | None = None


class ElevenLabsProblem(BaseModel):
    """A problem, and in place of its `detail` what ElevenLabs' clients read: its own words where it refused."""

    model_config = example(_PROBLEM | {"detail": {"status": "budget_refused", "message": _SAID}})
    type: str
    title: str
    status: int
    code: str = Field(description="Stable; docs/reference/errors.md lists all.")
    detail: ElevenLabsError | list[Any] | str
    field: str | None = None
    fix: str | None = None
    request_id: str


PROBLEMS: dict[str, type[BaseModel]] = {"openai": OpenAiProblem, "elevenlabs": ElevenLabsProblem}


class _Relayed(APIRoute):
    """A route of a vendor's relay. Its Idempotency-Key is the call's name in the books, so no answer is kept here."""

    vendor: ClassVar[str]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with ours around it."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except Exception as error:  # noqa: BLE001 - what isn't foreseen is raised again
                return _in_both_shapes(request, self.vendor, error, await answer_to(request, error))

        return handle


class _OpenAi(_Relayed):
    vendor = "openai"


class _ElevenLabs(_Relayed):
    vendor = "elevenlabs"


def _in_both_shapes(request: Request, vendor: str, error: Exception, problem: Response) -> Response:
    body = json.loads(bytes(problem.body))
    status = problem.status_code
    if isinstance(error, VendorRefused | OutcomeUnknown) and error.said and error.said.status not in OUR_KEY:
        status = body["status"] = error.said.status
    said = YtempireError(body["detail"], field=body.get("field"), fix=body.get("fix"), code=body["code"])
    port = parts_of(request).platform.relays.get(vendor)
    if port is not None:
        body |= port.in_its_words(error if isinstance(error, YtempireError) else said)
    headers = {name: value for name, value in problem.headers.items() if name not in ("content-length", "content-type")}
    if body["code"] not in _AGAIN:
        headers["x-should-retry"] = "false"  # the vendors' clients would repeat a 409 by themselves
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def vendor_router(vendor: str) -> APIRouter:
    """The router of a vendor's relay, at /api/v1/relay/VENDOR/v1."""
    return APIRouter(
        prefix=f"{API}/relay/{vendor}/v1",
        tags=[f"relay/{vendor}"],
        route_class={"openai": _OpenAi, "elevenlabs": _ElevenLabs}[vendor],
        responses={"default": PROBLEM["default"] | {"model": PROBLEMS[vendor]}},
        generate_unique_id_function=operation_id,
    )
