"""Verb: announce a budget's alert; what the ledger is handed as its port."""

from __future__ import annotations

from ytempire.events import announce
from ytempire.events.model import BudgetNews, kinds
from ytempire.kit.database import Connection
from ytempire.ledger.model import Alert


async def tell_alert(conn: Connection, alert: Alert, /) -> None:
    """Within the transaction that writes the alert, to the tenant whose call it was."""
    kind = next(kind for kind in kinds(BudgetNews) if kind.type == f"budget.{alert.kind}")
    await announce(conn, alert.budget_id, kind(budget=alert.budget, words=alert.words), alert.at)
