"""Nothing is made once the platform's day is used up or an operator stops it, and it goes on by itself or by order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from structlog.testing import capture_logs

from tests.stores.driver_stage import Said, Stage, staged, walk
from tests.stores.ledger_vendor import BILLED, HELD, USER, VIDEO, Vendor, an_operator, call
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput, BudgetRefused, Conflict, NotAllowed
from ytempire.kit.ids import new_id
from ytempire.ledger import Alert, Ledger, Policy, Standing, load_prices
from ytempire.orchestration import resume_generation, stop_generation
from ytempire.orchestration.reconcile import reconcile
from ytempire.production.model import StepName, VideoState
from ytempire.production.step import Work

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SMALL = Policy(platform_day_cap=2 * HELD, platform_day_raise=10 * HELD)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def ledger(database: Database, clock: SetClock) -> Ledger:
    return Ledger(database, clock, load_prices(), SMALL)


async def stopped(database: Database, ledger: Ledger, operator: UUID, why: str = "a wrong price") -> Standing:
    async with database.transaction(operator) as conn:
        return await ledger.stop(conn, operator, why)


async def resumed(database: Database, ledger: Ledger, operator: UUID, *, raise_by: int = 0) -> Standing:
    async with database.transaction(operator) as conn:
        return await ledger.resume(conn, operator, "checked", raise_by=raise_by)


async def use_up(ledger: Ledger) -> BudgetRefused:
    """Spend until the platform's day refuses."""
    for number in range(10):
        try:
            await ledger.spend(call(f"u{number}", user=new_id(), video=new_id()), Vendor().perform)
        except BudgetRefused as refused:
            return refused
    raise AssertionError("the day's cap refused nothing")


async def test_a_stop_lets_no_paid_call_begin_and_what_runs_ends(database: Database, ledger: Ledger) -> None:
    operator = await an_operator(database)

    async def stops_meanwhile() -> Any:
        await stopped(database, ledger, operator)
        return await Vendor().perform()

    assert await ledger.spend(call("running"), stops_meanwhile)
    vendor = Vendor()
    with pytest.raises(BudgetRefused, match=r"an operator stopped all generation \(a wrong price\)") as refused:
        await ledger.spend(call("next"), vendor.perform)
    assert (refused.value.budget, vendor.done, refused.value.after_order) == ("generation", [], 1)
    assert await ledger.processing(USER, VIDEO, "render", "cpu", 60_000) > 0, "what was spent is booked"
    with pytest.raises(Conflict):
        await stopped(database, ledger, operator)
    assert (await resumed(database, ledger, operator)).state == "open"
    assert await ledger.spend(call("next"), vendor.perform)
    with pytest.raises(Conflict):
        await resumed(database, ledger, operator)
    async with database.transaction(operator) as conn:
        orders = await ledger.orders(conn)
    assert [(order.kind, order.by_user, order.at, order.why) for order in orders] == [
        ("resume", operator, NOON, "checked"),
        ("stop", operator, NOON, "a wrong price"),
    ]
    assert await ledger.audit() == []


async def test_a_used_up_day_says_when_it_ends_and_a_raise_is_for_that_day_alone(
    database: Database, ledger: Ledger, clock: SetClock
) -> None:
    refused = await use_up(ledger)
    assert (refused.budget, refused.retry_after_s) == ("platform-day", 12 * 3600)
    operator = await an_operator(database)
    async with database.transaction(USER) as conn:
        used_up = await ledger.standing(conn)
    assert (used_up.state, used_up.resumes_at) == ("used_up", NOON + timedelta(hours=12))
    with pytest.raises(Conflict, match="used up"):
        await resumed(database, ledger, operator)
    assert (await resumed(database, ledger, operator, raise_by=2 * HELD)).state == "open"
    again = await use_up(ledger)
    assert again.budget == "platform-day"
    async with database.transaction(operator) as conn:
        day = await ledger.look_at_day(conn, operator, operator=True)
    assert day.platform
    assert (day.platform.budget.cap, day.platform.budget.opened) == (2 * HELD, 2 * HELD)
    assert 2 * HELD < day.platform.budget.used <= 4 * HELD
    told = [alert.kind for alert in day.alerts if alert.budget == "platform-day"]
    assert sorted(told) == ["near", "near", "refused", "refused", "used_up", "used_up"], "once under each cap"

    clock.at = NOON + timedelta(hours=12)
    async with database.transaction(operator) as conn:
        assert (await ledger.standing(conn)).state == "open"
        tomorrow = (await ledger.look_at_day(conn, operator, operator=True)).platform
    assert tomorrow
    assert (tomorrow.budget.cap, tomorrow.budget.opened, tomorrow.budget.used) == (2 * HELD, 0, 0)


async def test_holds_under_way_make_a_refusal_short(ledger: Ledger) -> None:
    """What others hold is mostly given back within minutes, so the day isn't over."""
    hold, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> Any:
        hold.set()
        await go_on.wait()
        return await Vendor().perform()

    await ledger.spend(call("a", user=new_id(), video=new_id()), Vendor().perform)
    under_way = asyncio.create_task(ledger.spend(call("b", user=new_id(), video=new_id()), slow))
    await hold.wait()
    with pytest.raises(BudgetRefused) as refused:
        await ledger.spend(call("c"), Vendor().perform)
    assert refused.value.retry_after_s == 60
    assert "used_up" not in {alert.kind for alert in await ledger.alerts(USER)}
    go_on.set()
    await under_way


@pytest.mark.parametrize("raise_by", [10 * HELD + 1, 10**15])
async def test_operators_raise_a_day_no_further_than_the_owner_permits(
    database: Database, ledger: Ledger, database_urls: Any, raise_by: int
) -> None:
    from ytempire.ledger import permit_caps

    await permit_caps(database_urls.owner, SMALL)
    operator = await an_operator(database)
    with pytest.raises(BadInput, match=r"raise_microusd: operators may add \$0\.20 to one day"):
        await resumed(database, ledger, operator, raise_by=raise_by)
    await resumed(database, ledger, operator, raise_by=6 * HELD)
    with pytest.raises(BadInput):
        await resumed(database, ledger, operator, raise_by=5 * HELD)
    await resumed(database, ledger, operator, raise_by=4 * HELD)
    async with database.transaction(operator) as conn:
        assert [order.amount for order in await ledger.orders(conn)] == [4 * HELD, 6 * HELD]


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("update budgets set opened = 1 where id = '{day}'", psycopg.errors.CheckViolation),
        ("update spending_orders set amount = 1", psycopg.errors.InsufficientPrivilege),
        ("delete from spending_orders", psycopg.errors.InsufficientPrivilege),
        (
            "insert into spending_orders (kind, by_user, at, why, budget_id, amount)"  # noqa: ISC004
            " values ('raise', app_user(), now(), 'x', '{day}', 1)",
            psycopg.errors.InsufficientPrivilege,
        ),
    ],
)
async def test_without_an_operators_order_the_apps_role_opens_nothing(
    database: Database, ledger: Ledger, statement: str, refused: type[Exception]
) -> None:
    await ledger.spend(call(), Vendor().perform)
    day = "platform-day:2026-11-25"
    with pytest.raises(refused):
        async with database.transaction(USER) as conn:
            await conn.execute(statement.format(day=day).encode())
    with pytest.raises(NotAllowed):
        await resumed(database, ledger, USER, raise_by=1)
    operator = await an_operator(database)
    async with database.transaction(operator) as conn:
        await conn.execute("update users set suspended_at = now()")
    with pytest.raises(NotAllowed):
        await resumed(database, ledger, operator, raise_by=1)


async def test_raises_and_holds_at_once_pass_no_cap(database: Database, ledger: Ledger, admin: Any) -> None:
    """Forty holds and five raises in any order: never more held than cap and raises allow, and no raise lost."""
    operator, taken = await an_operator(database), []

    async def hold(number: int) -> None:
        try:
            await ledger.spend(call(f"h{number}", user=new_id(), video=new_id()), Vendor().perform)
            taken.append(number)
        except BudgetRefused as refused:
            assert refused.budget == "platform-day"  # noqa: PT017

    await asyncio.gather(
        *(hold(number) for number in range(20)),
        *(resumed(database, ledger, operator, raise_by=HELD) for _ in range(5)),
        *(hold(number) for number in range(20, 40)),
    )
    row = await (
        await admin.execute("select cap, opened, held + spent + overrun from budgets where name = 'platform-day'")
    ).fetchone()
    assert (row[0], row[1]) == (2 * HELD, 5 * HELD)
    assert row[2] == BILLED * len(taken) <= 7 * HELD
    assert await ledger.audit() == []


async def test_each_new_alert_is_logged_and_announced_in_its_transaction(database: Database, clock: SetClock) -> None:
    heard: list[tuple[str, str]] = []

    async def announce(conn: Connection, alert: Alert, /) -> None:
        written = await (
            await conn.execute("select count(*) from budget_alerts where budget_id = %s", (alert.budget_id,))
        ).fetchone()
        assert written
        assert int(str(written[0])) >= 1
        heard.append((alert.budget, alert.kind))

    ledger = Ledger(database, clock, load_prices(), SMALL, announce)
    with capture_logs() as logs:
        await use_up(ledger)
        await use_up(ledger)
    assert heard == [("platform-day", "near"), ("platform-day", "refused"), ("platform-day", "used_up")]
    told = [(line["budget"], line["kind"]) for line in logs if line["event"] == "budget alert"]
    assert told == heard


# The driver: videos wait with the reason, nothing is tried in vain, and an order brings them on.


@pytest.fixture
async def stage(database: Database, valkey_url: str) -> AsyncIterator[Stage]:
    async with staged(database, valkey_url) as made:
        tools = made.platform.tools
        small = Ledger(database, tools.clock, load_prices(), SMALL)
        yield replace(made, platform=replace(made.platform, tools=replace(tools, ledger=small)))


async def waiting(admin: Any) -> list[tuple[str, bool]]:
    rows = await (
        await admin.execute(
            "select queue_name, scheduled_at is not null from procrastinate_jobs where status = 'todo' order by id"
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def forget_jobs(admin: Any) -> None:
    await admin.execute("delete from procrastinate_jobs")


async def test_a_stopped_video_waits_at_its_next_paid_step_and_goes_on_by_order(
    database: Database, stage: Stage, admin: Any
) -> None:
    platform, operator = stage.platform, await an_operator(database)
    video = await stage.order()
    await forget_jobs(admin)
    async with database.transaction(operator) as conn:
        await stop_generation(platform, conn, operator, "a wrong price")
    await walk(stage, video, "light")
    seen = await stage.now(video)
    assert (seen.state, seen.reason) == (
        VideoState.PRODUCING,
        "deferred: an operator stopped all generation (a wrong price)",
    )
    assert stage.script.runs == []
    assert await waiting(admin) == [("rehearsal-light", True)]
    assert await reconcile(platform) == 0, "the order it knows is the newest"
    async with database.transaction(operator) as conn:
        _, brought_on = await resume_generation(platform, conn, operator, "mended")
    assert brought_on == 1
    assert await waiting(admin) == [("rehearsal-light", False)]
    await walk(stage, video, "light")
    assert stage.script.runs == ["topic", "script"]
    assert (await stage.now(video)).reason == ""


async def test_a_video_put_off_while_the_order_comes_is_brought_on_by_the_reconciler(
    database: Database, stage: Stage, admin: Any
) -> None:
    platform, operator = stage.platform, await an_operator(database)
    video = await stage.order()
    await forget_jobs(admin)

    async def spends(work: Work) -> Said:
        async def ordered_meanwhile() -> Any:
            raise AssertionError("not called")

        try:
            await work.tools.ledger.spend(call("s", user=work.video.user_id, video=work.video.id), ordered_meanwhile)
        except BudgetRefused:
            async with database.transaction(operator) as conn:  # before the driver has written that it waits
                await resume_generation(platform, conn, operator, "more money", raise_by=4 * HELD)
            raise
        raise AssertionError("not refused")

    for number in range(2):
        await platform.tools.ledger.spend(call(f"u{number}", user=new_id(), video=new_id()), Vendor().perform)
    stage.script.instead[StepName.TOPIC] = spends
    await walk(stage, video, "light")
    assert "platform-day" in (await stage.now(video)).reason
    assert await waiting(admin) == [("rehearsal-light", True)]
    assert await reconcile(platform) == 1
    assert await waiting(admin) == [("rehearsal-light", False)]


async def test_no_paid_step_of_any_video_begins_on_a_used_up_day(database: Database, stage: Stage, admin: Any) -> None:
    """Rendering is priced when it is done: it must not begin, or it would be booked above the cap."""
    platform = stage.platform
    video = await stage.order()
    await walk(stage, video, "light")
    await forget_jobs(admin)
    await use_up(platform.tools.ledger)
    await walk(stage, video, "render")
    assert stage.script.runs == ["topic", "script"]
    assert (await stage.now(video)).reason.startswith("deferred: the platform's money for today is used up; it goes on")
    assert await waiting(admin) == [("rehearsal-render", True)]
    row = await (
        await admin.execute(
            "select scheduled_at at time zone 'UTC' from procrastinate_jobs where queue_name = 'rehearsal-render'"
        )
    ).fetchone()
    midnight = (platform.tools.clock.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert timedelta(0) <= row[0].replace(tzinfo=UTC) - midnight < timedelta(seconds=5)
