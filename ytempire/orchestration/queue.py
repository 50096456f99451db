"""The queue: procrastinate on our own database, so a job is enqueued in the caller's own transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import structlog
from procrastinate import App, PsycopgConnector

from ytempire.kit.database import Connection, Database
from ytempire.orchestration.rules import queue_name

Drive = Callable[[UUID, UUID, str], Awaitable[None]]
"""(video, user, queue): walk the video's steps as far as this queue's workers may."""


class Queue:
    """Jobs of the kind "drive this video on", in the queues `light` and `render`, a rehearsal's videos in their own.

    A worker that gave no sign of life for `stalled_after_s` counts as dead, and its jobs go to others.
    """

    def __init__(self, database: Database, *, stalled_after_s: float) -> None:
        self.stalled_after_s = stalled_after_s
        self._database = database
        self._app = App(connector=PsycopgConnector())

    async def open(self) -> None:
        """Use the database's pool."""
        await self._app.open_async(self._database.pool)

    async def enqueue(
        self,
        conn: Connection,
        video_id: UUID,
        user_id: UUID,
        queue: str,
        *,
        rehearsal: bool,
        after_s: float = 0,
        after_order: int | None = None,
    ) -> None:
        """One job; it exists exactly if the transaction of `conn` commits. Jobs of one video never run side by side.

        With `after_order`, an operator's newer order over spending brings it on earlier than `after_s` says.
        The id of the request that asks for it goes along, from job to job: one id finds all log lines that followed.
        """
        task = self._app.configure_task(
            "drive",
            queue=queue_name(queue, rehearsal=rehearsal),
            lock=f"video:{video_id}",
            schedule_in={"seconds": after_s} if after_s else None,
            connection=conn,
        )
        request = structlog.contextvars.get_contextvars().get("request")
        because: dict[str, str | int] = {"request": request} if request else {}
        if after_order is not None:
            because["after_order"] = after_order
        await task.defer_async(video_id=str(video_id), user_id=str(user_id), queue=queue, **because)

    async def work(self, drive: Drive, queues: list[str], *, rehearsal: bool, slots: int, name: str) -> None:
        """Run jobs until stopped (SIGTERM and SIGINT end after the running ones are put down)."""

        async def run(video_id: str, user_id: str, queue: str, request: str = "", after_order: int = 0) -> None:  # noqa: ARG001
            with structlog.contextvars.bound_contextvars(**({"request": request} if request else {})):
                await drive(UUID(video_id), UUID(user_id), queue)

        self._app.task(name="drive")(run)
        await self._app.run_worker_async(
            queues=[queue_name(queue, rehearsal=rehearsal) for queue in queues],
            concurrency=slots,
            name=name,
            wait=True,
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=2.0,
            update_heartbeat_interval=self.stalled_after_s / 4,
            stalled_worker_timeout=self.stalled_after_s,
            delete_jobs="successful",
        )

    async def recover_stalled(self) -> int:
        """Give the jobs of workers without a heartbeat to others; how many."""
        manager = self._app.job_manager
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=self.stalled_after_s))
        for job in stalled:
            with suppress(Exception):  # another reconciler was quicker
                await manager.retry_job(job)
        return len(stalled)


async def every(
    seconds: float, verb: Callable[[], Awaitable[object]], *, on_error: Callable[[Exception], None]
) -> None:
    """Repeat a verb until cancelled; an error is told and does not end the repetition.

    A connection that is lost while its query is cancelled raises that loss in place of the cancellation, which counts
    all the same: who waits for this task's end would wait for ever.
    """
    itself = asyncio.current_task()
    while True:
        try:
            await verb()
        except Exception as error:  # noqa: BLE001 - a reconciler that ends is worse than one that stumbles
            on_error(error)
        if itself and itself.cancelling():
            return
        await asyncio.sleep(seconds)
