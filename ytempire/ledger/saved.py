"""Note on the receipt what a cache made unnecessary."""

from __future__ import annotations

from ytempire.ledger import store
from ytempire.ledger.books import Books
from ytempire.ledger.model import CallState, Charge


async def note_saved(books: Books, charge: Charge) -> None:
    """A cache had the result: nothing is held, the estimate counts as saved.

    A call of that name that is already recorded stays as it is: a replayed step is no cache hit.
    """
    async with books.database.transaction(charge.user_id) as conn:
        await store.insert_call(conn, charge, books.clock.now(), state=CallState.CACHED, saved=charge.amount)
