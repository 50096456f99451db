"""The load of bench/api.py, in a process of its own: HTTP/1.1 over kept connections, as little of Python as will do.

httpx takes about a millisecond of CPU a request, more than the server it would measure. This takes 40 µs: a request is
bytes made once, an answer is read up to its Content-Length. It reads one JSON object (what to do) and writes one.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from urllib.parse import urlsplit

TIMEOUT_S = 10.0


class Http(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._need = 0
        self._waits: asyncio.Future[tuple[int, bytes, int]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self._waits is None or self._waits.done():
            return
        if not self._need:
            at = self._buffer.lower().find(b"content-length:", 0, end)
            length = int(self._buffer[at + 15 : self._buffer.find(b"\r\n", at)]) if at >= 0 else 0
            self._need = end + 4 + length
        if len(self._buffer) >= self._need:
            head, need = bytes(self._buffer[:end]), self._need
            del self._buffer[:need]
            self._need = 0
            self._waits.set_result((int(head[9:12]), head, need))

    def connection_lost(self, _error: Exception | None) -> None:
        if self._waits and not self._waits.done():
            self._waits.set_exception(ConnectionResetError("the server closed the connection"))

    async def ask(self, request: bytes) -> tuple[int, bytes, int]:
        """Status, head and bytes of the answer."""
        assert self._transport
        self._waits = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(TIMEOUT_S):
            return await self._waits

    def close(self) -> None:
        assert self._transport
        self._transport.close()


def request_for(url: str, path: str, key: str) -> bytes:
    """The bytes of a GET."""
    said = f"GET {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAccept: application/json\r\n"
    return (said + (f"Authorization: Bearer {key}\r\n" if key else "") + "\r\n").encode()


async def connect(url: str) -> Http:
    """A connection to the server."""
    at = urlsplit(url)
    _, made = await asyncio.get_running_loop().create_connection(Http, at.hostname, at.port)
    return made


async def closed(url: str, path: str, keys: Sequence[str], connections: int, seconds: float) -> dict[str, object]:
    """So many connections, each with the next request as soon as the answer is there."""
    until = 0.0

    async def one(key: str) -> tuple[int, int]:
        request, http, done, wrong = request_for(url, path, key), await connect(url), 0, 0
        while time.perf_counter() < until:
            status, _, _ = await http.ask(request)
            done, wrong = done + 1, wrong + (status != 200)
        http.close()
        return done, wrong

    began = time.perf_counter()
    until = began + seconds
    counts = await asyncio.gather(*(one(key) for key, _ in zip(cycle(keys), range(connections), strict=False)))
    took = time.perf_counter() - began
    return {"per_s": sum(done for done, _ in counts) / took, "errors": sum(wrong for _, wrong in counts)}


async def open_loop(
    url: str, paths: Sequence[str], keys: Sequence[str], seconds: float, stream: str | None
) -> dict[str, object]:
    """Each user asks once a second whatever the answers do, and holds a stream of events open."""
    loop = asyncio.get_running_loop()
    own_ms: list[float] = []
    took_ms: list[float] = []
    errors = 0
    began = time.perf_counter() + 1
    streams = [await _stream(url, stream, key) for key in keys] if stream else []

    async def user(number: int, key: str) -> None:
        nonlocal errors
        idle: list[Http] = []
        tasks = []

        async def once(path: str) -> None:
            nonlocal errors
            due = time.perf_counter()
            try:
                http = idle.pop() if idle else await connect(url)
                status, head, _ = await http.ask(request_for(url, path, key))
                idle.append(http)
                took_ms.append((time.perf_counter() - due) * 1000)
                at = head.lower().find(b"own;dur=")
                own_ms.append(float(head[at + 8 : head.find(b",", at)]))
                errors += status != 200
            except (OSError, TimeoutError):
                errors += 1

        for turn in range(int(seconds)):
            wait = began + turn + number / len(keys) - time.perf_counter()
            await asyncio.sleep(max(0.0, wait))
            tasks.append(loop.create_task(once(paths[(number + turn) % len(paths)])))
        await asyncio.gather(*tasks)
        for http in idle:
            http.close()

    await asyncio.gather(*(user(number, key) for number, key in enumerate(keys)))
    alive = sum(not writer.is_closing() and not reader.at_eof() for reader, writer in streams)
    for _, writer in streams:
        writer.close()
    return {
        "requests": len(own_ms),
        "errors": errors,
        "own_p50_ms": _share(own_ms, 0.50),
        "own_p95_ms": _share(own_ms, 0.95),
        "own_p99_ms": _share(own_ms, 0.99),
        "took_p95_ms": _share(took_ms, 0.95),
        "streams": alive,
    }


async def _stream(url: str, path: str, key: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(request_for(url, path, key))
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"no stream: {head.decode()}")
    return reader, writer


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2) if values else float("nan")


def main() -> None:
    """Do what is asked."""
    wanted = json.load(sys.stdin)
    kind = wanted.pop("kind")
    print(json.dumps(asyncio.run((closed if kind == "closed" else open_loop)(**wanted))))


if __name__ == "__main__":
    main()
