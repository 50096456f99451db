"""Server-sent events on the wire; the form is FastAPI's, what begins and ends a stream is ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import structlog
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Message, Receive, Scope, Send

from ytempire.events import Beat, ProgressOf, Told
from ytempire.events.model import on_wire
from ytempire.kit.clock import Clock

EVENT_STREAM = EventSourceResponse.media_type
_TAKEN_WITHIN_S = 20.0
"""Who takes nothing for so long is let go. What waits for them meanwhile is bounded: see events/follow.py."""
_AGAIN_MS = 2_000
log = structlog.get_logger("ytempire.web")


class EventStream(EventSourceResponse):
    """What is told, until that ends, the client leaves, or takes nothing any more."""

    def __init__(self, told: AsyncGenerator[Told], clock: Clock) -> None:
        super().__init__(iter(()), headers={"X-Accel-Buffering": "no"})
        self._told, self._clock = told, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. What keeps a stream from beginning is raised before the answer begins."""

        async def bounded(message: Message) -> None:
            async with asyncio.timeout(_TAKEN_WITHIN_S):
                await send(message)

        async with aclosing(self._told) as told:
            self.body_iterator = self._lines(await anext(told))
            try:
                await super().__call__(scope, receive, bounded)
            except TimeoutError:
                log.info("a stream was let go: nobody reads it")

    async def _lines(self, first: Told) -> AsyncIterator[bytes]:
        # An id without data is the browser's place from now on, so that it can resume before the first event.
        number = str(first.number) if isinstance(first, Beat) else None
        yield format_sse_event(comment="events", id=number, retry=_AGAIN_MS)
        async for told in self._told:
            match told:
                case Beat(place):
                    yield format_sse_event(comment="beat", id=str(place))
                case ProgressOf(video_id, news):
                    wire = on_wire(None, news.type, str(video_id), news.data(), self._clock.now())
                    yield format_sse_event(data_str=wire, event=news.type)
                case event:
                    yield format_sse_event(data_str=event.wire, event=event.type, id=str(event.number))
