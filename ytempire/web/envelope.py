"""What surrounds every request: its id, a cap on its body, its time, the headers that protect a browser, no naked 500.

Plain ASGI, because a framework's own middleware can't see a fault and still answer it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytempire.kit.clock import stopwatch_s
from ytempire.kit.ids import new_id
from ytempire.kit.metrics import HTTP_OWN_S
from ytempire.kit.outside import Interval, begin_account, union_s
from ytempire.kit.rates import Taken
from ytempire.web.problems import TooLarge, fault

MOST_BODY_BYTES = 1_000_000
STREAMED_FROM_BYTES = 10_000_000
_CAP = "ytempire.most_body_bytes"
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def allow_body(scope: Scope, most_bytes: int) -> None:
    """This request's body may be larger than most (an upload)."""
    scope[_CAP] = most_bytes


def takes_upload(scope: Scope) -> bool:
    """Whether this request's body may be so large that it is never held in memory as a whole."""
    return int(scope.get(_CAP, 0)) >= STREAMED_FROM_BYTES


class Envelope:
    """Around the whole application."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict(_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, waits = stopwatch_s(), begin_account()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request=request_id)
        answering = _Answering(send, lambda begins: self._add(begins, scope, request_id, began, waits))
        try:
            await self._app(scope, _capped(scope, receive), answering)
        except Exception as error:
            if scope["state"].get("fault_answered"):
                return  # Starlette answers a fault and raises it all the same
            if answering.begun:
                raise
            await fault(error, request_id)(scope, receive, answering)
        finally:
            structlog.contextvars.unbind_contextvars("request")

    def _add(self, begins: Message, scope: Scope, request_id: str, began: float, waits: list[Interval]) -> None:
        headers = MutableHeaders(raw=begins.setdefault("headers", []))
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        now = stopwatch_s()
        ext_s = union_s(waits, until=now)
        headers["X-Request-Id"] = request_id
        if taken := scope["state"].get("taken"):  # refusals tell it, too
            headers.update(_rate_headers(taken))
        own_s = now - began - ext_s
        headers["Server-Timing"] = f"own;dur={own_s * 1000:.2f}, ext;dur={ext_s * 1000:.2f}"
        HTTP_OWN_S.labels(scope["method"], _template(scope), f"{begins['status'] // 100}xx").observe(own_s)


def _template(scope: Scope) -> str:
    """The route's path with its parameters' names, so that no id becomes a label; `none` where no route fits."""
    if "route" not in scope:
        return "none"
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        before, found, after = path.rpartition(f"/{value}")
        path = f"{before}/{{{name}}}{after}" if found else path
    return path


def _rate_headers(taken: Taken) -> dict[str, str]:
    """A rate as clients read it (draft-ietf-httpapi-ratelimit-headers)."""
    name = f'"{taken.rate.name}"'
    return {
        "RateLimit-Policy": f"{name};q={taken.rate.most};w={taken.rate.window_s}",
        "RateLimit": f"{name};r={taken.left};t={taken.reset_s}",
    }


class _Answering:
    """Sends on, and adds what is ours to the beginning of the answer."""

    def __init__(self, send: Send, add: Callable[[Message], None]) -> None:
        self._send, self._add = send, add
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self._add(message)
        await self._send(message)


def _capped(scope: Scope, receive: Receive) -> Receive:
    """The body as it comes, until it is too much; one that announces its length is refused before it comes."""
    read = 0

    async def capped() -> Message:
        nonlocal read
        most = int(scope.get(_CAP, MOST_BODY_BYTES))
        if read == 0 and _announced(scope["headers"]) > most:
            raise _too_large(most)
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise _too_large(most)
        return message

    return capped


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"the body is larger than {most} bytes", field="body", fix="Send less at once.")


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> int:
    length = dict(headers).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


def _request_id(scope: Scope) -> str:
    """The caller's `X-Request-Id` where it is harmless, so that one id follows a call through several programs."""
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    return given if _GIVEN_ID.fullmatch(given) else new_id().hex
