"""The port `Hands` within this process: several videos at once on one platform."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from ytempire.kit.clock import SetClock
from ytempire.orchestration.drive import drive
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.simulation.model import Job
from ytempire.orchestration.simulation.schedule import Schedule


class OwnHands:
    """Drives jobs, `at_once` of them together, and what comes of them until nothing is due at this instant."""

    def __init__(self, platform: Platform, clock: SetClock, schedule: Schedule, *, at_once: int) -> None:
        self._platform, self._clock, self._schedule = platform, clock, schedule
        self._turns = asyncio.Semaphore(at_once)

    async def drive(self, jobs: Sequence[Job], at: datetime) -> list[Job]:
        """See `Hands`."""
        self._clock.at = at
        later: list[Job] = []

        async def one(job: Job) -> None:
            async with self._turns:
                await drive(self._platform, job.video_id, job.user_id, job.queue)
            asked = self._schedule.take()
            later.extend(new for new in asked if new.at > at)
            await asyncio.gather(*(one(new) for new in asked if new.at <= at))

        await asyncio.gather(*(one(job) for job in jobs))
        return later
