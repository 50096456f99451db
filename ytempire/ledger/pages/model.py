"""The nouns of the costs pages. Money in micro-dollars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ytempire.ledger.model import Alert, BudgetState
from ytempire.ledger.orders.model import Standing


@dataclass(frozen=True)
class CategoryDay:
    """What one category cost on one day."""

    day: date
    category: str
    bills: int
    """How many calls were billed, or counted as spent."""
    spent_microusd: int
    """Overruns included."""
    overrun_microusd: int
    """Of it: above what was held."""
    saved_microusd: int
    """What caches made unnecessary."""
    cached: int
    """By how many results that were there already."""
    model_calls: int
    cheap_calls: int
    """Of the calls to models: those to the cheap role."""


@dataclass(frozen=True)
class VideoMoney:
    """What a video cost so far."""

    video_id: UUID
    channel_id: UUID
    title: str
    state: str
    reason: str
    created_at: datetime
    cap_microusd: int
    held_microusd: int
    spent_microusd: int
    saved_microusd: int
    by_category: Mapping[str, int]
    """Spent and held, without the categories that cost nothing."""


@dataclass(frozen=True)
class ModelMix:
    """Who was asked lately."""

    cheap_calls: int
    strong_calls: int
    least_cheap_percent: int

    @property
    def cheap_share(self) -> float | None:
        """Of the latest calls those to the cheap role (0-1); None: there were none."""
        calls = self.cheap_calls + self.strong_calls
        return round(self.cheap_calls / calls, 4) if calls else None


@dataclass(frozen=True)
class PlatformDay:
    """The whole platform's money day; for operators."""

    budget: BudgetState
    by_category: tuple[CategoryDay, ...]


@dataclass(frozen=True)
class MoneyDay:
    """A user's money day, and whether anything may be made."""

    day: date
    resets_at: datetime
    standing: Standing
    budget: BudgetState
    by_category: tuple[CategoryDay, ...]
    mix: ModelMix
    alerts: tuple[Alert, ...]
    platform: PlatformDay | None
