"""A plan and its day's budgets as they are shown, and the ids that examples speak of."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.planning import PlanView
from ytempire.planning.model import SlotState, Why
from ytempire.web.bodies import example

DAY = "2026-11-23"
CHANNEL, VIDEO = "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6", "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f"
_SLOT = {
    "day": DAY,
    "number": 1,
    "state": "claimed",
    "channel_id": CHANNEL,
    "topic": "Why squid glow",
    "video_id": VIDEO,
    "video_state": "producing",
    "reason": "",
}
_PIN = {"id": VIDEO, "day": DAY, "channel_id": CHANNEL, "topic": "Why squid glow"}
_PLAN = {
    "started": True,
    "today": DAY,
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


def shown(view: PlanView) -> PlanShown:
    """The plan with its slots."""
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
