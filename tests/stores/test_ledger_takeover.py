"""Failures, cancellations, takeovers: a call is made once, looked for before it is repeated, and booked once."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from tests.stores.ledger_vendor import BILL, BILLED, HELD, USER, VIDEO, Vendor, call, states
from ytempire.kit.clock import SetClock, SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import OutcomeUnknown, Superseded, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Meters, Policy, load_prices


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().now())


@pytest.fixture
def ledger(database: Database, clock: SetClock) -> Ledger:
    return Ledger(database, clock, load_prices(), Policy())


@pytest.mark.parametrize("failure", [OutcomeUnknown("?", vendor="openai"), ValueError("bug"), asyncio.CancelledError()])
@pytest.mark.parametrize("answers_first", [True, False])
async def test_an_open_call_is_looked_for_before_it_is_repeated(ledger, failure, answers_first):
    vendor = Vendor(failure, answers_first=answers_first)
    with pytest.raises(type(failure)):
        await ledger.spend(call(), vendor.perform, vendor.look)
    assert await states(ledger) == [("held", HELD, 0, 0)]
    assert await ledger.spend(call(), vendor.perform, vendor.look) == {"number": 1}
    assert (vendor.done, vendor.looks) == (["call"], 1)
    assert await states(ledger) == [("settled", HELD, BILLED, 0)]
    assert await ledger.audit() == []


async def test_where_nobody_can_look_the_old_hold_is_spent_and_a_new_one_taken(ledger):
    vendor = Vendor(OutcomeUnknown("?", vendor="openai"))
    with pytest.raises(OutcomeUnknown):
        await ledger.spend(call(), vendor.perform)
    await ledger.spend(call(attempt=2), vendor.perform)
    assert await states(ledger) == [("unknown", HELD, HELD, 0), ("settled", HELD, BILLED, 0)]
    assert (await ledger.video_cost(USER, VIDEO)).spent_microusd == HELD + BILLED
    assert await ledger.audit() == []


async def test_holds_renewed_after_midnight_and_new_ones_never_wait_for_each_other(ledger, clock):
    small = Meters("openai", "gpt-6-luna", output_tokens=10)
    for number in range(24):
        with pytest.raises(OutcomeUnknown):
            await ledger.spend(call(f"old {number}", estimate=small), Vendor(OutcomeUnknown("?", vendor="v")).perform)
    clock.at += timedelta(days=1)
    await asyncio.gather(
        *(
            ledger.spend(call(f"{kind} {number}", estimate=small, attempt=2), Vendor(bill=small).perform)
            for number in range(24)
            for kind in ("old", "new")
        )
    )
    assert await ledger.audit() == []


async def test_two_at_once_make_one_call(ledger):
    vendor = Vendor()
    results = await asyncio.gather(
        *(ledger.spend(call(), vendor.perform, vendor.look) for _ in range(8)), return_exceptions=True
    )
    assert vendor.done == ["call"]
    assert {type(result) for result in results} <= {dict, Superseded}
    assert {"number": 1} in results


async def overtaken(ledger: Ledger, first: Vendor, second, look) -> None:
    """Attempt 1 hangs in its call, attempt 2 takes over and finishes, then attempt 1's call comes back."""
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow():
        reached.set()
        await go_on.wait()
        return await first.perform()

    slow_one = asyncio.create_task(ledger.spend(call(), slow, look))
    await reached.wait()
    await second()
    go_on.set()
    with pytest.raises(Superseded):
        await slow_one
    with pytest.raises(Superseded):
        await ledger.spend(call("c9", attempt=1), (await hang(ledger, "c9", attempt=2)).perform)


async def hang(ledger: Ledger, once: str, attempt: int) -> Vendor:
    vendor = Vendor(OutcomeUnknown("?", vendor="openai"))
    with pytest.raises(OutcomeUnknown):
        await ledger.spend(call(once, attempt=attempt, video=new_id()), vendor.perform)
    return vendor


async def test_a_worker_overtaken_while_it_looks_does_not_call(ledger):
    vendor, reached, go_on = Vendor(OutcomeUnknown("?", vendor="openai")), asyncio.Event(), asyncio.Event()

    async def slow_look():
        reached.set()
        await go_on.wait()

    with pytest.raises(OutcomeUnknown):
        await ledger.spend(call(), vendor.perform, vendor.look)
    slow_one = asyncio.create_task(ledger.spend(call(attempt=2), vendor.perform, slow_look))
    await reached.wait()
    await ledger.spend(call(attempt=3), vendor.perform, vendor.look)
    go_on.set()
    with pytest.raises(Superseded):
        await slow_one
    assert vendor.done == ["call"]
    assert await states(ledger) == [("settled", HELD, BILLED, 0)]


async def test_an_overtaken_workers_second_bill_is_booked_as_overrun(ledger):
    vendor = Vendor()

    async def nothing_there():
        return None

    async def second():
        assert await ledger.spend(call(attempt=2), vendor.perform, nothing_there) == {"number": 1}

    await overtaken(ledger, vendor, second, nothing_there)
    assert len(vendor.done) == 2
    assert await states(ledger) == [("settled", HELD, BILLED, 0), ("settled", 0, BILLED, BILLED)]
    assert await ledger.spend(call(attempt=3), vendor.perform) == {"number": 1}
    assert await ledger.audit() == []


async def test_an_overtaken_workers_bill_corrects_the_hold_that_counts_as_spent(ledger):
    vendor = Vendor()

    async def second():
        await ledger.spend(call(attempt=2), vendor.perform)
        assert await states(ledger) == [("unknown", HELD, HELD, 0), ("settled", HELD, BILLED, 0)]

    await overtaken(ledger, vendor, second, None)
    assert await states(ledger) == [("settled", HELD, BILLED, 0), ("settled", HELD, BILLED, 0)]
    assert await ledger.audit() == []


async def test_a_call_that_the_successor_found_is_not_booked_twice(ledger):
    vendor = Vendor()

    async def found():
        return {"number": 1}, BILL

    async def second():
        assert await ledger.spend(call(attempt=2), vendor.perform, found) == {"number": 1}

    await overtaken(ledger, vendor, second, found)
    assert await states(ledger) == [("settled", HELD, BILLED, 0)]


async def test_old_holds_count_as_spent_until_a_look_corrects_that(ledger, clock):
    lost, never = Vendor(OutcomeUnknown("?", vendor="openai"), answers_first=True), Vendor(ValueError("before"))
    with pytest.raises(OutcomeUnknown):
        await ledger.spend(call("lost"), lost.perform, lost.look)
    with pytest.raises(ValueError, match="before"):
        await ledger.spend(call("never"), never.perform, never.look)
    assert await ledger.expire() == 0
    clock.at += timedelta(seconds=Policy().unknown_after_s + 1)
    assert await ledger.expire() == 2
    assert await ledger.expire() == 0
    assert await states(ledger) == [("unknown", HELD, HELD, 0)] * 2
    assert await ledger.audit() == []

    assert await ledger.spend(call("lost"), lost.perform, lost.look) == {"number": 1}
    assert await ledger.spend(call("never"), never.perform, never.look) == {"number": 1}
    assert (lost.done, never.done) == (["call"], ["call"])
    assert await states(ledger) == [("settled", HELD, BILLED, 0), ("void", HELD, 0, 0), ("settled", HELD, BILLED, 0)]
    assert await ledger.audit() == []


async def test_a_call_that_outlives_its_hold_is_settled_all_the_same(ledger, clock):
    async def long():
        clock.at += timedelta(hours=2)
        assert await ledger.expire() == 1
        return {}, BILL

    await ledger.spend(call(), long)
    assert await states(ledger) == [("settled", HELD, BILLED, 0)]
    assert await ledger.audit() == []


async def test_a_cancelled_worker_lets_go_wherever_it_is(ledger):
    """Cancelled at each of its first hundred switches: the next one of the same attempt can always go on."""
    for switches in range(0, 100, 7):
        vendor, once = Vendor(), f"cancel {switches}"
        task = asyncio.create_task(ledger.spend(call(once), vendor.perform, vendor.look))
        for _ in range(switches):
            await asyncio.sleep(0.0005)
            if task.done():
                break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await ledger.spend(call(once), vendor.perform, vendor.look) == {"number": 1}
        assert vendor.done == ["call"]
    assert await ledger.audit() == []


async def test_in_any_disorder_the_books_agree_with_the_vendors(ledger, clock):
    """Failures, takeovers, expiries and midnights at random, eight workers: all is done once and booked once."""
    dice = random.Random(5)
    vendors: dict[str, Vendor] = {}

    async def work(number: int) -> None:
        once, video = f"w{number}", new_id()
        user = USER if number % 2 else new_id()
        failures = [
            dice.choice([OutcomeUnknown("?", vendor="v"), VendorRefused("no", vendor="v", reason="r"), ValueError("x")])
            for _ in range(dice.randint(0, 3))
        ]
        vendor = vendors[once] = Vendor(*failures, bill=Meters("openai", "gpt-6-luna", output_tokens=number))
        look = vendor.look if number % 4 else None
        for attempt in range(1, 6):
            try:
                await ledger.spend(call(once, user=user, video=video, attempt=attempt), vendor.perform, look)
            except (OutcomeUnknown, VendorRefused, ValueError):
                if dice.random() < 0.3:
                    clock.at += timedelta(hours=2)
                    await ledger.expire()
                continue
            break
        actual, bill = (await ledger.receipt(user, video)).actual_microusd, ledger.quote(vendor.bill)
        assert actual == bill if look else actual in (bill, bill + HELD, bill + 2 * HELD, bill + 3 * HELD)

    for start in range(0, 64, 8):
        await asyncio.gather(*(work(number) for number in range(start, start + 8)))
    assert {len(vendor.done) for vendor in vendors.values()} == {1}
    assert await ledger.audit() == []
