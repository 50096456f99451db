"""Results that depend on nothing but their key are kept and used again: spoken sentences, rendered files, answers.

Each look-up is counted once, by tenant, namespace and day: a hit where a result of another run is found, a miss where
what was missing has been made and kept. A run is a step of a video with its inputs: repeated, it counts nothing again,
neither what it made itself nor what it found before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ytempire.kit.metrics import CACHE_LOOKUPS
from ytempire.production.artifacts import store
from ytempire.production.artifacts.store import CacheRate, platform_rates, user_rates
from ytempire.production.step import Work

__all__ = ["CacheRate", "Found", "find_artifact", "keep_artifact", "keep_artifacts", "platform_rates", "user_rates"]


@dataclass(frozen=True)
class Found:
    """A kept result; `hit`: another run made it, so this one is spared the work."""

    value: dict[str, Any]
    hit: bool


def _there(_: dict[str, Any]) -> bool:
    return True


async def find_artifact(
    work: Work, kind: str, key: str, *, run: str, there: Callable[[dict[str, Any]], bool] = _there
) -> Found | None:
    """What was kept under the key for this user and is still `there` (its files), or None."""
    tools, now = work.tools, work.tools.clock.now()
    async with tools.database.transaction(work.video.user_id) as conn:
        row = await store.find_artifact(conn, kind, key, now)
        if row is None or not there(row.value):
            return None
        hit = row.made_by != run
        new = hit and row.found_by != run
        if new:
            await store.note_hit(conn, work.video.user_id, kind, key, run, now)
    if new:
        CACHE_LOOKUPS.labels(kind, "hit").inc()
    return Found(row.value, hit)


async def keep_artifact(work: Work, kind: str, key: str, value: dict[str, Any], *, run: str) -> None:
    """Keep a JSON-able value under the key."""
    await keep_artifacts(work, kind, {key: value}, run=run)


async def keep_artifacts(work: Work, kind: str, values: Mapping[str, dict[str, Any]], *, run: str) -> None:
    """Keep several values by key, all or none: what one paid call gave must not be found in part."""
    tools, now = work.tools, work.tools.clock.now()
    async with tools.database.transaction(work.video.user_id) as conn:
        for key in sorted(values):
            await store.keep_artifact(conn, work.video.user_id, kind, key, values[key], run, now)
        await store.note_misses(conn, work.video.user_id, kind, len(values), now)
    CACHE_LOOKUPS.labels(kind, "miss").inc(len(values))
