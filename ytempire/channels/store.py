"""All SQL of channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row

from ytempire.channels.model import Autopilot, Brand, Channel, Connection, Source, Visibility
from ytempire.kit import database
from ytempire.kit.ids import new_id

_READ: LiteralString = """
select c.*,
  array(select t.topic from channel_topics t where t.channel_id = c.id and t.video_id is null
        order by t.position) as topics,
  array(select array[s.title, s.text, s.url] from channel_sources s where s.channel_id = c.id
        order by s.position) as sources
from channels c
"""

_CHANGE: LiteralString = """
update channels set handle = %(handle)s, name = %(name)s, niche = %(niche)s, audience = %(audience)s,
  tone = %(tone)s, language = %(language)s, format = %(format)s, minutes = %(minutes)s, voice = %(voice)s,
  music_mood = %(music_mood)s, palette = %(palette)s, look = %(look)s, mark = %(mark)s, colours = %(colours)s,
  category_id = %(category_id)s, made_for_kids = %(made_for_kids)s, visibility = %(visibility)s,
  autopilot = %(autopilot)s, playlist = %(playlist)s, upload_captions = %(upload_captions)s
where id = %(id)s
"""


class HandleTaken(Exception):  # noqa: N818
    """Another channel of the user has this handle; the transaction is over."""


async def add_channel(conn: database.Connection, channel: Channel, now: datetime) -> bool:
    """Insert; False if the user has another channel of this handle."""
    cursor = await conn.execute(
        """
        insert into channels (id, user_id, handle, name, niche, audience, tone, language, format, minutes,
          voice, music_mood, palette, look, mark, colours, category_id, made_for_kids, visibility, autopilot,
          playlist, upload_captions, created_at)
        values (%(id)s, %(user_id)s, %(handle)s, %(name)s, %(niche)s, %(audience)s, %(tone)s, %(language)s,
          %(format)s, %(minutes)s, %(voice)s, %(music_mood)s, %(palette)s, %(look)s, %(mark)s, %(colours)s,
          %(category_id)s, %(made_for_kids)s, %(visibility)s, %(autopilot)s, %(playlist)s,
          %(upload_captions)s, %(now)s)
        on conflict (user_id, handle) do nothing
        """,
        _values(channel) | {"now": now},
    )
    return cursor.rowcount == 1


async def change_channel(conn: database.Connection, channel: Channel) -> bool:
    """Write all columns anew; False if there is no such channel. Raises HandleTaken."""
    try:
        cursor = await conn.execute(_CHANGE, _values(channel))
    except UniqueViolation as error:
        raise HandleTaken(channel.handle) from error
    return cursor.rowcount == 1


async def channel_by_id(conn: database.Connection, channel_id: UUID) -> Channel | None:
    """The channel with its backlog and sources, or None."""
    return await _one(conn, _READ + "where c.id = %s", channel_id)


async def channel_by_handle(conn: database.Connection, handle: str) -> Channel | None:
    """The same by handle."""
    return await _one(conn, _READ + "where c.handle = %s", handle)


async def all_channels(conn: database.Connection) -> list[Channel]:
    """The user's channels in the order they were made, in one round trip."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_READ + "order by c.created_at, c.id")
        return [_channel(row) async for row in cursor]


async def replace_sources(
    conn: database.Connection, *, user_id: UUID, channel_id: UUID, sources: Sequence[Source]
) -> None:
    """Keep exactly these sources."""
    await conn.execute("delete from channel_sources where channel_id = %s", (channel_id,))
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "insert into channel_sources (user_id, channel_id, position, title, text, url)"
            " values (%s, %s, %s, %s, %s, %s)",
            [(user_id, channel_id, at, source.title, source.text, source.url) for at, source in enumerate(sources)],
        )


async def add_topics(conn: database.Connection, *, user_id: UUID, channel_id: UUID, topics: Sequence[str]) -> int:
    """Put topics at the end of the backlog; how many were new to the channel (used ones count as known)."""
    cursor = await conn.execute(
        """
        insert into channel_topics (id, user_id, channel_id, position, topic)
        select n.id, %(user)s, %(channel)s,
          n.at + coalesce((select max(position) from channel_topics where channel_id = %(channel)s), 0),
          n.topic
        from unnest(%(ids)s::uuid[], %(topics)s::text[]) with ordinality as n (id, topic, at)
        on conflict (channel_id, topic) do nothing
        """,
        {"user": user_id, "channel": channel_id, "ids": [new_id() for _ in topics], "topics": list(topics)},
    )
    return cursor.rowcount


async def drop_unused_topics(conn: database.Connection, channel_id: UUID, *, keep: Sequence[str]) -> None:
    """Forget backlog topics that are not among `keep`."""
    await conn.execute(
        "delete from channel_topics where channel_id = %s and video_id is null and not (topic = any(%s))",
        (channel_id, list(keep)),
    )


async def order_topics(conn: database.Connection, channel_id: UUID, topics: Sequence[str]) -> None:
    """Give the backlog this order."""
    await conn.execute(
        """
        update channel_topics t set position = n.at
        from unnest(%s::text[]) with ordinality as n (topic, at)
        where t.channel_id = %s and t.topic = n.topic and t.video_id is null
        """,
        (list(topics), channel_id),
    )


async def take_topic(
    conn: database.Connection, *, channel_id: UUID, video_id: UUID, now: datetime, skip: Sequence[str] = ()
) -> str | None:
    """Mark the backlog's first free topic outside `skip` as this video's; two videos at once get two topics."""
    row = await (
        await conn.execute(
            """
            update channel_topics set video_id = %(video)s, taken_at = %(now)s
            where id = (select id from channel_topics where channel_id = %(channel)s and video_id is null
                            and not (topic = any(%(skip)s))
                        order by position limit 1 for update skip locked)
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
        "select topic from channel_topics where channel_id = %s and video_id is not null order by taken_at desc",
        (channel_id,),
    )
    return [str(row[0]) async for row in cursor]


async def save_connection(
    conn: database.Connection, connection: Connection, *, user_id: UUID, sealed_refresh_token: bytes
) -> None:
    """Connect the channel, in place of an earlier connection."""
    await conn.execute(
        """
        insert into channel_connections (channel_id, user_id, platform, platform_channel_id, title, scopes,
          refresh_token, connected_at, checked_at, broken)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (channel_id) do update set platform = excluded.platform,
          platform_channel_id = excluded.platform_channel_id, title = excluded.title,
          scopes = excluded.scopes,
          refresh_token = excluded.refresh_token, connected_at = excluded.connected_at,
          checked_at = excluded.checked_at, broken = excluded.broken
        """,
        (
            connection.channel_id, user_id, connection.platform, connection.platform_channel_id,
            connection.title, list(connection.scopes), sealed_refresh_token, connection.connected_at,
            connection.checked_at, connection.broken,
        ),
    )  # fmt: skip


async def connection_of(conn: database.Connection, channel_id: UUID) -> Connection | None:
    """The channel's connection without its token, or None."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select channel_id, platform, platform_channel_id, title, scopes, connected_at, checked_at,"
            " broken"
            " from channel_connections where channel_id = %s",
            (channel_id,),
        )
        row = await cursor.fetchone()
    return Connection(**(row | {"scopes": tuple(row["scopes"])})) if row else None


async def sealed_refresh_token(conn: database.Connection, channel_id: UUID) -> bytes | None:
    """The sealed token, or None."""
    row = await (
        await conn.execute("select refresh_token from channel_connections where channel_id = %s", (channel_id,))
    ).fetchone()
    return bytes(row[0]) if row else None  # type: ignore[call-overload]


async def set_checked(conn: database.Connection, channel_id: UUID, *, now: datetime, broken: str) -> None:
    """Note that the connection was tried, and why it failed (empty: it works)."""
    await conn.execute(
        "update channel_connections set checked_at = %s, broken = %s where channel_id = %s",
        (now, broken, channel_id),
    )


async def is_connected(conn: database.Connection, channel_id: UUID) -> bool:
    """Whether the channel is connected; if so, it stays connected until the transaction ends."""
    cursor = await conn.execute("select from channel_connections where channel_id = %s for share", (channel_id,))
    return await cursor.fetchone() is not None


async def delete_connection(conn: database.Connection, channel_id: UUID) -> None:
    """Forget the connection, token included."""
    await conn.execute("delete from channel_connections where channel_id = %s", (channel_id,))


async def _one(conn: database.Connection, sql: LiteralString, value: object) -> Channel | None:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql, (value,))
        row = await cursor.fetchone()
    return _channel(row) if row else None


def _channel(row: dict[str, Any]) -> Channel:
    taken = (
        "palette",
        "look",
        "mark",
        "colours",
        "visibility",
        "autopilot",
        "topics",
        "sources",
        "created_at",
    )
    return Channel(
        **{name: value for name, value in row.items() if name not in taken},
        brand=Brand(row["palette"], row["look"], row["mark"], tuple(row["colours"])),
        visibility=Visibility(row["visibility"]),
        autopilot=Autopilot(row["autopilot"]),
        topics=tuple(row["topics"]),
        sources=tuple(Source(*source) for source in row["sources"]),
    )


def _values(channel: Channel) -> dict[str, object]:
    brand = channel.brand
    plain = {name: value for name, value in vars(channel).items() if name not in {"brand", "topics", "sources"}}
    return plain | {
        "palette": brand.palette,
        "look": brand.look,
        "mark": brand.mark,
        "colours": list(brand.colours),
        "visibility": channel.visibility.value,
        "autopilot": channel.autopilot.value,
    }
