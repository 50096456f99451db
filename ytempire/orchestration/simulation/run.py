"""Verb: play the days. The simulator moves the clock, plays the owners, strikes faults, and calls the verbs.

Whatever is planned, paid, refused, retried or published is decided where it always is.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ytempire.kit.clock import SetClock
from ytempire.orchestration.plan import EACH_TIME, serve_plan
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.simulation import acts
from ytempire.orchestration.simulation.model import Job, Wishes
from ytempire.orchestration.simulation.ports import Hands, StandInVendors
from ytempire.orchestration.simulation.rules import faults_of, looks, midnights, rounded_up
from ytempire.orchestration.simulation.schedule import Schedule
from ytempire.orchestration.simulation.settling import Settled
from ytempire.orchestration.store import videos_without_job
from ytempire.planning import local_day

LOOK_EVERY = timedelta(minutes=15)
"""How often the plan is looked at: every zone's midnight lies on it. (Workers look every two seconds.)"""
JOBS_EVERY_S = 10
"""A job that asks for a moment is taken at the next full ten seconds: late as in a busy queue, never early."""
_LEAVES = 1_000_000
DRAIN = timedelta(days=3)
"""How long after the last day what is still under way may take to come to rest."""
EXPIRE_EVERY = timedelta(hours=1)


@dataclass
class Played:
    """How far the play came."""

    at: datetime
    acted: Counter[str] = field(default_factory=Counter)
    ordered: int = 0
    jobs: int = 0
    expired: int = 0
    lost: int = 0
    """Videos that nobody drove any more although they were not at their end."""


@dataclass
class Stage:
    """What a simulation is played on."""

    platform: Platform
    clock: SetClock
    schedule: Schedule
    hands: Hands
    vendors: StandInVendors


Tell = Callable[[Played], None]


class Play:
    """One simulation. `at` moves forward only."""

    def __init__(self, stage: Stage, wishes: Wishes, cast: Sequence[Settled], tell: Tell) -> None:
        self.stage, self.wishes, self.cast, self.tell = stage, wishes, cast, tell
        self.played = Played(wishes.starts_at)
        self._jobs: list[Job] = []
        self._acts: list[tuple[datetime, int, int]] = []
        """(when, who, day); day −1: their plan begins; after their last one they leave."""
        self._last_claim = wishes.starts_at
        for number, who in enumerate(cast):
            begins = midnights(who.person, wishes)
            self._last_claim = max(self._last_claim, begins[-1])
            self._acts += [(begins[0], number, -1), (begins[-1] - LOOK_EVERY, number, _LEAVES)]
            first = local_day(begins[0], who.person.time_zone)
            self._acts += [(at, number, day) for day, at in enumerate(looks(who.person, first, wishes.days + 1))]
        heapq.heapify(self._acts)

    async def run(self) -> Played:
        """Play to the end, or to where it is stopped: `played` always says how far."""
        stage, end = self.stage, self._last_claim
        await stage.vendors.strike(faults_of(self.wishes.faults), seed=self.wishes.seed)
        at, look_at, expire_at = self.wishes.starts_at, self.wishes.starts_at, self.wishes.starts_at
        while True:
            self._set(at)
            await self._act(at)
            if at >= look_at:
                if at <= end:
                    await self._claim()
                look_at = at + LOOK_EVERY
            if at >= expire_at:
                self.played.expired += await stage.platform.tools.ledger.expire()
                expire_at = at + EXPIRE_EVERY
            await self._drive(at)
            self.tell(self.played)
            upcoming = [act[0] for act in self._acts[:1]] + [rounded_up(job.at, JOBS_EVERY_S) for job in self._jobs[:1]]
            if at < end:
                upcoming.append(look_at)
            at = min(upcoming, default=end + DRAIN)
            if at >= end + DRAIN or not upcoming:
                break
        await self._count_lost(at)
        return self.played

    async def _count_lost(self, at: datetime) -> None:
        """What the reconciler would find: videos at work that no job drives."""
        async with self.stage.platform.tools.database.system() as conn:
            at_work = await videos_without_job(conn, at + LOOK_EVERY)
        driven = {job.video_id for job in self._jobs}
        self.played.lost = sum(video_id not in driven for video_id, _, _ in at_work)

    def _set(self, at: datetime) -> None:
        self.played.at = at
        self.stage.clock.at = at

    async def _act(self, at: datetime) -> None:
        while self._acts and self._acts[0][0] <= at:
            _, number, day = heapq.heappop(self._acts)
            who = self.cast[number]
            if day < 0:
                await acts.begin(self.stage.platform, who)
            elif day == _LEAVES:
                await acts.leave(self.stage.platform, who)
            else:
                await acts.look(self.stage.platform, who, day, self.played.acted)
        self._gather(self.stage.schedule.take())

    async def _claim(self) -> None:
        while True:
            claimed = await serve_plan(self.stage.platform)
            self.played.ordered += len(claimed)
            if len(claimed) < EACH_TIME:
                break
        self._gather(self.stage.schedule.take())

    async def _drive(self, at: datetime) -> None:
        """Everything that is due, and what comes of it, until nothing is due at this instant."""
        told = False
        while self._jobs and self._jobs[0].at <= at:
            due = []
            while self._jobs and self._jobs[0].at <= at:
                due.append(heapq.heappop(self._jobs))
            if not told:
                await self.stage.vendors.set_clock(at)
                told = True
            self.played.jobs += len(due)
            self._gather(await self.stage.hands.drive(due, at))

    def _gather(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            heapq.heappush(self._jobs, job)
