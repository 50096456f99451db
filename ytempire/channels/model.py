"""A channel: what gives it its character, and whether it is connected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ytempire.kit.media_store import MediaRef


class Visibility(StrEnum):
    """Who sees a published video."""

    PRIVATE = "private"
    UNLISTED = "unlisted"
    PUBLIC = "public"


class Autopilot(StrEnum):
    """How much happens without the creator."""

    REVIEW = "review"
    AUTO = "auto"


@dataclass(frozen=True)
class AutopilotConsent:
    """What the owner agreed to when the autopilot was switched on; in force until it is revoked."""

    given_at: datetime
    visibility: Visibility
    """The widest audience that videos may be published to without being looked at first."""
    disclosure: str
    """What the owner was told about disclosure, word for word."""


@dataclass(frozen=True)
class Brand:
    """How the channel looks: names of a palette and a look, a mark (two letters or an icon), own colours."""

    palette: str = "midnight"
    look: str = "bold"
    mark: str = ""
    colours: tuple[str, ...] = ()
    """Own palette, five `#rrggbb`: background, surface, text, accent, second accent. Empty: the named one."""


@dataclass(frozen=True)
class Source:
    """A text facts may come from."""

    title: str
    text: str
    url: str = ""


class TopicState(StrEnum):
    """What became of a topic."""

    WAITING = "waiting"
    USED = "used"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class NewTopic:
    """A topic that is to be put into the backlog."""

    topic: str
    notes: str = ""
    """What the script should know of it; facts still come from sources."""


@dataclass(frozen=True)
class Topic:
    """A topic as it is listed."""

    id: UUID
    topic: str
    notes: str
    state: TopicState
    pinned: bool
    """Before all that are not."""
    position: int
    series_id: UUID | None
    series: str
    """The series' title; empty if it belongs to none."""
    part: int | None
    video_id: UUID | None
    """The video that took it."""
    added_at: datetime


@dataclass(frozen=True)
class KeptSource:
    """A source as it is listed."""

    id: UUID
    kind: str
    """`text`, `file`, or `item` of a feed."""
    title: str
    characters: int
    url: str
    published_at: datetime | None
    """When the feed says that it came out."""
    added_at: datetime
    feed_id: UUID | None


@dataclass(frozen=True)
class FeedItem:
    """One entry of a feed, as plain text."""

    key: str
    """What the feed calls it; the same item comes again under the same key."""
    source: Source
    published_at: datetime | None


@dataclass(frozen=True)
class Feed:
    """An RSS or Atom feed that a channel draws on."""

    id: UUID
    url: str
    title: str
    added_at: datetime
    checked_at: datetime | None
    broken: str
    """Why the last reading failed, in plain words; empty if it did not."""
    items: int = 0


@dataclass(frozen=True)
class ChannelMedia:
    """A picture or clip of the channel's own, or its logo: our clean copy of what was given."""

    id: UUID
    file: MediaRef
    kind: str
    """`image` or `clip`."""
    width_px: int
    height_px: int
    duration_s: float
    title: str
    words: str
    """What it shows; by these words and the tags a scene finds it."""
    tags: tuple[str, ...]
    licence: str
    """Under which it may be shown; empty: the owner's own."""
    origin: str
    """Where it comes from, as its owner says."""
    added_at: datetime
    archived_at: datetime | None = None


@dataclass(frozen=True)
class Channel:
    """A channel as the rest of the house sees it."""

    id: UUID
    user_id: UUID
    handle: str
    """Short name for the command line, unique per user (`deep-sea`)."""
    name: str
    niche: str = ""
    audience: str = ""
    tone: str = ""
    language: str = "en"
    format: str = "9:16"
    minutes: float = 0.75
    voice: str = "local:heart"
    """`local:<voice>` or `elevenlabs:<voice id>`."""
    music_mood: str = "calm"
    intro: str = ""
    """Spoken as the first sentence of every video; empty: none."""
    outro: str = ""
    """Spoken as the last one."""
    brand: Brand = field(default_factory=Brand)
    category_id: str = "27"
    """YouTube's category (27: education)."""
    made_for_kids: bool = False
    visibility: Visibility = Visibility.PRIVATE
    autopilot: Autopilot = Autopilot.REVIEW
    consent: AutopilotConsent | None = None
    """In force; without one nothing is published that its owner has not seen."""
    publish_hour: int = 17
    """Full hour of the day, 0 to 23, in the channel's time zone."""
    time_zone: str = ""
    """IANA name; empty: the owner's."""
    playlist: str = ""
    upload_captions: bool = False
    """Captions as a track cost 400 units, so they are a choice."""
    topics: tuple[str, ...] = ()
    """Those that wait, in the order in which they will be taken."""
    sources: tuple[Source, ...] = ()
    """The creator's own in their order, then what feeds brought, newest first."""
    version: int = 1
    """Raised by every change; a change names the version that was read."""
    archived_at: datetime | None = None
    """Since when the channel makes no videos; it keeps all that it had."""


@dataclass(frozen=True)
class ListedChannel:
    """A channel as lists show it: with counts in place of its backlog and sources."""

    channel: Channel
    """Without topics and sources."""
    created_at: datetime
    topics_left: int
    own_sources: int
    feeds: int
    has_sources: bool
    """Texts of its own, or what its feeds brought."""
    connected_to: str
    """The connected channel's title at the platform; empty if it is not connected."""
    broken: str
    """Why the connection no longer works; empty while it does."""


@dataclass(frozen=True)
class ReadyChannel:
    """A live, connected channel as a plan needs it."""

    id: UUID
    handle: str
    time_zone: str
    """The channel's own, else its owner's."""
    publish_hour: int
    on_autopilot: bool
    """By a consent in force; otherwise its videos wait for review."""
    next_topic: str
    """What its backlog gives next; empty if it holds nothing."""
    topics_left: int
    feeds: int


@dataclass(frozen=True)
class Connection:
    """A channel's authorisation at the video platform; the token itself stays sealed in the store."""

    channel_id: UUID
    platform: str
    """`youtube` or `sandbox`."""
    platform_channel_id: str
    title: str
    scopes: tuple[str, ...]
    connected_at: datetime
    checked_at: datetime | None = None
    broken: str = ""
    """Why the token no longer works, in plain words; empty while it does."""
