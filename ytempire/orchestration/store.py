"""All SQL of orchestration (the queue's own is procrastinate's)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from ytempire.kit.database import Connection, Sql

VIDEOS_WITHOUT_JOB = "select video_id, user_id, rehearsal from videos_without_job(%(at_latest)s)"

WORKER_SEEN: Sql = """
    with gone as (delete from queue_workers where seen_at < %(gone)s)
    insert into queue_workers (queue, worker, seen_at) select unnest(%(queues)s::text[]), %(worker)s, %(now)s
    on conflict (queue, worker) do update set seen_at = excluded.seen_at"""


async def videos_without_job(conn: Connection, at_latest: datetime) -> list[tuple[UUID, UUID, bool]]:
    """(video, user, rehearsal) of videos at work, unchanged since `at_latest`, that no job drives; at most 100."""
    cursor = await conn.execute(VIDEOS_WITHOUT_JOB, {"at_latest": at_latest})
    return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]  # type: ignore[misc]


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
