"""All SQL of orchestration (the queue's own is procrastinate's)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection

VIDEOS_WITHOUT_JOB = "select video_id, user_id from videos_without_job(%(at_latest)s)"

LIVE_WORKERS = "select count(*) from procrastinate_workers where last_heartbeat >= %(since)s"


async def videos_without_job(conn: Connection, at_latest: datetime) -> list[tuple[UUID, UUID]]:
    """(video, user) of videos at work, unchanged since `at_latest`, that no job drives; at most 100."""
    cursor = await conn.execute(VIDEOS_WITHOUT_JOB, {"at_latest": at_latest})
    return [(row[0], row[1]) for row in await cursor.fetchall()]  # type: ignore[misc]


async def live_workers(conn: Connection, since: datetime) -> int:
    """How many worker processes gave a sign of life since then."""
    cursor = await conn.execute(LIVE_WORKERS, {"since": since})
    row = await cursor.fetchone()
    return int(str(row[0])) if row else 0
