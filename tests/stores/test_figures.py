"""The platform's gauges say what the rows say, across tenants, and forget what has gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.conftest import DatabaseUrls
from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BudgetRefused
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.metrics import PLATFORM, PROCESS
from ytempire.ledger import Category, Ledger, Meters, PaidCall, Policy, load_prices
from ytempire.local.figures import refresh

NOW = datetime(2030, 1, 2, 12, tzinfo=UTC)
POLICY = Policy.in_dollars(video="3", platform_day="150", cpu_hour="0.05", money_day_zone="UTC")


def value(name: str, **labels: str) -> float | None:
    return PLATFORM.get_sample_value(name, labels)


async def test_what_the_rows_say(admin: psycopg.AsyncConnection, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    media = LocalMediaStore(tmp_path / "media", floor_bytes=123)
    tenants = [new_tenant(), new_tenant()]
    for ids in tenants:
        for statement in TENANT_WITH_A_VIDEO:
            await admin.execute(statement, ids)
    await admin.execute("update videos set state = 'in_review' where id = %s", (tenants[1]["video"],))
    await admin.execute("update paid_calls set hold_state = 'held', hold_amount = 250000, category = 'openai'")
    for budget, resource, held, spent, cap in (
        ("platform-day:2030-01-02", "microusd", 500_000, 2_000_000, 150_000_000),
        ("platform-day:2030-01-01", "microusd", 0, 9_000_000, 150_000_000),
        ("youtube-uploads:2030-01-02", "calls", 1, 7, 100),
    ):
        await admin.execute(
            "insert into budgets (id, name, resource, cap, margin, held, spent, overrun)"
            " values (%s, 'x', %s, %s, 0, %s, %s, 0)",
            (budget, resource, cap, held, spent),
        )
    for at in (None, NOW - timedelta(seconds=90), NOW + timedelta(hours=1)):
        await admin.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " values ('light', 'drive', 'todo', %s)",
            (at,),
        )
    await admin.execute(
        "update procrastinate_events set at = %s where type = 'deferred'", (NOW - timedelta(seconds=30),)
    )
    await admin.execute(
        "insert into queue_workers (queue, worker, seen_at) values ('light', 'a', %s), ('light', 'gone', %s)",
        (NOW, NOW - timedelta(hours=1)),
    )
    await refresh(database_urls.dump, POLICY, media, tmp_path / "backups", NOW, rehearsal=True)

    assert value("ytempire_videos", state="planned") == 1
    assert value("ytempire_videos", state="in_review") == 1
    assert value("ytempire_money_held_dollars", category="openai") == 0.5
    assert value("ytempire_money_day_dollars", kind="held") == 0.5
    assert value("ytempire_money_day_dollars", kind="spent") == 2
    assert value("ytempire_money_day_dollars", kind="cap") == 150
    assert value("ytempire_youtube_quota", bucket="uploads", kind="used") == 7
    assert value("ytempire_queue_jobs", queue="light", state="due") == 2
    assert value("ytempire_queue_jobs", queue="light", state="later") == 1
    assert value("ytempire_queue_oldest_due_seconds", queue="light") == pytest.approx(90)
    assert value("ytempire_workers", queue="light") == 1
    assert value("ytempire_disk_floor_bytes") == 123
    assert value("ytempire_backup_last_success_timestamp_seconds") == 0
    assert value("ytempire_platform_refreshed_timestamp_seconds") == NOW.timestamp()

    await admin.execute("delete from procrastinate_jobs")
    await admin.execute("update videos set state = 'planned'")
    await refresh(database_urls.dump, POLICY, media, tmp_path / "backups", NOW, rehearsal=True)
    assert value("ytempire_videos", state="planned") == 2
    assert value("ytempire_videos", state="in_review") is None
    assert value("ytempire_queue_jobs", queue="light", state="due") is None


async def test_bills_and_refusals_are_counted_where_they_happen(
    admin: psycopg.AsyncConnection, database: Database, tmp_path: Path
) -> None:
    ids = new_tenant()
    for statement in TENANT_WITH_A_VIDEO:
        await admin.execute(statement, ids)
    ledger = Ledger(database, SetClock(NOW), load_prices(tmp_path / "none.json"), POLICY)

    def counted(name: str, **labels: str) -> float:
        return PROCESS.get_sample_value(name, labels) or 0.0

    before = counted("ytempire_money_settled_dollars_total", category="processing")
    booked = await ledger.processing(ids["user"], ids["video"], "render", "a run", 3_600_000)
    assert booked == 50_000
    after = counted("ytempire_money_settled_dollars_total", category="processing")
    assert after - before == pytest.approx(0.05)

    async def perform() -> tuple[dict[str, object], Meters]:
        raise AssertionError("refused before the call")

    call = PaidCall(
        ids["user"], ids["video"], "render", Category.PROCESSING, "CPU", "too much",
        Meters("local", "cpu", cpu_ms=10**12),
    )  # fmt: skip
    kinds = ("video", "user-day", "platform-day")
    refusals = {name: counted("ytempire_hold_refusals_total", budget=name) for name in kinds}
    with pytest.raises(BudgetRefused) as refusal:
        await ledger.spend(call, perform)
    name = refusal.value.budget
    assert counted("ytempire_hold_refusals_total", budget=name) == refusals[name] + 1
