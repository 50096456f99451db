"""All SQL of the ledger. Every function runs in its caller's transaction, as the call's own user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from psycopg.rows import class_row, dict_row, tuple_row
from psycopg.types.json import Jsonb

from ytempire.kit.database import Connection, Sql
from ytempire.kit.ids import new_id
from ytempire.ledger.model import (
    BudgetNeed,
    BudgetState,
    Call,
    CallState,
    Charge,
    Delta,
    HoldState,
    JsonObject,
    UsualCost,
)

INSERT_CALL: Sql = """
    insert into paid_calls (id, user_id, video_id, step, resource, category, what, once, attempt, state, claimed,
        performed, estimate, saved, estimated_meters, hold_id, hold_amount, hold_state, begun_at, role)
    values (%(id)s, %(user_id)s, %(video_id)s, %(step)s, %(resource)s, %(category)s, %(what)s, %(once)s, %(attempt)s,
        %(state)s, %(claimed)s, %(performed)s, %(amount)s, %(saved)s, %(meters)s, %(hold_id)s, 0, 'void', %(now)s,
        %(role)s)
    on conflict (user_id, once) do nothing"""


async def insert_call(
    conn: Connection, charge: Charge, now: datetime, *, state: CallState = CallState.OPEN, saved: int = 0
) -> Call | None:
    """Record a call that nobody recorded yet, without a hold; None if somebody did."""
    open_now = state is CallState.OPEN
    call = Call(
        id=new_id(),
        attempt=charge.attempt,
        state=state,
        claimed=open_now,
        performed=1 if open_now else 0,
        looked_up=False,
        hold_id=new_id(),
        hold_amount=0,
        hold_state=HoldState.VOID,
        result=None,
    )
    values = {**vars(charge), **vars(call), "meters": Jsonb(charge.meters), "saved": saved, "now": now}
    done = await conn.execute(INSERT_CALL, values)
    return call if done.rowcount else None


LOCK_CALL: Sql = """
    select id, attempt, state, claimed, performed, looked_up, hold_id, hold_amount, hold_state, result
    from paid_calls where (user_id = %(user_id)s and once = %(once)s) or id = %(id)s for update"""


async def lock_call(
    conn: Connection, *, user_id: UUID | None = None, once: str | None = None, call_id: UUID | None = None
) -> Call | None:
    """The user's call of that name, or that very call, locked to the end of the transaction."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(LOCK_CALL, {"user_id": user_id, "once": once, "id": call_id})
        row = await cursor.fetchone()
    return _call(row) if row else None


# What a cache had saved was not saved after all if the call is made; its day and its video say so.
CLAIM: Sql = """
    with unsaved as (
        select user_id, 'video:' || video_id as video, category, saved, (begun_at at time zone %(zone)s)::date as day
        from paid_calls where id = %(id)s and state = 'cached'
    ), of_video as (
        update budgets b set saved = b.saved - u.saved from unsaved u
        where b.id in (u.video, u.video || '/' || u.category)
    ), of_day as (
        update cost_days d set saved = d.saved - u.saved, cached = d.cached - 1 from unsaved u
        where d.user_id = u.user_id and d.day = u.day and d.category = u.category
    )
    update paid_calls set attempt = %(attempt)s, claimed = true, state = 'open', saved = 0,
        performed = performed + %(begin)s
    where id = %(id)s"""


async def claim(conn: Connection, call_id: UUID, attempt: int, *, begin: bool, zone: str) -> None:
    """Take a call over; `begin` counts that it is about to be made; `zone` is that of the money day."""
    await conn.execute(CLAIM, {"id": call_id, "attempt": attempt, "begin": int(begin), "zone": zone})


async def unclaim(conn: Connection, call_id: UUID, attempt: int) -> None:
    """Say that nobody is at it any more; without effect if another attempt took it over."""
    await conn.execute(
        "update paid_calls set claimed = false where id = %s and attempt = %s and state = 'open'", (call_id, attempt)
    )


async def set_hold(conn: Connection, call_id: UUID, hold_id: UUID, amount: int, now: datetime) -> None:
    """The call's present hold."""
    await conn.execute(
        "update paid_calls set hold_id = %s, hold_amount = %s, hold_state = 'held', begun_at = %s where id = %s",
        (hold_id, amount, now, call_id),
    )


async def set_settled_hold(conn: Connection, call_id: UUID, hold_id: UUID) -> None:
    """The call's hold is this one of 0, settled."""
    await conn.execute(
        "update paid_calls set hold_id = %s, hold_amount = 0, hold_state = 'settled' where id = %s", (hold_id, call_id)
    )


async def set_hold_state(conn: Connection, call_id: UUID, state: HoldState) -> None:
    """Where the call's present hold stands."""
    await conn.execute("update paid_calls set hold_state = %s where id = %s", (state, call_id))


async def finish_call(
    conn: Connection,
    call_id: UUID,
    state: CallState,
    now: datetime,
    *,
    result: JsonObject | None = None,
    meters: JsonObject | None = None,
    looked_up: bool = False,
) -> None:
    """The call's end."""
    await conn.execute(
        "update paid_calls set state = %s, claimed = false, result = %s, meters = %s, looked_up = %s, ended_at = %s"
        " where id = %s",
        (
            state,
            Jsonb(result) if result is not None else None,
            Jsonb(meters) if meters is not None else None,
            looked_up,
            now,
            call_id,
        ),
    )


async def lock_budgets(conn: Connection, ids: Sequence[str]) -> None:
    """Lock rows in id order, before two sets of them are changed one after the other."""
    await conn.execute("select 1 from budgets where id = any(%s) order by id for update", (list(ids),))


TAKE: Sql = """
    with locked as materialized (
        select id from budgets where id = any(%(ids)s) order by id for update
    )
    update budgets b set held = b.held + %(amount)s
    from locked where b.id = locked.id and b.held + b.spent + b.overrun + %(amount)s <= b.cap + b.opened
    returning b.id, b.held + b.spent + b.overrun, b.cap + b.opened"""

TAKE_FROM_LINE: Sql = """
    update budgets line set held = line.held + %(amount)s
    from budgets parent
    where line.id = %(id)s and parent.id = line.parent_id and (
        select sum(greatest(0, l.held + l.spent + l.overrun
            + case when l.id = line.id then %(amount)s else 0 end - l.cap))
        from budgets l where l.parent_id = parent.id
    ) <= parent.margin + parent.opened
    returning line.id"""


@dataclass(frozen=True)
class Taken:
    """What a hold found: the budgets that gave, by id, with (used after, cap)."""

    levels: dict[str, tuple[int, int]]
    line_gave: bool


async def take(conn: Connection, needs: Sequence[BudgetNeed], amount: int) -> Taken:
    """Add to `held` of each budget where it fits. If one refuses, the caller rolls the transaction back.

    One conditional UPDATE decides for the budgets with caps of their own, locked in id order. A line is asked next, in
    a statement of its own: whoever writes a line holds its parent's row, so the sum over all lines can't change.
    """
    tops = [need.id for need in needs if need.parent_id is None]
    line = next((need.id for need in needs if need.parent_id), None)
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(TAKE, {"ids": tops, "amount": amount})
        levels = {row[0]: (int(row[1]), int(row[2])) for row in await cursor.fetchall()}
        if line is None or len(levels) < len(tops):
            return Taken(levels, line_gave=True)
        await cursor.execute(TAKE_FROM_LINE, {"id": line, "amount": amount})
        return Taken(levels, line_gave=cursor.rowcount == 1)


async def hold_budgets(conn: Connection, hold_id: UUID) -> list[str]:
    """The budgets that a hold was taken from."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select budgets from transfers where hold_id = %s and kind = 'hold'", (hold_id,))
        row = await cursor.fetchone()
    return cast("list[str]", row[0]) if row else []


async def is_unreconciled(conn: Connection, hold_id: UUID) -> bool:
    """Whether a hold counts as spent and no bill has corrected that."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select bool_or(kind = 'unknown') and not bool_or(kind = 'reconcile') from transfers where hold_id = %s",
            (hold_id,),
        )
        row = await cursor.fetchone()
    return bool(row and row[0])


async def change_budgets(conn: Connection, ids: Sequence[str], delta: Delta) -> None:
    """Add to balances, rows locked in id order."""
    await conn.execute(
        """
        with locked as materialized (select id from budgets where id = any(%s) order by id for update)
        update budgets b set held = b.held + %s, spent = b.spent + %s, overrun = b.overrun + %s
        from locked where b.id = locked.id""",
        (list(ids), delta.held, delta.spent, delta.overrun),
    )


APPEND_TRANSFER: Sql = """
    insert into transfers (id, user_id, call_id, hold_id, kind, budgets, held, spent, overrun, attempt, at)
    values (%(id)s, %(user_id)s, %(call_id)s, %(hold_id)s, %(kind)s, %(budgets)s, %(held)s, %(spent)s, %(overrun)s,
        %(attempt)s, %(now)s)"""

END_HOLD: Sql = """
    with appended as (
        insert into transfers (id, user_id, call_id, hold_id, kind, budgets, held, spent, overrun, attempt, at)
        values (%(id)s, %(user_id)s, %(call_id)s, %(hold_id)s, %(kind)s, %(budgets)s, %(held)s, %(spent)s, %(overrun)s,
            %(attempt)s, %(now)s)
        returning user_id, call_id, kind, budgets, spent, overrun
    )
    insert into cost_days as d (user_id, day, category, bills, spent, overrun, model_calls, cheap_calls)
    select a.user_id, split_part(b.id, ':', 3)::date, c.category, (a.kind <> 'reconcile')::int, a.spent, a.overrun,
        (a.kind <> 'reconcile' and c.role <> '')::int, (a.kind <> 'reconcile' and c.role = 'cheap')::int
    from appended a join paid_calls c on c.user_id = a.user_id and c.id = a.call_id
        cross join lateral unnest(a.budgets) as b (id)
    where starts_with(b.id, 'user-day:') and a.kind in ('settle', 'unknown', 'reconcile')
    on conflict (user_id, day, category) do update set bills = d.bills + excluded.bills,
        spent = d.spent + excluded.spent, overrun = d.overrun + excluded.overrun,
        model_calls = d.model_calls + excluded.model_calls, cheap_calls = d.cheap_calls + excluded.cheap_calls"""

ADD_SAVING: Sql = """
    with locked as materialized (
        select id from budgets where id = any(%(ids)s) order by id for update
    ), noted as (
        update budgets b set saved = b.saved + %(amount)s from locked where b.id = locked.id
    )
    insert into cost_days as d (user_id, day, category, saved, cached)
    values (%(user_id)s, %(day)s, %(category)s, %(amount)s, 1)
    on conflict (user_id, day, category) do update set saved = d.saved + excluded.saved, cached = d.cached + 1"""


async def add_saving(
    conn: Connection, user_id: UUID, day: date, category: str, ids: Sequence[str], amount: int
) -> None:
    """Add what a cache made unnecessary to the day and to these budgets."""
    values = {"user_id": user_id, "day": day, "category": category, "ids": list(ids), "amount": amount}
    await conn.execute(ADD_SAVING, values)


async def append_transfer(
    conn: Connection,
    *,
    user_id: UUID,
    call_id: UUID,
    hold_id: UUID,
    kind: str,
    budgets: Sequence[str],
    delta: Delta,
    attempt: int,
    now: datetime,
) -> None:
    """Write down what a hold or its end added, and add it to the day. A second end of a hold is a unique violation."""
    values = {"id": new_id(), "user_id": user_id, "call_id": call_id, "hold_id": hold_id, "kind": kind}
    values |= {"budgets": list(budgets), "attempt": attempt, "now": now, **vars(delta)}
    await conn.execute(APPEND_TRANSFER if kind == "hold" else END_HOLD, values)


async def budget_states(conn: Connection, ids: Sequence[str]) -> list[BudgetState]:
    """How these budgets and their lines stand, in id order; a budget nobody drew on has no row."""
    async with conn.cursor(row_factory=class_row(BudgetState)) as cursor:
        await cursor.execute(
            "select id, name, resource, cap, held, spent, overrun, opened from budgets"
            " where id = any(%s) or parent_id = any(%s) order by id",
            (list(ids), list(ids)),
        )
        return await cursor.fetchall()


USUAL_COST: Sql = """
    select count(*) as videos, coalesce(avg(cost), 0)::bigint as mean_microusd, coalesce(max(cost), 0) as most_microusd
    from (
        select held + spent + overrun as cost from budgets
        where id >= 'video:' and id < 'video;' and parent_id is null and user_id = %(user_id)s
            and held + spent + overrun > 0
        order by id desc limit %(videos)s
    ) latest"""


async def usual_cost(conn: Connection, user_id: UUID, *, videos: int) -> UsualCost:
    """What the user's latest videos cost; their ids, and so the ids of their budgets, sort by time."""
    async with conn.cursor(row_factory=class_row(UsualCost)) as cursor:
        await cursor.execute(USUAL_COST, {"user_id": user_id, "videos": videos})
        return await cursor.fetchone() or UsualCost(0, 0, 0)


async def open_units(conn: Connection, budget_id: str, units: int) -> None:
    """Open so much of the day's reserve."""
    await conn.execute("update budgets set opened = %s where id = %s", (units, budget_id))


async def stale_holds(conn: Connection, before: datetime) -> list[tuple[UUID, UUID]]:
    """(user, call) of every hold taken before that time and not resolved, of all users."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select user_id, call_id from stale_holds(%s)", (before,))
        return [(row[0], row[1]) for row in await cursor.fetchall()]


async def held_before(conn: Connection, call_id: UUID, before: datetime) -> bool:
    """Whether the call's hold is still that old (it may have been renewed since it was listed)."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select 1 from paid_calls where id = %s and hold_state = 'held' and begun_at < %s", (call_id, before)
        )
        return await cursor.fetchone() is not None


async def audit(conn: Connection) -> list[str]:
    """Differences between balances and the sums of their transfers, over all users."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select difference from audit_budgets() order by 1")
        return [str(row[0]) for row in await cursor.fetchall()]


def _call(row: dict[str, Any]) -> Call:
    return Call(**{**row, "state": CallState(row["state"]), "hold_state": HoldState(row["hold_state"])})
