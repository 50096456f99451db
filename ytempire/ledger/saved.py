"""Note on the receipt what a cache made unnecessary."""

from __future__ import annotations

from ytempire.ledger import rules, store
from ytempire.ledger.books import Books
from ytempire.ledger.model import CallState, Charge


async def note_saved(books: Books, charge: Charge) -> bool:
    """A cache had the result: nothing is held, the estimate counts as saved.

    A call of that name that is already recorded stays as it is, and False is returned: a replayed step is no cache hit.
    """
    now = books.clock.now()
    await books.ensure(charge)
    async with books.database.transaction(charge.user_id) as conn:
        if not await store.insert_call(conn, charge, now, state=CallState.CACHED, saved=charge.amount):
            return False
        day = rules.day_in(books.policy.money_day_zone, now)
        of_video = [need.id for need in charge.budgets if need.id.startswith("video:")]
        await store.add_saving(conn, charge.user_id, day, charge.category, of_video, charge.amount)
    return True
