"""The one table errors → status, and their form on the wire: RFC 9457 problem+json with a stable `code`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from ytempire.kit.database import ConnectionLost, NotStorable
from ytempire.kit.errors import NotSignedIn, TooMany, VendorRefused, YtempireError
from ytempire.web.bodies import example
from ytempire.web.unfit import field_of, plain_words

MEDIA_TYPE = "application/problem+json"
STATUS = {
    "bad_request": 400,
    "wrong_cursor": 400,
    "code_needed": 401,
    "not_signed_in": 401,
    "not_allowed": 403,
    "foreign_origin": 403,
    "link_refused": 403,
    "not_found": 404,
    "cache_miss": 404,
    "method_not_allowed": 405,
    "already_published": 409,
    "budget_refused": 409,
    "conflict": 409,
    "consent_refused": 409,
    "in_flight": 409,
    "no_recorded_call": 409,
    "not_configured": 409,
    "outcome_unknown": 409,
    "quality_refused": 409,
    "stand_in_refused": 409,
    "superseded": 409,
    "waits_for_review": 409,
    "wrong_state": 409,
    "version_conflict": 412,
    "too_large": 413,
    "range_refused": 416,
    "bad_input": 422,
    "draft_refused": 422,
    "fetch_refused": 422,
    "key_reused": 422,
    "condition_missing": 428,
    "too_many": 429,
    "fault": 500,
    "database_unreachable": 503,
    "media_damaged": 503,
    "memory_low": 503,
    "storage_full": 503,
    "vendor_refused": 503,
}
"""What a code is on the wire. A code that isn't here is a fault of ours: 500."""
_CODE_OF_STATUS = {400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 413: "too_large"}
_FAULT = "a fault of ytempire's own"
_log = structlog.get_logger("ytempire.web")


class TooLarge(YtempireError):  # noqa: N818
    """The body is larger than this route takes."""

    code = "too_large"


class Problem(BaseModel):
    """What went wrong, which field is at fault and how to mend it."""

    model_config = example(
        {
            "type": "urn:ytempire:problem:bad_input",
            "title": "bad input",
            "status": 422,
            "code": "bad_input",
            "detail": "'Mars/Olympus' is no time zone",
            "field": "time_zone",
            "fix": "Use an IANA name such as Europe/Berlin or UTC.",
            "request_id": "0199f3c2a4d67b1c8e21f0a9b3d4c5e6",
        }
    )
    type: str
    title: str
    status: int
    code: str = Field(description="Stable; docs/reference/errors.md lists all.")
    detail: str
    field: str | None = None
    fix: str | None = None
    request_id: str


def answer(error: YtempireError, request_id: str, headers: dict[str, str] | None = None) -> Response:
    """The error as an answer."""
    status = STATUS.get(error.code, 500)
    headers = dict(headers or {})
    wait_s = getattr(error, "retry_after_s", None)
    if isinstance(error, TooMany | VendorRefused) and wait_s is not None:
        headers["Retry-After"] = str(int(wait_s))
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    body = Problem(
        type=f"urn:ytempire:problem:{error.code}",
        title=error.code.replace("_", " "),
        status=status,
        code=error.code,
        detail=error.message,
        field=error.field,
        fix=error.fix,
        request_id=request_id,
    )
    return JSONResponse(body.model_dump(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def fault(error: Exception, request_id: str) -> Response:
    """What nobody foresaw: the account goes to the log, the answer tells only where to look."""
    _log.error("a request ended in a fault", exc_info=error, request=request_id)
    fix = "Look for the request's id in the log of `ytempire web`, and report it."
    return answer(YtempireError(_FAULT, fix=fix, code="fault"), request_id)


def install(app: FastAPI) -> None:
    """Every error that leaves a route becomes a problem."""
    for kind, answered in _ANSWERS.items():
        app.add_exception_handler(kind, answered)
    app.add_exception_handler(Exception, _fault)


async def answer_to(request: Request, error: Exception) -> Response:
    """The error as an answer, for who adds to it. Raises it if nobody foresaw it."""
    for kind, answered in _ANSWERS.items():
        if isinstance(error, kind):
            return await answered(request, error)
    raise error


def _id(request: Request) -> str:
    return str(request.state.request_id)


async def _ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, YtempireError):
        raise error
    if error.code not in STATUS:
        return fault(error, _id(request))
    return answer(error, _id(request))


async def _fault(request: Request, error: Exception) -> Response:
    request.state.fault_answered = True
    return fault(error, _id(request))


async def _framework(request: Request, error: Exception) -> Response:
    """What FastAPI and Starlette raise by themselves: an unknown path, a method that isn't there, a broken body."""
    if not isinstance(error, HTTPException):
        raise error
    if isinstance(error.__cause__, YtempireError):  # FastAPI wraps whatever reading the body raises
        return answer(error.__cause__, _id(request))
    if error.status_code == 405:
        allow = ", ".join(_methods(request))
        words = YtempireError(
            f"{request.method} is not for this address", fix=f"Use {allow}.", code="method_not_allowed"
        )
        return answer(words, _id(request), {"Allow": allow})
    code = _CODE_OF_STATUS.get(error.status_code, "bad_request")
    fix = "See /api/v1/openapi.json for what there is."
    return answer(YtempireError(str(error.detail), fix=fix, code=code), _id(request), dict(error.headers or {}))


def _methods(request: Request) -> list[str]:
    """All methods of this address; the framework names those of the first route that fits."""
    found: set[str] = set()
    for template, operations in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.url.path):
            found.update(method.upper() for method in operations)
    return sorted(found)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    said, fix = plain_words(first)
    return answer(YtempireError(said, field=field_of(first), fix=fix, code="bad_input"), _id(request))


async def _no_database(request: Request, error: Exception) -> Response:
    _log.error("the database did not answer", error=type(error).__name__, request=_id(request))
    return answer(no_database(), _id(request), {"Retry-After": "2"})


async def _not_storable(request: Request, _error: Exception) -> Response:
    return answer(not_storable(), _id(request))


_ANSWERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    YtempireError: _ours,
    HTTPException: _framework,
    RequestValidationError: _invalid,
    ConnectionLost: _no_database,
    NotStorable: _not_storable,
    UnicodeEncodeError: _not_storable,
}


def no_database() -> YtempireError:
    """What to say when the database is gone."""
    return YtempireError(
        "the database does not answer", fix="Repeat the request in a moment.", code="database_unreachable"
    )


def not_storable() -> YtempireError:
    """What to say of a value that no column holds."""
    words = "the text has a character that can't be stored (NUL, or half a surrogate pair), or a number is out of range"
    return YtempireError(words, fix="Take it out.", code="bad_input")
