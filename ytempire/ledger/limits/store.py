"""SQL of budgets' caps and of the limits that the owner sets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg.errors import CheckViolation

from ytempire.kit.database import Connection, Sql
from ytempire.ledger.model import BudgetNeed


async def limits(conn: Connection) -> dict[str, int]:
    """The highest cap that the database permits for each kind of budget."""
    cursor = await conn.execute("select kind, most from budget_limits")
    return {str(row[0]): int(str(row[1])) for row in await cursor.fetchall()}


async def set_limits(conn: Connection, most: Mapping[str, int]) -> None:
    """Permit these caps; only the owner of the schema can."""
    await conn.execute(
        "insert into budget_limits (kind, most) select * from unnest(%s::text[], %s::bigint[]) as wanted (kind, most)"
        " order by kind on conflict (kind) do update set most = excluded.most"
        " where budget_limits.most <> excluded.most",
        (list(most), list(most.values())),
    )


UPSERT_BUDGETS: Sql = """
    insert into budgets (id, parent_id, user_id, name, resource, cap, margin)
    select * from unnest(%s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
        as need (id, parent_id, user_id, name, resource, cap, margin)
    order by need.id collate "C"
    on conflict (id) do update set cap = excluded.cap, margin = excluded.margin"""


class CapNotPermitted(Exception):  # noqa: N818
    """A cap is above what the owner permits for budgets of this kind; the transaction is over."""


async def upsert_budgets(conn: Connection, needs: Sequence[BudgetNeed]) -> None:
    """Make missing budgets and bring caps up to date. Rows are written in id order: parents before their lines.

    Raises CapNotPermitted with the kind of budget.
    """
    columns = (
        [need.id for need in needs],
        [need.parent_id for need in needs],
        [need.user_id for need in needs],
        [str(need.name) for need in needs],
        [need.resource for need in needs],
        [need.cap for need in needs],
        [need.margin for need in needs],
    )
    try:
        await conn.execute(UPSERT_BUDGETS, columns)
    except CheckViolation as error:
        if error.diag.constraint_name != "budgets_within_limit":
            raise
        raise CapNotPermitted(error.diag.message_detail) from error
