"""Your plan: what is made on which day and why not, pauses, pinned topics."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from ytempire.channels import find_channel
from ytempire.orchestration import planner_of
from ytempire.planning import (
    look_at_forecast,
    look_at_plan,
    pause_channel,
    pause_plan,
    pin_topic,
    resume_channel,
    resume_plan,
    unpin_topic,
)
from ytempire.web.api.plan.shown import CHANNEL, DAY, BudgetShown, ForecastShown, PinShown, PlanShown, shown
from ytempire.web.bodies import example
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource

router = resource("plan")


class Pause(BaseModel):
    """What waits, and how long."""

    model_config = example({"channel_id": CHANNEL, "until": "2026-12-27"})
    channel_id: UUID | None = Field(None, description="Empty: the whole plan.")
    until: date | None = Field(None, description="First day that is served again; empty: until resumed.")


class Resume(BaseModel):
    """What goes on."""

    model_config = example({"channel_id": CHANNEL})
    channel_id: UUID | None = Field(None, description="Empty: the whole plan, which this also starts.")


class PinWanted(BaseModel):
    """A topic for a day, out of turn."""

    model_config = example({"channel_id": CHANNEL, "topic": "Why squid glow", "day": DAY})
    channel_id: UUID
    topic: str = Field(min_length=1, max_length=200)
    day: date | None = Field(None, description="Empty: today.")


Days = Annotated[int, Query(ge=1, le=366, description="How many days.")]


@router.get("/today")
async def today(who: SignedIn, parts: PartsOf, days: Days = 1) -> PlanShown:
    """Today's slots, and those of the days that follow."""
    return await _look(parts, who.user_id, days)


@router.get("/calendar")
async def calendar(
    who: SignedIn,
    parts: PartsOf,
    first: Annotated[date | None, Query(description="First day; empty: today.")] = None,
    days: Days = 31,
) -> PlanShown:
    """What was made on which day, and what is to come."""
    return await _look(parts, who.user_id, days, first)


@router.get("/forecast")
async def forecast(who: SignedIn, parts: PartsOf) -> ForecastShown:
    """What the day's money and YouTube's quota will hold."""
    told = await look_at_forecast(planner_of(parts.platform), who.user_id, parts.clock.now())
    budgets = [
        BudgetShown(
            budget=line.name,
            resource=line.resource,
            cap=line.cap,
            used=line.used,
            under_way=line.under_way,
            coming=line.coming,
            fits=line.fits,
        )
        for line in told.budgets
    ]
    return ForecastShown(video_microusd=told.video_microusd, videos_seen=told.videos_seen, budgets=budgets)


@router.post("/pause")
async def pause(wanted: Pause, who: SignedIn, parts: PartsOf) -> PlanShown:
    """Let the plan, or one channel, wait; what is being made goes on."""
    now = parts.clock.now()
    if wanted.channel_id is None:
        await pause_plan(parts.database, who.user_id, now, until=wanted.until)
    else:
        channel = await find_channel(parts.database, who.user_id, wanted.channel_id)
        await pause_channel(parts.database, channel, now, until=wanted.until)
    return await _look(parts, who.user_id, 7)


@router.post("/resume")
async def resume(wanted: Resume, who: SignedIn, parts: PartsOf) -> PlanShown:
    """Start the plan, or let it or one channel go on."""
    now = parts.clock.now()
    if wanted.channel_id is None:
        await resume_plan(parts.database, who.user_id, now, rehearsal=parts.platform.rehearsal)
    else:
        channel = await find_channel(parts.database, who.user_id, wanted.channel_id)
        await resume_channel(parts.database, channel, now)
    return await _look(parts, who.user_id, 7)


@router.post("/pins", status_code=201)
async def pin(wanted: PinWanted, who: SignedIn, parts: PartsOf) -> PinShown:
    """Put a topic on a day; the same topic of the channel again moves to the day now named."""
    channel = await find_channel(parts.database, who.user_id, wanted.channel_id)
    made = await pin_topic(parts.database, channel, wanted.topic, parts.clock.now(), day=wanted.day)
    return PinShown(id=made.id, day=made.local_day, channel_id=made.channel_id, topic=made.topic)


@router.delete("/pins/{pin_id}", status_code=204)
async def unpin(pin_id: UUID, who: SignedIn, parts: PartsOf) -> None:
    """Take a pinned topic off."""
    await unpin_topic(parts.database, who.user_id, pin_id)


async def _look(parts: Parts, user_id: UUID, days: int, first: date | None = None) -> PlanShown:
    return shown(await look_at_plan(parts.database, user_id, parts.clock.now(), first=first, days=days))
