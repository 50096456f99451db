"""Money and quota over REST: what a creator sees, what only operators see and do, and that two tenants never meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.stores.driver_stage import staged
from tests.stores.ledger_vendor import BILLED, HELD, Vendor, call
from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from tests.web.conftest import Stage
from ytempire.kit.errors import BudgetRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Category, Ledger, Meters, Policy, load_prices
from ytempire.orchestration import Queue
from ytempire.web import create_app

COSTS, QUOTA, ADMIN = "/api/v1/costs", "/api/v1/quota", "/api/v1/admin/costs"
SMALL = Policy(platform_day_cap=2 * HELD)
SAVED = Meters("local", "cpu", cpu_ms=3_600_000)


@pytest.fixture
async def served(stage: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    """The application with a ledger whose day is two calls long."""
    async with staged(stage.parts.database, valkey_url) as driver:
        database, clock = stage.parts.database, stage.clock
        ledger = Ledger(database, clock, load_prices(), SMALL)
        queue = Queue(database, stalled_after_s=6)
        await queue.open()
        tools = replace(driver.platform.tools, clock=clock, ledger=ledger)
        parts = replace(stage.parts, platform=replace(stage.parts.platform, tools=tools, queue=queue))
        yield Stage(parts, create_app(parts), stage.clients)


async def spend(served: Stage, user: UUID, video: UUID, once: str, role: str = "cheap") -> None:
    await served.parts.ledger.spend(call(once, user=user, video=video, role=role), Vendor().perform)


async def new_video(served: Stage, admin: psycopg.AsyncConnection, user: UUID) -> UUID:
    """A video's row."""
    ids = new_tenant() | {"user": user}
    for row in TENANT_WITH_A_VIDEO[1:3]:
        await admin.execute(row.replace("'x', ''", "%(channel)s::text, ''"), ids)
    return ids["video"]


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_creators_day(served: Stage, admin: psycopg.AsyncConnection) -> None:
    user, client = await served.signed_in()
    empty = await get(client, f"{COSTS}/today")
    assert (empty["budget"]["left"], empty["by_category"], empty["models"]["cheap_share"]) == (3_000_000, [], None)
    video = await new_video(served, admin, user)
    await spend(served, user, video, "a")
    saved = call("s", user=user, video=video, step="render", category=Category.PROCESSING, estimate=SAVED)
    assert [await served.parts.ledger.saved(saved) for _ in range(2)] == [True, False]
    today = await get(client, f"{COSTS}/today")
    assert today["budget"] == {
        "budget": "user-day", "resource": "microusd", "cap": 3_000_000, "opened": 0, "held": 0, "spent": BILLED,
        "left": 3_000_000 - BILLED,
    }  # fmt: skip
    assert [(row["category"], row["spent_microusd"], row["saved_microusd"]) for row in today["by_category"]] == [
        ("openai", BILLED, 0),
        ("processing", 0, 50_000),
    ]
    assert today["by_category"][0]["video_line_microusd"] == 1_000_000
    assert (today["saved_microusd"], today["models"]) == (
        50_000,
        {"calls": 1, "cheap_share": 1.0, "least_cheap_share": 0.6},
    )
    assert today["generation"]["state"] == "open"
    assert today["resets_at"] == "2026-11-26T00:00:00Z"
    assert "platform" not in today or today["platform"] is None
    (row,) = today["videos"]
    assert (row["video_id"], row["spent_microusd"], row["saved_microusd"], row["by_category"]) == (
        str(video),
        BILLED,
        50_000,
        {"openai": BILLED},
    )
    (day,) = (await get(client, f"{COSTS}/days"))["days"]
    assert (day["day"], day["spent_microusd"], day["saved_microusd"]) == ("2026-11-25", BILLED, 50_000)
    assert (await get(client, f"{COSTS}/days", last="2026-11-24"))["days"] == []
    names = {budget["budget"] for budget in (await get(client, f"{COSTS}/budgets"))["budgets"]}
    assert names >= {"user-day", "uploads", "units"}
    assert "platform-day" not in names


async def test_videos_are_paged_newest_first_and_only_ones_own(served: Stage, admin: psycopg.AsyncConnection) -> None:
    user, mine = await served.signed_in()
    _, theirs = await served.signed_in()
    videos = [await new_video(served, admin, user) for _ in range(5)]
    for video in videos:
        cpu = {"category": Category.PROCESSING, "estimate": SAVED}
        await served.parts.ledger.saved(call(f"v{video}", user=user, video=video, **cpu))
    seen: list[str] = []
    cursor = None
    while True:
        page = await get(mine, f"{COSTS}/videos", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["video_id"] for item in page["items"]]
        cursor = page.get("next")
        if not cursor:
            break
    assert seen == [str(video) for video in sorted(videos, reverse=True)]
    assert (await get(theirs, f"{COSTS}/videos"))["items"] == []
    assert (await get(theirs, f"{COSTS}/days"))["days"] == []


async def test_the_day_runs_out_and_an_operator_raises_it(served: Stage) -> None:
    user, client = await served.signed_in()
    _, operator = await served.signed_in("operator")
    for once in "ab":
        await spend(served, user, new_id(), once)
    with pytest.raises(BudgetRefused):
        await spend(served, user, new_id(), "c")
    today = await get(client, f"{COSTS}/today")
    assert (today["generation"]["state"], today["generation"]["resumes_at"]) == ("used_up", "2026-11-26T00:00:00Z")
    assert "2026-11-26 00:00 (UTC)" in today["generation"]["why"]
    assert today["alerts"] == [], "the platform's are the operators'"
    told = (await get(operator, f"{COSTS}/alerts"))["alerts"]
    assert {(alert["budget"], alert["kind"], alert["platform"]) for alert in told} == {
        ("platform-day", kind, True) for kind in ("near", "refused", "used_up")
    }
    platform = (await get(operator, f"{COSTS}/today"))["platform"]
    assert platform["budget"]["spent"] == platform["by_category"][0]["spent_microusd"] == 2 * BILLED
    (all_days,) = (await get(operator, f"{ADMIN}/days"))["days"]
    assert all_days["spent_microusd"] == 2 * BILLED

    refused = await operator.post(f"{ADMIN}/resume", json={"why": "go on"})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "conflict", "raise_microusd")
    resumed = await operator.post(f"{ADMIN}/resume", json={"why": "a launch", "raise_microusd": HELD})
    assert (resumed.status_code, resumed.json()["generation"]["state"]) == (200, "open")
    await spend(served, user, new_id(), "c")
    too_much = await operator.post(f"{ADMIN}/resume", json={"why": "more", "raise_microusd": 10**12})
    assert (too_much.status_code, too_much.json()["field"]) == (422, "raise_microusd")
    (order,) = (await get(operator, f"{ADMIN}/orders"))["items"]
    assert (order["kind"], order["amount"], order["why"]) == ("raise", HELD, "a launch")


async def test_stop_and_resume_are_the_operators_and_seen_by_all(served: Stage) -> None:
    user, client = await served.signed_in()
    _, operator = await served.signed_in("operator")
    stopped = await operator.post(f"{ADMIN}/stop", json={"why": "a vendor bills twice"})
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")
    assert (await operator.post(f"{ADMIN}/stop", json={"why": "again"})).status_code == 409
    generation = (await get(client, f"{COSTS}/today"))["generation"]
    assert generation["why"] == "an operator stopped all generation (a vendor bills twice)"
    with pytest.raises(BudgetRefused):
        await spend(served, user, new_id(), "a")
    resumed = await operator.post(f"{ADMIN}/resume", json={"why": "mended"})
    assert resumed.json() == {
        "generation": {"state": "open", "why": "", "since": None, "resumes_at": None},
        "brought_on": 0,
    }
    await spend(served, user, new_id(), "a")


async def test_the_quota_and_its_reserve(served: Stage) -> None:
    _, client = await served.signed_in()
    _, operator = await served.signed_in("operator")
    quota = await get(client, QUOTA)
    assert quota["resets_at"] == "2026-11-26T08:00:00Z"
    assert {bucket["name"]: bucket["left"] for bucket in quota["buckets"]} == {
        "uploads": 100,
        "search": 100,
        "units": 7_000,
    }
    assert sum(share["cap"] for share in quota["shares"]) == 7_000
    url = "/api/v1/admin/quota/open-reserve"
    assert (await client.post(url, json={"units": 1, "why": "x"})).status_code == 403
    assert (await operator.post(url, json={"units": 3_001, "why": "x"})).status_code == 422
    opened = await operator.post(url, json={"units": 3_000, "why": "captions"})
    assert (opened.status_code, opened.json()["reserve"]) == (200, {"units": 3_000, "opened": 3_000})
    assert (await get(client, QUOTA))["buckets"][2]["left"] == 10_000


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{COSTS}/days?first=2026-11-25&last=2026-11-24", None, 422),
        ("GET", f"{COSTS}/days?first=2020-01-01", None, 422),
        ("GET", f"{COSTS}/days?first=0001-01-01&last=0001-01-01", None, 200),
        ("GET", f"{COSTS}/days?last=0001-01-01", None, 200),
        ("GET", f"{COSTS}/days?last=9999-12-31", None, 200),
        ("GET", f"{COSTS}/days?first=soon", None, 422),
        ("GET", f"{COSTS}/videos?cursor=nonsense", None, 400),
        ("GET", f"{COSTS}/videos?limit=0", None, 422),
        ("GET", f"{COSTS}/alerts?days=0", None, 422),
        ("POST", f"{ADMIN}/stop", {"why": "x"}, 403),
        ("POST", f"{ADMIN}/resume", {"why": "x", "raise_microusd": 1}, 403),
        ("GET", f"{ADMIN}/orders", None, 403),
        ("GET", f"{ADMIN}/days", None, 403),
    ],
)
async def test_what_cannot_be_is_a_problem(served: Stage, method: str, path: str, body: object, status: int) -> None:
    _, client = await served.signed_in()
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status
    assert status == 200 or {"code", "fix"} <= answer.json().keys()
    assert (await served.client().request(method, path, json=body)).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"why": ""}, {"why": " \n "}, {"why": "x" * 301}, {"why": "x\x00"}, {"why": "x", "raise_microusd": -1}]
)
async def test_an_order_needs_a_reason_and_an_amount_that_adds(served: Stage, body: object) -> None:
    _, operator = await served.signed_in("operator")
    answer = await operator.post(f"{ADMIN}/resume", json=body)
    assert answer.status_code == 422
    assert (await get(operator, f"{ADMIN}/orders"))["items"] == []
