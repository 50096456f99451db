"""Reads a feed at an address that a user gave: fetched through the one way out, parsed away from the loop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytempire.channels.ports import FeedContent
from ytempire.kit.deferred import deferred
from ytempire.providers.feeds.parse import parse_feed

if TYPE_CHECKING:
    from ytempire.kit.http import Fetcher

MOST_BYTES = 5_000_000
MEDIA_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}
)


def _fetcher() -> Fetcher:
    from ytempire.kit.http import Fetcher  # noqa: PLC0415 - half a second that only a fetch has to pay

    return Fetcher()


@dataclass(frozen=True)
class Feeds:
    """RSS 0.9 to 2.0 and Atom."""

    fetcher: Fetcher = field(default_factory=lambda: deferred(_fetcher))

    async def read(self, url: str) -> FeedContent:
        """What the feed says. Raises FetchRefused (not fetched) or BadInput (no feed), both with field `url`."""
        fetched = await self.fetcher.get(url, field="url", media_types=MEDIA_TYPES, most_bytes=MOST_BYTES)
        return await asyncio.to_thread(parse_feed, fetched.content, url)
