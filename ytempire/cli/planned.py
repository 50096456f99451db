"""How a plan looks to a person, and to a program."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

from ytempire.cli.terminal import dollars, fitted
from ytempire.planning import PlanView
from ytempire.planning.model import BudgetForecast, Forecast, Slot, SlotState, Why

_STATES = {"planned": "begun", "in_review": "waits for your review"}
_BUDGETS = {
    "user-day": "your day's money",
    "platform-day": "the platform's money",
    "uploads": "YouTube uploads",
    "units": "YouTube units",
    "publishing": "  of them for publishing",
    "reads": "  of them for reading back",
}


def plan_table(view: PlanView, width: int) -> Table:
    """The slots as a table; `topic` gives way where the terminal is narrow."""
    rows = [
        (
            _day(view, slot),
            view.handles.get(slot.channel_id, "–") if slot.channel_id else "–",
            slot.topic or "–",
            _state(view, slot),
        )
        for slot in view.slots
    ]
    return fitted(("day", "channel", "topic", "state"), rows, width, gives_way="topic")


def _day(view: PlanView, slot: Slot) -> str:
    day = f"{slot.local_day:%a} {slot.local_day}"
    number = f" #{slot.number}" if view.plan and view.plan.slots_per_day > 1 else ""
    return f"{day}{number}" + (" (today)" if slot.local_day == view.today else "")


def _state(view: PlanView, slot: Slot) -> str:
    if slot.state is SlotState.CLAIMED:
        return _STATES.get(slot.video_state, slot.video_state)
    to_come = slot.local_day > view.today
    if to_come and slot.state is SlotState.DEFERRED:
        return "would wait"
    return Why.PAUSED if to_come and slot.state is SlotState.SKIPPED else slot.state


def plan_lines(view: PlanView, *, idle: bool, rehearsal: bool) -> list[str]:
    """What stands below the table: reasons, pinned topics, and what to do next."""
    flag = " --rehearsal" if rehearsal else ""
    if view.plan is None:
        return [
            "There is no plan yet, so videos are made only when you ask for one.",
            f"`ytempire plan resume{flag}` starts it: a video a day, on your connected channels in turn.",
        ]
    lines, said = [], set[str]()
    for slot in view.slots:
        if slot.reason and slot.reason not in said:
            said.add(slot.reason)
            lines.append(f"{slot.local_day}: {slot.reason}")
    handles = view.handles
    lines += [
        f"pinned to {pin.local_day}: {handles[pin.channel_id]}, {pin.topic} ({str(pin.id)[-8:]})" for pin in view.pins
    ]
    if not view.plan.pause:
        zone = view.plan.time_zone
        lines.append(f"looked at next: {view.plan.next_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}, {zone}")
    if idle:
        lines.append(f"nobody works at the moment: `ytempire up{flag}` makes what is due")
    return lines


def forecast_lines(told: Forecast) -> list[str]:
    """The day's money and quota: used, under way, to come."""
    basis = f"the mean of your latest {told.videos_seen}" if told.videos_seen else "the most that one may cost"
    lines = [f"Today's budgets, at {dollars(told.video_microusd)} a video ({basis}):"]
    for line in told.budgets:
        full = "" if line.fits else "  <- not enough: what doesn't fit is deferred"
        lines.append(
            f"  {_BUDGETS.get(line.name, line.name)}: {_amount(line, line.used)} of {_amount(line, line.cap)} used,"
            f" {_amount(line, line.under_way)} for videos under way, {_amount(line, line.coming)} to come{full}"
        )
    return lines


def _amount(line: BudgetForecast, amount: int) -> str:
    return dollars(amount) if line.resource == "microusd" else f"{amount:,}"


def as_json_object(view: PlanView) -> dict[str, Any]:
    """The plan as JSON."""
    plan = view.plan
    return {
        "started": plan is not None,
        "today": str(view.today),
        "time_zone": plan.time_zone if plan else None,
        "slots_per_day": plan.slots_per_day if plan else None,
        "paused": bool(plan and plan.pause),
        "paused_until": str(plan.pause.until) if plan and plan.pause and plan.pause.until else None,
        "next_look_at": plan.next_at.isoformat() if plan else None,
        "slots": [
            {
                "day": str(slot.local_day),
                "number": slot.number,
                "state": slot.state,
                "channel": view.handles.get(slot.channel_id) if slot.channel_id else None,
                "topic": slot.topic,
                "video": str(slot.video_id) if slot.video_id else None,
                "video_state": slot.video_state or None,
                "why": slot.why or None,
                "reason": slot.reason,
            }
            for slot in view.slots
        ],
        "pins": [
            {"id": str(pin.id), "day": str(pin.local_day), "channel": view.handles[pin.channel_id], "topic": pin.topic}
            for pin in view.pins
        ],
    }


def forecast_json(told: Forecast) -> dict[str, Any]:
    """The forecast as JSON."""
    return {
        "video_microusd": told.video_microusd,
        "videos_seen": told.videos_seen,
        "budgets": [
            {
                "budget": line.name,
                "resource": line.resource,
                "cap": line.cap,
                "used": line.used,
                "under_way": line.under_way,
                "coming": line.coming,
                "fits": line.fits,
            }
            for line in told.budgets
        ],
    }
