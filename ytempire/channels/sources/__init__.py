"""Where facts come from: the creator's texts and files, and feeds."""

from ytempire.channels.sources.feeds import Refreshed, add_feed, list_feeds, refresh_feeds, refresh_if_needed
from ytempire.channels.sources.own import add_sources, drop_source, list_sources, read_file

__all__ = [
    "Refreshed",
    "add_feed",
    "add_sources",
    "drop_source",
    "list_feeds",
    "list_sources",
    "read_file",
    "refresh_feeds",
    "refresh_if_needed",
]
