"""Quota, the shared budgets, CPU time, and what keeps the books themselves in order."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.stores.ledger_vendor import ESTIMATE, HELD, USER, VIDEO, Vendor, an_operator, call
from ytempire.kit.clock import SetClock, SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BudgetRefused, NotAllowed, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Bucket, Ledger, Policy, QuotaCall, Share, load_prices


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().now())


@pytest.fixture
def ledger(database: Database, clock: SetClock) -> Ledger:
    return Ledger(database, clock, load_prices(), Policy())


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
        ("platform-day", "used_up"),
    }
    clock.at += timedelta(days=1)
    assert await ledger.spend(call(), Vendor().perform)
    assert await ledger.audit() == []


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


async def test_the_reserve_is_closed_until_the_operator_opens_it(ledger, database):
    captions = {"share": Share.CAPTIONS, "units": 400}
    await ledger.spend_quota(quota("c1", **captions), quota_done)
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend_quota(quota("c2", **captions), quota_done)
    assert refused.value.budget == "captions"
    async with database.transaction(USER) as conn:
        with pytest.raises(NotAllowed):
            await ledger.open_reserve(conn, USER, "the week's backlog", units=3_000)
    operator = await an_operator(database)
    async with database.transaction(operator) as conn:
        assert (await ledger.open_reserve(conn, operator, "the week's backlog", units=3_000)).left == 10_000 - 400
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
