"""The SQL of alerts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ytempire.kit.database import Connection, Sql
from ytempire.ledger.model import Alert

ADD_ALERT: Sql = """
    insert into budget_alerts (budget_id, kind, cap, user_id, budget, words, at)
    values (%(budget_id)s, %(kind)s, coalesce((select cap + opened from budgets where id = %(budget_id)s), 0),
        %(user_id)s, %(budget)s, %(words)s, %(at)s)
    on conflict do nothing"""


async def add_alert(conn: Connection, alert: Alert) -> bool:
    """Note it the first time; False: under this cap it was said before."""
    return (await conn.execute(ADD_ALERT, vars(alert))).rowcount == 1


ALERTS_SINCE: Sql = """
    (select budget_id, budget, kind, words, at, user_id from budget_alerts
        where user_id = %(user_id)s and at >= %(since)s order by at desc limit 100)
    union all
    (select budget_id, budget, kind, words, at, user_id from budget_alerts
        where user_id is null and at >= %(since)s order by at desc limit 100)
    order by at desc, budget_id"""


async def alerts_since(conn: Connection, user_id: UUID, since: datetime) -> list[Alert]:
    """The user's own alerts and the platform's, newest first."""
    async with conn.cursor(row_factory=class_row(Alert)) as cursor:
        await cursor.execute(ALERTS_SINCE, {"user_id": user_id, "since": since})
        return await cursor.fetchall()
