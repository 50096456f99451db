"""All SQL of a channel's sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ytempire.channels.model import Feed, FeedItem, KeptSource, Source
from ytempire.kit import database
from ytempire.kit.ids import new_id


async def add_sources(
    conn: database.Connection,
    sources: Sequence[Source],
    *,
    user_id: UUID,
    channel_id: UUID,
    kind: str,
    now: datetime,
) -> list[UUID]:
    """Put the creator's own texts after those there are; their ids."""
    ids = [new_id() for _ in sources]
    await conn.execute(
        """
        insert into channel_sources (id, user_id, channel_id, position, kind, title, text, url, added_at)
        select n.id, %(user)s, %(channel)s,
          n.at + coalesce((select max(position) from channel_sources where channel_id = %(channel)s), 0),
          %(kind)s, n.title, n.text, n.url, %(now)s
        from unnest(%(ids)s::uuid[], %(titles)s::text[], %(texts)s::text[], %(urls)s::text[])
          with ordinality as n (id, title, text, url, at)
        """,
        {
            "user": user_id,
            "channel": channel_id,
            "kind": kind,
            "now": now,
            "ids": ids,
            "titles": [source.title for source in sources],
            "texts": [source.text for source in sources],
            "urls": [source.url for source in sources],
        },
    )
    return ids


async def lock_channel(conn: database.Connection, channel_id: UUID) -> bool:
    """Let nobody else add to the channel until the transaction ends, so that a limit holds; False if there is none."""
    cursor = await conn.execute("select from channels where id = %s for no key update", (channel_id,))
    return cursor.rowcount == 1


async def count_own(conn: database.Connection, channel_id: UUID) -> int:
    """How many texts and files the channel has."""
    cursor = await conn.execute(
        "select count(*) from channel_sources where channel_id = %s and kind <> 'item'", (channel_id,)
    )
    return int(str((await cursor.fetchone() or (0,))[0]))


async def kept_sources(conn: database.Connection, channel_id: UUID) -> list[KeptSource]:
    """The channel's own in their order, then what feeds brought, newest first."""
    async with conn.cursor(row_factory=class_row(KeptSource)) as cursor:
        await cursor.execute(
            """
            select id, kind, title, length(text) as characters, url, published_at, added_at, feed_id
            from channel_sources where channel_id = %s
            order by kind = 'item', case when kind <> 'item' then position end,
              coalesce(published_at, added_at) desc, id
            """,
            (channel_id,),
        )
        return await cursor.fetchall()


async def drop_source(conn: database.Connection, channel_id: UUID, source_id: UUID) -> bool:
    """Forget a text or file; False if there is no such one."""
    cursor = await conn.execute(
        "delete from channel_sources where channel_id = %s and id = %s and kind <> 'item'", (channel_id, source_id)
    )
    return cursor.rowcount == 1


async def add_feed(conn: database.Connection, feed: Feed, *, user_id: UUID, channel_id: UUID) -> bool:
    """Note a feed that was read; False if the channel has it already."""
    cursor = await conn.execute(
        "insert into channel_feeds (id, user_id, channel_id, url, title, added_at, checked_at, broken)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (channel_id, url) do nothing",
        (feed.id, user_id, channel_id, feed.url, feed.title, feed.added_at, feed.checked_at, feed.broken),
    )
    return cursor.rowcount == 1


async def feeds(conn: database.Connection, channel_id: UUID) -> list[Feed]:
    """The channel's feeds, oldest first."""
    async with conn.cursor(row_factory=class_row(Feed)) as cursor:
        await cursor.execute(
            """
            select f.id, f.url, f.title, f.added_at, f.checked_at, f.broken,
              (select count(*) from channel_sources s where s.feed_id = f.id)::int as items
            from channel_feeds f where f.channel_id = %s order by f.added_at, f.id
            """,
            (channel_id,),
        )
        return await cursor.fetchall()


async def set_read(conn: database.Connection, feed_id: UUID, *, title: str, broken: str, now: datetime) -> bool:
    """Note that the feed was read, or why not; an empty title keeps the one it has. False if it is gone."""
    cursor = await conn.execute(
        "update channel_feeds set checked_at = %s, broken = %s, title = coalesce(nullif(%s, ''), title) where id = %s",
        (now, broken, title, feed_id),
    )
    return cursor.rowcount == 1


async def drop_feed(conn: database.Connection, channel_id: UUID, feed_id: UUID) -> bool:
    """Forget a feed with what it brought; False if there is no such one."""
    cursor = await conn.execute("delete from channel_feeds where channel_id = %s and id = %s", (channel_id, feed_id))
    return cursor.rowcount == 1


async def add_items(
    conn: database.Connection,
    items: Sequence[FeedItem],
    *,
    user_id: UUID,
    channel_id: UUID,
    feed_id: UUID,
    now: datetime,
) -> int:
    """Keep items that the channel doesn't have; how many were new."""
    cursor = await conn.execute(
        """
        insert into channel_sources (id, user_id, channel_id, position, kind, title, text, url, feed_id, item_key,
          published_at, added_at)
        select n.id, %(user)s, %(channel)s, 0, 'item', n.title, n.text, n.url, %(feed)s, n.key, n.published, %(now)s
        from unnest(%(ids)s::uuid[], %(titles)s::text[], %(texts)s::text[], %(urls)s::text[], %(keys)s::text[],
          %(published)s::timestamptz[]) as n (id, title, text, url, key, published)
        on conflict (channel_id, item_key) where item_key is not null do nothing
        """,
        {
            "user": user_id,
            "channel": channel_id,
            "feed": feed_id,
            "now": now,
            "ids": [new_id() for _ in items],
            "titles": [item.source.title for item in items],
            "texts": [item.source.text for item in items],
            "urls": [item.source.url for item in items],
            "keys": [item.key for item in items],
            "published": [item.published_at for item in items],
        },
    )
    return cursor.rowcount


async def drop_old_items(conn: database.Connection, feed_id: UUID, *, keep: int) -> None:
    """Forget all but the feed's newest items."""
    await conn.execute(
        """
        delete from channel_sources where id in (
          select id from channel_sources where feed_id = %s
          order by coalesce(published_at, added_at) desc, id offset %s)
        """,
        (feed_id, keep),
    )
