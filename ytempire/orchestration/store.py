"""All SQL of orchestration (the queue's own is procrastinate's)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from ytempire.kit.database import Connection, Sql
from ytempire.orchestration.model import ListedVideo, Release, Wanted
from ytempire.production.model import VideoState

VIDEOS_WITHOUT_JOB = "select video_id, user_id, rehearsal from videos_without_job(%(at_latest)s)"

_COLUMNS: Sql = """v.id, v.channel_id, c.handle as channel_handle, c.name as channel_name, v.state, v.reason,
        coalesce(nullif(v.title, ''), v.topic) as title, v.topic, v.rehearsal, v.created_at, v.updated_at,
        coalesce(b.held, 0) as held_microusd, coalesce(b.spent + b.overrun, 0) as spent_microusd,
        p.platform, p.url, p.visibility, p.published_at"""

# The videos first, then what stands around them. The budget's key is put together in there: `||` is not leakproof, so
# beside a policy it would keep the budgets' index from being used.
_OF_USER: Sql = """
    with page as materialized (
        select v.id, v.channel_id, v.state, v.reason, v.title, v.topic, v.rehearsal, v.created_at, v.updated_at,
            ('video:' || v.id) collate "C" as budget_id from videos v
        where v.user_id = %(user_id)s"""
_AROUND: Sql = """
    from page v
    join channels c on c.id = v.channel_id
    left join budgets b on b.id = v.budget_id
    left join publications p on p.video_id = v.id"""

_ZONE: Sql = "(select time_zone from users where id = %(user_id)s)"
BRING_ON: Sql = """
    update procrastinate_jobs set scheduled_at = null
    where status = 'todo' and scheduled_at is not null
        and (args ->> 'after_order')::bigint < (select max(number) from spending_orders)"""

WORKER_SEEN: Sql = """
    with gone as (delete from queue_workers where seen_at < %(gone)s)
    insert into queue_workers (queue, worker, seen_at) select unnest(%(queues)s::text[]), %(worker)s, %(now)s
    on conflict (queue, worker) do update set seen_at = excluded.seen_at"""


async def drop_jobs(conn: Connection, user_id: UUID) -> int:
    """Take the user's waiting jobs out of the queue; how many."""
    cursor = await conn.execute(
        "delete from procrastinate_jobs where status = 'todo' and args ->> 'user_id' = %s", (str(user_id),)
    )
    return cursor.rowcount


async def videos_without_job(conn: Connection, at_latest: datetime) -> list[tuple[UUID, UUID, bool]]:
    """(video, user, rehearsal) of videos at work, unchanged since `at_latest`, that no job drives; at most 100."""
    cursor = await conn.execute(VIDEOS_WITHOUT_JOB, {"at_latest": at_latest})
    return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]  # type: ignore[misc]


async def listed_videos(
    conn: Connection, user_id: UUID, wanted: Wanted, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[ListedVideo]:
    """Videos newest first, those after a place in the list; in one round trip that reads no texts.

    Only the conditions that count are in the statement: each kind of list finds its index.
    """
    where: list[Sql] = [_OF_USER]
    if wanted.states:
        where.append("v.state = any(%(states)s)" if len(wanted.states) > 1 else "v.state = %(state)s")
    if wanted.channel_id:
        where.append("v.channel_id = %(channel_id)s")
    if wanted.first:
        where.append("v.created_at >= %(first)s::date::timestamp at time zone " + _ZONE)
    if wanted.last:
        where.append("v.created_at < (%(last)s::date + 1)::timestamp at time zone " + _ZONE)
    if wanted.rehearsal is not None:
        where.append("v.rehearsal = %(rehearsal)s")
    if after:
        where.append("(v.created_at, v.id) < (%(at)s, %(after)s)")
    order: Sql = " order by v.created_at desc, v.id desc"
    statement: Sql = " and ".join(where) + order + " limit %(limit)s) select " + _COLUMNS + _AROUND + order
    at, after_id = after or (None, None)
    values = vars(wanted) | {"user_id": user_id, "at": at, "after": after_id, "limit": limit}
    values |= {"states": list(wanted.states), "state": wanted.states[0] if wanted.states else None}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, values)
        return [_listed(row) for row in await cursor.fetchall()]


async def viewed_video(conn: Connection, user_id: UUID, video_id: UUID) -> tuple[ListedVideo, Any] | None:
    """One video as lists show it, and its order as it is recorded; None if there is none of that id."""
    orders: Sql = "(select orders from videos where id = %(id)s) as orders, "
    statement: Sql = _OF_USER + " and v.id = %(id)s) select " + orders + _COLUMNS + _AROUND
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"user_id": user_id, "id": video_id})
        row = await cursor.fetchone()
    return (_listed(row), row["orders"]) if row else None


def _listed(row: dict[str, Any]) -> ListedVideo:
    values = {name: row[name] for name in ListedVideo.__dataclass_fields__ if name in row}
    url = row["url"]
    out = None if url is None else Release(row["platform"], url, row["visibility"], row["published_at"])
    return ListedVideo(**values | {"state": VideoState(row["state"]), "release": out})


async def bring_on(conn: Connection) -> int:
    """Make jobs due that wait for money or quota and don't know the newest order of an operator; how many."""
    return (await conn.execute(BRING_ON)).rowcount


async def worker_seen(conn: Connection, worker: str, queues: Sequence[str], now: datetime) -> None:
    """This process works on these queues now; those that have been silent for a day are forgotten."""
    values = {"worker": worker, "queues": list(queues), "now": now, "gone": now - timedelta(days=1)}
    await conn.execute(WORKER_SEEN, values)


async def worker_left(conn: Connection, worker: str) -> None:
    """This process works no more."""
    await conn.execute("delete from queue_workers where worker = %s", (worker,))


async def worked_queues(conn: Connection, since: datetime) -> set[str]:
    """Queues on which somebody has worked since then."""
    cursor = await conn.execute("select distinct queue from queue_workers where seen_at >= %s", (since,))
    return {str(row[0]) for row in await cursor.fetchall()}
