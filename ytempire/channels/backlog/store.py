"""All SQL of a channel's backlog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from ytempire.channels.model import NewTopic, Topic, TopicState
from ytempire.kit import database
from ytempire.kit.ids import new_id

Place = tuple[bool, int, UUID]
"""Of a topic in a list: whether it is pinned, its position, its id."""

_TOPICS: LiteralString = """
select t.id, t.topic, t.notes, t.state, t.pinned, t.position, t.series_id, coalesce(s.title, '') as series, t.part,
  t.video_id, t.added_at
from channel_topics t left join channel_series s on s.id = t.series_id
"""


async def add_topics(
    conn: database.Connection,
    topics: Sequence[NewTopic],
    *,
    user_id: UUID,
    channel_id: UUID,
    now: datetime,
    series_id: UUID | None = None,
) -> int:
    """Put topics at the end of the backlog, of a series as its next parts; how many were new to the channel.

    Used and skipped ones count as known.
    """
    cursor = await conn.execute(
        """
        insert into channel_topics (id, user_id, channel_id, position, topic, notes, series_id, part, added_at)
        select n.id, %(user)s, %(channel)s,
          n.at + coalesce((select max(position) from channel_topics where channel_id = %(channel)s), 0),
          n.topic, n.notes, %(series)s::uuid,
          case when %(series)s::uuid is not null then
            n.at + coalesce((select max(part) from channel_topics where series_id = %(series)s::uuid), 0) end,
          %(now)s
        from unnest(%(ids)s::uuid[], %(topics)s::text[], %(notes)s::text[]) with ordinality as n (id, topic, notes, at)
        on conflict (channel_id, topic) do nothing
        """,
        {
            "user": user_id,
            "channel": channel_id,
            "series": series_id,
            "ids": [new_id() for _ in topics],
            "topics": [new.topic for new in topics],
            "notes": [new.notes for new in topics],
            "now": now,
        },
    )
    return cursor.rowcount


async def add_series(
    conn: database.Connection,
    *,
    series_id: UUID,
    user_id: UUID,
    channel_id: UUID,
    title: str,
    notes: str,
    now: datetime,
) -> UUID:
    """A series of this title; the one that is there already, which then keeps its notes."""
    row = await (
        await conn.execute(
            """
            insert into channel_series (id, user_id, channel_id, title, notes, created_at)
            values (%s, %s, %s, %s, %s, %s)
            on conflict (channel_id, title) do update set title = excluded.title
            returning id
            """,
            (series_id, user_id, channel_id, title, notes, now),
        )
    ).fetchone()
    if row is None:
        raise RuntimeError("an insert that always returns its row returned none")
    return UUID(str(row[0]))


async def count_series(conn: database.Connection, channel_id: UUID) -> int:
    """How many series the channel has."""
    row = await (
        await conn.execute("select count(*)::int from channel_series where channel_id = %s", (channel_id,))
    ).fetchone()
    return int(str(row[0])) if row else 0


async def topics(
    conn: database.Connection,
    channel_id: UUID,
    state: TopicState,
    *,
    after: Place | None = None,
    limit: int | None = None,
) -> list[Topic]:
    """Topics of a state after a place: waiting ones as they will be taken, the others by their positions."""
    pinned, position, topic_id = after or (None, None, None)
    async with conn.cursor(row_factory=class_row(Topic)) as cursor:
        await cursor.execute(
            _TOPICS + "where t.channel_id = %(channel)s and t.state = %(state)s and (%(pinned)s::boolean is null"
            " or t.pinned < %(pinned)s or (t.pinned = %(pinned)s and (t.position, t.id) > (%(position)s, %(id)s)))"
            " order by t.pinned desc, t.position, t.id limit %(limit)s",
            {
                "channel": channel_id,
                "state": state.value,
                "pinned": pinned,
                "position": position,
                "id": topic_id,
                "limit": limit,
            },
        )
        return [replace(topic, state=TopicState(topic.state)) for topic in await cursor.fetchall()]


async def topic_by_id(conn: database.Connection, channel_id: UUID, topic_id: UUID) -> Topic | None:
    """One topic, locked until the transaction ends, or None."""
    async with conn.cursor(row_factory=class_row(Topic)) as cursor:
        await cursor.execute(_TOPICS + "where t.channel_id = %s and t.id = %s for update of t", (channel_id, topic_id))
        topic = await cursor.fetchone()
    return replace(topic, state=TopicState(topic.state)) if topic else None


async def write_topic(conn: database.Connection, topic: Topic) -> bool:
    """Write what a creator may change; False if the channel has another topic of these words."""
    cursor = await conn.execute(
        """
        update channel_topics t set topic = %(topic)s, notes = %(notes)s, pinned = %(pinned)s, state = %(state)s
        where id = %(id)s and not exists (
          select from channel_topics o where o.channel_id = t.channel_id and o.topic = %(topic)s and o.id <> t.id)
        """,
        {
            "id": topic.id,
            "topic": topic.topic,
            "notes": topic.notes,
            "pinned": topic.pinned,
            "state": topic.state.value,
        },
    )
    return cursor.rowcount == 1


async def write_order(conn: database.Connection, ids: Sequence[UUID]) -> None:
    """Give these topics the order in which they stand here, within the places that they have."""
    await conn.execute(
        """
        with wanted as (select id, at from unnest(%(ids)s::uuid[]) with ordinality as n (id, at)),
          places as (
            select position, row_number() over (order by position) as at
            from channel_topics where id = any(%(ids)s::uuid[]))
        update channel_topics t set position = p.position
        from wanted w join places p using (at) where t.id = w.id
        """,
        {"ids": list(ids)},
    )


async def brief_of_video(conn: database.Connection, video_id: UUID) -> tuple[str, int | None, str, str] | None:
    """Of the topic that a video took: its series' title and notes, its part, its own notes."""
    cursor = await conn.execute(
        """
        select coalesce(s.title, ''), t.part, coalesce(s.notes, ''), t.notes
        from channel_topics t left join channel_series s on s.id = t.series_id where t.video_id = %s
        """,
        (video_id,),
    )
    row: Any = await cursor.fetchone()
    return (row[0], row[1], row[2], row[3]) if row else None


async def take_topic(
    conn: database.Connection, *, channel_id: UUID, video_id: UUID, now: datetime, skip: Sequence[str] = ()
) -> str | None:
    """Mark the backlog's first waiting topic outside `skip` as this video's; two videos at once get two topics."""
    row = await (
        await conn.execute(
            """
            update channel_topics set video_id = %(video)s, taken_at = %(now)s, state = 'used', pinned = false
            where id = (select id from channel_topics where channel_id = %(channel)s and state = 'waiting'
                            and not (topic = any(%(skip)s))
                        order by pinned desc, position limit 1 for update skip locked)
            returning topic
            """,
            {"channel": channel_id, "video": video_id, "now": now, "skip": list(skip)},
        )
    ).fetchone()
    return str(row[0]) if row else None


async def topic_of_video(conn: database.Connection, video_id: UUID) -> str | None:
    """The topic a video has taken, or None."""
    row = await (await conn.execute("select topic from channel_topics where video_id = %s", (video_id,))).fetchone()
    return str(row[0]) if row else None


async def used_topics(conn: database.Connection, channel_id: UUID) -> list[str]:
    """Topics that videos have taken, latest first."""
    cursor = await conn.execute(
        "select topic from channel_topics where channel_id = %s and state = 'used' order by taken_at desc",
        (channel_id,),
    )
    return [str(row[0]) async for row in cursor]
