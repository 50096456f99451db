"""Verb: be a worker until told to stop; the one for light queues also reconciles."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog

from ytempire.kit.database import ConnectionLost
from ytempire.kit.memory import give_back
from ytempire.orchestration import store
from ytempire.orchestration.drive import drive
from ytempire.orchestration.plan import serve_plan
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.queue import every
from ytempire.orchestration.reconcile import EVERY_S, reconcile
from ytempire.orchestration.rules import queue_name
from ytempire.orchestration.runs.look_after import EVERY_S as RUNS_EVERY_S
from ytempire.orchestration.runs.look_after import look_after_runs
from ytempire.webhooks import EVERY_S as POST_EVERY_S

log = structlog.get_logger()

_GIVE_BACK_EVERY_S = 5.0


async def work(platform: Platform, queues: list[str], *, slots: int) -> None:
    """Take jobs of these queues, `slots` at once."""

    async def run(video_id: UUID, user_id: UUID, queue: str) -> None:
        await drive(platform, video_id, user_id, queue)

    async def look_after() -> None:
        await reconcile(platform)
        await platform.tools.ledger.expire()
        await serve_plan(platform)

    async def look_after_the_runs() -> None:
        await look_after_runs(platform)

    def stumbled(error: Exception) -> None:
        log.warning("a worker's own care stumbled", error=str(error), kind=type(error).__name__)

    async def show_oneself() -> None:
        async with platform.tools.database.system() as conn:
            await store.worker_seen(conn, name, served, platform.tools.clock.now())

    name = f"{socket.gethostname()}:{os.getpid()}"
    served = [queue_name(queue, rehearsal=platform.rehearsal) for queue in queues]
    beside = [
        every(platform.queue.stalled_after_s / 4, show_oneself, on_error=stumbled),
        every(_GIVE_BACK_EVERY_S, give_back, on_error=stumbled),
    ]
    if "light" in queues:
        beside.append(every(EVERY_S, look_after, on_error=stumbled))
        beside.append(every(RUNS_EVERY_S, look_after_the_runs, on_error=stumbled))
        if platform.courier:
            beside.append(every(POST_EVERY_S, platform.courier.round, on_error=stumbled))
    tasks = [asyncio.create_task(repeated) for repeated in beside]
    try:
        await platform.queue.work(run, queues, rehearsal=platform.rehearsal, slots=slots, name=name)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if platform.courier:
            await platform.courier.close()
        with suppress(ConnectionLost):  # then its silence says so
            async with platform.tools.database.system() as conn:
                await store.worker_left(conn, name)


async def idle_queues(platform: Platform) -> frozenset[str]:
    """The queues that this platform's videos pass and on which nobody works right now."""
    tools = platform.tools
    since = tools.clock.now() - timedelta(seconds=platform.queue.stalled_after_s)
    async with tools.database.system() as conn:
        worked = await store.worked_queues(conn, since)
    return frozenset(
        step.queue for step in platform.steps if queue_name(step.queue, rehearsal=platform.rehearsal) not in worked
    )
