"""Set money or units aside before a call, or refuse naming the budget that has too little left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.errors import BudgetRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import rules, store
from ytempire.ledger.alerts.say import say_once
from ytempire.ledger.books import Books
from ytempire.ledger.ladder.rules import WINDOW, strong_fits
from ytempire.ledger.ladder.store import roles
from ytempire.ledger.model import Alert, BudgetNeed, Charge, Delta
from ytempire.ledger.orders.give import standing
from ytempire.ledger.rules import MICROUSD, NEAR_PERCENT, comes_near, shown

FIXES = {
    "video": "Make the video shorter; only the operator raises the cap (YTEMPIRE_VIDEO_CAP_USD).",
    "user-day": "Wait for the next money day; only the operator raises the cap (YTEMPIRE_VIDEO_CAP_USD).",
    "platform-day": "Wait for the next money day, or let the operator raise today's cap (`ytempire costs resume`).",
    "uploads": "Wait for midnight Pacific time.",
    "search": "Wait for midnight Pacific time.",
    "units": "Wait for midnight Pacific time, or let the operator open the reserve.",
}
LINE_OF_MONEY = "Use a cheaper model or voice; the margin for all categories is used up."
LINE_OF_UNITS = "Wait for midnight Pacific time, or let the operator open the reserve."
STOPPED, CHEAP_SHARE = "generation", "cheap-share"
"""What refuses beside the budgets: an operator's stop, and the share that the cheap model keeps."""


async def require_going(books: Books, conn: Connection, charge: Charge, now: datetime) -> int:
    """Raise BudgetRefused while an operator's stop holds; returns the newest order's number. Quota is not stopped."""
    found = await standing(conn, books.policy, now)
    if found.state == "stopped" and charge.resource == MICROUSD:
        stopped = BudgetRefused(
            f"{charge.what}: {found.why}", budget=STOPPED, fix="It goes on once an operator lets it."
        )
        stopped.after_order = found.last_order
        raise stopped
    return found.last_order


async def take_hold(books: Books, conn: Connection, charge: Charge, call_id: UUID, now: datetime) -> UUID:
    """Take the charge's amount from all its budgets, for that call. Raises BudgetRefused; then roll back.

    The budgets exist (`Books.ensure`).
    """
    taken = await store.take(conn, charge.budgets, charge.amount)

    for need in charge.budgets:
        if need.id not in taken.levels if need.parent_id is None else not taken.line_gave:
            raise refused(need, charge)
    if charge.role == "strong":  # the user's day is locked by now, so two of their calls can't both be the last
        await _require_cheap_share(books, conn, charge)

    hold_id = new_id()
    await store.append_transfer(
        conn,
        user_id=charge.user_id,
        call_id=call_id,
        hold_id=hold_id,
        kind="hold",
        budgets=[need.id for need in charge.budgets],
        delta=Delta(held=charge.amount),
        attempt=charge.attempt,
        now=now,
    )
    await store.set_hold(conn, call_id, hold_id, charge.amount, now)
    for need in charge.budgets:
        if need.id in taken.levels:
            used, cap = taken.levels[need.id]
            if comes_near(used - charge.amount, used, cap):
                words = (
                    f"{need.name} has reached {NEAR_PERCENT} % of its cap: {shown(used, need.resource)}"
                    f" of {shown(cap, need.resource)}"
                )
                await say_once(books, conn, Alert(need.id, need.name, "near", words, now, need.user_id))
    return hold_id


async def _require_cheap_share(books: Books, conn: Connection, charge: Charge) -> None:
    percent = books.policy.cheap_percent
    cheap, strong = await roles(conn, charge.user_id, WINDOW)
    if not strong_fits(cheap, strong, percent):
        raise BudgetRefused(
            f"{charge.what}: {cheap} of the latest {cheap + strong} model calls would be cheap, and {percent} % have"
            " to be",
            budget=CHEAP_SHARE,
            fix="The cheap model writes instead.",
        )


def refused(need: BudgetNeed, charge: Charge) -> BudgetRefused:
    """The error of a budget that has too little left."""
    line_fix = LINE_OF_MONEY if need.resource == MICROUSD else LINE_OF_UNITS
    return BudgetRefused(
        f"{charge.what}: {shown(charge.amount, need.resource)} more would pass the cap of budget {need.name!s}"
        f" ({shown(need.cap, need.resource)})",
        budget=str(need.name),
        fix=line_fix if need.parent_id else FIXES[need.name],
        never_fits=charge.amount > need.cap,
    )


async def note_refusal(books: Books, charge: Charge, refusal: BudgetRefused, last_order: int) -> None:
    """Say that a budget refused, and on the error when it may fit. In a transaction after the one rolled back."""
    need = next((need for need in charge.budgets if need.name == refusal.budget), None)
    if need is None:
        return
    now = books.clock.now()
    async with books.database.transaction(charge.user_id) as conn:
        states = await store.budget_states(conn, [need.id])
        state = next((state for state in states if state.id == need.id), None)
        wait_s = rules.refused_for_s(need, charge.amount, state, books.policy, now)
        await say_once(books, conn, Alert(need.id, need.name, "refused", refusal.message, now, need.user_id))
        if need.name == "platform-day" and wait_s > rules.AGAIN_SOON_S and not refusal.never_fits:
            words = "the platform's money for today is used up: generation waits for the next money day or an operator"
            await say_once(books, conn, Alert(need.id, need.name, "used_up", words, now))
    refusal.retry_after_s = wait_s
    refusal.after_order = last_order
