"""The SQL of the costs pages. Each reads balances or sums of days by an index: none grows with the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from ytempire.kit.database import Connection, Sql
from ytempire.ledger.pages.model import CategoryDay, VideoMoney

USER_DAYS: Sql = """
    select day, category, bills, spent + overrun as spent_microusd, overrun as overrun_microusd,
        saved as saved_microusd, cached, model_calls, cheap_calls
    from cost_days where user_id = %(user_id)s and day between %(first)s and %(last)s
    order by day desc, category"""

PLATFORM_DAYS: Sql = """
    select day, category, bills, spent + overrun as spent_microusd, overrun as overrun_microusd,
        saved as saved_microusd, cached, model_calls, cheap_calls
    from cost_days_for_operator(%(first)s, %(last)s)
    order by day desc, category"""

# The page's videos first, by their own index; what each cost is then looked up by key. From the budgets, whose policy
# has an `or`, the database would read all videos of the user. The key is put together in there: `||` is not leakproof,
# so beside a policy it would keep the index from being used.
VIDEOS: Sql = """
    select v.id as video_id, v.channel_id, coalesce(nullif(v.title, ''), v.topic, '') as title, v.state, v.reason,
        v.created_at, coalesce(b.cap, %(cap)s) as cap_microusd, coalesce(b.held, 0) as held_microusd,
        coalesce(b.spent + b.overrun, 0) as spent_microusd, coalesce(b.saved, 0) as saved_microusd,
        coalesce(lines.by_category, '{}') as by_category
    from (
        select id, channel_id, title, topic, state, reason, created_at, ('video:' || id) collate "C" as budget_id
        from videos
        where user_id = %(user_id)s and id < %(before)s
        order by id desc limit %(limit)s
    ) v
    left join budgets b on b.id = v.budget_id
    left join lateral (
        select jsonb_object_agg(l.name, l.held + l.spent + l.overrun)
            filter (where l.held + l.spent + l.overrun > 0) as by_category
        from budgets l where l.parent_id = v.budget_id
    ) lines on true
    order by v.id desc"""
VERSION: Sql = """
    select concat_ws('|', %(day)s::date,
        (select string_agg(concat_ws(',', id, cap, opened, held, spent, overrun), ';' order by id) from budgets
            where id = any(%(ids)s)),
        (select concat_ws(',', sum(saved), sum(cached)) from cost_days
            where user_id = %(user_id)s and day = %(day)s),
        (select max(number) from spending_orders),
        (select max(at) from budget_alerts where user_id = %(user_id)s),
        (select max(at) from budget_alerts where user_id is null))"""
_LAST = UUID(int=2**128 - 1)


async def version(conn: Connection, user_id: UUID, day: date, ids: Sequence[str]) -> str:
    """What changes whenever the user's money of that day does; `ids` are the days' budgets."""
    values = {"user_id": user_id, "day": day, "ids": list(ids)}
    row = await (await conn.execute(VERSION, values)).fetchone()
    return str(row[0]) if row else ""


async def user_days(conn: Connection, user_id: UUID, first: date, last: date) -> list[CategoryDay]:
    """The user's days by category, newest first; a day without cost has no row."""
    async with conn.cursor(row_factory=class_row(CategoryDay)) as cursor:
        await cursor.execute(USER_DAYS, {"user_id": user_id, "first": first, "last": last})
        return await cursor.fetchall()


async def platform_days(conn: Connection, first: date, last: date) -> list[CategoryDay]:
    """The same over all users; nothing unless the transaction is an operator's."""
    async with conn.cursor(row_factory=class_row(CategoryDay)) as cursor:
        await cursor.execute(PLATFORM_DAYS, {"first": first, "last": last})
        return await cursor.fetchall()


async def videos(conn: Connection, user_id: UUID, before: UUID | None, limit: int, *, cap: int) -> list[VideoMoney]:
    """The user's videos, newest first, from before one of them; `cap` is that of a video which cost nothing yet."""
    values = {"user_id": user_id, "before": before or _LAST, "limit": limit, "cap": cap}
    async with conn.cursor(row_factory=class_row(VideoMoney)) as cursor:
        await cursor.execute(VIDEOS, values)
        return await cursor.fetchall()
