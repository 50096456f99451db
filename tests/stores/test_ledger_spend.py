"""Paying on a real database: once, whatever fails."""

from __future__ import annotations

from uuid import UUID

import pytest

from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.ledger import Category, Ledger, Meters, PaidCall, Policy, load_prices


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, SystemClock(), load_prices(), Policy())


def call(user: UUID, video: UUID, once: str = "c1", **more) -> PaidCall:
    return PaidCall(
        user,
        video,
        "script",
        Category.OPENAI,
        "draft",
        once,
        Meters("openai", "gpt-6.1-terra", input_tokens=10_000, output_tokens=2_000),
        **more,
    )


async def test_a_paid_call_is_made_once_and_settled_with_its_price(ledger: Ledger) -> None:
    user, video, made = new_id(), new_id(), []

    async def perform():
        made.append(1)
        return {"text": "hello"}, Meters("openai", "gpt-6.1-terra", input_tokens=9_000, output_tokens=1_000)

    assert await ledger.spend(call(user, video), perform) == {"text": "hello"}
    assert await ledger.spend(call(user, video, attempt=2), perform) == {"text": "hello"}
    assert made == [1]
    receipt = await ledger.receipt(user, video)
    assert receipt.actual_microusd == 9_000 * 1 + 1_000 * 5
    assert [line.state for line in receipt.lines] == ["settled"]
    assert await ledger.audit() == []
