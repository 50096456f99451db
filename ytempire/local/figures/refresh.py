"""Verb: bring the platform's gauges up to date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import Gauge

from ytempire.kit import metrics
from ytempire.kit.database import read_only
from ytempire.kit.media_store import LocalMediaStore
from ytempire.ledger import Policy, platform_budgets
from ytempire.local.backup import newest_backup
from ytempire.local.figures import store

_SEEN_WITHIN = timedelta(seconds=60)


async def refresh(
    dump_url: str, policy: Policy, media: LocalMediaStore, backups: Path, now: datetime, *, rehearsal: bool
) -> None:
    """Ask the database, the disk and the place of backups once."""
    money, buckets = platform_budgets(policy, now)
    async with read_only(dump_url, field="DATABASE_DUMP_URL") as conn:
        videos = await store.rows(conn, store.VIDEOS)
        held = await store.rows(conn, store.HELD)
        budgets = {str(row[0]): row[1:] for row in await store.rows(conn, store.BUDGETS, {"ids": [money, *buckets]})}
        waiting = await store.rows(conn, store.SLOTS_WAITING, {"now": now, "rehearsal": rehearsal})
        jobs = await store.jobs(conn, now)
        workers = await store.rows(conn, store.WORKERS, {"since": now - _SEEN_WITHIN})
    _set(metrics.VIDEOS, {(state,): count for state, count in videos})
    _set(metrics.HELD, {(category,): int(amount) / 1_000_000 for category, amount in held})
    day = budgets.get(money, (0, 0, policy.platform_day_cap))
    _set(metrics.MONEY_DAY, {(kind,): amount / 1_000_000 for kind, amount in zip(_MONEY, day, strict=True)})
    quota: dict[tuple[str, ...], float] = {
        (bucket, kind): amount
        for budget, bucket in buckets.items()
        if budget in budgets
        for kind, amount in zip(_QUOTA, budgets[budget], strict=True)
    }
    _set(metrics.QUOTA, quota)
    _set(metrics.SLOTS_WAITING, {(why,): slots for why, slots in waiting})
    by_state: dict[tuple[str, ...], float] = {
        (job[0], state): job[at] for job in jobs for at, state in enumerate(("due", "later", "running"), 1)
    }
    _set(metrics.QUEUE_JOBS, by_state)
    _set(metrics.QUEUE_AGE_S, {(job[0],): job[4] for job in jobs})
    _set(metrics.WORKERS, {(queue,): count for queue, count in workers})
    metrics.DISK_FREE.set(media.free_bytes())
    metrics.DISK_FLOOR.set(media.floor_bytes)
    newest = newest_backup(backups)
    metrics.BACKUP_AT.set(newest.timestamp() if newest else 0)
    metrics.REFRESHED_AT.set(now.timestamp())


_MONEY = ("held", "spent", "cap")
_QUOTA = ("held", "used", "cap")


def _set(gauge: Gauge, values: Mapping[tuple[str, ...], float]) -> None:
    """These values and no others: a queue or state that has gone is not told of any more."""
    gauge.clear()
    for labels, value in values.items():
        gauge.labels(*labels).set(value)
