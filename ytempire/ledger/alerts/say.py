"""Verb: say once that a budget came near its cap, refused, was used up or was passed."""

from __future__ import annotations

import structlog

from ytempire.kit.database import Connection
from ytempire.ledger.alerts import store
from ytempire.ledger.books import Books
from ytempire.ledger.model import Alert

log = structlog.get_logger("ytempire.ledger")


async def say_once(books: Books, conn: Connection, alert: Alert) -> bool:
    """Write the alert down, log and announce it; False, and nothing is done, if it was said under this cap before."""
    if not await store.add_alert(conn, alert):
        return False
    log.warning(
        "budget alert",
        budget=alert.budget,
        budget_id=alert.budget_id,
        kind=alert.kind,
        words=alert.words,
        user=str(alert.user_id) if alert.user_id else None,
    )
    await books.announce(conn, alert)
    return True
