"""CPU time that was spent: booked as it was, even above a cap, because it can't be given back."""

from __future__ import annotations

from ytempire.kit.errors import BudgetRefused
from ytempire.kit.metrics import SETTLED
from ytempire.ledger import store
from ytempire.ledger.books import Books
from ytempire.ledger.hold import take_hold
from ytempire.ledger.model import CallState, Charge
from ytempire.ledger.settle import book_without_hold, settle


async def book_processing(books: Books, charge: Charge) -> int:
    """Book work of this machine once; returns the micro-dollars booked now (0 if they were booked before).

    There is no vendor to ask and nothing to take back, so hold and settlement are one transaction. What no budget has
    room for becomes overrun, which refuses every later hold.
    """
    now = books.clock.now()
    await books.ensure(charge)
    async with books.database.transaction(charge.user_id) as conn:
        call = await store.insert_call(conn, charge, now)
        if call is None:
            return 0
        try:
            async with conn.transaction():
                await take_hold(books, conn, charge, call.id, now)
        except BudgetRefused:
            hold_id = await book_without_hold(books, conn, charge, call.id, charge.amount, now)
            await store.set_settled_hold(conn, call.id, hold_id)
        else:
            held = await store.lock_call(conn, user_id=charge.user_id, once=charge.once)
            if held is None:
                raise RuntimeError(f"the recorded call {charge.once} is gone")
            await settle(books, conn, charge.user_id, held, charge.amount, now)
        await store.finish_call(conn, call.id, CallState.DONE, now, result={}, meters=charge.meters)
    SETTLED.labels(charge.category).inc(charge.amount / 1_000_000)
    return charge.amount
