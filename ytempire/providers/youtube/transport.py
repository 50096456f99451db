"""The wire under Google's client: one attempt, no redirect, an answer of bounded size, a total deadline.

httplib2 repeats a request by itself when the connection breaks, a POST too, so a playlist entry could be made twice;
its sockets' timeouts don't stop an answer of a byte a second; it reads an answer of any size. A `Wire` serves one
call in one thread (httplib2 objects are not thread-safe) and can be cut from another.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httplib2
from googleapiclient.http import build_http

from ytempire.kit.errors import OutcomeUnknown, VendorRefused
from ytempire.kit.outside import outside
from ytempire.providers.youtube.refusals import VENDOR

T = TypeVar("T")
Untyped = Any
"""Google's client and httplib2 come without types."""

ANSWER_MOST_BYTES = 4_000_000
SOCKET_TIMEOUT_S = 30.0
RETRY_S = 1.0


class AnswerBroken(Exception):  # noqa: N818
    """The answer is too large, compressed unasked, ends early, or is no JSON."""


_BREAKS = (AnswerBroken, OSError, TimeoutError, httplib2.HttpLib2Error, http.client.HTTPException)


class Wire:
    """What googleapiclient calls `http`: has `request`, gives (response, content)."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token
        self._http: Any = build_http()
        self._http.timeout = SOCKET_TIMEOUT_S
        self._http.follow_redirects = False
        self._http._conn_request = self._once  # noqa: SLF001 - the one place where httplib2 repeats a request
        self._turn = threading.Lock()
        self._cut = False
        self.sent = False
        """Whether anything may have reached the other side."""

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_unused: object,
    ) -> tuple[Any, bytes]:
        """One request. Raises AnswerBroken, OSError, httplib2.HttpLib2Error, http.client.HTTPException."""
        sent = {"accept-encoding": "identity"}
        sent |= {name: value for name, value in (headers or {}).items() if name.lower() != "accept-encoding"}
        if self._token:
            sent["authorization"] = f"Bearer {self._token}"
        response, content = self._http.request(uri, method=method, body=body, headers=sent)
        return response, content

    def cut(self) -> None:
        """End the call from another thread, wherever it is."""
        with self._turn:
            self._cut = True
        for connection in list(self._http.connections.values()):
            raw = getattr(connection, "sock", None)
            if raw is not None:
                with contextlib.suppress(OSError):
                    raw.shutdown(socket.SHUT_RDWR)

    def _once(
        self, connection: Untyped, uri: str, method: str, body: Untyped, headers: Mapping[str, str]
    ) -> tuple[Any, bytes]:
        try:
            if connection.sock is None:
                connection.connect()
            with self._turn:  # either it is cut before anything is sent, or `sent` is known to whoever cuts
                if self._cut:
                    raise AnswerBroken("the deadline passed before anything was sent")
                self.sent = True
            connection.request(method, uri, body, headers)
            with connection.getresponse() as answer:
                content = b"" if method == "HEAD" else self._read(answer)
                return httplib2.Response(answer), content
        finally:
            connection.close()

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        if answer.getheader("content-encoding", "identity") != "identity":
            raise AnswerBroken("the answer is compressed, which was not asked for")
        content = answer.read(ANSWER_MOST_BYTES + 1)
        if len(content) > ANSWER_MOST_BYTES:
            raise AnswerBroken(f"the answer is larger than {ANSWER_MOST_BYTES} bytes")
        promised = answer.getheader("content-length")
        if promised is not None and promised.isdecimal() and len(content) < int(promised):
            raise AnswerBroken("the answer ended early")
        return content


async def in_time(call: Callable[[Wire], T], *, deadline_s: float, token: str | None = None) -> T:
    """Run a blocking call on a wire of its own, within `deadline_s` in all.

    Raises VendorRefused if nothing was sent, OutcomeUnknown if the answer is missing or broken after that.
    """
    wire = Wire(token)
    try:
        with outside():
            async with asyncio.timeout(deadline_s):
                return await asyncio.to_thread(call, wire)
    except _BREAKS as error:
        wire.cut()
        words = str(error) or type(error).__name__
        if wire.sent:
            raise OutcomeUnknown(f"YouTube's answer did not come through ({words})", vendor=VENDOR) from error
        raise VendorRefused(
            f"YouTube could not be reached ({words})", vendor=VENDOR, reason="unreachable", retry_after_s=RETRY_S
        ) from error
    finally:
        # The thread can't be cancelled, so its connection is: it must not act on after we said that it had ended.
        wire.cut()
