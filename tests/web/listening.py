"""A web process on a real socket, and somebody who reads its streams as a browser does."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import uvicorn

if TYPE_CHECKING:
    from tests.web.conftest import Stage

from ytempire.events import announce
from ytempire.events.model import StepBegun
from ytempire.kit.ids import new_id
from ytempire.web.serve import _Server, address_of, listen

STREAM = {"Accept": "text/event-stream"}


@dataclass
class Heard:
    """What a stream has told so far."""

    items: list[dict[str, Any]] = field(default_factory=list)
    place: str = ""
    """The last id, as a browser keeps it."""

    @property
    def ids(self) -> list[int]:
        return [item["id"] for item in self.items if item["id"] is not None]

    @property
    def types(self) -> list[str]:
        return [item["type"] for item in self.items]


async def told(answer: httpx.Response, heard: Heard) -> AsyncIterator[dict[str, Any]]:
    """Each event of a stream, noted in `heard`."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        heard.place = fields.get("id", heard.place)
        if "data" in fields:
            event = json.loads(fields["data"])
            assert event["type"] == fields["event"]
            assert fields.get("id") == (None if event["id"] is None else str(event["id"]))
            heard.items.append(event)
            yield event
        fields = {}


@asynccontextmanager
async def web_process(stage: Stage) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The application on a socket of its own, as `ytempire web` serves it; its address."""
    with listen("127.0.0.1", 0, stage.parts.platform.tools.media.root / "port") as listening:
        config = uvicorn.Config(stage.app, log_config=None, access_log=False, lifespan="off")
        server = _Server(config, "", None, lambda _: None, stage.parts.followers.close)
        ready = asyncio.Event()
        server._say = lambda _: ready.set()
        async with stage.parts.followers.listening():
            task = asyncio.create_task(server._serve(sockets=[listening]))
            await ready.wait()
            try:
                yield address_of(listening), server
            finally:
                server.should_exit = True
                await task


@asynccontextmanager
async def stream(
    client: httpx.AsyncClient, at: str, heard: Heard | None = None, **params: Any
) -> AsyncIterator[tuple[httpx.Response, AsyncIterator[dict[str, Any]]]]:
    """An open stream; it resumes where `heard` ended."""
    heard = heard or Heard()
    headers = dict(client.headers) | STREAM | ({"Last-Event-ID": heard.place} if heard.place else {})
    async with (
        httpx.AsyncClient(timeout=20, verify=False) as own,
        own.stream("GET", f"{at}/api/v1/events", headers=headers, params=params) as answer,
    ):
        events = told(answer, heard)
        yield answer, events


def free_of_readers(at: str, path: str, headers: dict[str, str]) -> socket.socket:
    """A client that asks and then reads nothing."""
    host, port = at.removeprefix("http://").split(":")
    asking = socket.socket()
    asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    asking.connect((host, int(port)))
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    asking.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return asking


async def tell(stage: Stage, user_id: UUID, *steps: str) -> None:
    """One event a step, all in one transaction."""
    async with stage.parts.database.transaction(user_id) as conn:
        for step in steps:
            await announce(conn, new_id(), StepBegun(step=step, tries=1), stage.clock.now())


async def begin(events: AsyncIterator[dict[str, Any]]) -> asyncio.Task[dict[str, Any]]:
    """Wait for the next event in a task of its own."""
    return asyncio.ensure_future(anext(events))
