"""The plan: what is made on which day and why not, pauses, pinned topics, and what is due for drivers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from ytempire.channels import find_channel
from ytempire.kit.errors import BadInput
from ytempire.orchestration import BUILT_IN, give_due, planner_of
from ytempire.planning import (
    PlanView,
    look_at_forecast,
    look_at_plan,
    look_at_waiting,
    pause_channel,
    pause_plan,
    pin_topic,
    resume_channel,
    resume_plan,
    unpin_topic,
    waiting_words,
)
from ytempire.planning.model import SlotState, Why
from ytempire.web.bodies import example
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import Claiming, Operator, SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("plan")
admin = resource("admin/plan")

_DAY = "2026-11-23"
_CHANNEL, _VIDEO = "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6", "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f"
_SLOT = {
    "day": _DAY,
    "number": 1,
    "state": "claimed",
    "channel_id": _CHANNEL,
    "topic": "Why squid glow",
    "video_id": _VIDEO,
    "video_state": "producing",
    "reason": "",
}
_PIN = {"id": _VIDEO, "day": _DAY, "channel_id": _CHANNEL, "topic": "Why squid glow"}
_PLAN = {
    "started": True,
    "today": _DAY,
    "time_zone": "Europe/Berlin",
    "slots_per_day": 1,
    "paused": False,
    "next_look_at": "2026-11-23T23:00:00Z",
    "slots": [_SLOT],
    "pins": [_PIN],
}
_BUDGET = {
    "budget": "uploads",
    "resource": "calls",
    "cap": 100,
    "used": 3,
    "under_way": 2,
    "coming": 45,
    "fits": True,
}


class SlotShown(BaseModel):
    """One video's place in a day."""

    model_config = example(_SLOT)
    day: date = Field(description="A day of your time zone.")
    number: int
    state: SlotState
    channel_id: UUID | None = None
    topic: str
    video_id: UUID | None = None
    video_state: str | None = None
    why: Why | None = Field(None, description="What keeps it from being served.")
    reason: str = Field(description="The same in plain words, with what would help.")


class PinShown(BaseModel):
    """A topic that waits for its day."""

    model_config = example(_PIN)
    id: UUID
    day: date
    channel_id: UUID
    topic: str


class PlanShown(BaseModel):
    """Your plan and its slots, those to come as they are if nothing changes."""

    model_config = example(_PLAN)
    started: bool = Field(description="If not, nothing is made day by day: POST /plan/resume starts it.")
    today: date
    time_zone: str | None = None
    slots_per_day: int | None = None
    paused: bool
    paused_until: date | None = None
    next_look_at: datetime | None = None
    slots: list[SlotShown]
    pins: list[PinShown]


class BudgetShown(BaseModel):
    """One of the day's budgets: micro-dollars, calls or units."""

    model_config = example(_BUDGET)
    budget: str
    resource: str
    cap: int
    used: int
    under_way: int = Field(description="What videos being made may still take.")
    coming: int = Field(description="What the slots still to come take.")
    fits: bool


class ForecastShown(BaseModel):
    """The day's money and quota."""

    model_config = example({"video_microusd": 95000, "videos_seen": 20, "budgets": [_BUDGET]})
    video_microusd: int = Field(description="What a video is expected to cost.")
    videos_seen: int = Field(description="Told from so many of your latest; 0: it is the cap.")
    budgets: list[BudgetShown]


class Pause(BaseModel):
    """What waits, and how long."""

    model_config = example({"channel_id": _CHANNEL, "until": "2026-12-27"})
    channel_id: UUID | None = Field(None, description="Empty: the whole plan.")
    until: date | None = Field(None, description="First day that is served again; empty: until resumed.")


class Resume(BaseModel):
    """What goes on."""

    model_config = example({"channel_id": _CHANNEL})
    channel_id: UUID | None = Field(None, description="Empty: the whole plan, which this also starts.")


class PinWanted(BaseModel):
    """A topic for a day, out of turn."""

    model_config = example({"channel_id": _CHANNEL, "topic": "Why squid glow", "day": _DAY})
    channel_id: UUID
    topic: str = Field(min_length=1, max_length=200)
    day: date | None = Field(None, description="Empty: today.")


class Due(BaseModel):
    """Who asks for work, and how much they take at once."""

    model_config = example({"driver": "n8n", "most": 20})
    driver: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")
    most: int = Field(20, ge=1, le=100)
    workflow: str = Field("", max_length=100, description="Of the driver's own, for the success rates.")
    execution: str = Field("", max_length=100, description="The same.")


class ClaimShown(BaseModel):
    """A slot that was given to the driver, with its video."""

    model_config = example(
        {
            "user_id": _CHANNEL,
            "day": _DAY,
            "number": 1,
            "channel_id": _CHANNEL,
            "video_id": _VIDEO,
            "token": "ytr_1f0c…_…",
            "token_ends_at": "2026-11-24T00:00:00Z",
        }
    )
    user_id: UUID
    day: date
    number: int
    channel_id: UUID
    video_id: UUID
    token: str = Field(description="Leads this video and nothing else; shown once.")
    token_ends_at: datetime


class WaitingShown(BaseModel):
    """Due slots of all users that nobody was given yet, for the same reason."""

    model_config = example(
        {
            "why": "quota",
            "slots": 12,
            "again_at": "2026-11-23T08:15:00Z",
            "reason": "YouTube's quota of the day is used, or set aside for videos under way"
            " (YTEMPIRE_YOUTUBE_UNITS_PER_DAY)",
        }
    )
    why: Why | None = Field(description="Empty: nothing stands in the way, a driver has to claim them.")
    slots: int
    again_at: datetime = Field(description="When the first of them is looked at again.")
    reason: str = Field(description="The same in plain words.")


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


@router.post("/due")
async def due(wanted: Due, _who: Claiming, parts: PartsOf) -> list[ClaimShown]:
    """Claim what is due over all users, each slot with its video and a token to lead it, for the driver that asks.

    No more are led at once than the installation allows (20): what isn't claimed stays due.
    """
    if wanted.driver == BUILT_IN:
        raise BadInput("the built-in driver claims by itself", field="driver", fix="Name yours, such as n8n.")
    given = await give_due(
        parts.platform, wanted.driver, most=wanted.most, workflow=wanted.workflow, execution=wanted.execution
    )
    return [
        ClaimShown(
            user_id=one.claimed.user_id,
            day=one.claimed.local_day,
            number=one.claimed.number,
            channel_id=one.claimed.channel_id,
            video_id=one.claimed.video_id,
            token=one.begun.token,
            token_ends_at=one.begun.token_ends_at,
        )
        for one in given
    ]


@admin.get("/waiting")
async def waiting(_who: Operator, conn: Transaction, parts: PartsOf) -> list[WaitingShown]:
    """Why due slots lie, in sums over all users: the reason with most slots first. Paused plans do not count."""
    found = await look_at_waiting(conn, parts.clock.now(), rehearsal=parts.platform.rehearsal)
    return [
        WaitingShown(why=one.why, slots=one.slots, again_at=one.again_at, reason=waiting_words(one.why))
        for one in found
    ]


async def _look(parts: Parts, user_id: UUID, days: int, first: date | None = None) -> PlanShown:
    return _shown(await look_at_plan(parts.database, user_id, parts.clock.now(), first=first, days=days))


def _shown(view: PlanView) -> PlanShown:
    plan = view.plan
    return PlanShown(
        started=plan is not None,
        today=view.today,
        time_zone=plan.time_zone if plan else None,
        slots_per_day=plan.slots_per_day if plan else None,
        paused=bool(plan and plan.pause),
        paused_until=plan.pause.until if plan and plan.pause else None,
        next_look_at=plan.next_at if plan else None,
        slots=[
            SlotShown(
                day=slot.local_day,
                number=slot.number,
                state=slot.state,
                channel_id=slot.channel_id,
                topic=slot.topic,
                video_id=slot.video_id,
                video_state=slot.video_state or None,
                why=Why(slot.why) if slot.why else None,
                reason=slot.reason,
            )
            for slot in view.slots
        ],
        pins=[PinShown(id=pin.id, day=pin.local_day, channel_id=pin.channel_id, topic=pin.topic) for pin in view.pins],
    )
