"""Paying on a real database: once, whatever fails, and booked whatever comes."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from ytempire.kit.clock import SetClock, SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BudgetRefused, NotConfigured, OutcomeUnknown, Superseded, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Bucket, Category, Ledger, Meters, PaidCall, Policy, QuotaCall, Share, load_prices

USER, VIDEO = new_id(), new_id()
ESTIMATE = Meters("openai", "gpt-6.1-terra", input_tokens=10_000, output_tokens=2_000)
HELD = 20_000
BILL = Meters("openai", "gpt-6.1-terra", input_tokens=9_000, output_tokens=1_000)
BILLED = 14_000


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().now())


@pytest.fixture
def ledger(database: Database, clock: SetClock) -> Ledger:
    return Ledger(database, clock, load_prices(), Policy())


def call(once: str = "c1", *, user: UUID = USER, video: UUID = VIDEO, **more) -> PaidCall:
    values = {"step": "script", "category": Category.OPENAI, "what": "draft", "estimate": ESTIMATE, **more}
    return PaidCall(user_id=user, video_id=video, once=once, **values)


class Vendor:
    """A vendor's own books: what it was asked and what it did."""

    def __init__(self, *failures: BaseException | None, bill: Meters = BILL, answers_first: bool = False) -> None:
        self.failures = list(failures)
        self.bill = bill
        self.done: list[str] = []
        self.looks = 0
        self.answers_first = answers_first

    async def perform(self):
        failure = self.failures.pop(0) if self.failures else None
        if failure and not self.answers_first:
            raise failure
        self.done.append("call")
        if failure:
            raise failure
        return {"number": len(self.done)}, self.bill

    async def look(self):
        self.looks += 1
        return ({"number": len(self.done)}, self.bill) if self.done else None


async def states(ledger: Ledger) -> list[tuple[str, int, int, int]]:
    lines = (await ledger.receipt(USER, VIDEO)).lines
    return [(line.state, line.held_microusd, line.actual_microusd, line.overrun_microusd) for line in lines]


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
    with pytest.raises(BudgetRefused, match=r"\$2\.500000 more would pass the cap of budget openai") as refused:
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


async def test_the_platforms_day_binds_all_users_and_the_next_day_is_new(database, clock):
    ledger = Ledger(database, clock, load_prices(), Policy(platform_day_cap=2 * HELD))
    for user in (new_id(), new_id()):
        await ledger.spend(call(user=user, video=new_id()), Vendor(bill=ESTIMATE).perform)
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend(call(), Vendor().perform)
    assert refused.value.budget == "platform-day"
    assert {(alert.budget, alert.kind) for alert in await ledger.alerts(USER)} == {
        ("platform-day", "near"),
        ("platform-day", "refused"),
    }
    clock.at += timedelta(days=1)
    assert await ledger.spend(call(), Vendor().perform)
    assert await ledger.audit() == []


async def test_a_raised_cap_holds_at_once_in_a_new_process(database, clock):
    small = Ledger(database, clock, load_prices(), Policy(platform_day_cap=1))
    with pytest.raises(BudgetRefused):
        await small.spend(call(), Vendor().perform)
    assert await Ledger(database, clock, load_prices(), Policy()).spend(call(), Vendor().perform)


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


async def test_cpu_time_is_booked_once_even_above_its_cap(ledger):
    hour = 3_600_000
    assert await ledger.processing(USER, VIDEO, "render", "r1", hour) == 50_000
    assert await ledger.processing(USER, VIDEO, "render", "r1", hour) == 0
    assert await ledger.processing(USER, VIDEO, "render", "r2", 100 * hour) == 5_000_000
    receipt = await ledger.receipt(USER, VIDEO)
    assert [(line.actual_microusd, line.overrun_microusd) for line in receipt.lines] == [
        (50_000, 0),
        (5_000_000, 5_000_000),
    ]
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend(call(), Vendor().perform)
    assert refused.value.budget == "user-day", "the overrun fills the day, though the line for models is empty"
    assert await ledger.audit() == []


async def test_bad_results_leave_the_call_open(ledger):
    for strange in ({"x": object()}, {"x": float("nan")}):

        async def perform(strange=strange):
            return strange, BILL

        with pytest.raises((TypeError, ValueError)):
            await ledger.spend(call(), perform, Vendor().look)
    assert await states(ledger) == [("held", HELD, 0, 0)]


def quota(once: str, **more) -> QuotaCall:
    values = {"step": "publish", "bucket": Bucket.UNITS, "what": "thumbnail", "units": 50, **more}
    return QuotaCall(user_id=USER, video_id=VIDEO, once=once, **values)


async def quota_done():
    return {"ok": True}


async def test_youtube_quota_is_counted_in_its_buckets_and_shares(ledger):
    await ledger.spend_quota(quota("u", bucket=Bucket.UPLOADS, units=1), quota_done)
    await ledger.spend_quota(quota("t"), quota_done)
    assert await ledger.spend_quota(quota("t"), quota_done) == {"ok": True}

    async def invalid():
        raise VendorRefused("bad request", vendor="youtube", reason="invalid")

    with pytest.raises(VendorRefused):
        await ledger.spend_quota(quota("p", units=50), invalid)
    receipt = await ledger.receipt(USER, VIDEO)
    assert (receipt.youtube_uploads, receipt.youtube_units, receipt.lines) == (1, 100, ())
    today = {state.name: (state.used, state.cap) for state in await ledger.budgets_today(new_id())}
    assert today == {
        "platform-day": (0, 150_000_000), "user-day": (0, 3_000_000), "uploads": (1, 100), "search": (0, 100),
        "units": (100, 7_000), "publishing": (100, 5_500), "repair": (0, 500), "reads": (0, 600), "captions": (0, 400),
    }  # fmt: skip
    assert await ledger.audit() == []


async def test_the_reserve_is_closed_until_the_operator_opens_it(ledger):
    captions = {"share": Share.CAPTIONS, "units": 400}
    await ledger.spend_quota(quota("c1", **captions), quota_done)
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend_quota(quota("c2", **captions), quota_done)
    assert refused.value.budget == "captions"
    assert (await ledger.open_reserve(USER)).left == 10_000 - 400
    for number in range(7):
        await ledger.spend_quota(quota(f"d{number}", **captions), quota_done)
    with pytest.raises(BudgetRefused):
        await ledger.spend_quota(quota("e", **captions), quota_done)
    assert await ledger.spend_quota(quota("f", share=Share.READS, units=600), quota_done)


async def test_the_101st_upload_waits_for_pacific_midnight(ledger, clock):
    clock.at = clock.at.replace(year=2026, month=11, day=23, hour=7, minute=59)
    for number in range(4):
        await ledger.spend_quota(quota(f"u{number}", bucket=Bucket.UPLOADS, units=25), quota_done)
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend_quota(quota("u", bucket=Bucket.UPLOADS, units=1), quota_done)
    assert refused.value.budget == "uploads"
    clock.at += timedelta(minutes=1)
    assert await ledger.spend_quota(quota("u", bucket=Bucket.UPLOADS, units=1), quota_done)


async def test_a_tenant_sees_only_its_own_and_nobody_rewrites_a_transfer(ledger, database):
    other = new_id()
    await ledger.spend(call(), Vendor().perform)
    assert (await ledger.receipt(other, VIDEO)).lines == ()
    async with database.transaction(other) as conn:
        rows = await (await conn.execute("select id from budgets")).fetchall()
        assert [row[0].split(":")[0] for row in rows] == ["platform-day"]
        for table in ("paid_calls", "transfers"):
            assert await (await conn.execute(f"select * from {table}")).fetchall() == []
    for statement in ("update transfers set held = 0", "delete from transfers", "delete from budgets"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.transaction(USER) as conn:
                await conn.execute(statement)
    vendor = Vendor()
    assert await ledger.spend(call(user=other, video=new_id()), vendor.perform) == {"number": 1}
    assert vendor.done == ["call"]


async def test_a_hold_can_be_resolved_only_once(ledger, database):
    await ledger.spend(call(), Vendor().perform)
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with database.transaction(USER) as conn:
            await conn.execute(
                "insert into transfers (id, user_id, call_id, hold_id, kind, budgets, held, spent, overrun,"
                " attempt, at) select %s, user_id, call_id, hold_id, 'void', budgets, held, 0, 0, attempt, at"
                " from transfers where kind = 'settle'",
                (new_id(),),
            )


async def test_the_audit_finds_what_does_not_add_up(ledger, admin):
    await ledger.spend(call(), Vendor().perform)
    await admin.execute("update budgets set spent = spent + 1 where name = 'user-day'")
    (difference,) = await ledger.audit()
    assert difference.startswith(f"budget user-day:{USER}")
    await admin.execute("update budgets set spent = spent - 1 where name = 'user-day'")
    await admin.execute("update paid_calls set hold_state = 'held'")
    assert any("settled" in found or "hold" in found for found in await ledger.audit())


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
