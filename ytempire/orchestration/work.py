"""Verb: be a worker until told to stop; the one for light queues also reconciles."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog

from ytempire.orchestration import store
from ytempire.orchestration.drive import drive
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.queue import every
from ytempire.orchestration.reconcile import EVERY_S, reconcile

log = structlog.get_logger()


async def work(platform: Platform, queues: list[str], *, slots: int) -> None:
    """Take jobs of these queues, `slots` at once."""

    async def run(video_id: UUID, user_id: UUID, queue: str) -> None:
        await drive(platform, video_id, user_id, queue)

    async def look_after() -> None:
        await reconcile(platform)
        await platform.tools.ledger.expire()

    def stumbled(error: Exception) -> None:
        log.warning("reconciler stumbled", error=str(error), kind=type(error).__name__)

    reconciler = asyncio.create_task(every(EVERY_S, look_after, on_error=stumbled)) if "light" in queues else None
    try:
        await platform.queue.work(run, queues, slots=slots, name=f"{socket.gethostname()}:{os.getpid()}")
    finally:
        if reconciler:
            reconciler.cancel()
            with suppress(asyncio.CancelledError):
                await reconciler


async def has_workers(platform: Platform) -> bool:
    """Whether any worker process lives."""
    tools = platform.tools
    async with tools.database.system() as conn:
        return await store.live_workers(conn, tools.clock.now() - timedelta(seconds=platform.queue.stalled_after_s)) > 0
