"""How a resource's routes are made: `router = resource("channels")`, one file per resource in a room of web/api."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from enum import Enum
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from ytempire.web.envelope import allow_body
from ytempire.web.once import answer_once
from ytempire.web.principal import who
from ytempire.web.problems import Problem, TooLarge

PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "model": Problem,
        "description": "A problem: `code` is stable, `field` names what is at fault, `fix` how to mend it.",
    }
}
API = "/api/v1"
ANONYMOUS = "anonymous"
_MOST_BODY, _MOST_VALUES = "_ytempire_most_body_bytes", "_ytempire_most_values"
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


class Route(APIRoute):
    """A route whose POST is done once per Idempotency-Key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with ours around it; both run inside the request's transaction scope."""
        inner = super().get_route_handler()
        most_values = getattr(self.endpoint, _MOST_VALUES, None)

        async def handle(request: Request) -> Response:
            if most_values is not None:
                _require_few_values(await request.body(), most_values)
            key = request.headers.get("idempotency-key") if request.method == "POST" else None
            principal = await who(request) if key is not None and not self._anonymous else None
            if key is not None and principal is not None:
                return await answer_once(request, principal, key, inner)
            return await inner(request)

        return handle

    @property
    def _anonymous(self) -> bool:
        """Whether nobody need be signed in; then there is nobody whose key it could be."""
        return ANONYMOUS in self.tags

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an upload's body be as large as its endpoint says, if somebody is known who sends it.

        FastAPI reads a body before it asks who sends it.
        """
        most = getattr(self.endpoint, _MOST_BODY, None)
        if most is not None and await who(Request(scope, receive)) is not None:
            allow_body(scope, most)
        await super().handle(scope, receive, send)


def resource(path: str, *, anonymous: bool = False) -> APIRouter:
    """The router of one resource, at /api/v1/PATH; `anonymous`: for who isn't signed in, no session is looked at."""
    tags: list[str | Enum] = [path, ANONYMOUS] if anonymous else [path]
    return APIRouter(
        prefix=f"{API}/{path}",
        tags=tags,
        route_class=Route,
        responses=PROBLEM,
        generate_unique_id_function=operation_id,
    )


def operation_id(route: APIRoute) -> str:
    """The operation's name in the OpenAPI document."""
    return f"{route.tags[0] if route.tags else 'api'}_{route.name}"


def _require_few_values(body: bytes, most: int) -> None:
    """Raise TooLarge for JSON of many small values, which takes 25 times its length in memory once it is read."""
    if sum(body.count(sign) for sign in (b",", b"[", b"{")) > most:
        raise TooLarge(f"the body has more than {most:,} values", field="body", fix="Send less at once.")


def takes_body(most_bytes: int, *, most_values: int | None = None) -> Callable[[Endpoint], Endpoint]:
    """Under the route's decorator: this endpoint's body may be larger than a megabyte; `most_values`: it is JSON."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MOST_BODY, most_bytes)
        if most_values is not None:
            setattr(endpoint, _MOST_VALUES, most_values)
        return endpoint

    return mark
