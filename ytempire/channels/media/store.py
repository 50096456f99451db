"""All SQL of a channel's own media."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from ytempire.channels.model import ChannelMedia
from ytempire.kit.database import Connection
from ytempire.kit.media_store import MediaRef

_READ: LiteralString = """
select id, sha256, size_bytes, suffix, kind, width_px, height_px, duration_s, title, words, tags, licence, origin,
  added_at, archived_at
from channel_media where channel_id = %(channel)s and purpose = """
_LIBRARY: LiteralString = _READ + "'library' "


async def _all(conn: Connection, query: LiteralString, **values: object) -> list[ChannelMedia]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return [_media(row) async for row in cursor]


async def _one(conn: Connection, query: LiteralString, **values: object) -> ChannelMedia | None:
    return next(iter(await _all(conn, query, **values)), None)


def _media(row: dict[str, Any]) -> ChannelMedia:
    file = MediaRef(row.pop("sha256"), row.pop("size_bytes"), row.pop("suffix"))
    return ChannelMedia(**row | {"file": file, "tags": tuple(row["tags"])})


async def add(conn: Connection, media: ChannelMedia, *, user_id: UUID, channel_id: UUID, purpose: str) -> None:
    """A new row."""
    await conn.execute(
        """
        insert into channel_media (id, user_id, channel_id, purpose, sha256, size_bytes, suffix, kind, width_px,
          height_px, duration_s, title, words, tags, licence, origin, added_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            media.id, user_id, channel_id, purpose, media.file.sha256, media.file.size_bytes, media.file.suffix,
            media.kind, media.width_px, media.height_px, media.duration_s, media.title, media.words, list(media.tags),
            media.licence, media.origin, media.added_at,
        ),
    )  # fmt: skip


async def write(conn: Connection, media: ChannelMedia) -> None:
    """Write what may change."""
    await conn.execute(
        "update channel_media set title = %s, words = %s, tags = %s, licence = %s, origin = %s, archived_at = %s"
        " where id = %s",
        (media.title, media.words, list(media.tags), media.licence, media.origin, media.archived_at, media.id),
    )


async def same_file(conn: Connection, channel_id: UUID, sha256: str) -> ChannelMedia | None:
    """The library's row of this file; until the transaction ends nobody else adds one to the channel."""
    await conn.execute("select from channels where id = %s for update", (channel_id,))
    return await _one(conn, _LIBRARY + "and sha256 = %(sha256)s", channel=channel_id, sha256=sha256)


async def count(conn: Connection, channel_id: UUID) -> int:
    """How many live ones the library has."""
    row: Any = await (
        await conn.execute(
            "select count(*) from channel_media where channel_id = %s and purpose = 'library' and archived_at is null",
            (channel_id,),
        )
    ).fetchone()
    return int(row[0])


async def by_id(conn: Connection, channel_id: UUID, media_id: UUID, *, lock: bool) -> ChannelMedia | None:
    """One of the library's."""
    query = _LIBRARY + ("and id = %(id)s for update" if lock else "and id = %(id)s")
    return await _one(conn, query, channel=channel_id, id=media_id)


async def by_ids(conn: Connection, channel_id: UUID, ids: Sequence[UUID]) -> list[ChannelMedia]:
    """Those of the library that have these ids, in any order."""
    return await _all(conn, _LIBRARY + "and id = any(%(ids)s)", channel=channel_id, ids=list(ids))


async def page(
    conn: Connection, channel_id: UUID, *, archived: bool, after: tuple[datetime, UUID] | None, limit: int
) -> list[ChannelMedia]:
    """Those after a place, oldest first."""
    at, media_id = after or (None, None)
    query: LiteralString = (
        "and (archived_at is not null) = %(archived)s"
        " and (%(at)s::timestamptz is null or (added_at, id) > (%(at)s, %(after)s))"
        " order by added_at, id limit %(limit)s"
    )
    return await _all(conn, _LIBRARY + query, channel=channel_id, archived=archived, at=at, after=media_id, limit=limit)


async def newest(conn: Connection, channel_id: UUID, most: int) -> list[ChannelMedia]:
    """The live ones that were added last."""
    query: LiteralString = "and archived_at is null order by added_at desc, id desc limit %(most)s"
    return await _all(conn, _LIBRARY + query, channel=channel_id, most=most)


async def logo(conn: Connection, channel_id: UUID) -> ChannelMedia | None:
    """The logo of now."""
    return await _one(conn, _READ + "'logo' and archived_at is null", channel=channel_id)


async def archive_logo(conn: Connection, channel_id: UUID, now: datetime) -> None:
    """The logo of now is one no more; until the transaction ends nobody else sets one."""
    await conn.execute("select from channels where id = %s for update", (channel_id,))
    await conn.execute(
        "update channel_media set archived_at = %s where channel_id = %s and purpose = 'logo' and archived_at is null",
        (now, channel_id),
    )
