"""Verbs around a channel's backlog of topics."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ytempire.channels.backlog import store
from ytempire.channels.find import channel_in
from ytempire.channels.model import Channel, NewTopic, Topic, TopicState
from ytempire.channels.rules import (
    SERIES_MAX,
    TOPICS_MAX,
    check_notes,
    check_series_title,
    check_topic,
)
from ytempire.channels.sources.store import lock_channel
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.ids import new_id


async def add_topics(database: Database, clock: Clock, channel: Channel, topics: Sequence[str | NewTopic]) -> int:
    """Put topics at the end of the backlog; returns how many were new to the channel. Raises BadInput, NotFound."""
    wanted = _checked(topics)
    async with database.transaction(channel.user_id) as conn:
        await _room(conn, channel, len(wanted))
        of = {"user_id": channel.user_id, "channel_id": channel.id}
        return await store.add_topics(conn, wanted, **of, now=clock.now())


async def add_series(
    database: Database, clock: Clock, channel: Channel, title: str, parts: Sequence[str | NewTopic], *, notes: str = ""
) -> int:
    """Put the parts of a series at the end of the backlog; one of this title goes on. Returns how many were new.

    Parts are made in their order. Raises BadInput, NotFound.
    """
    title, wanted = " ".join(title.split()), _checked(parts)
    check_series_title(title)
    check_notes(notes)
    async with database.transaction(channel.user_id) as conn:
        await _room(conn, channel, len(wanted))
        of, now = {"user_id": channel.user_id, "channel_id": channel.id}, clock.now()
        series_id = await store.add_series(conn, series_id=new_id(), **of, title=title, notes=notes, now=now)
        if await store.count_series(conn, channel.id) > SERIES_MAX:
            raise BadInput(f"a channel has at most {SERIES_MAX} series", field="title", fix="Go on with one of them.")
        return await store.add_topics(conn, wanted, **of, now=now, series_id=series_id)


async def list_topics(
    database: Database,
    channel: Channel,
    state: TopicState = TopicState.WAITING,
    *,
    after: store.Place | None = None,
    limit: int | None = None,
) -> list[Topic]:
    """Topics of a state after a place in the list: the waiting ones as they will be taken."""
    async with database.transaction(channel.user_id) as conn:
        return await store.topics(conn, channel.id, state, after=after, limit=limit)


async def page_of_topics(
    database: Database, user_id: UUID, channel_id: UUID, state: TopicState, *, after: store.Place | None, limit: int
) -> list[Topic]:
    """The same by the channel's id, in one query; the channel is looked for only where it has none. Raises NotFound."""
    async with database.transaction(user_id) as conn:
        found = await store.topics(conn, channel_id, state, after=after, limit=limit)
        if not found:
            await channel_in(conn, channel_id)
    return found


async def look_at_topic(database: Database, channel: Channel, topic_id: UUID) -> Topic:
    """One topic. Raises NotFound."""
    async with database.transaction(channel.user_id) as conn:
        found = await store.topic_by_id(conn, channel.id, topic_id)
    if found is None:
        raise no_topic(channel, topic_id)
    return found


def no_topic(channel: Channel, topic_id: UUID) -> NotFound:
    """The error of a verb that needs one."""
    return NotFound(
        f"no topic {topic_id}",
        field="topic",
        fix=f"GET /api/v1/channels/{{id}}/topics and `ytempire topics list {channel.handle}` list them.",
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


async def brief_of(database: Database, channel: Channel, video_id: UUID) -> str:
    """What the script should know of the topic that a video took, besides its words; empty if nothing was noted."""
    async with database.transaction(channel.user_id) as conn:
        found = await store.brief_of_video(conn, video_id)
    if found is None:
        return ""
    series, part, of_series, own = found
    told = f"Part {part} of the series “{series}”." if series else ""
    return "\n".join(line for line in (told, of_series.strip(), own.strip()) if line)


async def used_topics(database: Database, channel: Channel) -> list[str]:
    """What the channel's videos were about, latest first."""
    async with database.transaction(channel.user_id) as conn:
        return await store.used_topics(conn, channel.id)


def _checked(topics: Sequence[str | NewTopic]) -> list[NewTopic]:
    """As they are stored: one line each, in the order given, none twice."""
    wanted: dict[str, NewTopic] = {}
    for given in topics:
        new = given if isinstance(given, NewTopic) else NewTopic(given)
        topic = new.topic.strip()
        check_topic(topic)
        check_notes(new.notes)
        wanted.setdefault(topic, NewTopic(topic, new.notes.strip()))
    return list(wanted.values())


async def _room(conn: Connection, channel: Channel, more: int) -> None:
    if not await lock_channel(conn, channel.id):
        raise NotFound(
            f"no channel {channel.id}", field="channel", fix="GET /api/v1/channels and `ytempire channels` list yours."
        )
    waiting = len(await store.topics(conn, channel.id, TopicState.WAITING))
    if waiting + more > TOPICS_MAX:
        raise BadInput(
            f"{waiting} topics wait, {more} more are too many",
            field="topics",
            fix=f"Keep at most {TOPICS_MAX} waiting: skip some first.",
        )
