"""Where a channel's facts come from: texts and feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.channels import (
    Refreshed,
    add_feed,
    add_sources,
    drop_source,
    list_feeds,
    list_sources,
    look_at_channel,
    refresh_feeds,
)
from ytempire.channels.model import Source
from ytempire.channels.ports import FeedReader
from ytempire.kit.errors import NotConfigured
from ytempire.kit.outside import outside
from ytempire.web.bodies import Given, example
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource, takes_body

router = resource("channels")

_ID = "0199f3c2-c8f2-7e13-8d55-2b3c4d5e6f70"
_SOURCE: dict[str, Any] = {
    "id": _ID,
    "kind": "text",
    "title": "Tides",
    "characters": 1200,
    "url": "https://example.org/tides",
    "published_at": None,
    "added_at": "2026-11-20T08:00:00Z",
    "feed_id": None,
}
_FEED: dict[str, Any] = {
    "id": _ID,
    "url": "https://example.org/feed.xml",
    "title": "Sea news",
    "items": 20,
    "added_at": "2026-11-20T08:00:00Z",
    "checked_at": "2026-11-25T08:00:00Z",
    "broken": "",
}


class SourceShown(BaseModel):
    """A text, or an item of a feed."""

    model_config = example(_SOURCE)
    id: UUID
    kind: str = Field(description="`text`, `file` or `item`.")
    title: str
    characters: int
    url: str
    published_at: datetime | None = None
    added_at: datetime
    feed_id: UUID | None = None


class FeedShown(BaseModel):
    """A feed."""

    model_config = example(_FEED)
    id: UUID
    url: str
    title: str
    items: int
    added_at: datetime
    checked_at: datetime | None = None
    broken: str = Field(description="Why the last reading failed; empty if it did not.")


class SourcesShown(BaseModel):
    """All sources of a channel: at most 50 texts, and 20 feeds with 100 items each."""

    model_config = example({"sources": [_SOURCE], "feeds": [_FEED]})
    sources: list[SourceShown]
    feeds: list[FeedShown]


class TextWanted(Given):
    """A text that facts may come from."""

    model_config = example({"title": "Tides", "text": "Some tides rise 16 meters."})
    title: str = Field(max_length=1000)
    text: str = Field(description="At most 200,000 characters.")
    url: str = Field("", description="Where it comes from; named in descriptions.", max_length=3000)


class FeedWanted(Given):
    """A feed to draw on."""

    model_config = example({"url": "https://example.org/feed.xml"})
    url: str = Field(max_length=3000)


class Added(BaseModel):
    """The new source."""

    model_config = example({"id": _ID})
    id: UUID


class RefreshedShown(BaseModel):
    """What a reading of a feed brought."""

    model_config = example({"feed_id": _ID, "new": 3, "broken": ""})
    feed_id: UUID
    new: int
    broken: str


@router.get("/{channel_id}/sources")
async def list_of_sources(channel_id: UUID, who: SignedIn, parts: PartsOf) -> SourcesShown:
    """A channel's texts in their order, what feeds brought, newest first, and the feeds."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    kept, feeds = await list_sources(parts.database, channel), await list_feeds(parts.database, channel)
    return SourcesShown(
        sources=[SourceShown.model_validate(vars(one)) for one in kept],
        feeds=[FeedShown.model_validate(vars(one)) for one in feeds],
    )


@router.post("/{channel_id}/sources", status_code=201)
@takes_body(2_000_000)
async def add_text(channel_id: UUID, wanted: TextWanted, who: SignedIn, parts: PartsOf) -> Added:
    """Keep a text that facts may come from."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    source = Source(wanted.title, wanted.text, wanted.url)
    (made,) = await add_sources(parts.database, parts.clock, channel, [source])
    return Added(id=made)


@router.post("/{channel_id}/feeds", status_code=201)
async def add_a_feed(channel_id: UUID, wanted: FeedWanted, who: SignedIn, parts: PartsOf) -> RefreshedShown:
    """Read an RSS or Atom feed and keep it with its items; its address must be public."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    with outside():
        added = await add_feed(parts.database, parts.clock, channel, wanted.url, _reader(parts))
    return _shown(added)


@router.post("/{channel_id}/feeds/refresh")
async def refresh_all(channel_id: UUID, who: SignedIn, parts: PartsOf) -> list[RefreshedShown]:
    """Read all feeds of a channel now."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    with outside():
        read = await refresh_feeds(parts.database, parts.clock, channel, _reader(parts))
    return [_shown(one) for one in read]


@router.delete("/{channel_id}/sources/{source_id}", status_code=204)
async def drop_a_source(channel_id: UUID, source_id: UUID, who: SignedIn, parts: PartsOf) -> None:
    """Forget a text, or a feed with what it brought. Videos that rest on it keep it."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    await drop_source(parts.database, channel, source_id)


def _reader(parts: Parts) -> FeedReader:
    if parts.platform.feeds is None:
        raise NotConfigured("no feeds are read here", field="url", fix="Add a text instead.")
    return parts.platform.feeds


def _shown(read: Refreshed) -> RefreshedShown:
    return RefreshedShown(feed_id=read.feed.id, new=read.new, broken=read.broken)
