"""Sources of a channel: texts and files within limits, feeds read from a real server, each item once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contracts.fetch_server import FetchServer, serving
from tests.stores.driver_stage import Stage, staged, walk
from tests.stores.test_channels import CLOCK, channel_of, owner, stranger
from ytempire.channels import (
    add_feed,
    add_sources,
    create_channel,
    drop_source,
    find_channel,
    list_feeds,
    list_sources,
    read_file,
    refresh_feeds,
)
from ytempire.channels.model import Source
from ytempire.channels.rules import SOURCES_MAX
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.http import Fetcher, FetchRefused
from ytempire.orchestration.drive import drive
from ytempire.orchestration.order import order_video
from ytempire.production.model import Order, StepName
from ytempire.production.step import Work
from ytempire.providers.feeds import Feeds


async def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


READER = Feeds(Fetcher(here, permits=lambda address: address.is_loopback, deadline_s=2))


def rss(*days: int) -> bytes:
    """One item a day of November, each with a text of its own."""
    items = "".join(
        f"<item><guid>d{day}</guid><title>Day {day}</title><link>https://example.org/{day}</link>"
        f"<description>What happened on day {day}.</description>"
        f"<pubDate>{day:02} Nov 2026 08:00:00 GMT</pubDate></item>"
        for day in days
    )
    return f"<rss><channel><title>Days</title>{items}</channel></rss>".encode()


@pytest.fixture
async def server() -> AsyncIterator[FetchServer]:
    async with serving() as running:
        running.says("/feed", rss(3, 5, 4))
        yield running


async def test_a_feed_s_items_are_kept_once_newest_first_with_date_and_address(database, server):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, sources=(Source("Mine", "Own text."),)))
    url = f"http://news.example.org:{server.port}/feed"
    added = await add_feed(database, CLOCK, made, url, READER)
    assert (added.new, added.feed.title) == (3, "Days")
    with pytest.raises(BadInput, match="already"):
        await add_feed(database, CLOCK, made, url, READER)
    found = await find_channel(database, user.id, made.id)
    assert [source.title for source in found.sources] == ["Mine", "Day 5", "Day 4", "Day 3"]
    assert found.sources[1] == Source("Day 5", "What happened on day 5.", "https://example.org/5")
    server.says("/feed", rss(6, 5, 4))
    (read,) = await refresh_feeds(database, CLOCK, made, READER)
    assert (read.new, read.broken) == (1, "")
    kept = await list_sources(database, made)
    assert [one.title for one in kept] == ["Mine", "Day 6", "Day 5", "Day 4", "Day 3"]
    assert [one.published_at.day for one in kept[1:]] == [6, 5, 4, 3]
    assert await refresh_feeds(database, CLOCK, made, READER, fresh_for=timedelta(hours=1)) == []
    at_once = await asyncio.gather(*(refresh_feeds(database, CLOCK, made, READER) for _ in range(6)))
    assert sum(one.new for read in at_once for one in read) == 0


async def test_a_feed_that_fails_says_why_and_keeps_what_it_brought(database, server):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user))
    url = f"http://news.example.org:{server.port}/feed"
    feed = (await add_feed(database, CLOCK, made, url, READER)).feed
    server.says("/feed", status="302 Found", location="http://169.254.169.254/latest/meta-data/")
    (read,) = await refresh_feeds(database, CLOCK, made, READER)
    assert "redirects to 'http://169.254.169.254" in read.broken
    (listed,) = await list_feeds(database, made)
    assert (listed.broken, listed.items, listed.title) == (read.broken, 3, "Days")
    server.says("/feed", rss(7))
    await refresh_feeds(database, CLOCK, made, READER)
    assert [(one.broken, one.items) for one in await list_feeds(database, made)] == [("", 4)]
    await drop_source(database, made, feed.id)
    assert (await list_feeds(database, made), await list_sources(database, made)) == ([], [])


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"<html>", "content_type": "text/html"}, {"body": b"", "status": "404 Not Found"},
        {"body": b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>"}, {"body": b"<rss>" + b" " * 6_000_000 + b"</rss>"},
    ],
    ids=["a page", "not found", "a bomb", "6 MB"],
)  # fmt: skip
async def test_a_feed_that_cannot_be_read_is_not_added(database, server, answer):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user))
    server.says("/bad", **answer)
    with pytest.raises((FetchRefused, BadInput)) as refused:
        await add_feed(database, CLOCK, made, f"http://news.example.org:{server.port}/bad", READER)
    assert refused.value.field == "url"
    with pytest.raises(FetchRefused, match="leads to no address"):
        await add_feed(database, CLOCK, made, f"http://localhost:{server.port}/feed", Feeds())
    assert await list_feeds(database, made) == []


async def test_texts_and_files_are_kept_within_limits(database):
    user, other = await owner(database), await stranger(database)
    made = await create_channel(database, CLOCK, channel_of(user))
    file = read_file("deep-sea_notes.md", "\ufeff# Notes\r\n\r\nSquid are fast.".encode())
    assert file == Source("deep sea notes", "# Notes\n\nSquid are fast.")
    (first,) = await add_sources(database, CLOCK, made, [file], kind="file")
    await add_sources(database, CLOCK, made, [Source(f"t{i}", "x") for i in range(SOURCES_MAX - 2)])
    at_once = [add_sources(database, CLOCK, made, [Source(f"last {i}", "x")]) for i in range(4)]
    ended = await asyncio.gather(*at_once, return_exceptions=True)
    assert sum(isinstance(one, list) for one in ended) == 1, "the limit holds for those who come at once"
    assert all("too many" in str(one) for one in ended if not isinstance(one, list))
    with pytest.raises(NotFound):
        await drop_source(database, replace(made, user_id=other.id), first)
    await drop_source(database, made, first)
    assert len(await list_sources(database, made)) == SOURCES_MAX - 1
    assert await list_sources(database, replace(made, user_id=other.id)) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"x", "no text file"), ("a.txt", b"\xff\xfe", "not UTF-8"), ("a.md", b"x" * 800_001, "800,001 bytes"),
        ("../../etc/passwd", b"x", "no text file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_is_refused(name, content, says):
    with pytest.raises(BadInput, match=says) as refused:
        read_file(name, content)
    assert refused.value.field == "file"


async def test_feeds_are_read_before_a_topic_is_proposed_and_not_between_the_steps(
    database: Database, valkey_url: str, server: FetchServer
) -> None:
    async with staged(database, valkey_url) as stage:
        seen: dict[str, list[str]] = {}
        said = stage.script.instead

        async def look(work: Work, name: StepName) -> Any:
            seen[name] = [source.title for source in work.channel.sources]
            del said[name]
            return await next(step for step in stage.platform.steps if step.name is name).run(work)

        for name in (StepName.TOPIC, StepName.RENDER, StepName.PUBLISH):
            said[name] = lambda work, name=name: look(work, name)
        reading = Stage(replace(stage.platform, feeds=READER), stage.script, stage.channel)
        await add_feed(database, CLOCK, stage.channel, f"http://n.example.org:{server.port}/feed", READER)
        async with database.transaction(stage.channel.user_id) as conn:
            await conn.execute("update channel_feeds set checked_at = checked_at - interval '2 hours'")
        server.says("/feed", rss(9))
        video = await order_video(reading.platform, stage.channel, Order())
        await walk(reading, video, "light")
        server.says("/feed", rss(10))
        await refresh_feeds(database, CLOCK, stage.channel, READER)
        for queue in ("render", "light"):
            await drive(reading.platform, video.id, video.user_id, queue)
    assert all(titles == ["Day 9", "Day 5", "Day 4", "Day 3"] for titles in seen.values())
    assert list(seen) == [StepName.TOPIC, StepName.RENDER, StepName.PUBLISH]
