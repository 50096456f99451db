"""All SQL of production."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from ytempire.events import announce
from ytempire.events.model import ReviewWanted, VideoChanged, VideoOrdered
from ytempire.kit.database import Connection
from ytempire.production.model import Order, Video, VideoState

_orders = TypeAdapter(Order)

INSERT_VIDEO = """
    insert into videos (id, user_id, channel_id, orders, title, topic, rehearsal, created_at, updated_at)
    values (%(id)s, %(user_id)s, %(channel_id)s, %(orders)s, %(title)s, %(topic)s, %(rehearsal)s, %(now)s, %(now)s)
"""

SELECT_VIDEO = """
    select id, user_id, channel_id, state, orders, title, topic, reason, rehearsal, attempt, created_at, updated_at
    from videos where id = %(id)s
"""

SELECT_VIDEO_TO_CHANGE = f"{SELECT_VIDEO} for update"

SELECT_VIDEOS = """
    select id, user_id, channel_id, state, orders, title, topic, reason, rehearsal, attempt, created_at, updated_at
    from videos
    where (%(channel_id)s::uuid is null or channel_id = %(channel_id)s)
        and (%(after)s::timestamptz is null or created_at < %(after)s)
    order by created_at desc limit %(limit)s
"""

CLAIM_VIDEO = """
    update videos set attempt = attempt + 1, updated_at = %(now)s
    where id = %(id)s and state not in ('published', 'cancelled', 'failed') returning attempt
"""

# `attempt`: only while this worker has the video; `anew`: 1 takes it from whoever has it. What it was is for the event.
CHANGE_VIDEO = """
    update videos set state = %(state)s, reason = %(reason)s, orders = coalesce(%(orders)s::jsonb, orders),
        attempt = attempt + %(anew)s, updated_at = %(now)s
    from (select id as same, state as was, reason as why from videos where id = %(id)s for update) before
    where id = same and (%(attempt)s::integer is null or attempt = %(attempt)s)
        and (%(allowed)s::text[] is null or state = any(%(allowed)s))
    returning channel_id, coalesce(nullif(title, ''), topic) as title, state, reason, was, why
"""

# Whatever a newer version that came to nothing was called.
CALL_AS_PUBLISHED = """
    update videos set title = published.title from (
        select result ->> 'title' as title from steps
        where video_id = %(id)s and step = 'publish' and state = 'done' order by used_at desc limit 1) published
    where id = %(id)s and published.title <> '' returning videos.title
"""

SET_TEXTS = """
    update videos set title = coalesce(%(title)s, title), topic = coalesce(%(topic)s, topic), updated_at = %(now)s
    where id = %(id)s and attempt = %(attempt)s
"""

FIND_VIDEOS_BY_END = """
    select id from videos where right(id::text, %(length)s) = %(end)s order by created_at desc limit 2
"""

PAST_TITLES = """
    select line from videos, unnest(array[title, topic]) with ordinality as said (line, place)
    where channel_id = %(channel_id)s and id <> %(except_id)s and state not in ('cancelled', 'failed') and line <> ''
    order by created_at desc, place limit %(limit)s
"""


def read_order(recorded: object) -> Order:
    """An order as `videos.orders` holds it."""
    return _orders.validate_python(recorded)


@dataclass(frozen=True)
class VideoRow:
    """A row of `videos`."""

    id: UUID
    user_id: UUID
    channel_id: UUID
    state: str
    orders: dict[str, Any]
    title: str
    topic: str
    reason: str
    rehearsal: bool
    attempt: int
    created_at: datetime
    updated_at: datetime

    def video(self) -> Video:
        """The row as a noun."""
        return Video(
            id=self.id,
            user_id=self.user_id,
            channel_id=self.channel_id,
            state=VideoState(self.state),
            order=read_order(self.orders),
            title=self.title or self.topic,
            reason=self.reason,
            rehearsal=self.rehearsal,
            created_at=self.created_at,
        )


async def insert_video(conn: Connection, video: Video, now: datetime) -> None:
    """A new video, planned."""
    await conn.execute(
        INSERT_VIDEO,
        {
            "id": video.id,
            "user_id": video.user_id,
            "channel_id": video.channel_id,
            "orders": Jsonb(_orders.dump_python(video.order, mode="json")),
            "title": "",
            "topic": video.title,
            "rehearsal": video.rehearsal,
            "now": now,
        },
    )
    await announce(conn, video.id, VideoOrdered(channel_id=video.channel_id, topic=video.title), now)


async def select_video(conn: Connection, video_id: UUID, *, to_change: bool = False) -> Video | None:
    """One video, or None; `to_change` keeps others from changing it until the transaction ends."""
    query = SELECT_VIDEO_TO_CHANGE if to_change else SELECT_VIDEO
    async with conn.cursor(row_factory=class_row(VideoRow)) as cursor:
        row = await (await cursor.execute(query, {"id": video_id})).fetchone()
    return row.video() if row else None


async def state_of(conn: Connection, video_id: UUID) -> VideoState | None:
    """Where the video stands; None if there is none of that id."""
    cursor = await conn.execute("select state from videos where id = %s", (video_id,))
    row = await cursor.fetchone()
    return VideoState(str(row[0])) if row else None


async def select_videos(
    conn: Connection, *, channel_id: UUID | None = None, after: datetime | None = None, limit: int = 20
) -> list[Video]:
    """Newest first."""
    async with conn.cursor(row_factory=class_row(VideoRow)) as cursor:
        await cursor.execute(SELECT_VIDEOS, {"channel_id": channel_id, "after": after, "limit": limit})
        return [row.video() for row in await cursor.fetchall()]


async def claim_video(conn: Connection, video_id: UUID, now: datetime) -> int | None:
    """Raise the fencing token and return it; None if the video needs no more work."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(CLAIM_VIDEO, {"id": video_id, "now": now})
        return await cursor.fetchone()


async def move_video(
    conn: Connection, video_id: UUID, attempt: int, state: VideoState, now: datetime, *, reason: str = ""
) -> bool:
    """Set the state; False if another worker has taken over."""
    return await _change(conn, video_id, state, reason, now, attempt=attempt)


async def set_texts(
    conn: Connection, video_id: UUID, attempt: int, now: datetime, *, title: str | None = None, topic: str | None = None
) -> None:
    """What the video is about and called, once known."""
    await conn.execute(SET_TEXTS, {"id": video_id, "attempt": attempt, "title": title, "topic": topic, "now": now})


async def set_order(
    conn: Connection,
    video_id: UUID,
    order: Order,
    now: datetime,
    *,
    allowed: Collection[VideoState],
    state: VideoState = VideoState.PLANNED,
    reason: str = "",
) -> bool:
    """Change what was ordered and send the video through its steps again; False if it is in no allowed state."""
    orders = Jsonb(_orders.dump_python(order, mode="json"))
    return await _change(conn, video_id, state, reason, now, allowed=list(allowed), orders=orders, anew=1)


async def decide_video(
    conn: Connection, video_id: UUID, allowed: Collection[VideoState], state: VideoState, now: datetime, *, reason: str
) -> bool:
    """Move a video by a person's decision; False if it is in none of the allowed states."""
    return await _change(conn, video_id, state, reason, now, allowed=list(allowed), anew=1)


async def _change(
    conn: Connection,
    video_id: UUID,
    state: VideoState,
    reason: str,
    now: datetime,
    *,
    attempt: int | None = None,
    allowed: list[VideoState] | None = None,
    orders: Jsonb | None = None,
    anew: int = 0,
) -> bool:
    """Change a video's state and announce it; False if it isn't the worker's any more, or in no allowed state.

    A video that is published is called what its published version is.
    """
    values = {"id": video_id, "state": state, "reason": reason, "now": now, "attempt": attempt, "allowed": allowed}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(CHANGE_VIDEO, values | {"orders": orders, "anew": anew})
        row = await cursor.fetchone()
        if row is None:
            return False
        if state is VideoState.PUBLISHED:
            await cursor.execute(CALL_AS_PUBLISHED, {"id": video_id})
            row |= await cursor.fetchone() or {}
    why = row.pop("why")
    if (row["state"], row["reason"]) != (row["was"], why):
        await announce(conn, video_id, VideoChanged(**row), now)
    if state is VideoState.IN_REVIEW and row["was"] != state:
        wanted = ReviewWanted(channel_id=row["channel_id"], title=row["title"], reason=reason)
        await announce(conn, video_id, wanted, now)
    return True


async def find_videos_by_end(conn: Connection, end: str) -> list[UUID]:
    """Ids that end in these characters (the random part, as shown in lists); at most two."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(FIND_VIDEOS_BY_END, {"end": end.lower(), "length": len(end)})
        return await cursor.fetchall()


async def past_titles(conn: Connection, channel_id: UUID, *, except_id: UUID, limit: int) -> list[str]:
    """What the channel's videos were called and about; newest first."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(PAST_TITLES, {"channel_id": channel_id, "except_id": except_id, "limit": limit})
        return await cursor.fetchall()
