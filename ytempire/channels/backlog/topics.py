"""Verbs around a channel's backlog of topics."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ytempire.channels.backlog import store
from ytempire.channels.model import Channel
from ytempire.channels.rules import check_topic
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database


async def add_topics(database: Database, clock: Clock, channel: Channel, topics: Sequence[str]) -> int:
    """Put topics at the end of the backlog; returns how many were new. Raises BadInput."""
    wanted = [topic.strip() for topic in topics]
    for topic in wanted:
        check_topic(topic)
    async with database.transaction(channel.user_id) as conn:
        return await store.add_topics(
            conn, user_id=channel.user_id, channel_id=channel.id, topics=wanted, now=clock.now()
        )


async def take_topic(
    database: Database, clock: Clock, channel: Channel, video_id: UUID, *, skip: Sequence[str] = ()
) -> str | None:
    """The backlog's next topic that is not in `skip`, from now on this video's; None if there is none.

    Asked again for the same video it gives the same topic, so the step that asks may run twice.
    """
    async with database.transaction(channel.user_id) as conn:
        taken = await store.topic_of_video(conn, video_id)
        if taken is not None:
            return taken
        return await store.take_topic(conn, channel_id=channel.id, video_id=video_id, now=clock.now(), skip=skip)


async def used_topics(database: Database, channel: Channel) -> list[str]:
    """What the channel's videos were about, latest first."""
    async with database.transaction(channel.user_id) as conn:
        return await store.used_topics(conn, channel.id)
