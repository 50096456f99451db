"""Results that depend on nothing but their key are kept and used again: a spoken sentence, a rendered scene, a mix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ytempire.production.artifacts import store
from ytempire.production.step import Work


async def find_artifact(work: Work, kind: str, key: str) -> dict[str, Any] | None:
    """What was kept under the key for this user, or None."""
    tools = work.tools
    async with tools.database.transaction(work.video.user_id) as conn:
        return await store.find_artifact(conn, kind, key, tools.clock.now())


async def keep_artifact(work: Work, kind: str, key: str, value: dict[str, Any]) -> None:
    """Keep a JSON-able value under the key."""
    tools = work.tools
    async with tools.database.transaction(work.video.user_id) as conn:
        await store.keep_artifact(conn, work.video.user_id, kind, key, value, tools.clock.now())


async def keep_artifacts(work: Work, kind: str, values: Mapping[str, dict[str, Any]]) -> None:
    """Keep several values by key, all or none: what one paid call gave must not be found in part."""
    tools = work.tools
    async with tools.database.transaction(work.video.user_id) as conn:
        for key, value in values.items():
            await store.keep_artifact(conn, work.video.user_id, kind, key, value, tools.clock.now())
