"""RSS and Atom feeds, as the port `FeedReader`."""

from ytempire.providers.feeds.reader import Feeds

__all__ = ["Feeds"]
