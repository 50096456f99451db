"""XML of a feed to plain items. Hostile XML is refused: no DTD, no entities, bounded elements and depth.

RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 with `content` and `dc`, Atom (RFC 4287).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from ytempire.channels.model import FeedItem, Source
from ytempire.channels.ports import FeedContent
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import content_hash
from ytempire.providers.feeds.plain import clean, plain_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_ELEMENTS: Final = 100_000
MOST_DEPTH: Final = 64
MOST_ITEMS: Final = 100
_TITLE, _TEXT, _URL, _KEY = 200, 20_000, 2_000, 500
_FEEDS: Final = frozenset({"rss", "rdf", "feed"})
_ITEMS: Final = frozenset({"item", "entry"})
_BODIES: Final = ("encoded", "content", "description", "summary")
"""The fullest first."""
_DATES: Final = ("pubdate", "published", "date", "issued", "updated", "modified")


def parse_feed(content: bytes, url: str) -> FeedContent:
    """The feed's title and its newest items, newest first. Raises BadInput (field `url`)."""
    root = _root(content)
    channel = next((child for child in root if _name(child) == "channel"), root)
    entries = [element for parent in (channel, root) for element in parent if _name(element) in _ITEMS]
    unique = {id(entry): entry for entry in entries}.values()
    items = [item for entry in unique if (item := _item(entry, url)) is not None]
    once: dict[str, FeedItem] = {}
    for item in items:
        once.setdefault(item.key, item)
    # sorting keeps the feed's own order where dates are missing
    newest = sorted(once.values(), key=lambda item: item.published_at or _LONG_AGO, reverse=True)
    return FeedContent(_line(_said(channel, ("title",)), _TITLE), tuple(newest[:MOST_ITEMS]))


_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def _root(content: bytes) -> Element:
    root: Element | None = None
    elements = depth = 0
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            elements, depth = elements + 1, depth + 1
            if elements > MOST_ELEMENTS or depth > MOST_DEPTH:
                raise _no_feed(f"holds more than {MOST_ELEMENTS:,} elements, or {MOST_DEPTH} within each other")
    except DefusedXmlException as error:
        raise _no_feed("declares a DTD or entities, which feeds need not and attacks do") from error
    except (ParseError, ValueError, LookupError) as error:
        raise _no_feed(f"is broken XML ({str(error)[:100]})") from error
    if root is None or _name(root) not in _FEEDS:
        raise _no_feed("is XML, but neither RSS nor Atom")
    return root


def _no_feed(why: str) -> BadInput:
    return BadInput(f"what stands at this address {why}", field="url", fix="Give the address of an RSS or Atom feed.")


def _item(entry: Element, feed_url: str) -> FeedItem | None:
    """None for an entry that says nothing."""
    text = max((plain_text(body) for body in _bodies(entry)), key=len, default="")[:_TEXT]
    title = _line(plain_text(_said(entry, ("title",))), _TITLE) or _line(text, 80)
    if not text or not title:
        return None
    link = _link(entry, feed_url)
    key = _line(_said(entry, ("guid", "id")), _KEY) or link or content_hash([title, text])
    return FeedItem(key, Source(title, text, link), _published(entry))


def _bodies(entry: Element) -> list[str]:
    return ["".join(child.itertext()) for child in entry if _name(child) in _BODIES]


def _link(entry: Element, feed_url: str) -> str:
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            given = (child.get("href") or child.text or "").strip()
            try:
                link = urljoin(feed_url, given)
            except ValueError:
                continue
            if given and link.startswith(("http://", "https://")) and link.isprintable() and " " not in link:
                return link if len(link) <= _URL else ""
    return ""


def _published(entry: Element) -> datetime | None:
    said = {_name(child): (child.text or "").strip() for child in entry}
    for name in _DATES:
        if moment := _moment(said.get(name, "")):
            return moment
    return None


def _moment(text: str) -> datetime | None:
    """RFC 822 or RFC 3339; without a zone it is taken as UTC."""
    if not text or len(text) > 64:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _said(parent: Element, names: tuple[str, ...]) -> str:
    return next(("".join(child.itertext()) for child in parent if _name(child) in names), "")


def _name(element: Element) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].lower()


def _line(text: str, most: int) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
