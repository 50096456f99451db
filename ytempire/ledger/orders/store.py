"""The SQL of operators' orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.errors import CheckViolation, InsufficientPrivilege
from psycopg.rows import class_row

from ytempire.kit.database import Connection, Sql
from ytempire.ledger.orders.model import OrderKind, SpendingOrder


class NotAnOperator(Exception):  # noqa: N818
    """The database takes orders from operators only; the transaction is over."""


class TooMuch(Exception):  # noqa: N818
    """The owner permits no such sum for one day; the transaction is over."""


@dataclass(frozen=True)
class Seen:
    """What the standing is told from."""

    last_order: int
    stopped_at: datetime | None
    stopped_why: str | None
    used_up_at: datetime | None


SEEN: Sql = """
    select coalesce((select max(number) from spending_orders), 0) as last_order, stop.at as stopped_at,
        stop.why as stopped_why,
        (select a.at from budgets b join budget_alerts a on a.budget_id = b.id and a.kind = 'used_up'
            and a.cap = b.cap + b.opened where b.id = %(day)s) as used_up_at
    from (values (1)) as one left join lateral (
        select kind, at, why from spending_orders where kind in ('stop', 'resume') order by number desc limit 1
    ) as stop on stop.kind = 'stop'"""


async def seen(conn: Connection, platform_day: str) -> Seen:
    """The newest order, the stop that holds, and whether the day with its present cap is used up."""
    async with conn.cursor(row_factory=class_row(Seen)) as cursor:
        await cursor.execute(SEEN, {"day": platform_day})
        return await cursor.fetchone() or Seen(0, None, None, None)


async def add_order(
    conn: Connection,
    kind: OrderKind,
    by_user: UUID,
    now: datetime,
    why: str,
    *,
    budget_id: str | None = None,
    amount: int | None = None,
) -> None:
    """Write an order down. Raises NotAnOperator."""
    try:
        await conn.execute(
            "insert into spending_orders (kind, by_user, at, why, budget_id, amount) values (%s, %s, %s, %s, %s, %s)",
            (kind, by_user, now, why, budget_id, amount),
        )
    except InsufficientPrivilege as error:
        raise NotAnOperator from error


async def orders_before(conn: Connection, before: int | None, limit: int) -> list[SpendingOrder]:
    """The newest orders, those from before a number."""
    async with conn.cursor(row_factory=class_row(SpendingOrder)) as cursor:
        await cursor.execute(
            "select number, kind, by_user, at, why, budget_id, amount from spending_orders"
            " where %(before)s::bigint is null or number < %(before)s order by number desc limit %(limit)s",
            {"before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def take_turn(conn: Connection) -> None:
    """One order after the other: each sees what the last one changed."""
    await conn.execute("select pg_advisory_xact_lock(%s)", (7_226_019,))


async def open_more(conn: Connection, budget_id: str, amount: int) -> None:
    """Add to what is opened of the budget; the database compares it with the orders and the owner's limit.

    Raises TooMuch.
    """
    try:
        await conn.execute("update budgets set opened = opened + %s where id = %s", (amount, budget_id))
    except CheckViolation as error:
        raise TooMuch from error
