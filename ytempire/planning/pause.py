"""Verbs: let a plan, or one channel, wait and go on. The first `resume_plan` starts the plan."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound
from ytempire.planning import store
from ytempire.planning.days import local_day


async def resume_plan(database: Database, user_id: UUID, now: datetime, *, rehearsal: bool) -> None:
    """Serve the user day by day from now on; today's slot, if it is open, is due at once."""
    async with database.transaction(user_id) as conn:
        await store.start_plan(conn, user_id, now, rehearsal=rehearsal)


async def look_again(database: Database, user_id: UUID, now: datetime) -> None:
    """Look at the user's plan at once: what it waited for, such as a connected channel, may be there."""
    async with database.transaction(user_id) as conn:
        await store.look_again(conn, user_id, now)


async def pause_plan(database: Database, user_id: UUID, now: datetime, *, until: date | None = None) -> None:
    """Serve no day before `until` (None: until resumed). What is claimed already goes on.

    Raises NotFound: there is no plan to pause; BadInput: `until` has come already.
    """
    async with database.transaction(user_id) as conn:
        plan = await store.plan_of(conn, user_id)
        if plan is None:
            raise no_plan()
        _check_until(until, now, plan.time_zone)
        await store.pause_plan(conn, user_id, until, now)


async def pause_channel(database: Database, channel: Channel, now: datetime, *, until: date | None = None) -> None:
    """Leave the channel out of the days before `until` (None: until resumed). Raises NotFound, BadInput."""
    async with database.transaction(channel.user_id) as conn:
        plan = await store.plan_of(conn, channel.user_id)
        if plan is None:
            raise no_plan()
        _check_until(until, now, plan.time_zone)
        await store.pause_channel(conn, channel.user_id, channel.id, until)


async def resume_channel(database: Database, channel: Channel, now: datetime) -> bool:
    """Let the channel take its turns again; False if it wasn't paused."""
    async with database.transaction(channel.user_id) as conn:
        was_paused = await store.resume_channel(conn, channel.id)
        await store.look_again(conn, channel.user_id, now)
    return was_paused


def no_plan() -> NotFound:
    """The error of a verb that needs a plan."""
    return NotFound(
        "there is no plan yet", field="plan", fix="Start one: POST /api/v1/plan/resume, or `ytempire plan resume`."
    )


def _check_until(until: date | None, now: datetime, zone: str) -> None:
    today = local_day(now, zone)
    if until is not None and until <= today:
        raise BadInput(f"{until} is no later day than today, {today}", field="until", fix="Name a day to come.")
