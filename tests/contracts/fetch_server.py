"""A web server on loopback that answers byte for byte what a test wants, as slowly as it wants."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class FetchServer:
    """Its port, what it is asked (request heads), and how it answers by path."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    sent: int = 0
    """Bytes of bodies that went out."""

    def says(self, path: str, body: bytes = b"", *, status: str = "200 OK", **headers: str) -> None:
        """Answer plainly."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = {"content-type": "application/rss+xml", "content-length": str(len(body)), **named}
        head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(head.encode() + body)
            await writer.drain()

        self.answers[path] = answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
            answer = self.answers.get(head.split()[1])
            if answer:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[FetchServer]:
    """The server while the block lasts."""
    made = FetchServer()
    server = await asyncio.start_server(made._serve, host, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
