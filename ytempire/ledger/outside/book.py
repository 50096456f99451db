"""Verbs: hold what another driver is about to pay elsewhere; settle it with the bill, or give it back."""

from __future__ import annotations

from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.metrics import SETTLED
from ytempire.ledger import settle, store
from ytempire.ledger.books import Books
from ytempire.ledger.hold import require_going, take_hold
from ytempire.ledger.model import CallState, Category
from ytempire.ledger.outside import rules
from ytempire.ledger.outside.model import OutsideCall, OutsideHold
from ytempire.ledger.outside.store import count_of, other_under, read_call, units_of, was_paid
from ytempire.ledger.rules import MICROUSD
from ytempire.ledger.spend import refusal_noted


async def hold_outside(books: Books, wanted: OutsideHold) -> OutsideCall:
    """Hold it once; the same again answers the first one.

    Raises BudgetRefused, and BadInput for another category, another hold under this key, or too many units.
    """
    now = books.clock.now()
    charge = rules.charge_of(wanted, books.policy, now)
    await books.ensure(charge)
    async with refusal_noted(books, charge) as known, books.database.transaction(charge.user_id) as conn:
        fresh = await store.insert_call(conn, charge, now)
        if fresh is None:
            call = await _locked(conn, wanted.user_id, charge.once)
            rules.require_same(call, charge)
            return call
        rules.require_few_calls(await count_of(conn, wanted.user_id, wanted.video_id) - 1)
        known.last_order = await require_going(books, conn, charge, now)
        await take_hold(books, conn, charge, fresh.id, now)
        if charge.resource != MICROUSD:
            rules.require_few_units(await units_of(conn, wanted.user_id, wanted.video_id))
        await store.unclaim(conn, fresh.id, charge.attempt)
        return await _locked(conn, wanted.user_id, charge.once)


async def settle_outside(
    books: Books, user_id: UUID, video_id: UUID, key: str, *, microusd: int | None = None, units: int | None = None
) -> OutsideCall:
    """Book its bill, once. One above its hold is booked in full, and raises an alert.

    Raises NotFound (nothing is held), Conflict (it ended otherwise), BudgetRefused (far above its hold), BadInput.
    """
    now, once = books.clock.now(), rules.once_of(video_id, key)
    async with books.database.transaction(user_id) as conn:
        call = await _locked(conn, user_id, once)
        amount = microusd if call.resource == MICROUSD else units
        if amount is None:
            field, other = ("actual_microusd", "units") if call.resource == MICROUSD else ("units", "actual_microusd")
            raise BadInput(f"this call is counted in {call.resource}", field=other, fix=f"Send {field}.")
        if not rules.require_open(call, amount):
            return call
        recorded = await store.lock_call(conn, call_id=call.id)
        if recorded is None:
            raise _nothing_held()
        if amount > call.hold_amount:
            ids = await store.hold_budgets(conn, recorded.hold_id)
            await store.lock_budgets(conn, ids)
            rules.require_room(call, await store.budget_states(conn, ids), amount)
            if call.resource != MICROUSD:
                others = await units_of(conn, user_id, video_id) - call.hold_amount
                rules.require_few_units(others + amount)
        await settle.settle(books, conn, user_id, recorded, amount, now)
        meters = {"actual": amount}
        await store.finish_call(conn, call.id, CallState.DONE, now, result=dict(meters), meters=meters)
        ended = await _locked(conn, user_id, once)
    if call.resource == MICROUSD:
        SETTLED.labels(Category(call.category)).inc(amount / 1_000_000)
    return ended


async def void_outside(books: Books, user_id: UUID, video_id: UUID, key: str) -> OutsideCall:
    """There was no call: give the hold back, once. Raises NotFound, Conflict (it was settled)."""
    now, once = books.clock.now(), rules.once_of(video_id, key)
    async with books.database.transaction(user_id) as conn:
        call = await _locked(conn, user_id, once)
        if not rules.require_open(call, None):
            return call
        recorded = await store.lock_call(conn, call_id=call.id)
        if recorded is None:
            raise _nothing_held()
        await settle.void(books, conn, user_id, recorded, now)
        await store.finish_call(conn, call.id, CallState.REFUSED, now)
        return await _locked(conn, user_id, once)


async def require_new(books: Books, user_id: UUID, video_id: UUID, *, prefix: str, name: str) -> None:
    """Before another driver's call is recorded under a name. Raises BadInput.

    Either the prefix stands for another call already, or the video has as many calls as it may have.
    """
    async with books.database.transaction(user_id) as conn:
        if await other_under(conn, user_id, video_id, prefix, name):
            raise BadInput(
                "this key was used for another request", field="Idempotency-Key", fix="Use a fresh key for each.",
                code="key_reused",
            )  # fmt: skip
        rules.require_few_calls(await count_of(conn, user_id, video_id))


async def recorded_call(conn: Connection, video_id: UUID, call_id: UUID | None, category: Category) -> bool:
    """Whether another driver held a call of this category for the video and did not give it back.

    It was made through the relay, or told of by the cost routes. With an id: that very call.
    """
    return await was_paid(conn, video_id, call_id, category)


async def _locked(conn: Connection, user_id: UUID, once: str) -> OutsideCall:
    await store.lock_call(conn, user_id=user_id, once=once)
    call = await read_call(conn, user_id, once)
    if call is None:
        raise _nothing_held()
    return call


def _nothing_held() -> NotFound:
    return NotFound("nothing is held under this key", field="key", fix="POST /api/v1/videos/{video_id}/calls holds it.")
