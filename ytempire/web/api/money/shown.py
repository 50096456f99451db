"""How money and quota look on the wire. Money in micro-dollars: 1,000,000 are a dollar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.ledger import Alert, BudgetState, CategoryDay, MoneyDay, Policy, SpendingOrder, Standing, VideoMoney
from ytempire.web.bodies import example

SHOWN_ID = "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f"
_DAY = "2026-11-25"


_BUDGET = {
    "budget": "user-day",
    "resource": "microusd",
    "cap": 3000000,
    "opened": 0,
    "held": 20000,
    "spent": 910000,
    "left": 2070000,
}
_CATEGORY = {
    "category": "openai",
    "video_line_microusd": 1000000,
    "spent_microusd": 140000,
    "overrun_microusd": 0,
    "saved_microusd": 14000,
    "bills": 9,
    "cached": 1,
}
_STANDING = {"state": "open", "why": "", "since": None, "resumes_at": None}
_STOPPED = {
    "state": "stopped",
    "why": "an operator stopped all generation (a vendor bills twice)",
    "since": "2026-11-25T17:40:00Z",
    "resumes_at": None,
}
ALERT = {
    "budget": "user-day",
    "kind": "near",
    "words": "user-day has reached 80 % of its cap: $2.40 of $3.00",
    "at": "2026-11-25T14:03:00Z",
    "platform": False,
}
VIDEO = {
    "video_id": SHOWN_ID,
    "channel_id": "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6",
    "title": "Why squid glow",
    "state": "published",
    "reason": "",
    "created_at": "2026-11-25T00:00:04Z",
    "cap_microusd": 3000000,
    "held_microusd": 0,
    "spent_microusd": 910000,
    "saved_microusd": 14000,
    "by_category": {"openai": 140000, "elevenlabs": 420000, "processing": 350000},
}
_DAY_SHOWN = {"day": _DAY, "spent_microusd": 910000, "saved_microusd": 14000, "by_category": [_CATEGORY]}


class BudgetStateShown(BaseModel):
    """How a budget stands: micro-dollars, calls or units."""

    model_config = example(_BUDGET)
    budget: str
    resource: str
    cap: int
    opened: int = Field(description="What an operator added for this day.")
    held: int = Field(description="For calls under way, or without an answer yet.")
    spent: int = Field(description="What vendors billed, also above what was held.")
    left: int


class DayCategoryShown(BaseModel):
    """What one category cost on one day."""

    model_config = example(_CATEGORY)
    category: str = Field(
        description="`openai`, `elevenlabs` (all speech, our own for nothing), `thumbnail` or `processing`."
    )
    video_line_microusd: int | None = Field(None, description="What a video may spend on it, without the margin.")
    spent_microusd: int
    overrun_microusd: int = Field(description="Of it: bills above what was held.")
    saved_microusd: int = Field(description="What caches made unnecessary.")
    bills: int = Field(description="Calls that were billed, or that count as spent.")
    cached: int = Field(description="Calls that were not needed: the result was there.")


class StandingShown(BaseModel):
    """Whether anything is made."""

    model_config = example(_STOPPED)
    state: Literal["open", "stopped", "used_up"] = Field(
        description="`stopped`: by an operator. `used_up`: the platform's money of this day."
    )
    why: str
    since: datetime | None = None
    resumes_at: datetime | None = Field(None, description="When it goes on by itself.")


class AlertShown(BaseModel):
    """Something a person should know about a budget; said once for each cap."""

    model_config = example(ALERT)
    budget: str
    kind: str = Field(description="near (80 %), refused, used_up, overrun or unpriced.")
    words: str
    at: datetime
    platform: bool


class ModelsShown(BaseModel):
    """Which models were asked lately."""

    model_config = example({"calls": 50, "cheap_share": 0.78, "least_cheap_share": 0.6})
    calls: int = Field(description="Your latest calls to models, at most 50.")
    cheap_share: float | None = Field(None, description="Of them, those to the cheap model; empty: none were made.")
    least_cheap_share: float = Field(description="Below it the strong model is not asked.")


class VideoMoneyShown(BaseModel):
    """What a video cost so far; its receipt has every line."""

    model_config = example(VIDEO)
    video_id: UUID
    channel_id: UUID
    title: str
    state: str
    reason: str = Field(description="Why it waits or ended, such as the budget that refused.")
    created_at: datetime
    cap_microusd: int
    held_microusd: int
    spent_microusd: int
    saved_microusd: int
    by_category: dict[str, int]


class PlatformShown(BaseModel):
    """The whole platform's day, for operators."""

    model_config = example({"budget": {**_BUDGET, "budget": "platform-day"}, "by_category": [_CATEGORY]})
    budget: BudgetStateShown
    by_category: list[DayCategoryShown]


class TodayShown(BaseModel):
    """Your money day."""

    model_config = example(
        {
            "day": _DAY,
            "time_zone": "UTC",
            "resets_at": "2026-11-26T00:00:00Z",
            "generation": _STANDING,
            "budget": _BUDGET,
            "saved_microusd": 14000,
            "by_category": [_CATEGORY],
            "models": {"calls": 50, "cheap_share": 0.78, "least_cheap_share": 0.6},
            "alerts": [ALERT],
            "videos": [VIDEO],
            "platform": None,
        }
    )
    day: date
    time_zone: str
    resets_at: datetime
    generation: StandingShown
    budget: BudgetStateShown
    saved_microusd: int
    by_category: list[DayCategoryShown]
    models: ModelsShown
    alerts: list[AlertShown] = Field(description="Of the last 24 hours, newest first.")
    videos: list[VideoMoneyShown] = Field(description="Your latest, at most 10; /costs/videos has all.")
    platform: PlatformShown | None = Field(None, description="Only for operators.")


class DayShown(BaseModel):
    """A day's money."""

    model_config = example(_DAY_SHOWN)
    day: date
    spent_microusd: int
    saved_microusd: int
    by_category: list[DayCategoryShown]


class DaysShown(BaseModel):
    """Days on which something was paid or saved, newest first."""

    model_config = example({"days": [_DAY_SHOWN]})
    days: list[DayShown]


class SpendingOrderShown(BaseModel):
    """What an operator ordered."""

    model_config = example(
        {
            "number": 7,
            "kind": "raise",
            "by_user": SHOWN_ID,
            "at": "2026-11-25T18:00:00Z",
            "why": "a launch day",
            "budget_id": "platform-day:2026-11-25",
            "amount": 25000000,
        }
    )
    number: int
    kind: str = Field(description="stop, resume, raise or reserve.")
    by_user: UUID
    at: datetime
    why: str
    budget_id: str | None = None
    amount: int | None = Field(None, description="What was added: micro-dollars, or units of the reserve.")


def budget_shown(state: BudgetState) -> BudgetStateShown:
    """A budget."""
    return BudgetStateShown(
        budget=state.name,
        resource=state.resource,
        cap=state.cap,
        opened=state.opened,
        held=state.held,
        spent=state.spent + state.overrun,
        left=state.left,
    )


def categories_shown(rows: Iterable[CategoryDay], policy: Policy) -> list[DayCategoryShown]:
    """A day's categories."""
    lines: Mapping[str, int] = {str(category): cap for category, cap in policy.lines.items()}
    return [
        DayCategoryShown(
            category=row.category,
            video_line_microusd=lines.get(row.category),
            spent_microusd=row.spent_microusd,
            overrun_microusd=row.overrun_microusd,
            saved_microusd=row.saved_microusd,
            bills=row.bills,
            cached=row.cached,
        )
        for row in rows
    ]


def standing_shown(standing: Standing) -> StandingShown:
    """Whether anything is made."""
    return StandingShown(state=standing.state, why=standing.why, since=standing.since, resumes_at=standing.resumes_at)


def alert_shown(alert: Alert) -> AlertShown:
    """An alert."""
    return AlertShown(
        budget=alert.budget, kind=alert.kind, words=alert.words, at=alert.at, platform=alert.user_id is None
    )


def video_shown(video: VideoMoney) -> VideoMoneyShown:
    """A video's money."""
    return VideoMoneyShown(**{**vars(video), "by_category": dict(video.by_category)})


def today_shown(day: MoneyDay, videos: Iterable[VideoMoney], policy: Policy) -> TodayShown:
    """A money day."""
    platform = day.platform
    return TodayShown(
        day=day.day,
        time_zone=policy.money_day_zone,
        resets_at=day.resets_at,
        generation=standing_shown(day.standing),
        budget=budget_shown(day.budget),
        saved_microusd=sum(row.saved_microusd for row in day.by_category),
        by_category=categories_shown(day.by_category, policy),
        models=ModelsShown(
            calls=day.mix.cheap_calls + day.mix.strong_calls,
            cheap_share=day.mix.cheap_share,
            least_cheap_share=day.mix.least_cheap_percent / 100,
        ),
        alerts=[alert_shown(alert) for alert in day.alerts],
        videos=[video_shown(video) for video in videos],
        platform=PlatformShown(
            budget=budget_shown(platform.budget), by_category=categories_shown(platform.by_category, policy)
        )
        if platform
        else None,
    )


def days_shown(rows: Iterable[CategoryDay], policy: Policy) -> DaysShown:
    """Rows by day and category, as days."""
    by_day: dict[date, list[CategoryDay]] = {}
    saved: Counter[date] = Counter()
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
        saved[row.day] += row.saved_microusd
    return DaysShown(
        days=[
            DayShown(
                day=day,
                spent_microusd=sum(row.spent_microusd for row in own),
                saved_microusd=saved[day],
                by_category=categories_shown(own, policy),
            )
            for day, own in by_day.items()
        ]
    )


def order_shown(order: SpendingOrder) -> SpendingOrderShown:
    """An order."""
    return SpendingOrderShown(**vars(order))
