"""Verbs of the operator over all generation: stop it, let it go on with what waited, open YouTube's reserve."""

from __future__ import annotations

from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.ledger import BudgetState, Standing
from ytempire.orchestration import store
from ytempire.orchestration.platform import Platform


async def stop_generation(platform: Platform, conn: Connection, operator: UUID, why: str) -> Standing:
    """No paid call of anybody begins once this has committed; what is under way ends. Videos wait where they are."""
    return await platform.tools.ledger.stop(conn, operator, why)


async def resume_generation(
    platform: Platform, conn: Connection, operator: UUID, why: str, *, raise_by: int = 0
) -> tuple[Standing, int]:
    """End a stop, raise today's cap by so many micro-dollars, and make due at once what waits; and how many that were.

    What is put off just while this commits is brought on by the next reconciler.
    """
    standing = await platform.tools.ledger.resume(conn, operator, why, raise_by=raise_by)
    return standing, await store.bring_on(conn)


async def open_quota_reserve(
    platform: Platform, conn: Connection, operator: UUID, why: str, *, units: int
) -> tuple[BudgetState, int]:
    """Open so much of YouTube's reserve for the rest of its day, and make due at once what waits; how many."""
    state = await platform.tools.ledger.open_reserve(conn, operator, why, units=units)
    return state, await store.bring_on(conn)
