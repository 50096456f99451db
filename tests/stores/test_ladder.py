"""A cheaper way once taken stays, and the cheap model keeps its share however many ask at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.stores.ledger_vendor import Vendor, call
from ytempire.accounts import ensure_local_user
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BudgetRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.ledger.ladder.rules import strong_fits

CLOCK = SystemClock()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, CLOCK, load_prices(), Policy())


@pytest.mark.parametrize(
    ("cheap", "strong", "fits"),
    [(0, 1, True), (0, 2, True), (0, 3, False), (3, 2, True), (3, 3, False), (30, 20, True), (29, 21, False)],
)
def test_the_share_of_the_cheap_model(cheap: int, strong: int, fits: bool) -> None:
    assert strong_fits(cheap, strong, 60) is fits


async def test_the_first_way_stands_and_shows_on_the_receipt(database: Database, ledger: Ledger) -> None:
    user, video = (await ensure_local_user(database, CLOCK)).id, new_id()
    words = {"way": "local:heart", "instead_of": "elevenlabs:rachel"}
    assert await ledger.cheaper_way(user, video, "voice", "") is None
    first = await ledger.go_cheaper(user, video, "voice", "", because="the first", **words)
    again = await ledger.go_cheaper(user, video, "voice", "", because="the second", **words)
    assert first == again == await ledger.cheaper_way(user, video, "voice", "")
    assert await ledger.cheaper_way(user, video, "voice", "another take") is None
    assert (await ledger.receipt(user, video)).cheaper == (first,)


async def test_strong_calls_at_once_leave_the_cheap_model_its_share(ledger: Ledger) -> None:
    user, refused = new_id(), []

    async def ask(once: str, role: str) -> None:
        try:
            await ledger.spend(call(once, user=user, video=new_id(), role=role), Vendor().perform)
        except BudgetRefused as no:
            refused.append(no.budget)

    for number in range(6):
        await ask(f"c{number}", "cheap")
    await asyncio.gather(*(ask(f"s{number}", "strong") for number in range(12)))
    assert refused == ["cheap-share"] * 8
    assert await ledger.audit() == []
