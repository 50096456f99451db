"""What a driver pays for elsewhere: held first, settled or voided once; and what is left for the video."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import DatabaseUrls
from tests.contracts.relay_stage import Run, driven, relay_stage
from tests.web.conftest import Stage
from ytempire.ledger import Category, recorded_call
from ytempire.orchestration.runs import RunState
from ytempire.orchestration.runs import store as runs


@pytest.fixture
async def stage(database_urls: DatabaseUrls, valkey_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with relay_stage(database_urls.app, valkey_url, "http://127.0.0.1:9", tmp_path) as made:
        yield made


@pytest.fixture
async def run(stage: Stage) -> Run:
    return await driven(stage)


def body(key: str = "231:thumbnail:0", **more: Any) -> dict[str, Any]:
    return {"category": "thumbnail", "what": "a picture", "key": key, "estimate_microusd": 60_000} | more


def units(count: int, key: str = "231:captions:0") -> dict[str, Any]:
    return {"category": "youtube", "what": "captions", "key": key, "units": count}


async def post(run: Run, path: str, given: Any = None, client: httpx.AsyncClient | None = None) -> httpx.Response:
    return await (client or run.client()).post(f"/api/v1/videos/{run.video_id}/calls{path}", json=given)


async def test_held_then_settled_once(run: Run) -> None:
    held = await post(run, "", body())
    assert held.status_code == 200, held.text
    assert (held.json()["state"], held.json()["held"], held.json()["actual"]) == ("held", 60_000, None)
    again = await post(run, "", body())
    assert again.json() == held.json()
    ends = [await post(run, "/231:thumbnail:0/settle", {"actual_microusd": 42_000}) for _ in range(2)]
    assert [one.json() for one in ends] == [held.json() | {"state": "settled", "actual": 42_000}] * 2
    (line,) = (await run.receipt()).lines
    assert (line.step, line.category, line.what) == ("thumbnail", "thumbnail", "a picture")
    assert (line.held_microusd, line.actual_microusd, line.state) == (60_000, 42_000, "settled")
    assert (await post(run, "", body())).json()["state"] == "settled", "a repeated hold tells how it ended"
    assert await run.stage.parts.ledger.audit() == []


async def test_voided_once_and_nothing_ends_twice(run: Run) -> None:
    await post(run, "", body("a"))
    assert [(await post(run, "/a/void")).json()["state"] for _ in range(2)] == ["void", "void"]
    late = await post(run, "/a/settle", {"actual_microusd": 1})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    await post(run, "", body("b"))
    await post(run, "/b/settle", {"actual_microusd": 1})
    for path, given in (("/b/void", None), ("/b/settle", {"actual_microusd": 2})):
        assert (await post(run, path, given)).status_code == 409
    assert (await run.receipt()).actual_microusd == 1
    assert await run.stage.parts.ledger.audit() == []


async def test_wrong_order_wrong_body_wrong_amount(run: Run) -> None:
    for path, given in (("/never/settle", {"actual_microusd": 1}), ("/never/void", None)):
        answer = await post(run, path, given)
        assert (answer.status_code, answer.json()["field"]) == (404, "key")
        assert "holds it" in answer.json()["fix"]
    await post(run, "", body())
    other = await post(run, "", body(estimate_microusd=70_000))
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (422, "key_reused", "key")
    for given, field in (
        (body("k", estimate_microusd=None), "estimate_microusd"),
        (body("k", units=3), "units"),
        (body("k", category="youtube"), "units"),
        (body("k", category="processing"), "category"),
        (body("k", estimate_microusd=0), "estimate_microusd"),
        (body("a/b"), "key"),
    ):
        answer = await post(run, "", given)
        assert (answer.status_code, answer.json()["field"]) == (422, field), given
    empty = await post(run, "/231:thumbnail:0/settle", {})
    assert (empty.status_code, empty.json()["fix"]) == (422, "Send actual_microusd.")
    above = await post(run, "", body("k", estimate_microusd=3_000_001))
    assert (above.status_code, above.json()["code"]) == (409, "budget_refused")
    far_above = await post(run, "/231:thumbnail:0/settle", {"actual_microusd": 42_000_000})
    assert (far_above.status_code, far_above.json()["code"]) == (409, "budget_refused")
    assert "$1 is 1000000" in far_above.json()["fix"]
    some_above = await post(run, "/231:thumbnail:0/settle", {"actual_microusd": 61_000})
    assert some_above.json()["actual"] == 61_000
    assert (await run.receipt()).overrun_microusd == 1_000
    assert await run.stage.parts.ledger.audit() == []


async def test_units_of_youtube_only_for_a_driven_video_and_only_some(run: Run) -> None:
    held = await post(run, "", units(400))
    assert held.json()["held"] == 400
    few = await post(run, "", units(250, "more"))
    assert (few.status_code, few.json()["field"]) == (422, "units")
    assert (await post(run, "/231:captions:0/settle", {"actual_microusd": 1})).status_code == 422
    assert (await post(run, "/231:captions:0/settle", {"units": 400})).json()["actual"] == 400
    assert (await run.receipt()).youtube_units == 400
    _, owner = await run.stage.signed_in(user_id=run.user_id, scopes=("read", "write"))
    await ended(run)
    assert (await post(run, "", units(1, "late"), owner)).status_code == 409


async def test_no_bill_takes_more_units_than_a_video_may_have(run: Run) -> None:
    await post(run, "", units(1))
    await post(run, "", units(100, "other"))
    left = (await run.client().get(f"/api/v1/videos/{run.video_id}/means")).json()["units_left"]
    for count in (501, 5_000):
        refused = await post(run, "/231:captions:0/settle", {"units": count})
        assert (refused.status_code, refused.json()["field"]) == (422, "units"), count
    after = (await run.client().get(f"/api/v1/videos/{run.video_id}/means")).json()["units_left"]
    assert after == left, "the platform's quota is everybody's"
    assert (await post(run, "/231:captions:0/settle", {"units": 500})).json()["actual"] == 500
    assert (await post(run, "", units(1, "one more"))).status_code == 422, "a bill counts as what it was"
    assert (await post(run, "/other/void")).status_code == 200
    assert (await post(run, "", units(100, "again"))).status_code == 200
    assert await run.stage.parts.ledger.audit() == []


async def test_a_video_has_only_so_many_calls_on_record(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ytempire.ledger.outside.rules.MOST_CALLS", 3)
    for number in range(3):
        assert (await post(run, "", body(f"k{number}"))).status_code == 200
        await post(run, f"/k{number}/void")
    refused = await post(run, "", body("k4"))
    assert (refused.status_code, refused.json()["field"]) == (422, "video")
    assert (await post(run, "", body("k0"))).json()["state"] == "void", "a repeat is answered"
    asked = {"model": "gpt-6-luna", "input": "x"}
    assert (await run.ask("responses", asked)).json()["field"] == "video", "relayed ones count, too"


async def test_an_owner_s_key_holds_too_and_an_ended_run_only_settles(run: Run) -> None:
    _, owner = await run.stage.signed_in(user_id=run.user_id, scopes=("read", "write"))
    _, stranger = await run.stage.signed_in(scopes=("read", "write"))
    _, driver = await run.stage.signed_in("operator", scopes=("drive",))
    assert (await post(run, "", body("mine"), owner)).status_code == 200
    assert (await post(run, "", body("theirs"), stranger)).status_code == 404
    assert (await post(run, "", body("theirs"), driver)).status_code == 403
    other = await driven(run.stage)
    assert (await post(run, "", body("other"), other.client())).status_code == 404
    await post(run, "", body("held"))
    await ended(run)
    late = await post(run, "", body("late"))
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    assert (await post(run, "/held/settle", {"actual_microusd": 5})).status_code == 200
    assert (await post(run, "", body("owner's"), owner)).status_code == 422, "a quote is no sign of a key"
    assert (await post(run, "", body("owner"), owner)).status_code == 200


async def ended(run: Run) -> None:
    now = run.stage.parts.clock.now()
    ends_at = now + timedelta(minutes=5)
    async with run.stage.parts.database.transaction(run.user_id) as conn:
        await runs.end_run(conn, run.video_id, RunState.IN_REVIEW, "it waits", now, token_ends_at=ends_at)


async def test_what_nobody_settles_counts_as_spent_until_somebody_does(
    run: Run, admin: psycopg.AsyncConnection
) -> None:
    await post(run, "", body())
    await admin.execute("update paid_calls set begun_at = begun_at - interval '2 hours'")
    assert await run.stage.parts.ledger.expire() == 1
    unknown = await post(run, "", body())
    assert (unknown.json()["state"], unknown.json()["actual"]) == ("unknown", 60_000)
    settled = await post(run, "/231:thumbnail:0/settle", {"actual_microusd": 10})
    assert (settled.json()["state"], settled.json()["actual"]) == ("settled", 10)
    assert (await run.receipt()).actual_microusd == 10
    assert await run.stage.parts.ledger.audit() == []


async def test_a_hand_in_finds_what_was_told_by_these_routes(run: Run) -> None:
    async def paid(category: Category) -> bool:
        async with run.stage.parts.database.transaction(run.user_id) as conn:
            return await recorded_call(conn, run.video_id, None, category)

    await post(run, "", body(category="openai"))
    assert await paid(Category.OPENAI)
    assert not await paid(Category.ELEVENLABS)
    await post(run, "/231:thumbnail:0/void")
    assert not await paid(Category.OPENAI)


async def test_means_say_what_is_left_and_what_is_short(run: Run) -> None:
    async def means() -> dict[str, Any]:
        answer = await run.client().get(f"/api/v1/videos/{run.video_id}/means")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    fresh = await means()
    assert fresh == {
        "fits": True,
        "reason": "",
        "video_left_microusd": 3_000_000,
        "day_left_microusd": 3_000_000,
        "platform_left_microusd": 150_000_000,
        "units_left": 7_000,
        "uploads_left": 100,
    }
    await post(run, "", body(estimate_microusd=100_000))
    now = await means()
    assert (now["video_left_microusd"], now["fits"]) == (2_900_000, True)
    second = await driven(run.stage, run.user_id)
    await post(second, "", body(estimate_microusd=100_000))
    third = await driven(run.stage, run.user_id)
    await post(third, "", body(category="openai", estimate_microusd=2_000_000))
    await post(third, "", body("b", category="elevenlabs", estimate_microusd=500_000))
    short = await means()
    assert (short["fits"], "its owner's money for today" in short["reason"]) == (False, True), short
    operator, _ = await run.stage.signed_in("operator")
    ledger = run.stage.parts.ledger
    async with run.stage.parts.database.transaction(operator) as conn:
        await ledger.stop(conn, operator, "a look at the books")
    assert "a look at the books" in (await means())["reason"]
    assert (await post(run, "", body("stopped"))).json()["code"] == "budget_refused"


async def test_a_run_s_token_reads_its_receipt_and_keeps_values(run: Run) -> None:
    client = run.client()
    assert (await client.get(f"/api/v1/videos/{run.video_id}/receipt")).json()["lines"] == []
    other = await driven(run.stage)
    assert (await client.get(f"/api/v1/videos/{other.video_id}/receipt")).status_code == 404
    kept = await client.put("/api/v1/cache/n8n/topic", json={"value": 1})
    assert kept.json()["kept"]
    assert (await client.get("/api/v1/cache/n8n/topic")).json() == {"value": 1}
    assert (await client.delete("/api/v1/cache/n8n/topic")).status_code == 204
    assert (await client.get("/api/v1/cache")).status_code == 403, "the figures are its owner's"
