"""Verb: forget what a user's calls said, and keep what they cost."""

from __future__ import annotations

from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.ledger.forgetting import store


async def forget_user(conn: Connection, user_id: UUID) -> bool:
    """Amounts, meters and times stay, so that the books still add up, under an id that leads to nobody once the account
    is gone; what was asked and answered goes. False, and nothing is done, while a call's outcome is open.
    """
    if await store.has_open_call(conn, user_id):
        return False
    await store.forget_words(conn, user_id)
    return True
