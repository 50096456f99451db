"""The nouns of planning: a user's plan, its slots, what a channel brings to a day, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ytempire.ledger.model import BudgetState

Served = tuple[date, int]
"""The slot by which a channel was served: the user's local day, and its number on that day."""


class SlotState(StrEnum):
    """Where a slot stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    PRODUCED = "produced"
    DEFERRED = "deferred"
    SKIPPED = "skipped"


class Why(StrEnum):
    """What kept a slot from being served."""

    PAUSED = "paused"
    NO_CHANNEL = "no_channel"
    NO_CONNECTION = "no_connection"
    CHANNELS_PAUSED = "channels_paused"
    NO_SOURCE = "no_source"
    MONEY = "money"
    QUOTA = "quota"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True)
class Pause:
    """Somebody said to wait."""

    until: date | None = None
    """First local day that is served again; None: until resumed."""


@dataclass(frozen=True)
class Plan:
    """A user's standing order: so many videos a day, on their channels in turn."""

    user_id: UUID
    rehearsal: bool
    slots_per_day: int
    time_zone: str
    next_at: datetime
    next_number: int
    pause: Pause | None


@dataclass(frozen=True)
class Pin:
    """A topic that a person put on a day, out of turn; if nothing came of it, on the channel's next turn."""

    id: UUID
    channel_id: UUID
    topic: str
    local_day: date


@dataclass(frozen=True)
class Candidate:
    """A channel, as far as it matters for whose turn it is; in a list they stand in the owner's order."""

    channel_id: UUID
    handle: str
    archived: bool = False
    connected: bool = True
    pause: Pause | None = None
    topics: tuple[str, ...] = ()
    """Its backlog, in order."""
    has_sources: bool = False
    """Texts, or what feeds brought: facts come from nothing else, and with an empty backlog the topic does as well."""


@dataclass(frozen=True)
class Choice:
    """The channel whose turn it is."""

    channel_id: UUID
    topic: str = ""
    """Of a pin; empty: the backlog's next, or one that the model proposes."""
    pin_id: UUID | None = None


@dataclass(frozen=True)
class Deferral:
    """Not now, in a word and in a sentence that says what would help."""

    why: Why
    words: str


@dataclass(frozen=True)
class Waiting:
    """Due slots of all users that nobody was given yet, for the same reason."""

    why: Why | None
    """None: nothing stands in the way, they wait for a driver to claim them."""
    slots: int
    again_at: datetime
    """When the first of them is looked at again."""


@dataclass(frozen=True)
class UnderWay:
    """Videos of all users that are being made."""

    videos: int = 0
    in_playlists: int = 0
    used_microusd: int = 0
    """Spent or held for them so far."""


@dataclass(frozen=True)
class Means:
    """What there is to make one more video with."""

    budgets: Mapping[str, BudgetState]
    """By name: `platform-day`, `user-day`, YouTube's buckets and shares."""
    video_cap_microusd: int
    """No video may cost more."""
    under_way: UnderWay
    quota_under_way: Mapping[str, int]
    """What they may still take, by bucket and share."""


@dataclass(frozen=True)
class Need:
    """What one more video takes."""

    microusd: int
    quota: Mapping[str, int]


@dataclass(frozen=True)
class Slot:
    """One video's place in a user's day: served, to be served, or why not."""

    local_day: date
    number: int
    state: SlotState
    channel_id: UUID | None = None
    topic: str = ""
    video_id: UUID | None = None
    video_state: str = ""
    why: str = ""
    reason: str = ""
    driver: str = ""
    claimed_at: datetime | None = None


@dataclass(frozen=True)
class BudgetForecast:
    """One of the day's budgets: what is used, what videos under way may still take, what the open slots will."""

    name: str
    resource: str
    """`microusd`, `calls` or `units`."""
    cap: int
    """An opened reserve included."""
    used: int
    under_way: int
    coming: int

    @property
    def fits(self) -> bool:
        """Whether everything has room."""
        return self.used + self.under_way + self.coming <= self.cap


@dataclass(frozen=True)
class Forecast:
    """The day's money and quota."""

    video_microusd: int
    """What a video is expected to cost: the mean of the user's latest; without any, the most that it may."""
    videos_seen: int
    """How many that is told from."""
    money_slots: int
    """Slots of all users that come up before the day of the money ends."""
    quota_slots: int
    """The same before YouTube's day ends."""
    budgets: tuple[BudgetForecast, ...]


class Left(StrEnum):
    """What somebody who begins has yet to do."""

    CHANNEL = "channel"
    CONNECT = "connect"
    SOURCES = "sources"
    PLAN = "plan"
    CONSENT = "consent"


@dataclass(frozen=True)
class ToDo:
    """One thing that is left to do."""

    what: Left
    words: str
    needed: bool
    """Without it no video is made by the plan."""
