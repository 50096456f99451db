"""All SQL of planning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row, scalar_row

from ytempire.events import announce
from ytempire.events.model import SlotClaimed, SlotDeferred
from ytempire.kit.database import Connection, Sql
from ytempire.planning.model import Pause, Pin, Plan, Served, Slot, SlotState, UnderWay, Waiting, Why

_TURNS = 7_226_001
"""Key of the advisory lock under which slots are given, one after the other: each sees what the last one took."""

READ_PLAN: Sql = """
    select p.user_id, p.rehearsal, p.slots_per_day, u.time_zone, p.next_at, p.next_number, p.paused, p.paused_until
    from plans p join users u on u.id = p.user_id
    where p.user_id = %(user_id)s"""

START_PLAN: Sql = """
    insert into plans (user_id, rehearsal, slots_per_day, time_zone, next_at, started_at)
    select id, %(rehearsal)s, 1, time_zone, %(now)s, %(now)s from users where id = %(user_id)s
    on conflict (user_id) do update set paused = false, paused_until = null, next_at = excluded.next_at,
        rehearsal = excluded.rehearsal"""

MOVE_PLAN: Sql = """
    update plans set time_zone = %(time_zone)s, next_at = %(next_at)s, next_number = %(next_number)s,
        turn = case when %(served)s then nextval('plan_turns') else turn end
    where user_id = %(user_id)s"""

END_DAYS: Sql = """
    update slots set state = 'skipped', reason = case when reason = '' then 'the day ended' else reason end
    where user_id = %(user_id)s and local_day < %(day)s and state in ('planned', 'deferred')"""

OPEN_SLOT: Sql = """
    insert into slots (user_id, local_day, number, planned_at) values (%(user_id)s, %(day)s, %(number)s, %(now)s)
    on conflict (user_id, local_day, number) do nothing returning number"""

CLAIM_SLOT: Sql = """
    update slots set state = 'claimed', channel_id = %(channel_id)s, topic = %(topic)s, video_id = %(video_id)s,
        driver = %(driver)s, why = '', reason = '', claimed_at = %(now)s
    where user_id = %(user_id)s and local_day = %(day)s and number = %(number)s and state in ('planned', 'deferred')
    returning number"""

DEFER_SLOT: Sql = """
    update slots set state = 'deferred', why = %(why)s, reason = %(reason)s
    where user_id = %(user_id)s and local_day = %(day)s and number = %(number)s
        and (state = 'planned' or state = 'deferred' and (why, reason) <> (%(why)s, %(reason)s))"""

LAST_SERVED: Sql = """
    select distinct on (channel_id) channel_id, local_day, number from slots
    where user_id = %(user_id)s and state = 'claimed' and channel_id is not null
    order by channel_id, local_day desc, number desc"""

READ_SLOTS: Sql = """
    select s.local_day, s.number, case when v.state = 'published' then 'produced' else s.state end as state,
        s.channel_id, coalesce(nullif(v.title, ''), nullif(v.topic, ''), s.topic) as topic, s.video_id,
        coalesce(v.state, '') as video_state, s.why,
        case when s.reason = '' then coalesce(v.reason, '') else s.reason end as reason, s.driver, s.claimed_at
    from slots s left join videos v on v.user_id = s.user_id and v.id = s.video_id
    where s.user_id = %(user_id)s and s.local_day between %(first)s and %(last)s
    order by s.local_day, s.number"""


async def plans_due(conn: Connection, now: datetime, *, rehearsal: bool) -> list[UUID]:
    """Users of all tenants whose turn has come, the one that had the least first; at most 100."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select user_id from plans_due(%s, %s)", (now, rehearsal))
        return await cursor.fetchall()


async def take_turn(conn: Connection) -> None:
    """Wait until nobody else gives a slot away, and keep others from it to the end of the transaction."""
    await conn.execute("select pg_advisory_xact_lock(%s)", (_TURNS,))


async def videos_under_way(conn: Connection) -> UnderWay:
    """What videos of all users that are being made may still take."""
    async with conn.cursor(row_factory=class_row(UnderWay)) as cursor:
        await cursor.execute("select videos, in_playlists, used_microusd from videos_under_way()")
        return await cursor.fetchone() or UnderWay()


async def slots_to_come(conn: Connection, before: datetime) -> int:
    """How many slots of all users come up next and before that time."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select slots_to_come(%s)", (before,))
        return int(await cursor.fetchone() or 0)


async def slots_waiting(conn: Connection, now: datetime, *, rehearsal: bool) -> list[Waiting]:
    """Due slots of all users that wait, by reason; the one with most first."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("select why, slots, again_at from slots_waiting(%s, %s)", (now, rehearsal))
        rows = await cursor.fetchall()
    return [Waiting(**row | {"why": Why(row["why"]) if row["why"] else None}) for row in rows]


async def start_plan(conn: Connection, user_id: UUID, now: datetime, *, rehearsal: bool) -> None:
    """Make the user's plan, or let the paused one go on; it is due now."""
    await conn.execute(START_PLAN, {"user_id": user_id, "now": now, "rehearsal": rehearsal})


async def plan_of(conn: Connection, user_id: UUID) -> Plan | None:
    """The user's plan, with the zone that the user has now."""
    return await _plan(conn, READ_PLAN, {"user_id": user_id})


async def zone_of(conn: Connection, user_id: UUID) -> str:
    """Whose midnight begins the user's days."""
    row = await (await conn.execute("select time_zone from users where id = %s", (user_id,))).fetchone()
    return str(row[0]) if row else "UTC"


async def due_plan(conn: Connection, user_id: UUID, now: datetime) -> Plan | None:
    """The user's plan if it is due, locked; None if somebody else was quicker."""
    due: Sql = " and (p.next_at <= %(now)s or p.time_zone <> u.time_zone) for update of p"
    return await _plan(conn, READ_PLAN + due, {"user_id": user_id, "now": now})


async def _plan(conn: Connection, query: Sql, values: Mapping[str, object]) -> Plan | None:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        row = await cursor.fetchone()
    if row is None:
        return None
    paused, until = row.pop("paused"), row.pop("paused_until")
    return Plan(**row, pause=Pause(until) if paused else None)


async def move_plan(conn: Connection, plan: Plan, next_at: datetime, *, next_number: int, served: bool = False) -> None:
    """When to look at the user next, and for which slot; `served`: they just got one, so others come first."""
    values = {"user_id": plan.user_id, "time_zone": plan.time_zone, "next_at": next_at, "next_number": next_number}
    await conn.execute(MOVE_PLAN, values | {"served": served})


async def put_off(conn: Connection, user_id: UUID, until: datetime) -> None:
    """Look at the user again at that time, whatever the reason."""
    await conn.execute(
        "update plans p set next_at = %s, time_zone = u.time_zone from users u where u.id = p.user_id and u.id = %s",
        (until, user_id),
    )


async def pause_plan(conn: Connection, user_id: UUID, until: date | None, now: datetime) -> bool:
    """Serve none of the user's days before `until`; False if there is no plan. It is looked at at once, to say so."""
    cursor = await conn.execute(
        "update plans set paused = true, paused_until = %s, next_at = %s where user_id = %s", (until, now, user_id)
    )
    return cursor.rowcount == 1


async def look_again(conn: Connection, user_id: UUID, now: datetime) -> None:
    """What was deferred may be possible now."""
    await conn.execute("update plans set next_at = least(next_at, %s) where user_id = %s", (now, user_id))


async def end_days(conn: Connection, user_id: UUID, before: date) -> None:
    """Slots of earlier days that nothing came of stay so."""
    await conn.execute(END_DAYS, {"user_id": user_id, "day": before})


async def open_slot(conn: Connection, user_id: UUID, day: date, most: int, now: datetime) -> int | None:
    """The number of the day's first slot that isn't claimed, made if need be; None if all are."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select number, state from slots where user_id = %s and local_day = %s order by number", (user_id, day)
        )
        there = {row["number"]: row["state"] for row in await cursor.fetchall()}
    for number in range(1, most + 1):
        if there.get(number) in {SlotState.PLANNED, SlotState.DEFERRED}:
            return number
        if number not in there:
            made = await conn.execute(OPEN_SLOT, {"user_id": user_id, "day": day, "number": number, "now": now})
            return number if made.rowcount else None
    return None


async def claim_slot(
    conn: Connection,
    user_id: UUID,
    day: date,
    number: int,
    *,
    channel_id: UUID,
    topic: str,
    video_id: UUID,
    driver: str,
    now: datetime,
) -> bool:
    """Give the slot its channel and video; False if it has one."""
    values = {"user_id": user_id, "day": day, "number": number, "channel_id": channel_id, "topic": topic}
    cursor = await conn.execute(CLAIM_SLOT, values | {"video_id": video_id, "driver": driver, "now": now})
    if cursor.rowcount != 1:
        return False
    news = SlotClaimed(local_day=day, number=number, channel_id=channel_id, video_id=video_id, driver=driver)
    await announce(conn, f"{day}/{number}", news, now)
    return True


async def defer_slot(
    conn: Connection, user_id: UUID, day: date, number: int, *, why: Why, reason: str, now: datetime
) -> None:
    """Say why the slot waits; what was said already isn't announced again."""
    values = {"user_id": user_id, "day": day, "number": number, "why": why, "reason": reason}
    if (await conn.execute(DEFER_SLOT, values)).rowcount == 1:
        news = SlotDeferred(local_day=day, number=number, why=why, reason=reason)
        await announce(conn, f"{day}/{number}", news, now)


async def last_served(conn: Connection, user_id: UUID) -> dict[UUID, Served]:
    """By which slot each channel was served last."""
    cursor = await conn.execute(LAST_SERVED, {"user_id": user_id})
    rows: list[Any] = await cursor.fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


async def slots_between(conn: Connection, user_id: UUID, first: date, last: date) -> list[Slot]:
    """The slots of these local days, in order, with what became of their videos."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(READ_SLOTS, {"user_id": user_id, "first": first, "last": last})
        return [Slot(**row | {"state": SlotState(row["state"])}) for row in await cursor.fetchall()]


async def pins(conn: Connection) -> list[Pin]:
    """The user's pinned topics that no slot took yet, oldest first."""
    async with conn.cursor(row_factory=class_row(Pin)) as cursor:
        await cursor.execute("select id, channel_id, topic, local_day from plan_pins order by made_at, id")
        return await cursor.fetchall()


async def add_pin(conn: Connection, user_id: UUID, pin: Pin, now: datetime) -> UUID:
    """Pin a topic; the same one again keeps its id and moves to the day now named."""
    cursor = await conn.execute(
        "insert into plan_pins (id, user_id, channel_id, topic, local_day, made_at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (user_id, channel_id, topic) do update set local_day = excluded.local_day returning id",
        (pin.id, user_id, pin.channel_id, pin.topic, pin.local_day, now),
    )
    row: Any = await cursor.fetchone()
    return UUID(str(row[0]))


async def drop_pin(conn: Connection, pin_id: UUID) -> bool:
    """A slot took it, or nobody wants it any more; False if it is gone already."""
    cursor = await conn.execute("delete from plan_pins where id = %s", (pin_id,))
    return cursor.rowcount == 1


async def channel_pauses(conn: Connection) -> dict[UUID, Pause]:
    """The pauses of the user's channels."""
    rows: list[Any] = await (await conn.execute("select channel_id, until from channel_pauses")).fetchall()
    return {row[0]: Pause(row[1]) for row in rows}


async def pause_channel(conn: Connection, user_id: UUID, channel_id: UUID, until: date | None) -> None:
    """Leave the channel out of the days before `until`."""
    await conn.execute(
        "insert into channel_pauses (channel_id, user_id, until) values (%s, %s, %s)"
        " on conflict (channel_id) do update set until = excluded.until",
        (channel_id, user_id, until),
    )


async def resume_channel(conn: Connection, channel_id: UUID) -> bool:
    """The channel takes its turns again; False if it wasn't paused."""
    cursor = await conn.execute("delete from channel_pauses where channel_id = %s", (channel_id,))
    return cursor.rowcount == 1
