"""Holds that nobody resolved in time count as spent; a later look may still correct that."""

from __future__ import annotations

from datetime import timedelta

from ytempire.ledger import store
from ytempire.ledger.books import Books
from ytempire.ledger.model import Policy
from ytempire.ledger.settle import count_as_spent


async def expire(books: Books, policy: Policy) -> int:
    """Count every hold older than the policy's limit as spent, of all users; returns how many."""
    now = books.clock.now()
    before = now - timedelta(seconds=policy.unknown_after_s)
    async with books.database.system() as conn:
        stale = await store.stale_holds(conn, before)
    expired = 0
    for user_id, call_id in stale:
        async with books.database.transaction(user_id) as conn:
            call = await store.lock_call(conn, call_id=call_id)
            if call and await store.held_before(conn, call_id, before):
                await count_as_spent(books, conn, user_id, call, now)
                expired += 1
    return expired
