"""Users with connected channels and a plan, on a real database; videos are ordered into the real queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from ytempire.channels import create_channel
from ytempire.channels.model import Channel, Source
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Connection, Database
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.orchestration.queue import Queue
from ytempire.planning import Claimed, claim_due, resume_plan
from ytempire.planning.ports import Planner
from ytempire.production import insert_video
from ytempire.production.model import Order, Video, VideoState
from ytempire.publishing import usual_quota

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE = Source("Squid", "Squid glow from head to tail.")


@dataclass
class PlanStage:
    """The planner on one database; `clock` stands where it was put."""

    database: Database
    admin: psycopg.AsyncConnection
    policy: Policy = field(default_factory=Policy)
    clock: SetClock = field(default_factory=lambda: SetClock(MONDAY))
    order_fails: dict[UUID, Exception] = field(default_factory=dict)
    """By user."""

    async def planner(self) -> Planner:
        queue = Queue(self.database, stalled_after_s=6)
        await queue.open()

        async def order(
            conn: Connection, channel: Channel, topic: str, publish_at: datetime, *, in_playlist: bool
        ) -> UUID:
            now = self.clock.now()
            order = Order(topic=topic, publish_at=publish_at, in_playlist=in_playlist)
            video = Video(
                new_id(),
                channel.user_id,
                channel.id,
                VideoState.PLANNED,
                order,
                topic,
                "",
                rehearsal=True,
                created_at=now,
            )
            await insert_video(conn, video, now)
            await queue.enqueue(conn, video.id, video.user_id, "light", rehearsal=True)
            if channel.user_id in self.order_fails:  # after all was written, so that it has to be taken back
                raise self.order_fails[channel.user_id]
            return video.id

        ledger = Ledger(self.database, self.clock, load_prices(), self.policy)
        return Planner(self.database, ledger, order, usual_quota, rehearsal=True)

    async def user(self, channels: int = 1, *, zone: str = "UTC", start: bool = True, **of_channel: Any) -> UUID:
        """A user with connected channels `c1`, `c2`, … that have topics and a source, and a started plan."""
        user = new_id()
        async with self.database.transaction(user) as conn:
            await conn.execute(
                "insert into users (id, name, time_zone, created_at) values (%s, 'x', %s, %s)",
                (user, zone, self.clock.now()),
            )
        for n in range(channels):
            await self.channel(user, f"c{n + 1}", **of_channel)
        if start:
            await resume_plan(self.database, user, self.clock.now(), rehearsal=True)
        return user

    async def channel(
        self, user: UUID, handle: str, *, connected: bool = True, topics: int = 50, **more: Any
    ) -> Channel:
        self.clock.at += timedelta(microseconds=1)  # the owner's order is the order of making
        backlog = tuple(f"{handle} topic {n}" for n in range(topics))
        channel = Channel(new_id(), user, handle, handle, topics=backlog, sources=(SOURCE,), **more)
        await create_channel(self.database, self.clock, channel)
        if connected:
            await self.connect(channel)
        return channel

    async def connect(self, channel: Channel) -> None:
        async with self.database.transaction(channel.user_id) as conn:
            await conn.execute(
                "insert into channel_connections (channel_id, user_id, platform, platform_channel_id, title, scopes,"
                " refresh_token, connected_at, broken) values (%s, %s, 'sandbox', 'x', 'x', '{}', 'x', %s, '')",
                (channel.id, channel.user_id, self.clock.now()),
            )

    async def claim(self, **more: Any) -> list[Claimed]:
        return await claim_due(await self.planner(), self.clock.now(), "built-in", **more)

    async def publish_all(self) -> None:
        """What is under way is published, as if all went well."""
        await self.admin.execute("update videos set state = 'published' where state <> 'published'")

    async def slots(self, user: UUID) -> list[tuple[Any, ...]]:
        """(day, number, state, handle, why) of the user."""
        rows = await self.admin.execute(
            "select local_day::text, number, s.state, c.handle, why from slots s"
            " left join channels c on c.id = channel_id where s.user_id = %s order by 1, 2",
            (user,),
        )
        return list(await rows.fetchall())
