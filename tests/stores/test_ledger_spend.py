"""Paying on a real database: held before, booked after, whatever comes."""

from __future__ import annotations

import pytest

from tests.stores.ledger_vendor import BILL, BILLED, HELD, USER, VIDEO, Vendor, call, states
from ytempire.kit.clock import SetClock, SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BudgetRefused, NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.ledger import Category, Ledger, Meters, Policy, load_prices


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().now())


@pytest.fixture
def ledger(database: Database, clock: SetClock) -> Ledger:
    return Ledger(database, clock, load_prices(), Policy())


async def test_a_call_is_made_once_and_a_replay_reads_its_result(ledger):
    vendor = Vendor()
    assert await ledger.spend(call(), vendor.perform, vendor.look) == {"number": 1}
    assert await ledger.spend(call(), vendor.perform, vendor.look) == {"number": 1}
    assert await ledger.spend(call(attempt=7), vendor.perform) == {"number": 1}
    assert (vendor.done, vendor.looks) == (["call"], 0)
    assert await states(ledger) == [("settled", HELD, BILLED, 0)]
    assert await ledger.audit() == []


async def test_what_the_vendor_refused_is_not_billed_and_may_be_tried_again(ledger):
    vendor = Vendor(VendorRefused("no", vendor="openai", reason="rate_limit"))
    with pytest.raises(VendorRefused):
        await ledger.spend(call(), vendor.perform, vendor.look)
    assert (await ledger.video_cost(USER, VIDEO)).held_microusd == 0
    assert await ledger.spend(call(), vendor.perform, vendor.look) == {"number": 1}
    assert await states(ledger) == [("void", HELD, 0, 0), ("settled", HELD, BILLED, 0)]
    assert vendor.looks == 0
    assert await ledger.audit() == []


async def test_a_failed_look_leaves_the_call_open_even_if_the_vendor_refused_the_look(ledger):
    vendor = Vendor(OutcomeUnknown("?", vendor="openai"), answers_first=True)

    async def refused_look():
        raise VendorRefused("slow down", vendor="openai", reason="rate_limit", retry_after_s=1)

    with pytest.raises(OutcomeUnknown):
        await ledger.spend(call(), vendor.perform, vendor.look)
    with pytest.raises(VendorRefused):
        await ledger.spend(call(), vendor.perform, refused_look)
    assert await states(ledger) == [("held", HELD, 0, 0)]
    await ledger.spend(call(), vendor.perform, vendor.look)
    assert vendor.done == ["call"]


async def test_a_bill_above_its_hold_is_booked_in_full_and_counts_against_the_next_hold(ledger):
    dear = Meters("openai", "gpt-6.1-terra", output_tokens=400_000)
    await ledger.spend(call(), Vendor(bill=dear).perform)
    assert await states(ledger) == [("settled", HELD, 2_000_000, 2_000_000 - HELD)]
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend(call("c2"), Vendor().perform)
    assert refused.value.budget == "openai"
    kinds = {(alert.budget, alert.kind) for alert in await ledger.alerts(USER)}
    assert kinds == {("openai", "overrun"), ("openai", "refused")}
    assert await ledger.audit() == []


async def test_a_result_without_a_price_is_kept_and_booked_at_its_hold_with_an_alert(ledger):
    await ledger.spend(call(), Vendor(bill=Meters("openai", "gpt-99", input_tokens=1)).perform)
    assert await states(ledger) == [("settled", HELD, HELD, 0)]
    assert [alert.kind for alert in await ledger.alerts(USER)] == ["unpriced"]


async def test_an_unknown_model_is_refused_before_anything_is_written(ledger, admin):
    with pytest.raises(NotConfigured, match="gpt-99"):
        await ledger.spend(call(estimate=Meters("openai", "gpt-99", input_tokens=1)), Vendor().perform)
    assert await (await admin.execute("select count(*) from paid_calls")).fetchone() == (0,)


async def test_a_refused_hold_writes_nothing_and_does_not_call(ledger, admin):
    vendor = Vendor()
    many = Meters("openai", "gpt-6.1-terra", output_tokens=500_000)
    with pytest.raises(BudgetRefused, match=r"\$2\.50 more would pass the cap of budget openai") as refused:
        await ledger.spend(call(estimate=many), vendor.perform)
    assert refused.value.fix
    assert vendor.done == []
    for table in ("paid_calls", "transfers"):
        assert await (await admin.execute(f"select count(*) from {table}")).fetchone() == (0,)
    assert await (await admin.execute("select sum(held + spent) from budgets")).fetchone() == (0,)
    assert [alert.kind for alert in await ledger.alerts(USER)] == ["refused"]


async def test_a_category_draws_on_the_margin_never_on_another_line(ledger):
    async def pending():
        raise OutcomeUnknown("?", vendor="elevenlabs")

    async def hold(category, tenths, once):
        meters = Meters("elevenlabs", "eleven_v4", characters=tenths * 1_250)
        with pytest.raises(OutcomeUnknown):
            await ledger.spend(call(once, category=category, estimate=meters), pending)

    await hold(Category.ELEVENLABS, 15, "a")  # $0.50 of its own and all of the margin
    await hold(Category.OPENAI, 10, "b")
    for category in (Category.OPENAI, Category.ELEVENLABS):
        with pytest.raises(BudgetRefused) as refused:
            await hold(category, 1, "c")
        assert refused.value.budget == category
    await hold(Category.THUMBNAIL, 2, "d")
    await hold(Category.PROCESSING, 3, "e")
    cost = await ledger.video_cost(USER, VIDEO)
    assert (cost.held_microusd, cost.cap_microusd) == (3_000_000, 3_000_000)
    with pytest.raises(BudgetRefused):
        await hold(Category.PROCESSING, 1, "f")


async def test_a_raised_cap_holds_at_once_in_a_new_process(database, clock):
    small = Ledger(database, clock, load_prices(), Policy(platform_day_cap=1))
    with pytest.raises(BudgetRefused):
        await small.spend(call(), Vendor().perform)
    assert await Ledger(database, clock, load_prices(), Policy()).spend(call(), Vendor().perform)


async def test_a_cache_hit_shows_what_it_saved_and_a_replay_is_no_hit(ledger):
    await ledger.spend(call(), Vendor().perform)
    await ledger.saved(call())
    await ledger.saved(call("hit"))
    await ledger.saved(call("hit"))
    receipt = await ledger.receipt(USER, VIDEO)
    assert [(line.state, line.saved_microusd, line.actual_microusd) for line in receipt.lines] == [
        ("settled", 0, BILLED),
        ("cached", HELD, 0),
    ]
    assert await ledger.spend(call("hit"), Vendor().perform) == {"number": 1}
    assert (await ledger.receipt(USER, VIDEO)).saved_microusd == 0


async def test_bad_results_leave_the_call_open(ledger):
    for strange in ({"x": object()}, {"x": float("nan")}):

        async def perform(strange=strange):
            return strange, BILL

        with pytest.raises((TypeError, ValueError)):
            await ledger.spend(call(), perform, Vendor().look)
    assert await states(ledger) == [("held", HELD, 0, 0)]
