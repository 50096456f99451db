"""Verbs: look at a user's plan: today and the days to come, a calendar, and the day's money and quota."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from ytempire.channels import list_channels
from ytempire.channels.model import Channel
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput
from ytempire.planning import store
from ytempire.planning.candidates import candidates_of
from ytempire.planning.days import local_day, next_day_start
from ytempire.planning.means import look_at_means
from ytempire.planning.model import Forecast, Pin, Plan, Slot, SlotState, Waiting
from ytempire.planning.ports import Planner
from ytempire.planning.rules import forecast, holds, project

MOST_DAYS = 366
FURTHEST_BACK = timedelta(days=10 * MOST_DAYS)
_SERVED = {SlotState.CLAIMED, SlotState.PRODUCED}


@dataclass(frozen=True)
class PlanView:
    """A user's slots over some days, those to come as they are if nothing changes."""

    plan: Plan | None
    """None: no plan was started, so nothing comes of the slots to come."""
    today: date
    slots: tuple[Slot, ...]
    handles: dict[UUID, str]
    """The channels' short names."""
    pins: tuple[Pin, ...]


async def look_at_plan(
    database: Database, user_id: UUID, now: datetime, *, first: date | None = None, days: int = 7
) -> PlanView:
    """The slots of `days` days from `first` on (None: the user's today). Raises BadInput."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(f"{days} days are not shown at once", field="days", fix=f"Choose 1 to {MOST_DAYS}.")
    channels = await list_channels(database, user_id, archived=None)
    async with database.transaction(user_id) as conn:
        plan = await store.plan_of(conn, user_id)
        today = local_day(now, plan.time_zone if plan else await store.zone_of(conn, user_id))
        begins = first or today
        if not today - FURTHEST_BACK <= begins <= today + timedelta(days=MOST_DAYS):
            raise BadInput(
                f"{begins} is too far from today, {today}",
                field="first",
                fix="Name a day of the last ten years or the next.",
            )
        wanted = [begins + timedelta(days=n) for n in range(days)]
        pinned = await store.pins(conn)
        past = await store.slots_between(conn, user_id, begins, wanted[-1])
        slots = {(slot.local_day, slot.number): slot for slot in past}
        if plan and wanted[-1] >= today:
            ahead = [today + timedelta(days=n) for n in range((wanted[-1] - today).days + 1)]
            for slot in await _to_come(conn, plan, channels, pinned, ahead):
                if slot.local_day >= begins:
                    slots[slot.local_day, slot.number] = slot
    handles = {channel.id: channel.handle for channel in channels}
    return PlanView(plan, today, tuple(slots[key] for key in sorted(slots)), handles, tuple(pinned))


async def _to_come(
    conn: Connection, plan: Plan, channels: Sequence[Channel], pinned: Sequence[Pin], days: Sequence[date]
) -> list[Slot]:
    """The slots of today (`days[0]`) and later that nobody claimed; one that is deferred today says so."""
    there = {slot.number: slot for slot in await store.slots_between(conn, plan.user_id, days[0], days[0])}
    claimed = {number for number, slot in there.items() if slot.state in _SERVED}
    projected = project(
        days,
        await candidates_of(conn, channels),
        await store.last_served(conn, plan.user_id),
        pinned,
        slots_per_day=plan.slots_per_day,
        pause=plan.pause,
        first_number=len(claimed) + 1,
    )
    return [_as_it_stands(slot, there.get(slot.number) if slot.local_day == days[0] else None) for slot in projected]


def _as_it_stands(expected: Slot, there: Slot | None) -> Slot:
    return replace(there, channel_id=expected.channel_id, topic=expected.topic) if there else expected


async def look_at_waiting(conn: Connection, now: datetime, *, rehearsal: bool) -> list[Waiting]:
    """Why due slots of all users wait, for who runs the server; `waiting_words` says it in plain words."""
    return await store.slots_waiting(conn, now, rehearsal=rehearsal)


async def look_at_forecast(planner: Planner, user_id: UUID, now: datetime) -> Forecast:
    """What is left of the day's money and quota, and what the videos under way and the open slots will take of it."""
    async with planner.database.transaction(user_id) as conn:
        plan = await store.plan_of(conn, user_id)
        means, _ = await look_at_means(planner, conn, user_id, now, playlist=True)
        usual = await planner.ledger.usual_cost(conn, user_id)
        mine = 0
        if plan and not holds(plan.pause, day := local_day(now, plan.time_zone)):
            slots = await store.slots_between(conn, user_id, day, day)
            mine = max(0, plan.slots_per_day - sum(slot.state in _SERVED for slot in slots))
        policy = planner.ledger.policy
        money = await store.slots_to_come(conn, next_day_start(now, policy.money_day_zone))
        quota = await store.slots_to_come(conn, next_day_start(now, policy.youtube_day_zone))
    coming = planner.quota_of(videos=quota, in_playlists=quota)
    return forecast(means, usual, my_slots=mine, money_slots=money, quota_slots=quota, coming=coming)
