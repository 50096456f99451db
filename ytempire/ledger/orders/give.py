"""Verbs: an operator stops all generation, lets it go on, raises today's cap, opens YouTube's reserve."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.days import next_day_start
from ytempire.kit.errors import BadInput, Conflict, NotAllowed
from ytempire.ledger import rules
from ytempire.ledger.limits.store import upsert_budgets
from ytempire.ledger.model import Bucket, BudgetState, Policy
from ytempire.ledger.orders import store
from ytempire.ledger.orders.model import Standing
from ytempire.ledger.store import budget_states, open_units

MOST_WORDS = 300


async def standing(conn: Connection, policy: Policy, now: datetime) -> Standing:
    """Whether paid work may begin, and if not, why and until when."""
    seen = await store.seen(conn, rules.platform_day(policy, now).id)
    if seen.stopped_at:
        return Standing("stopped", stopped_words(seen.stopped_why or ""), seen.stopped_at, None, seen.last_order)
    if seen.used_up_at:
        again = next_day_start(now, policy.money_day_zone)
        return Standing("used_up", used_up_words(again, policy), seen.used_up_at, again, seen.last_order)
    return Standing("open", "", None, None, seen.last_order)


def stopped_words(why: str) -> str:
    """A stop as a person reads it."""
    return f"an operator stopped all generation ({why})"


def used_up_words(again: datetime, policy: Policy) -> str:
    """A used-up day as a person reads it."""
    return (
        f"the platform's money for today is used up; it goes on at {rules.clock_words(again, policy.money_day_zone)},"
        " or when an operator raises today's cap"
    )


async def stop(conn: Connection, policy: Policy, by_user: UUID, now: datetime, why: str) -> Standing:
    """No paid call begins from here on. Raises Conflict if it is stopped already, NotAllowed, BadInput."""
    words = checked_words(why)
    async with _orders_only():
        await store.take_turn(conn)
        if (await standing(conn, policy, now)).state == "stopped":
            raise Conflict("generation is stopped already", fix="`ytempire costs resume` lets it go on.")
        await store.add_order(conn, "stop", by_user, now, words)
    return await standing(conn, policy, now)


async def resume(
    conn: Connection, policy: Policy, by_user: UUID, now: datetime, why: str, *, raise_by: int = 0
) -> Standing:
    """End a stop, and add to today's cap of the platform, to that day's alone.

    Raises Conflict if there is nothing to end, or if today's money is used up and nothing is added; BadInput if
    operators may not add that much to one day; NotAllowed.
    """
    words = checked_words(why)
    if raise_by < 0:
        raise BadInput("a cap is not lowered this way", field="raise_microusd", fix="Name what is added, from 1 on.")
    async with _orders_only():
        await store.take_turn(conn)
        before = await standing(conn, policy, now)
        if before.state == "open" and not raise_by:
            raise Conflict("generation is not stopped", fix="Name an amount to raise today's cap beforehand.")
        if before.state == "stopped":
            await store.add_order(conn, "resume", by_user, now, words)
        if raise_by:
            await _raise(conn, policy, by_user, now, words, raise_by)
        after = await standing(conn, policy, now)
    if before.state == after.state == "used_up":
        raise Conflict(
            "the platform's money for today is used up, so there is nothing to go on with",
            field="raise_microusd",
            fix="Name what today's cap is raised by.",
        )
    return after


async def _raise(conn: Connection, policy: Policy, by_user: UUID, now: datetime, why: str, amount: int) -> None:
    need = rules.platform_day(policy, now)
    await upsert_budgets(conn, [need])
    await store.add_order(conn, "raise", by_user, now, why, budget_id=need.id, amount=amount)
    try:
        await store.open_more(conn, need.id, amount)
    except store.TooMuch as error:
        raise BadInput(
            f"operators may add {rules.shown(policy.platform_day_raise, rules.MICROUSD)} to one day in all",
            field="raise_microusd",
            fix="Name less; only the owner permits more (YTEMPIRE_PLATFORM_DAY_RAISE_USD).",
        ) from error


async def open_reserve(
    conn: Connection, policy: Policy, by_user: UUID, now: datetime, why: str, units: int
) -> BudgetState:
    """Open so much of YouTube's reserve for the rest of this Pacific day; less than before closes what nobody took.

    Raises BadInput, NotAllowed.
    """
    words = checked_words(why)
    if not 0 <= units <= policy.reserve:
        raise BadInput(f"the reserve has {policy.reserve} units", field="units", fix="Name a number within it.")
    need = rules.youtube_bucket(Bucket.UNITS, policy, now)
    async with _orders_only():
        await store.take_turn(conn)
        await upsert_budgets(conn, [need])
        if units:
            await store.add_order(conn, "reserve", by_user, now, words, budget_id=need.id, amount=units)
        await open_units(conn, need.id, units)
    return (await budget_states(conn, [need.id]))[0]


def checked_words(why: str) -> str:
    """The reason, without what would break a line. Raises BadInput."""
    words = " ".join(why.split())
    if not words or len(words) > MOST_WORDS or not words.isprintable():
        raise BadInput("an order has a reason", field="why", fix=f"Say why, in up to {MOST_WORDS} characters.")
    return words


@asynccontextmanager
async def _orders_only() -> AsyncIterator[None]:
    try:
        yield
    except store.NotAnOperator as error:
        raise NotAllowed("this is for operators", fix="Ask the operator of this installation.") from error
