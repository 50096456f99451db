"""What the ledger needs from the floors above it, in its words."""

from __future__ import annotations

from typing import Protocol

from ytempire.kit.database import Connection
from ytempire.ledger.model import Alert


class Announce(Protocol):
    """Passes an alert on, so that people and programs hear of it."""

    async def __call__(self, conn: Connection, alert: Alert, /) -> None:
        """Within the transaction that writes the alert, so that both are there or neither.

        The transaction is the tenant's whose call it was; an alert of the platform has no `user_id`.
        """
        ...


async def nobody(_conn: Connection, _alert: Alert, /) -> None:
    """Nobody listens."""
