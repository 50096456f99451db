"""The outermost layer: keeps admin paths to loopback, counts calls, and plays the faults on the wire."""

import asyncio
import contextlib
import ipaddress
import json
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import faults, wire
from sandbox.operations import operation_of
from sandbox.state import Json, State

METADATA_ADDRESS: Final = "http://169.254.169.254/latest/meta-data/"
HUGE_BYTES: Final = 300 * 1024 * 1024


class Gate:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app, self.state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the fault that was planned for it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if scope["path"].startswith("/_") and not _from_loopback(scope, headers):
            await _answer(send, 403, b'{"error": "admin paths answer only on loopback"}', "application/json")
            return
        found = operation_of(scope["method"], scope["path"], headers.get(b"content-range", b"").decode("latin-1"))
        if found is None:
            await self.app(scope, receive, send)
            return
        vendor, operation = found
        fault = faults.draw(self.state, vendor, operation)
        if fault is None:
            await self.app(scope, receive, self._counting(send, vendor, operation))
            return
        client = (scope["client"][0], scope["client"][1])
        if fault.performs:
            answer = await self._perform(scope, receive)
            self._count(vendor, operation, answer[0]["status"])
            await _spoil(fault, answer, client, receive, send)
        else:
            await _refuse(fault, client, receive, send)

    def _counting(self, send: Send, vendor: str, operation: str) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(vendor, operation, message["status"])
            await send(message)

        return counted

    def _count(self, vendor: str, operation: str, status: int) -> None:
        self.state.run(
            "insert into calls values (?, ?, ?, 1)"
            " on conflict (vendor, operation, status) do update set count = count + 1",
            vendor,
            operation,
            status,
        )

    async def _perform(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        start: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self.app(scope, receive, keep)
        return start, bytes(body)


async def _refuse(
    fault: faults.Fault, client: tuple[str, int], receive: Receive, send: Send, *, drained: bool = False
) -> None:
    """Faults of a call that is not performed; `drained`: its body has been read already."""
    if fault.kind == "refused":
        await _drop(client, gently=fault.options.get("how") == "close")
        return
    if fault.kind == "hang":
        await _hang(fault, client, receive)
        return
    if not drained:
        await _drain(receive)
    response = faults.answer(fault)
    if response is not None:
        start: Message = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": list(response.raw_headers),
        }
        await send(start)
        await send({"type": "http.response.body", "body": bytes(response.body)})
    elif fault.kind == "redirect":
        await _answer(send, 302, b"", "text/plain", [(b"location", METADATA_ADDRESS.encode())])
    elif fault.kind == "html_200":
        await _answer(send, 200, b"<!doctype html><title>Welcome</title><h1>Sign in to the network</h1>", "text/html")
    elif fault.kind == "huge":
        await _huge(int(fault.options.get("bytes", HUGE_BYTES)), send, receive)


async def _spoil(
    fault: faults.Fault, answer: tuple[Message, bytes], client: tuple[str, int], receive: Receive, send: Send
) -> None:
    """Faults of a call that was performed and billed."""
    start, body = answer
    if fault.kind in ("answer_lost", "refused"):
        await _drop(client, gently=fault.options.get("how") == "close")
    elif fault.kind == "hang":
        await _hang(fault, client, receive)
    elif fault.kind == "broken_json":
        await _send_as(start, send, body[: max(1, len(body) * 2 // 3)])
    elif fault.kind == "nan":
        await _send_as(start, send, _with_nan(body))
    elif fault.kind in ("truncated", "half_close"):
        await send(start)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        if fault.kind == "half_close":
            transport = wire.transport_of(client)
            if transport is not None:
                transport.write_eof()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_gone(receive), float(fault.options.get("seconds", 60)))
        await asyncio.sleep(0.02)  # let the half that was sent arrive before the connection goes
        await _drop(client, gently=True)
    elif fault.kind == "drip":
        await _drip(start, body, float(fault.options.get("interval_s", 1.0)), client, send)
    else:
        await _refuse(fault, client, receive, send, drained=True)


async def _drip(start: Message, body: bytes, interval_s: float, client: tuple[str, int], send: Send) -> None:
    await send(start)
    for at in range(len(body)):
        if wire.transport_of(client) is None:
            return
        await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": at + 1 < len(body)})
        await asyncio.sleep(interval_s)


async def _huge(size: int, send: Send, receive: Receive) -> None:
    gone = asyncio.create_task(_gone(receive))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b'{"padding": "', "more_body": True})
    block = b"a" * (1 << 16)
    for _ in range(size // len(block)):
        if gone.done():
            return
        await send({"type": "http.response.body", "body": block, "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b'"}'})
    gone.cancel()


async def _hang(fault: faults.Fault, client: tuple[str, int], receive: Receive) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_gone(receive), float(fault.options.get("seconds", 600)))
    await _drop(client)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drain(receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


async def _drop(client: tuple[str, int], *, gently: bool = False) -> None:
    transport = wire.transport_of(client)
    if transport is not None:
        if gently:
            transport.close()
        else:
            wire.reset(client)
        await asyncio.sleep(0.02)  # until the server has seen it and expects no answer any more


async def _answer(
    send: Send, status: int, body: bytes, kind: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", kind.encode()),
                (b"content-length", str(len(body)).encode()),
                *(headers or []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def _send_as(start: Message, send: Send, body: bytes) -> None:
    headers = [(key, value) for key, value in start["headers"] if key != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


def _with_nan(body: bytes) -> bytes:
    """The same answer with its first number replaced by NaN, which strict JSON forbids."""
    try:
        value = json.loads(body)
    except ValueError:
        value = {}
    if not _spoil_number(value):
        value = {"value": float("nan")}
    return json.dumps(value).encode()


def _spoil_number(value: Json) -> bool:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(inner, int | float) and not isinstance(inner, bool):
            value[key] = float("nan")
            return True
        if _spoil_number(inner):
            return True
    return False


def _from_loopback(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """The peer and the name it asked for are both this machine (the name: against DNS rebinding)."""
    host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0].strip("[]")
    try:
        peer = ipaddress.ip_address(scope["client"][0]).is_loopback
        return peer and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except (ValueError, TypeError):
        return False
