"""Results that depend on nothing but their key are kept and used again: spoken sentences, rendered files, answers.

Each look-up is counted once, by tenant, namespace and day: a hit where a result of another run is found, a miss where
what was missing has been made and kept. A run is a step of a video with its inputs: repeated, it counts nothing again,
neither what it made itself nor what it found before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ytempire.kit.metrics import CACHE_LOOKUPS
from ytempire.production.artifacts import store
from ytempire.production.artifacts.store import CacheRate, platform_rates, user_rates
from ytempire.production.step import Work

__all__ = [
    "CacheRate",
    "Found",
    "find_artifact",
    "find_artifacts",
    "keep_artifact",
    "keep_artifacts",
    "platform_rates",
    "user_rates",
]


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
    return (await find_artifacts(work, kind, (key,), run=run, there=there)).get(key)


async def find_artifacts(
    work: Work, kind: str, keys: Collection[str], *, run: str, there: Callable[[dict[str, Any]], bool] = _there
) -> dict[str, Found]:
    """The same for many keys in one transaction: by key, those that were found."""
    tools, now = work.tools, work.tools.clock.now()
    async with tools.database.transaction(work.video.user_id) as conn:
        rows = [row for row in await store.find_artifacts(conn, kind, keys, now) if there(row.value)]
        new = [row.key for row in rows if run not in {row.made_by, row.found_by}]
        if new:
            await store.note_hits(conn, work.video.user_id, kind, new, run, now)
    if new:
        CACHE_LOOKUPS.labels(kind, "hit").inc(len(new))
    return {row.key: Found(row.value, hit=row.made_by != run) for row in rows}


async def keep_artifact(work: Work, kind: str, key: str, value: dict[str, Any], *, run: str) -> None:
    """Keep a JSON-able value under the key."""
    await keep_artifacts(work, kind, {key: value}, run=run)


async def keep_artifacts(work: Work, kind: str, values: Mapping[str, dict[str, Any]], *, run: str) -> None:
    """Keep several values by key, all or none: what one paid call gave must not be found in part."""
    tools, now = work.tools, work.tools.clock.now()
    async with tools.database.transaction(work.video.user_id) as conn:
        await store.keep_artifacts(conn, work.video.user_id, kind, values, run, now)
        await store.note_misses(conn, work.video.user_id, kind, len(values), now)
    CACHE_LOOKUPS.labels(kind, "miss").inc(len(values))
