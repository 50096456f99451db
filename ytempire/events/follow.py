"""Verb: follow a tenant's events as they happen; one listener serves everybody who does so in this process.

PostgreSQL says that a tenant has a new event; it is read once and handed to each of the tenant's followers. A follower
who finds a number missing, because it had just come or was too slow to take what was handed to it, reads what it lacks
from the table: nothing is lost or told twice, and a slow one takes no memory.

When the listener's connection is lost, everybody's following ends, because what was said meanwhile went unheard; who
follows again resumes by number.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterator
from contextlib import AbstractContextManager, aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from ytempire.events import store
from ytempire.events.model import Event, Progress
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.database import ConnectionLost, Database
from ytempire.kit.errors import TooMany
from ytempire.kit.live import Live

log = structlog.get_logger()

BEAT_S = 15.0
LONGEST_S = 900.0
"""Then a following ends, so that whoever follows shows again who they are: sessions also run out in silence."""
_PAGE = 200
_MOST_WAITING = 200
"""Events handed to a follower and not taken yet; at one more all are let go, and it reads them itself."""
_AGAIN_S = 1.0
_MOST_WATCHING = 5
"""Requests that wait for the same thing: each looks at it once more at every event, and a driver needs one."""


@dataclass(frozen=True)
class Beat:
    """Nothing happened for a while, or the beginning: all events up to this number were told, or not asked for."""

    number: int


@dataclass(frozen=True)
class ProgressOf:
    """Progress and the video it is of."""

    video_id: UUID
    progress: Progress


Told = Event | ProgressOf | Beat


@dataclass(eq=False)
class Follower:
    """What waits for one follower."""

    credential: str
    """Whose stream it is."""
    subject: str = ""
    """Of what a change is waited for; empty: it is a stream, of everything."""
    waiting: deque[Event] = field(default_factory=deque)
    progress: dict[UUID, ProgressOf] = field(default_factory=dict)
    ended: bool = False
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    def hand(self, told: Event | ProgressOf) -> None:
        """Hand it over without waiting."""
        if self.subject and (isinstance(told, ProgressOf) or told.subject != self.subject):
            return
        if isinstance(told, ProgressOf):
            self.progress[told.video_id] = told  # of what wasn't taken yet, only the latest counts
        else:
            if len(self.waiting) >= _MOST_WAITING:
                self.waiting.clear()
            self.waiting.append(told)
        self._called.set()

    def end(self) -> None:
        """Say that nothing more will come."""
        self.ended = True
        self._called.set()

    async def changed(self, within_s: float) -> None:
        """Wait for the next event, at most so long. What it was is not kept."""
        until_s = stopwatch_s() + within_s
        while not self.waiting and (left_s := until_s - stopwatch_s()) > 0:
            if self.ended:
                await asyncio.sleep(left_s)
            else:
                self._called.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._called.wait(), left_s)
        self.waiting.clear()

    async def next(self, within_s: float) -> Event | ProgressOf | None:
        """What comes next; None: nothing in that time, or it has ended."""
        if not (self.waiting or self.progress or self.ended):
            self._called.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), within_s)
        if self.ended:
            return None
        if self.waiting:
            return self.waiting.popleft()
        return self.progress.pop(next(iter(self.progress))) if self.progress else None


@dataclass
class _Tenant:
    followers: set[Follower] = field(default_factory=set)
    handed: int | None = None
    """The last number handed on; None: nothing yet."""

    def following(self, subject: str = "") -> int:
        """How many wait for a change of this; of nothing: how many streams there are."""
        return sum(follower.subject == subject for follower in self.followers)


class Followers:
    """Everybody who follows events in this process."""

    def __init__(self, database: Database, live: Live, *, most_each: int) -> None:
        self._database, self._live, self._most_each = database, live, most_each
        self._tenants: dict[UUID, _Tenant] = {}
        self._due: deque[UUID] = deque()
        self._due_came = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return sum(tenant.following() for tenant in self._tenants.values())

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """While this is open, followers are told what happens."""
        heard = asyncio.Event()
        tasks = [
            asyncio.create_task(self._listen(heard)),
            asyncio.create_task(self._hand_on()),
            asyncio.create_task(self._hear_progress()),
        ]
        try:
            await asyncio.wait_for(heard.wait(), self._database.timeout_s)
            yield
        finally:
            self.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def close(self) -> None:
        """End everybody's following, and begin none any more."""
        self._closed = True
        self._end_all()

    async def follow(
        self, user_id: UUID, credential: str, *, after: int | None, types: Collection[str] | None
    ) -> AsyncGenerator[Told]:
        """The tenant's events after that number (None: from now on) of these types (None: all).

        Begins with a Beat that says from where. Ends with the credential, with the listener, or after LONGEST_S. Raises
        TooMany before anything is told.
        """
        ends_s = stopwatch_s() + LONGEST_S
        refusal = TooMany(
            f"{self._most_each} streams are open already",
            retry_after_s=int(BEAT_S),
            fix="Close one, or ask one stream for all the types you need.",
        )
        with self._joined(user_id, Follower(credential), self._most_each, refusal) as me:
            async with self._database.transaction(user_id) as conn:
                last = await store.last_number(conn)
            # a number that isn't there yet: of a database as it was before a restore
            number = last if after is None else min(after, last)
            yield Beat(number)
            behind = number < last
            while not me.ended and stopwatch_s() < ends_s:
                while behind:
                    async with self._database.transaction(user_id) as conn:
                        events, number = await store.events_after(conn, number, types, _PAGE)
                    for event in events:
                        yield event
                    behind = len(events) == _PAGE
                told = await me.next(BEAT_S)
                if isinstance(told, Event):
                    behind = told.number > number + 1
                    if told.number != number + 1:
                        continue
                    number = told.number
                if told is None:
                    yield Beat(number)
                elif types is None or (Progress if isinstance(told, ProgressOf) else told).type in types:
                    yield told

    def watching(self, user_id: UUID, subject: UUID) -> AbstractContextManager[Follower]:
        """Be told, by `Follower.changed`, when something happens to this: one request that waits, no stream.

        Raises TooMany.
        """
        refusal = TooMany(
            f"{_MOST_WATCHING} requests wait for this already",
            retry_after_s=int(BEAT_S),
            fix="Wait once: each of them is answered.",
        )
        return self._joined(user_id, Follower("", str(subject)), _MOST_WATCHING, refusal)

    @contextmanager
    def _joined(self, user_id: UUID, me: Follower, most: int, refusal: TooMany) -> Iterator[Follower]:
        tenant = self._tenants.setdefault(user_id, _Tenant())
        if tenant.following(me.subject) >= most:
            raise refusal
        me.ended = self._closed
        tenant.followers.add(me)
        try:
            yield me
        finally:
            tenant.followers.discard(me)
            if not tenant.followers:
                self._tenants.pop(user_id, None)

    async def _listen(self, heard: asyncio.Event) -> None:
        while True:
            try:
                async with aclosing(self._database.notices("ytempire_events", "ytempire_ended")) as notices:
                    async for notice in notices:
                        if notice is None:
                            self._end_all()
                            heard.set()
                        elif notice[0] == "ytempire_ended":
                            self._end(notice[1])
                        else:
                            self._note(notice[1])
            except ConnectionLost as error:
                log.warning("events are not heard: the database's connection is lost", error=str(error).strip())
            self._end_all()
            await asyncio.sleep(_AGAIN_S)

    def _note(self, payload: str) -> None:
        user, _, number = payload.partition(" ")
        user_id = UUID(user)
        tenant = self._tenants.get(user_id)
        if tenant is None:
            return
        if tenant.handed is None:
            tenant.handed = int(number) - 1
        if user_id not in self._due:
            self._due.append(user_id)
            self._due_came.set()

    async def _hand_on(self) -> None:
        """Read new events tenant by tenant, a page at a time: who has many keeps nobody waiting for long."""
        while True:
            while not self._due:
                self._due_came.clear()
                await self._due_came.wait()
            user_id = self._due.popleft()
            tenant = self._tenants.get(user_id)
            if tenant is None or tenant.handed is None:
                continue
            try:
                async with self._database.transaction(user_id) as conn:
                    events, tenant.handed = await store.events_after(conn, tenant.handed, None, _PAGE)
            except Exception as error:  # noqa: BLE001 - one tenant's trouble must not silence the others
                log.warning("new events can't be read", user=str(user_id), error=str(error))
                for follower in tenant.followers:
                    follower.end()
                continue
            for event in events:
                for follower in tenant.followers:
                    follower.hand(event)
            if len(events) == _PAGE:
                self._due.append(user_id)

    async def _hear_progress(self) -> None:
        while True:
            async with aclosing(self._live.noted()) as notes:
                async for user_id, video_id, step, share in notes:
                    if tenant := self._tenants.get(user_id):
                        told = ProgressOf(video_id, Progress(step=step, share=share))
                        for follower in tenant.followers:
                            follower.hand(told)
            await asyncio.sleep(_AGAIN_S)

    def _end(self, ended: str) -> None:
        """A session, a key or a user is no more."""
        for user_id, tenant in self._tenants.items():
            for follower in tenant.followers:
                if ended in {follower.credential, str(user_id)}:
                    follower.end()

    def _end_all(self) -> None:
        for tenant in self._tenants.values():
            for follower in tenant.followers:
                follower.end()
