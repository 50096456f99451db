"""The SQL of what another driver pays for; every function runs in its caller's transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.rows import dict_row, scalar_row

from ytempire.kit.database import Connection, Sql
from ytempire.ledger.model import CallState, HoldState
from ytempire.ledger.outside.model import OutsideCall

READ: Sql = """
    select c.id, c.category, c.resource, c.what, c.attempt, c.state, c.claimed, c.begun_at, c.hold_amount, c.hold_state,
        coalesce((select sum(t.spent + t.overrun) from transfers t where t.user_id = c.user_id and t.call_id = c.id), 0)
            as booked
    from paid_calls c where c.user_id = %(user_id)s and c.once = %(once)s"""

UNITS: Sql = """
    select coalesce(sum(greatest(c.hold_amount, b.booked)), 0)
    from paid_calls c
    cross join lateral (
        select coalesce(sum(t.spent + t.overrun), 0) as booked from transfers t
        where t.user_id = c.user_id and t.call_id = c.id) b
    where c.user_id = %(user_id)s and c.video_id = %(video_id)s and c.resource = 'units' and c.hold_state <> 'void'
        and starts_with(c.once, c.video_id || ':call:')"""

COUNT: Sql = """
    select count(*) from paid_calls
    where user_id = %(user_id)s and video_id = %(video_id)s
        and (starts_with(once, video_id || ':call:') or starts_with(once, video_id || ':relay:'))"""

WAS_PAID: Sql = """
    select exists (
        select from paid_calls where video_id = %(video_id)s and category = %(category)s and hold_state <> 'void'
            and (%(call_id)s::uuid is null or id = %(call_id)s)
            and (starts_with(once, video_id || ':call:') or starts_with(once, video_id || ':relay:')))"""


async def read_call(conn: Connection, user_id: UUID, once: str) -> OutsideCall | None:
    """The user's call of that name."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(READ, {"user_id": user_id, "once": once})
        row: dict[str, Any] | None = await cursor.fetchone()
    if row is None:
        return None
    states = {
        "state": CallState(row["state"]),
        "hold_state": HoldState(row["hold_state"]),
        "booked": int(row["booked"]),
    }
    return OutsideCall(**(row | states))


async def units_of(conn: Connection, user_id: UUID, video_id: UUID) -> int:
    """Units that another driver holds or has used for the video."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(UNITS, {"user_id": user_id, "video_id": video_id})
        return int(await cursor.fetchone() or 0)


OTHER_UNDER: Sql = """
    select exists (
        select from paid_calls where user_id = %(user_id)s and video_id = %(video_id)s and hold_state <> 'void'
            and starts_with(once, %(prefix)s) and not starts_with(once, %(name)s))"""


async def other_under(conn: Connection, user_id: UUID, video_id: UUID, prefix: str, name: str) -> bool:
    """Whether a call that begins with the prefix, and is not of that name, was paid or may have been."""
    values = {"user_id": user_id, "video_id": video_id, "prefix": prefix, "name": name}
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(OTHER_UNDER, values)
        return bool(await cursor.fetchone())


async def count_of(conn: Connection, user_id: UUID, video_id: UUID) -> int:
    """How many calls another driver has on record for the video, however they ended."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(COUNT, {"user_id": user_id, "video_id": video_id})
        return int(await cursor.fetchone() or 0)


async def was_paid(conn: Connection, video_id: UUID, call_id: UUID | None, category: str) -> bool:
    """Whether another driver's call of that category is on record with a hold that was not given back."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(WAS_PAID, {"video_id": video_id, "call_id": call_id, "category": category})
        return bool(await cursor.fetchone())
