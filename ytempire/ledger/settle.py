"""The end of a hold: settled with the bill, void, unknown = spent, or a bill that came after that."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.ids import new_id
from ytempire.ledger import rules, store
from ytempire.ledger.alerts.say import say_once
from ytempire.ledger.books import Books
from ytempire.ledger.model import Alert, Call, Charge, Delta, HoldState
from ytempire.ledger.rules import MICROUSD, shown


async def settle(books: Books, conn: Connection, user_id: UUID, call: Call, actual: int, now: datetime) -> None:
    """Book the call's bill in full: against its hold, or against the hold that already counts as spent."""
    if call.hold_state is HoldState.UNKNOWN:
        await _end(books, conn, user_id, call, "reconcile", rules.reconciled(call.hold_amount, actual), now)
    else:
        await _end(books, conn, user_id, call, "settle", rules.settled(call.hold_amount, actual), now)
    await store.set_hold_state(conn, call.id, HoldState.SETTLED)


async def void(books: Books, conn: Connection, user_id: UUID, call: Call, now: datetime) -> None:
    """There was no call and there is no bill."""
    if call.hold_state is HoldState.UNKNOWN:
        await _end(books, conn, user_id, call, "reconcile", rules.reconciled(call.hold_amount, 0), now)
    else:
        await _end(books, conn, user_id, call, "void", rules.voided(call.hold_amount), now)
    await store.set_hold_state(conn, call.id, HoldState.VOID)


async def count_as_spent(books: Books, conn: Connection, user_id: UUID, call: Call, now: datetime) -> None:
    """Nobody knows what became of the call: its whole hold counts as spent."""
    await _end(books, conn, user_id, call, "unknown", rules.unknown(call.hold_amount), now)
    await store.set_hold_state(conn, call.id, HoldState.UNKNOWN)


async def book_late_bill(
    books: Books, conn: Connection, charge: Charge, mine: Call, present: Call, actual: int, now: datetime
) -> None:
    """A worker that was superseded during its call comes back with a bill: a bill is booked whoever brings it.

    Its hold may count as spent already, then the bill corrects it. Or its successor made the call again under the same
    hold, then this second bill has none and is all overrun. If nobody called again, the successor looks for this very
    call and books it.
    """
    if present.hold_id != mine.hold_id:
        if await store.is_unreconciled(conn, mine.hold_id):
            await _end(books, conn, charge.user_id, mine, "reconcile", rules.reconciled(mine.hold_amount, actual), now)
    elif present.performed > mine.performed and not present.looked_up:
        await book_without_hold(books, conn, charge, mine.id, actual, now)


async def book_without_hold(
    books: Books, conn: Connection, charge: Charge, call_id: UUID, actual: int, now: datetime
) -> UUID:
    """Book a bill that nothing was held for: a hold of 0, and all of it overrun."""
    hold_id = new_id()
    ids = [need.id for need in charge.budgets]
    for kind, delta in (("hold", Delta()), ("settle", rules.settled(0, actual))):
        await _write(books, conn, charge.user_id, call_id, hold_id, kind, ids, delta, charge.attempt, now)
    return hold_id


async def _end(
    books: Books, conn: Connection, user_id: UUID, call: Call, kind: str, delta: Delta, now: datetime
) -> None:
    ids = await store.hold_budgets(conn, call.hold_id)
    await _write(books, conn, user_id, call.id, call.hold_id, kind, ids, delta, call.attempt, now)


async def _write(
    books: Books,
    conn: Connection,
    user_id: UUID,
    call_id: UUID,
    hold_id: UUID,
    kind: str,
    ids: list[str],
    delta: Delta,
    attempt: int,
    now: datetime,
) -> None:
    await store.change_budgets(conn, ids, delta)
    await store.append_transfer(
        conn, user_id=user_id, call_id=call_id, hold_id=hold_id, kind=kind, budgets=ids, delta=delta,
        attempt=attempt, now=now,
    )  # fmt: skip
    if delta.overrun and ids:
        name = ids[-1].rpartition("/")[2]
        words = f"a bill was {shown(delta.overrun, MICROUSD)} above its hold"
        await say_once(books, conn, Alert(ids[-1], name, "overrun", words, now, user_id))
