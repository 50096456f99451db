"""The SQL of the costs pages. Each reads balances or sums of days by an index: none grows with the ledger."""

from __future__ import annotations

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

# The page's videos first; each one's lines and row are then looked up by key.
VIDEOS: Sql = """
    select page.video_id, v.channel_id, coalesce(nullif(v.title, ''), v.topic, '') as title,
        coalesce(v.state, '') as state, coalesce(v.reason, '') as reason, v.created_at, page.cap as cap_microusd,
        page.held as held_microusd, page.spent as spent_microusd, page.saved as saved_microusd,
        coalesce(lines.by_category, '{}') as by_category
    from (
        select id, substring(id from 7)::uuid as video_id, cap, held, spent + overrun as spent, saved
        from budgets
        where user_id = %(user_id)s and name = 'video' and parent_id is null and id < %(before)s
        order by id desc limit %(limit)s
    ) page
    left join videos v on v.user_id = %(user_id)s and v.id = page.video_id
    left join lateral (
        select jsonb_object_agg(l.name, l.held + l.spent + l.overrun)
            filter (where l.held + l.spent + l.overrun > 0) as by_category
        from budgets l where l.parent_id = page.id
    ) lines on true
    order by page.id desc"""


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


async def videos(conn: Connection, user_id: UUID, before: UUID | None, limit: int) -> list[VideoMoney]:
    """The user's videos that cost or may cost something, newest first, from before one of them."""
    last = f"video:{before}" if before else "video;"
    async with conn.cursor(row_factory=class_row(VideoMoney)) as cursor:
        await cursor.execute(VIDEOS, {"user_id": user_id, "before": last, "limit": limit})
        return await cursor.fetchall()
