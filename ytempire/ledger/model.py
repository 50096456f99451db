"""The nouns of money and quota. Dollars are integer micro-dollars, quota is whole units; never a float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from ytempire.kit.errors import BadInput
from ytempire.kit.settings import MOST_DOLLARS

JsonObject = dict[str, Any]


class Category(StrEnum):
    """What a video's $3.00 is split into."""

    OPENAI = "openai"
    ELEVENLABS = "elevenlabs"
    THUMBNAIL = "thumbnail"
    PROCESSING = "processing"


class Bucket(StrEnum):
    """The three daily quotas of one YouTube API project."""

    UPLOADS = "uploads"
    SEARCH = "search"
    UNITS = "units"


class Share(StrEnum):
    """What the units bucket is split into."""

    PUBLISHING = "publishing"
    REPAIR = "repair"
    READS = "reads"
    CAPTIONS = "captions"


@dataclass(frozen=True)
class Meters:
    """What a vendor counts. Providers report meters; only the ledger turns them into money."""

    vendor: str
    """`openai`, `elevenlabs`, `local`."""
    model: str
    input_tokens: int = 0
    """All input tokens, cached ones included."""
    cached_input_tokens: int = 0
    """Read from the vendor's prompt cache."""
    cache_write_tokens: int = 0
    """Put into the vendor's prompt cache; part of `input_tokens`, as the cached ones are."""
    output_tokens: int = 0
    characters: int = 0
    images: int = 0
    cpu_ms: int = 0


@dataclass(frozen=True)
class PaidCall:
    """A call that costs money, said before it is made."""

    user_id: UUID
    video_id: UUID
    step: str
    category: Category
    what: str
    """Words for the receipt."""
    once: str
    """Stable name of this very call: video + step + input hash + ordinal."""
    estimate: Meters
    """Upper bound; its price is what is held."""
    attempt: int = 1
    """Number of the worker's try at the step; a higher one takes over from a lower one."""
    role: str = ""
    """Of a call to a model: `cheap` or `strong`."""


@dataclass(frozen=True)
class QuotaCall:
    """A call that costs YouTube quota, said before it is made."""

    user_id: UUID
    video_id: UUID | None
    step: str
    bucket: Bucket
    what: str
    once: str
    units: int = 1
    share: Share = Share.PUBLISHING
    """Which share of the units bucket it draws on; the other buckets have none."""
    attempt: int = 1


def _money_lines() -> Mapping[Category, int]:
    return MappingProxyType(
        {
            Category.OPENAI: 1_000_000,
            Category.ELEVENLABS: 500_000,
            Category.THUMBNAIL: 200_000,
            Category.PROCESSING: 300_000,
        }
    )


def _unit_shares() -> Mapping[Share, int]:
    return MappingProxyType({Share.PUBLISHING: 5_500, Share.REPAIR: 500, Share.READS: 600, Share.CAPTIONS: 400})


@dataclass(frozen=True)
class Policy:
    """All caps and zones. Money in micro-dollars, quota in calls or units of the API project's day."""

    video_cap: int = 3_000_000
    lines: Mapping[Category, int] = field(default_factory=_money_lines)
    margin: int = 1_000_000
    """What any category may draw on beyond its line."""
    slots_per_user: int = 1
    platform_day_cap: int = 150_000_000
    platform_day_raise: int = 150_000_000
    """What operators may add to one day's cap, in all."""
    cheap_percent: int = 60
    """Least share of a user's latest model calls that the cheap role makes."""
    money_day_zone: str = "UTC"
    cpu_hour_price: int = 50_000
    uploads: int = 100
    searches: int = 100
    units: int = 10_000
    shares: Mapping[Share, int] = field(default_factory=_unit_shares)
    reserve: int = 3_000
    """Units beyond the shares that only an operator opens."""
    youtube_day_zone: str = "America/Los_Angeles"
    unknown_after_s: int = 3_600
    """A hold without an answer for this long counts as spent."""

    @property
    def user_day_cap(self) -> int:
        """Most that one user's videos may cost in a day."""
        return self.video_cap * self.slots_per_user

    @classmethod
    def in_dollars(
        cls,
        *,
        video: str,
        platform_day: str,
        cpu_hour: str,
        money_day_zone: str,
        slots: int = 1,
        platform_day_raise: str = "150.00",
        youtube_units: int = 10_000,
        youtube_uploads: int = 100,
    ) -> Policy:
        """A policy from settings; another video cap than $3.00 scales lines and margin with it, more units the shares.

        Raises BadInput naming the setting that is no amount of dollars.
        """
        usual = cls()
        cap = _microusd(video, "YTEMPIRE_VIDEO_CAP_USD")
        lines = {category: line * cap // usual.video_cap for category, line in usual.lines.items()}
        shares = {share: units * youtube_units // usual.units for share, units in usual.shares.items()}
        return cls(
            video_cap=cap,
            lines=MappingProxyType(lines),
            margin=cap - sum(lines.values()),
            slots_per_user=slots,
            platform_day_cap=_microusd(platform_day, "YTEMPIRE_PLATFORM_DAY_CAP_USD"),
            platform_day_raise=_microusd(platform_day_raise, "YTEMPIRE_PLATFORM_DAY_RAISE_USD"),
            money_day_zone=money_day_zone,
            cpu_hour_price=_microusd(cpu_hour, "YTEMPIRE_PROCESSING_USD_PER_CPU_HOUR"),
            uploads=youtube_uploads,
            units=youtube_units,
            shares=MappingProxyType(shares),
            reserve=youtube_units - sum(shares.values()),
        )


def _microusd(dollars: str, setting: str) -> int:
    try:
        amount = Decimal(dollars)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MOST_DOLLARS:
        raise BadInput(f"{dollars!r} is no amount of dollars", field=setting, fix="Write it like 3.00.")
    return int(amount * 1_000_000)


class CallState(StrEnum):
    """Where a recorded call stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    CACHED = "cached"


class HoldState(StrEnum):
    """Where a hold stands; it leaves `held` once."""

    HELD = "held"
    SETTLED = "settled"
    VOID = "void"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Call:
    """A recorded call as its row says."""

    id: UUID
    attempt: int
    state: CallState
    claimed: bool
    """Its holder is at it right now, as far as anybody knows."""
    performed: int
    """How often the call was begun."""
    looked_up: bool
    """The result was found at the vendor, not got from the call."""
    hold_id: UUID
    hold_amount: int
    hold_state: HoldState
    result: JsonObject | None


@dataclass(frozen=True)
class Delta:
    """What a transfer adds to each budget it concerns."""

    held: int = 0
    spent: int = 0
    overrun: int = 0


@dataclass(frozen=True)
class BudgetNeed:
    """A budget a hold draws on. With a parent it is a line of it: lines may pass their cap by the parent's margin."""

    id: str
    name: str
    user_id: UUID | None
    resource: str
    cap: int
    margin: int = 0
    parent_id: str | None = None


@dataclass(frozen=True)
class Charge:
    """One call in the words of the books: how much of what, from which budgets."""

    user_id: UUID
    video_id: UUID | None
    step: str
    resource: str
    """`microusd`, `calls` or `units`."""
    category: str
    what: str
    once: str
    attempt: int
    amount: int
    meters: JsonObject
    budgets: tuple[BudgetNeed, ...]
    refusal_is_billed: bool
    """YouTube counts invalid calls; the vendors of money do not."""
    role: str = ""


@dataclass(frozen=True)
class BudgetState:
    """How a budget stands."""

    id: str
    name: str
    resource: str
    cap: int
    held: int
    spent: int
    overrun: int
    opened: int
    """What an operator added for this day: units of the reserve, or money."""

    @property
    def used(self) -> int:
        """What counts against the cap."""
        return self.held + self.spent + self.overrun

    @property
    def left(self) -> int:
        """What may still be held; never below zero."""
        return max(0, self.cap + self.opened - self.used)


@dataclass(frozen=True)
class Alert:
    """Something a person should know about a budget."""

    budget_id: str
    budget: str
    kind: str
    """`near` (80 %), `refused`, `used_up` (a day's money, so that generation waits), `overrun` or `unpriced`."""
    words: str
    at: datetime
    user_id: UUID | None = None
    """Whose budget it is; None: the platform's."""


@dataclass(frozen=True)
class UsualCost:
    """What a user's latest videos cost in micro-dollars; `videos` of 0 means that there are none to go by."""

    videos: int
    mean_microusd: int
    most_microusd: int
