"""Money: today, by video, by day; budgets; alerts; and the operator's stop, resume and raise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from ytempire.accounts.model import Principal
from ytempire.kit.database import Connection
from ytempire.orchestration import resume_generation, stop_generation
from ytempire.web.api.money.shown import (
    ALERT,
    AlertShown,
    BudgetStateShown,
    DaysShown,
    SpendingOrderShown,
    StandingShown,
    TodayShown,
    VideoMoneyShown,
    alert_shown,
    budget_shown,
    days_shown,
    order_shown,
    standing_shown,
    today_shown,
    video_shown,
)
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import Operator, SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("costs")
admin = resource("admin/costs")

_LATEST_VIDEOS = 10
_MOST_MICROUSD = 1_000_000_000_000
First = Annotated[date | None, Query(description="First day; empty: thirty days up to the last.")]
Last = Annotated[date | None, Query(description="Last day; empty: today.")]


class BudgetsShown(BaseModel):
    """All budgets of today, and what a video may cost."""

    model_config = example(
        {
            "video_cap_microusd": 3000000,
            "video_lines_microusd": {
                "openai": 1000000,
                "elevenlabs": 500000,
                "thumbnail": 200000,
                "processing": 300000,
            },
            "video_margin_microusd": 1000000,
            "budgets": [
                {
                    "budget": "user-day",
                    "resource": "microusd",
                    "cap": 3000000,
                    "opened": 0,
                    "held": 0,
                    "spent": 910000,
                    "left": 2090000,
                }
            ],
        }
    )
    video_cap_microusd: int
    video_lines_microusd: dict[str, int] = Field(description="What each category of a video may spend.")
    video_margin_microusd: int = Field(description="What the categories of a video may spend beyond that, together.")
    budgets: list[BudgetStateShown] = Field(description="Of today; the platform's money only for operators.")


class AlertsShown(BaseModel):
    """Alerts, newest first."""

    model_config = example({"alerts": [ALERT]})
    alerts: list[AlertShown]


class StopOrder(Given):
    """Why all generation stops."""

    model_config = example({"why": "a vendor bills twice"})
    why: str = Field(min_length=1, max_length=300)


class ResumeOrder(Given):
    """Why it goes on, and with what."""

    model_config = example({"why": "a launch day", "raise_microusd": 25000000})
    why: str = Field(min_length=1, max_length=300)
    raise_microusd: int = Field(
        0, ge=0, le=_MOST_MICROUSD, description="What today's cap of the platform is raised by, that day's alone."
    )


class Resumed(BaseModel):
    """How it stands now."""

    model_config = example(
        {
            "generation": {"state": "open", "why": "", "since": None, "resumes_at": None},
            "brought_on": 12,
        }
    )
    generation: StandingShown
    brought_on: int = Field(description="Videos that waited and go on now.")


def _sees_platform(who: Principal) -> bool:
    return who.role == "operator" and "admin" in who.scopes


async def _kept(
    who: Principal, conn: Connection, parts: Parts, page: str, make: Callable[[], Awaitable[BaseModel]], ttl_s: int = 5
) -> Response:
    """The page as it was made for this very state of the money, or made now. Titles and the like may lag by `ttl_s`."""

    async def body() -> bytes:
        return (await make()).model_dump_json().encode()

    version = await parts.ledger.version(conn, who.user_id)
    key = f"{page} {version} {_sees_platform(who)}"
    found = await parts.cache.get_or_make("costs", who.user_id, key, body, ttl_s=ttl_s, now=parts.clock.now())
    return Response(found, media_type="application/json")


@router.get("/today", response_model=TodayShown)
async def today(who: SignedIn, conn: Transaction, parts: PartsOf) -> Response:
    """Your money of today, and whether anything is made; for an operator the platform's as well."""
    ledger = parts.ledger

    async def make() -> TodayShown:
        day = await ledger.look_at_day(conn, who.user_id, operator=_sees_platform(who))
        videos = await ledger.look_at_videos(conn, who.user_id, limit=_LATEST_VIDEOS)
        return today_shown(day, videos, ledger.policy)

    return await _kept(who, conn, parts, "today", make)


@router.get("/videos", response_model=Page[VideoMoneyShown])
async def videos(who: SignedIn, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50) -> Response:
    """What each of your videos cost, newest first."""
    place = parts.cursors.read("costs/videos", who.user_id, cursor)

    async def make() -> Page[VideoMoneyShown]:
        before = UUID(place[0]) if place else None
        rows = await parts.ledger.look_at_videos(conn, who.user_id, before=before, limit=limit + 1)
        return parts.cursors.page(
            "costs/videos", who.user_id, rows, limit, show=video_shown, place=lambda row: (str(row.video_id),)
        )

    return await _kept(who, conn, parts, f"videos {place} {limit}", make)


@router.get("/days", response_model=DaysShown)
async def days(who: SignedIn, conn: Transaction, parts: PartsOf, first: First = None, last: Last = None) -> Response:
    """Your money by day and category: up to 366 days."""

    async def make() -> DaysShown:
        return days_shown(await parts.ledger.look_at_days(conn, who.user_id, first, last), parts.ledger.policy)

    return await _kept(who, conn, parts, f"days {first} {last}", make, ttl_s=60)


@router.get("/budgets")
async def budgets(who: SignedIn, conn: Transaction, parts: PartsOf) -> BudgetsShown:
    """Today's budgets of money and of YouTube's quota, and how a video's money is split."""
    policy, sees = parts.ledger.policy, _sees_platform(who)
    states = await parts.ledger.budgets_at(conn, who.user_id, parts.clock.now())
    return BudgetsShown(
        video_cap_microusd=policy.video_cap,
        video_lines_microusd={str(category): cap for category, cap in policy.lines.items()},
        video_margin_microusd=policy.margin,
        budgets=[budget_shown(state) for state in states if sees or state.name != "platform-day"],
    )


@router.get("/alerts")
async def alerts(
    who: SignedIn,
    parts: PartsOf,
    days: Annotated[int, Query(ge=1, le=90, description="Of how many days.")] = 7,
) -> AlertsShown:
    """What came near a cap, was refused or passed a cap, newest first, at most 100."""
    found = await parts.ledger.alerts(who.user_id, days=days, operator=_sees_platform(who))
    return AlertsShown(alerts=[alert_shown(alert) for alert in found])


@admin.get("/days")
async def platform_days(
    _who: Operator, conn: Transaction, parts: PartsOf, first: First = None, last: Last = None
) -> DaysShown:
    """The whole platform's money by day and category."""
    return days_shown(await parts.ledger.look_at_platform_days(conn, first, last), parts.ledger.policy)


@admin.post("/stop")
async def stop(given: StopOrder, who: Operator, conn: Transaction, parts: PartsOf) -> StandingShown:
    """Stop all generation at once: no paid call of anybody begins from here on; what is under way ends."""
    return standing_shown(await stop_generation(parts.platform, conn, who.user_id, given.why))


@admin.post("/resume")
async def resume(given: ResumeOrder, who: Operator, conn: Transaction, parts: PartsOf) -> Resumed:
    """Let generation go on, with more money for today if the day's is used up; what waited goes on at once."""
    standing, brought_on = await resume_generation(
        parts.platform, conn, who.user_id, given.why, raise_by=given.raise_microusd
    )
    return Resumed(generation=standing_shown(standing), brought_on=brought_on)


@admin.get("/orders")
async def orders(
    who: Operator, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[SpendingOrderShown]:
    """Who stopped, resumed, raised or opened what, when and why; newest first."""
    place = parts.cursors.read("admin/costs/orders", who.user_id, cursor)
    rows = await parts.ledger.orders(conn, before=int(place[0]) if place else None, limit=limit + 1)
    return parts.cursors.page(
        "admin/costs/orders", who.user_id, rows, limit, show=order_shown, place=lambda row: (str(row.number),)
    )
