"""All SQL of a channel's backlog."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ytempire.kit import database
from ytempire.kit.ids import new_id


async def add_topics(
    conn: database.Connection, *, user_id: UUID, channel_id: UUID, topics: Sequence[str], now: datetime
) -> int:
    """Put topics at the end of the backlog; how many were new to the channel (used ones count as known)."""
    cursor = await conn.execute(
        """
        insert into channel_topics (id, user_id, channel_id, position, topic, added_at)
        select n.id, %(user)s, %(channel)s,
          n.at + coalesce((select max(position) from channel_topics where channel_id = %(channel)s), 0),
          n.topic, %(now)s
        from unnest(%(ids)s::uuid[], %(topics)s::text[]) with ordinality as n (id, topic, at)
        on conflict (channel_id, topic) do nothing
        """,
        {"user": user_id, "channel": channel_id, "ids": [new_id() for _ in topics], "topics": list(topics), "now": now},
    )
    return cursor.rowcount


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
