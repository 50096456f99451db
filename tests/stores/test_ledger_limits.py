"""What the app's own password can't do to budgets and jobs, and how an owner lets caps be higher."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest

from tests.conftest import DatabaseUrls
from tests.stores.ledger_vendor import USER, VIDEO, Vendor, call
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import NotConfigured
from ytempire.ledger import Bucket, Ledger, Policy, QuotaCall, load_prices, permit_caps, require_permitted

CLOCK = SystemClock()


@pytest.fixture
async def spent(database: Database) -> Ledger:
    """A ledger that has budgets of every kind."""
    ledger = Ledger(database, CLOCK, load_prices(), Policy())
    await ledger.spend(call(), Vendor().perform)
    quota = QuotaCall(user_id=USER, video_id=VIDEO, step="publish", bucket=Bucket.UNITS, what="list", once="q", units=1)

    async def done() -> dict[str, object]:
        return {}

    await ledger.spend_quota(quota, done)
    return ledger


async def as_app(database: Database, statement: LiteralString) -> int:
    """Rows changed by somebody who has the app's password, and may say they are any user."""
    async with database.transaction(USER) as conn:
        return (await conn.execute(statement)).rowcount


@pytest.mark.parametrize(
    "raise_it",
    [
        "update budgets set cap = cap + 1 where id = '{id}'",
        "update budgets set cap = 9000000000000000000 where id = '{id}'",
        "update budgets set opened = 10000000000 where id = '{id}'",
        "insert into budgets (id, name, resource, cap, margin) values ('{id}', 'x', 'units', 200000000, 0)",
    ],
)
@pytest.mark.parametrize("kind", ["video", "user-day", "platform-day"])
async def test_no_cap_can_be_raised(database: Database, spent: Ledger, admin, kind: str, raise_it: str) -> None:
    row = await (
        await admin.execute("select id from budgets where id like %s and parent_id is null", (kind + ":%",))
    ).fetchone()
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.NumericValueOutOfRange)):
        await as_app(database, raise_it.format(id=row[0]))
    assert await as_app(database, f"update budgets set cap = cap where id = '{row[0]}'") == 1  # what is tried, can be


async def test_the_reserve_is_the_most_that_can_be_opened(database: Database, spent: Ledger) -> None:
    assert await as_app(
        database, "update budgets set opened = 3000 where id like 'youtube-units:%' and parent_id is null"
    )
    with pytest.raises(psycopg.errors.CheckViolation):
        await as_app(database, "update budgets set opened = 3001 where id like 'youtube-units:%' and parent_id is null")


@pytest.mark.parametrize(
    "statement",
    [
        "update budget_limits set most = 9000000000",
        "insert into budget_limits values ('mine', 9000000000)",
        "delete from budget_limits",
        "update budgets set id = id || 'x'",
        "update budgets set user_id = null",
        "update budgets set parent_id = null",
        "update budgets set resource = 'units'",
        "delete from budgets",
        "insert into budgets (id, name, resource, cap, margin, spent) values ('video:x', 'video', 'microusd', 1, 0, 0)",
        "alter table budgets disable trigger budgets_within_limit",
        "drop trigger budgets_within_limit on budgets",
        "set session_replication_role = replica",
        "delete from budget_alerts",
        "update transfers set held = 0",
        "update procrastinate_jobs set args = '{}'",
        "update procrastinate_jobs set task_name = 'another'",
        "delete from procrastinate_events",
    ],
)
async def test_what_the_app_has_no_right_to(database: Database, spent: Ledger, statement: LiteralString) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await as_app(database, statement)


async def test_a_table_of_ones_own_does_not_stand_in_for_the_limits(database: Database, spent: Ledger) -> None:
    """Temporary tables go before others in a session's search path, unless a function has one of its own."""
    async with database.transaction(USER) as conn:
        await conn.execute("create temporary table budget_limits (kind text, most bigint)")
        await conn.execute("insert into pg_temp.budget_limits values ('video', 9000000000000)")
        await conn.execute("create function pg_temp.split_part(text, text, int) returns text return 'video'")
        await conn.execute("set local search_path = pg_temp, public")
        with pytest.raises(psycopg.errors.CheckViolation):
            await conn.execute("update public.budgets set cap = cap + 1 where id like 'video:%'")


async def test_a_budget_of_an_unknown_kind_and_a_line_of_another_parent_are_refused(database: Database) -> None:
    new = "insert into budgets (id, parent_id, user_id, name, resource, cap, margin)"
    parent = " values ('video:a', null, null, 'video', 'microusd', 1, 0)"
    assert await as_app(database, new + parent) == 1
    with pytest.raises(psycopg.errors.CheckViolation, match="permits no such cap for mine"):
        await as_app(database, new + " values ('mine', null, null, 'video', 'microusd', 1, 0)")
    with pytest.raises(psycopg.errors.CheckViolation, match="budgets_line_of_its_parent"):
        await as_app(database, new + " values ('video:b/openai', 'video:a', null, 'openai', 'microusd', 1, 0)")


async def test_the_owner_lets_caps_be_higher_and_lower(database: Database, database_urls: DatabaseUrls) -> None:
    dear = Policy(video_cap=5_000_000)
    await require_permitted(database, Policy())
    with pytest.raises(NotConfigured, match=r"^YTEMPIRE_VIDEO_CAP_USD: .*only the owner raises a cap"):
        await require_permitted(database, dear)
    ledger = Ledger(database, CLOCK, load_prices(), dear)
    with pytest.raises(NotConfigured, match=r"^YTEMPIRE_VIDEO_CAP_USD: "):
        await ledger.spend(call(), Vendor().perform)
    await permit_caps(database_urls.owner, dear)
    await require_permitted(database, dear)
    assert await ledger.spend(call(), Vendor().perform)
    await permit_caps(database_urls.owner, Policy())
    with pytest.raises(NotConfigured):
        await require_permitted(database, dear)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await permit_caps(database_urls.app, dear)


async def test_a_balance_that_was_set_back_shows_in_the_audit(database: Database, spent: Ledger) -> None:
    """The app has to move balances, so its password can; the transfers behind them it can't take back."""
    assert await spent.audit() == []
    assert await as_app(database, "update budgets set spent = 0, held = 0, overrun = 0") > 0
    assert any("platform-day" in difference for difference in await spent.audit())
