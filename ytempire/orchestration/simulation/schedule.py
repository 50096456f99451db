"""The queue's place in a simulation: jobs stand in memory, by virtual time. (The queue has tests of its own.)

A job counts only once the transaction that asked for it has committed, as with the real one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from uuid import UUID

from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.orchestration.queue import Queue
from ytempire.orchestration.simulation.model import Job


class CommitTelling(Database):
    """A database that tells a schedule how its transactions ended."""

    schedule: Schedule | None = None

    @asynccontextmanager
    async def transaction(self, user_id: UUID) -> AsyncIterator[Connection]:
        """See `Database.transaction`."""
        told: Connection | None = None
        try:
            async with super().transaction(user_id) as conn:
                told = conn
                yield conn
        except BaseException:
            self._end(told, committed=False)
            raise
        self._end(told, committed=True)

    def _end(self, conn: Connection | None, *, committed: bool) -> None:
        if self.schedule is not None and conn is not None:
            self.schedule.ended(conn, committed=committed)


class Schedule(Queue):
    """Jobs that were asked for since they were last taken."""

    def __init__(self, database: CommitTelling, clock: Clock) -> None:
        super().__init__(database, stalled_after_s=1.0)
        database.schedule = self
        self._clock = clock
        self._numbers = count()
        self._asked: defaultdict[int, list[Job]] = defaultdict(list)
        self._ready: list[Job] = []

    async def enqueue(
        self,
        conn: Connection,
        video_id: UUID,
        user_id: UUID,
        queue: str,
        *,
        rehearsal: bool,  # noqa: ARG002 - everything here is one
        after_s: float = 0,
        after_order: int | None = None,  # noqa: ARG002 - nobody gives orders here
    ) -> None:
        """One job, once `conn` commits."""
        due = self._clock.now() + timedelta(seconds=after_s)
        self._asked[id(conn)].append(Job(due, next(self._numbers), video_id, user_id, queue))

    def ended(self, conn: Connection, *, committed: bool) -> None:
        """The transaction is over: what it asked for counts, or never was."""
        asked = self._asked.pop(id(conn), ())
        if committed:
            self._ready.extend(asked)

    def take(self) -> list[Job]:
        """The jobs asked for since the last time."""
        ready, self._ready = self._ready, []
        return ready

    async def recover_stalled(self) -> int:
        """Nobody dies here."""
        return 0
