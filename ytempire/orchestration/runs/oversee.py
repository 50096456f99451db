"""Verbs of the operator: runs of all users, and how many succeeded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.model import ListedRun, RunRate


async def page_of_runs(conn: Connection, *, after: tuple[datetime, UUID] | None, limit: int) -> list[ListedRun]:
    """Newest first, from after a place in the list."""
    return await store.page_of_runs(conn, after, limit)


async def rates_of_runs(conn: Connection, since: datetime) -> list[RunRate]:
    """Of runs claimed since then that have ended."""
    return await store.run_rates(conn, since)
