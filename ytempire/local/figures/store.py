"""All SQL of the platform's figures, as the dump role. Each reads an index or a small table, never the whole ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ytempire.kit.database import Connection, Sql

VIDEOS: Sql = "select state, count(*) from videos group by state"

HELD: Sql = """
    select category, sum(hold_amount) from paid_calls where hold_state = 'held' and resource = 'microusd'
    group by category"""

BUDGETS: Sql = "select id, held, spent + overrun, cap + opened from budgets where id = any(%(ids)s)"

SLOTS_WAITING: Sql = """
    select case when why = '' then 'driver' else why end, slots from slots_waiting(%(now)s, %(rehearsal)s)"""

JOBS: Sql = """
    select queue_name,
        count(*) filter (where status = 'todo' and coalesce(scheduled_at, %(now)s) <= %(now)s),
        count(*) filter (where status = 'todo' and scheduled_at > %(now)s),
        count(*) filter (where status = 'doing'),
        coalesce(extract(epoch from %(now)s - min(coalesce(j.scheduled_at, e.at)) filter (
            where status = 'todo' and coalesce(j.scheduled_at, %(now)s) <= %(now)s)), 0)::double precision
    from procrastinate_jobs j
        left join lateral (
            select max(at) as at from procrastinate_events where job_id = j.id and type = 'deferred') e on true
    where status in ('todo', 'doing')
    group by queue_name"""

WORKERS: Sql = "select queue, count(*) from queue_workers where seen_at >= %(since)s group by queue"


async def rows(conn: Connection, query: Sql, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
    """The rows of one of the queries above."""
    return list(await (await conn.execute(query, values)).fetchall())


async def jobs(conn: Connection, now: datetime) -> list[tuple[Any, ...]]:
    """(queue, due, later, running, seconds that the oldest due job has waited)."""
    return await rows(conn, JOBS, {"now": now})
