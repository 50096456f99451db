"""Verb: announce a budget's alert; what the ledger is handed as its port."""

from __future__ import annotations

from ytempire.events import announce
from ytempire.events.model import BudgetNews, kinds
from ytempire.kit.database import Connection
from ytempire.ledger.model import Alert


async def tell_alert(conn: Connection, alert: Alert, /) -> None:
    """Within the transaction that writes the alert, to the tenant whose call it was.

    What all users together spent is for operators: of a budget that all share the figures are left out.
    """
    kind = next(kind for kind in kinds(BudgetNews) if kind.type == f"budget.{alert.kind}")
    words = alert.words
    if alert.kind == "near" and alert.user_id is None:
        words = f"{alert.budget}, which all users share, has come near its cap"
    await announce(conn, alert.budget_id, kind(budget=alert.budget, words=words), alert.at)
