"""SQL of a simulation: what its owners look at, and the books as the dump role reads them, over all tenants."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from ytempire.kit.database import Connection, Sql


async def waiting_for_owner(conn: Connection) -> list[tuple[UUID, str]]:
    """(video, state) of what waits for its owner."""
    cursor = await conn.execute("select id, state from videos where state in ('in_review', 'failed') order by id")
    return [(row[0], str(row[1])) for row in await cursor.fetchall()]  # type: ignore[misc]


VIDEOS: Sql = "select state, count(*) as videos from videos group by 1"

REASONS: Sql = """
    select state, regexp_replace(reason, '[0-9][0-9.,]*', '…', 'g') as reason, count(*) as videos
    from videos where state in ('failed', 'cancelled') group by 1, 2 order by 3 desc limit 20"""

BY_USER: Sql = """
    select u.name, u.time_zone, count(v.id) filter (where v.state = 'published') as published, count(v.id) as ordered
    from plans p join users u on u.id = p.user_id left join videos v on v.user_id = p.user_id
    group by u.id, u.name, u.time_zone order by u.created_at, u.id"""

ROTATION: Sql = """
    select max(most - least) as difference from (
        select user_id, max(served) as most, min(served) as least from (
            select c.user_id, c.id, count(s.channel_id) as served
            from channels c left join slots s on s.channel_id = c.id and s.state = 'claimed'
            group by 1, 2) as of_channel
        group by 1) as of_user"""

SLOTS: Sql = """
    select count(*) filter (where state = 'claimed') as claimed,
        count(*) filter (where state = 'claimed' and claimed_at > planned_at) as came_late,
        max(claimed_at - planned_at) filter (where state = 'claimed') as longest_wait
    from slots"""

NOT_SERVED: Sql = """
    select why, count(*) as slots from (
        select s.*, row_number() over (partition by user_id order by local_day) as nth from slots s) as day
    where state <> 'claimed' and nth <= %(days)s group by 1"""

PLAN: Sql = """
    select u.email, s.local_day::text as local_day, c.handle from slots s join users u on u.id = s.user_id
    join channels c on c.id = s.channel_id where s.state = 'claimed' order by 1, 2"""

LONGEST: Sql = """
    select max(p.published_at - v.created_at) as any_video,
        max(p.published_at - v.created_at) filter (where not exists (
            select from steps s where s.video_id = v.id and s.step = 'review' and s.tries > 1)) as without_review
    from publications p join videos v on v.id = p.video_id"""

STEPS: Sql = """
    select coalesce(sum(tries - 1), 0)::bigint as again,
        count(*) filter (where step = 'review' and result ->> 'passed_by' = 'creator') as by_creator
    from steps where step <> 'review' or state = 'done'"""

MONEY_DAYS: Sql = """
    select substr(id, 14) as day, spent + overrun as microusd, overrun, held from budgets
    where name = 'platform-day' order by id"""

MONEY_VIDEOS: Sql = """
    select coalesce(max(spent + overrun), 0) as most, coalesce(sum(overrun), 0) as overrun,
        coalesce(sum(held), 0) as held from budgets where name = 'video'"""

BY_CATEGORY: Sql = """
    select name as category, sum(spent + overrun)::bigint as microusd, sum(held)::bigint as held from budgets
    where parent_id like 'video:%%' and resource = 'microusd' group by 1 order by 1"""

QUOTA_DAYS: Sql = """
    select name, substr(id, length(name) + 10) as day, spent + overrun as used, held from budgets
    where parent_id is null and id like 'youtube-%%' order by id"""

PEAKS: Sql = """
    select b.name, max(level.used) as most from (
        select e.budget, sum(t.held + t.spent + t.overrun) over (
            partition by e.budget order by t.number rows unbounded preceding) as used
        from transfers t cross join lateral unnest(t.budgets) as e (budget) where e.budget not like '%%/%%'
    ) as level join budgets b on b.id = level.budget group by 1"""

DAYS: Sql = """
    select (p.published_at at time zone 'UTC')::date as day, count(*) as published from publications p group by 1"""

CALLS: Sql = """
    select category, resource, coalesce(coalesce(meters, estimated_meters) ->> 'model', '') as model,
        count(*) filter (where state <> 'cached') as calls,
        coalesce(sum(performed) filter (where state <> 'cached'), 0)::bigint as performed,
        count(*) filter (where state = 'cached') as cached,
        count(*) filter (where hold_state = 'unknown') as unknown,
        coalesce(sum(saved), 0)::bigint as saved_microusd,
        count(*) filter (where looked_up) as looked_up
    from paid_calls group by 1, 2, 3 order by 1, 2, 3"""

CACHES: Sql = """
    select namespace, sum(hits)::bigint as hits, sum(misses)::bigint as misses
    from cache_counts group by 1 order by 1"""

ALERTS: Sql = "select kind, budget, count(*) as alerts from budget_alerts group by 1, 2 order by 1, 2"


async def rows(conn: Connection, query: Sql, *, days: int) -> list[dict[str, Any]]:
    """All rows of one of the queries above, by column; days after a user's last one don't count."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, {"days": days})
        return await cursor.fetchall()


def seconds_of(span: object) -> float:
    """An interval in seconds; none is 0."""
    return span.total_seconds() if isinstance(span, timedelta) else 0.0
