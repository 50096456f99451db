"""Verbs: feeds as sources. What a feed brings is kept with its date and address, each item once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from ytempire.channels.model import Channel, Feed
from ytempire.channels.ports import FeedContent, FeedReader
from ytempire.channels.rules import FEED_ITEMS_MAX, FEEDS_MAX, URL
from ytempire.channels.sources import store
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput, NotFound, YtempireError
from ytempire.kit.ids import new_id

FRESH_FOR = timedelta(hours=1)
"""A feed that was read within this time is not read again for a plan."""


@dataclass(frozen=True)
class Refreshed:
    """What a reading of one feed brought."""

    feed: Feed
    new: int
    broken: str
    """Why it could not be read, in plain words; empty if it could."""


async def add_feed(database: Database, clock: Clock, channel: Channel, url: str, reader: FeedReader) -> Refreshed:
    """Read the feed, then keep it and what it brought. Raises BadInput, NotFound, and what the reader raises."""
    url = url.strip()
    if not URL.fullmatch(url):
        raise BadInput(f"{url[:80]!r} is no web address", field="url", fix="Start it with https://.")
    content = await reader.read(url)
    now = clock.now()
    feed = Feed(new_id(), url, content.title, now, now, "")
    async with database.transaction(channel.user_id) as conn:
        if not await store.lock_channel(conn, channel.id):
            raise NotFound(
                f"no channel {channel.id}",
                field="channel",
                fix="GET /api/v1/channels and `ytempire channels` list yours.",
            )
        if len(await store.feeds(conn, channel.id)) >= FEEDS_MAX:
            raise BadInput(f"the channel has {FEEDS_MAX} feeds", field="url", fix="Drop one of them first.")
        if not await store.add_feed(conn, feed, user_id=channel.user_id, channel_id=channel.id):
            raise BadInput(f"the channel has {url[:200]!r} already", field="url", fix="There is nothing to do.")
        new = await _keep(conn, channel, feed, content, clock)
    return Refreshed(replace(feed, items=new), new, "")


async def list_feeds(database: Database, channel: Channel) -> list[Feed]:
    """The channel's feeds, oldest first."""
    async with database.transaction(channel.user_id) as conn:
        return await store.feeds(conn, channel.id)


async def refresh_feeds(
    database: Database, clock: Clock, channel: Channel, reader: FeedReader, *, fresh_for: timedelta = timedelta(0)
) -> list[Refreshed]:
    """Read all feeds that were not read within `fresh_for`, side by side.

    One that fails is noted and keeps its items.
    """
    stale_at = clock.now() - fresh_for
    due = [feed for feed in await list_feeds(database, channel) if not feed.checked_at or feed.checked_at <= stale_at]
    return list(await asyncio.gather(*(_refresh(database, clock, channel, feed, reader) for feed in due)))


async def refresh_if_needed(database: Database, clock: Clock, channel: Channel, reader: FeedReader) -> list[Refreshed]:
    """Before a video is planned: an empty backlog means that its topic will come from the sources."""
    if channel.topics:
        return []
    return await refresh_feeds(database, clock, channel, reader, fresh_for=FRESH_FOR)


async def _refresh(database: Database, clock: Clock, channel: Channel, feed: Feed, reader: FeedReader) -> Refreshed:
    content, broken = FeedContent("", ()), ""
    try:
        content = await reader.read(feed.url)
    except YtempireError as error:
        broken = error.message
    async with database.transaction(channel.user_id) as conn:
        there = await store.set_read(conn, feed.id, title=content.title, broken=broken, now=clock.now())
        new = await _keep(conn, channel, feed, content, clock) if there else 0
    return Refreshed(replace(feed, broken=broken), new, broken)


async def _keep(conn: Connection, channel: Channel, feed: Feed, content: FeedContent, clock: Clock) -> int:
    of = {"user_id": channel.user_id, "channel_id": channel.id, "feed_id": feed.id}
    new = await store.add_items(conn, content.items[:FEED_ITEMS_MAX], **of, now=clock.now())
    await store.drop_old_items(conn, feed.id, keep=FEED_ITEMS_MAX)
    return new
