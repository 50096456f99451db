"""A server that webhooks are sent to: it notes every message and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where it is, what came, and the status of its answers by path (200 if none is set; None: never answers)."""

    url: str = ""
    got: list[Message] = field(default_factory=list)
    answers: dict[str, int | None] = field(default_factory=dict)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int, path: str | None = None, *, within_s: float = 20) -> list[Message]:
        """Wait until so many came."""

        def there() -> list[Message]:
            return [one for one in self.got if path in {None, one.path}]

        async with asyncio.timeout(within_s), self.came:
            await self.came.wait_for(lambda: len(there()) >= count)
        return there()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        path = first.split()[1]
        body = await reader.readexactly(int(headers["content-length"]))
        async with self.came:
            self.got.append(Message(path, headers, body))
            self.came.notify_all()
        status = self.answers.get(path, 200)
        if status is None:
            await self.released.wait()
        writer.write(
            f"HTTP/1.1 {status or 200} X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".encode()
        )
        writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """The server while the block lasts."""
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        made.released.set()
        server.close()
