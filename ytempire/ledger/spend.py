"""The only way to pay: record the call and hold, make it, record the result and settle. No transaction spans the call.

Whatever dies when: the call's row says that it was begun, so the next worker looks before it repeats. Only a higher
attempt number takes a call from its holder, at once and without waiting for a lease to run out, because whoever drives
the steps counts attempts anyway and a killed process can't be asked.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ytempire.kit.database import Connection, ConnectionLost
from ytempire.kit.errors import BudgetRefused, Superseded, VendorRefused
from ytempire.kit.failpoints import failpoint
from ytempire.kit.metrics import CALL_S, HOLD_REFUSALS, SETTLED, timed
from ytempire.ledger import store
from ytempire.ledger.alerts.say import say_once
from ytempire.ledger.books import Books
from ytempire.ledger.hold import note_refusal, require_going, take_hold
from ytempire.ledger.model import Alert, Call, CallState, Charge, HoldState, JsonObject
from ytempire.ledger.rules import MICROUSD, Move, next_move
from ytempire.ledger.settle import book_late_bill, count_as_spent, settle, void

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What a call gave."""

    result: JsonObject
    meters: JsonObject
    amount: int | None
    """The bill; None if what the vendor metered has no price: then the whole hold counts."""


Perform = Callable[[], Awaitable[Outcome]]
Look = Callable[[], Awaitable[Outcome | None]]


async def pay(books: Books, charge: Charge, perform: Perform, look: Look | None) -> JsonObject:
    """Make the call once and return its result; a replay returns the recorded one.

    Raises BudgetRefused (nothing was written), Superseded (another worker has the call), VendorRefused (nothing was
    billed), or whatever the call raised: then it stays open with its hold until somebody looks.
    """
    await books.ensure(charge)
    move, call = await _claimed(books, charge, can_look=look is not None)
    if move is Move.ANSWER:
        return dict(call.result or {})
    found: Outcome | None = None
    if move is Move.LOOK and look is not None:
        async with _unclaimed_on_error(books, charge, call):
            found = await look()
            if found is None:
                call = await _begin_again(books, charge)
    outcome = found or await _performed(books, charge, call, perform)
    async with _unclaimed_on_error(books, charge, call):
        recorded = replace(outcome, result=plain_json(outcome.result))
        await to_the_end(_record(books, charge, call, recorded, looked_up=found is not None))
    failpoint(f"{charge.step}.after_commit")
    return recorded.result


async def _performed(books: Books, charge: Charge, call: Call, perform: Perform) -> Outcome:
    async with _unclaimed_on_error(books, charge, call):
        failpoint(f"{charge.step}.before_call")
        try:
            with timed(CALL_S, category="youtube" if charge.resource != MICROUSD else charge.category):
                outcome = await perform()
        except VendorRefused:
            await to_the_end(_record_refusal(books, charge))
            raise
        failpoint(f"{charge.step}.after_call")
        return outcome


@asynccontextmanager
async def _unclaimed_on_error(books: Books, charge: Charge, call: Call) -> AsyncIterator[None]:
    """Whatever goes wrong, cancellation too: say that nobody is at the call any more. Its hold stays.

    If the database can't be told, the next attempt takes the call over anyway.
    """
    try:
        yield
    except BaseException:
        with suppress(ConnectionLost):
            await to_the_end(_unclaim(books, charge, call))
        raise


async def _claimed(books: Books, charge: Charge, *, can_look: bool) -> tuple[Move, Call]:
    """Open the call or take it over; if this task is cancelled in the middle of that, let go of it again."""
    opening = asyncio.ensure_future(_open(books, charge, can_look=can_look))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait({opening})
        if not opening.exception() and opening.result()[0] is not Move.ANSWER:
            await to_the_end(_unclaim(books, charge, opening.result()[1]))
        raise


async def _open(books: Books, charge: Charge, *, can_look: bool) -> tuple[Move, Call]:
    now, zone = books.clock.now(), books.policy.money_day_zone
    async with refusal_noted(books, charge) as known, books.database.transaction(charge.user_id) as conn:
        fresh = await store.insert_call(conn, charge, now)
        if fresh:
            known.last_order = await require_going(books, conn, charge, now)
            await take_hold(books, conn, charge, fresh.id, now)
            return Move.BEGIN, await _locked(conn, charge)

        call = await _locked(conn, charge)
        move = next_move(call, charge.attempt, can_look=can_look)
        if move is Move.YIELD:
            raise superseded(charge, call)

        if move is not Move.ANSWER:
            await store.claim(conn, call.id, charge.attempt, begin=move is not Move.LOOK, zone=zone)
        if move is Move.RENEW:
            await _lock_old_and_new(conn, charge, call)
            await count_as_spent(books, conn, charge.user_id, call, now)
        if move in (Move.RENEW, Move.BEGIN):
            known.last_order = await require_going(books, conn, charge, now)
            await take_hold(books, conn, charge, call.id, now)
        return move, await _locked(conn, charge)


async def _begin_again(books: Books, charge: Charge) -> Call:
    """The vendor never made the call: make it under the same hold, or under a new one if that ran out meanwhile."""
    now = books.clock.now()
    async with refusal_noted(books, charge) as known, books.database.transaction(charge.user_id) as conn:
        call = await _locked(conn, charge)
        if call.attempt != charge.attempt:
            raise superseded(charge, call)
        known.last_order = await require_going(books, conn, charge, now)
        await store.claim(conn, call.id, charge.attempt, begin=True, zone=books.policy.money_day_zone)
        if call.hold_state is HoldState.UNKNOWN:
            await _lock_old_and_new(conn, charge, call)
            await void(books, conn, charge.user_id, call, now)
        if call.hold_state is not HoldState.HELD:
            await take_hold(books, conn, charge, call.id, now)
        return await _locked(conn, charge)


async def _lock_old_and_new(conn: Connection, charge: Charge, call: Call) -> None:
    old = await store.hold_budgets(conn, call.hold_id)
    await store.lock_budgets(conn, [*old, *(need.id for need in charge.budgets)])


async def _record(books: Books, charge: Charge, mine: Call, outcome: Outcome, *, looked_up: bool) -> None:
    now = books.clock.now()
    async with books.database.transaction(charge.user_id) as conn:
        call = await _locked(conn, charge)
        amount = mine.hold_amount if outcome.amount is None else outcome.amount
        overtaken = call.attempt != charge.attempt
        if overtaken and not looked_up:
            await book_late_bill(books, conn, charge, mine, call, amount, now)
        if not overtaken:
            await settle(books, conn, charge.user_id, call, amount, now)
            await store.finish_call(
                conn, call.id, CallState.DONE, now,
                result=outcome.result, meters=outcome.meters, looked_up=looked_up,
            )  # fmt: skip
            if outcome.amount is None:
                words = f"{charge.what}: no price for {outcome.meters.get('model')}; its whole hold was booked"
                last = charge.budgets[-1]
                await say_once(books, conn, Alert(last.id, last.name, "unpriced", words, now, charge.user_id))
    if overtaken:
        raise superseded(charge, call)
    if charge.resource == MICROUSD:
        SETTLED.labels(charge.category).inc(amount / 1_000_000)


async def _record_refusal(books: Books, charge: Charge) -> None:
    now = books.clock.now()
    async with books.database.transaction(charge.user_id) as conn:
        call = await _locked(conn, charge)
        if call.attempt != charge.attempt:
            return
        if charge.refusal_is_billed:
            await settle(books, conn, charge.user_id, call, call.hold_amount, now)
        else:
            await void(books, conn, charge.user_id, call, now)
        await store.finish_call(conn, call.id, CallState.REFUSED, now)


async def _unclaim(books: Books, charge: Charge, call: Call) -> None:
    async with books.database.transaction(charge.user_id) as conn:
        await store.unclaim(conn, call.id, charge.attempt)


@dataclass
class _Known:
    """The newest order of an operator, as it was read before the hold."""

    last_order: int = 0


@asynccontextmanager
async def refusal_noted(books: Books, charge: Charge) -> AsyncIterator[_Known]:
    """A budget's no leaves an alert, in a transaction after the one that was rolled back."""
    known = _Known()
    try:
        yield known
    except BudgetRefused as refusal:
        HOLD_REFUSALS.labels(refusal.budget).inc()
        await note_refusal(books, charge, refusal, known.last_order)
        raise


async def _locked(conn: Connection, charge: Charge) -> Call:
    call = await store.lock_call(conn, user_id=charge.user_id, once=charge.once)
    if call is None:
        raise RuntimeError(f"the recorded call {charge.once} is gone")
    return call


def superseded(charge: Charge, call: Call) -> Superseded:
    """The error of a worker that has lost a call to another."""
    return Superseded(
        f"{charge.what}: attempt {call.attempt} has this call, attempt {charge.attempt} must leave it",
        fix="Nothing needs doing: the other worker goes on.",
    )


def plain_json(result: JsonObject) -> JsonObject:
    """The result as a replay will give it. Raises TypeError or ValueError if it can't be stored as JSON."""
    plain: JsonObject = json.loads(json.dumps(result, allow_nan=False))
    return plain


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Finish a short transaction even if this task is cancelled meanwhile, then be cancelled."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        task.exception()
        raise
