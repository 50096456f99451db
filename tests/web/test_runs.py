"""Another driver over the API: it claims what is due, and each token leads one video and nothing else."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.stores.plan_stage import PlanStage
from tests.web.conftest import Stage
from ytempire.kit.clock import stopwatch_s
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.orchestration import look_after_runs
from ytempire.production.model import StepName
from ytempire.web import create_app
from ytempire.webhooks.rules import headers_of

DUE = "/api/v1/plan/due"
REPORTS = "/api/v1/webhooks/n8n"


@pytest.fixture
async def led(stage: Stage) -> Stage:
    """The stage with books, so that plans are served; two videos are led at once."""
    platform = stage.parts.platform
    books = Ledger(stage.parts.database, stage.clock, load_prices(), Policy())
    tools: Any = _Known(platform.tools, books)
    await platform.queue.open()
    parts = replace(stage.parts, platform=replace(platform, tools=tools, runs_at_once=2, silent_after_s=60))
    return Stage(parts, create_app(parts), stage.clients)


class _Known:
    """The stage's tools and the books; nothing is asked of a vendor here."""

    def __init__(self, tools: Any, ledger: Ledger) -> None:
        self._tools, self.ledger = tools, ledger
        self.writer, self.voices = object(), {"local": _Voice()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tools, name)


class _Voice:
    def known(self) -> tuple[str, ...]:
        return ("heart",)


async def creators(led: Stage, admin: psycopg.AsyncConnection, how_many: int) -> list[UUID]:
    planned = PlanStage(led.parts.database, admin, clock=led.clock)
    return [await planned.user() for _ in range(how_many)]


async def claimed(led: Stage, most: int = 20, scopes: tuple[str, ...] = ("drive",)) -> list[dict[str, Any]]:
    _, driver = await led.signed_in("operator", scopes=scopes)
    answer = await driver.post(DUE, json={"driver": "n8n", "most": most, "workflow": "w", "execution": "7"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def leading(led: Stage, claim: dict[str, Any]) -> httpx.AsyncClient:
    return led.client({"Authorization": f"Bearer {claim['token']}"})


async def test_what_is_due_is_claimed_once_and_no_more_than_may_be_led_at_once(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    await creators(led, admin, 3)
    both = [one for got in await asyncio.gather(claimed(led), claimed(led)) for one in got]
    assert len({one["video_id"] for one in both}) == len(both) == 2
    assert await claimed(led) == []
    first = leading(led, both[0])
    run = (await first.get(f"/api/v1/videos/{both[0]['video_id']}/run")).json()
    assert (run["driver"], run["workflow"], run["execution"], run["state"]) == ("n8n", "w", "7", "driving")
    assert run["channel"]["handle"] == "c1"
    assert run["next_step"] == "topic"
    led.clock.at += timedelta(minutes=2)
    await look_after_runs(led.parts.platform)
    assert len(await claimed(led)) == 1, "the third waited, and its turn has come"


async def test_a_token_leads_its_own_video_and_nothing_else(led: Stage, admin: psycopg.AsyncConnection) -> None:
    await creators(led, admin, 2)
    mine, theirs = await claimed(led)
    client = leading(led, mine)
    asked = await client.post(f"/api/v1/videos/{mine['video_id']}/steps/topic", json={"wait_s": 0})
    assert asked.json()["state"] == "under_way"
    for method, path in (
        ("GET", f"/api/v1/videos/{theirs['video_id']}/run"),
        ("POST", f"/api/v1/videos/{theirs['video_id']}/steps/topic"),
    ):
        assert (await client.request(method, path, json={})).status_code == 404
    for method, path in (
        ("GET", f"/api/v1/videos/{mine['video_id']}"),
        ("GET", "/api/v1/videos"),
        ("GET", "/api/v1/users/me"),
        ("POST", f"/api/v1/videos/{mine['video_id']}/cancel"),
        ("POST", DUE),
    ):
        refused = await client.request(method, path, json={"driver": "n8n"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed"), path
    for token in (mine["token"][:-1], f"ytr_{'0' * 16}_{mine['token'].rpartition('_')[2]}", "ytr_x"):
        unknown = led.client({"Authorization": f"Bearer {token}"})
        assert (await unknown.get(f"/api/v1/videos/{mine['video_id']}/run")).status_code == 401
    led.clock.at += timedelta(hours=24)
    assert (await client.get(f"/api/v1/videos/{mine['video_id']}/run")).status_code == 401, "it is over"


async def test_recordings_may_be_as_large_as_ten_minutes_are(led: Stage, admin: psycopg.AsyncConnection) -> None:
    await creators(led, admin, 1)
    (mine,) = await claimed(led)
    body = {"recordings": [{"text": "Squid glow.", "audio_base64": "!" * 40_000_000}]}
    answer = await leading(led, mine).put(f"/api/v1/videos/{mine['video_id']}/voice", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "recordings.0.audio_base64"), "it was read"


async def test_the_drivers_key_only_asks_for_due_work(led: Stage) -> None:
    _, driver = await led.signed_in("operator", scopes=("drive",))
    assert (await driver.post(DUE, json={"driver": "n8n"})).json() == []
    for path in ("/api/v1/videos", "/api/v1/users/me", "/api/v1/admin/users"):
        assert (await driver.get(path)).status_code == 403
    own = await driver.post(DUE, json={"driver": "built-in"})
    assert (own.status_code, own.json()["field"]) == (422, "driver")
    for role, scopes in (("creator", ("drive",)), ("operator", ("read", "write"))):
        _, other = await led.signed_in(role, scopes=scopes)  # type: ignore[arg-type]
        assert (await other.post(DUE, json={"driver": "n8n"})).status_code == 403


async def test_the_owner_sees_who_leads_and_a_request_waits_no_longer_than_it_says(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    (user,) = await creators(led, admin, 1)
    (claim,) = await claimed(led)
    _, owner = await led.signed_in(user_id=user, scopes=("read", "write"))
    at = f"/api/v1/videos/{claim['video_id']}"
    assert (await owner.get(f"{at}/run")).json()["state"] == "driving"
    waited = await leading(led, claim).post(f"{at}/steps/{StepName.TOPIC}", json={"wait_s": 0.3})
    assert waited.json()["state"] == "under_way"
    asked = [leading(led, claim).post(f"{at}/steps/topic", json={"wait_s": wait_s}) for wait_s in [1] * 6 + [0] * 3]
    answered = sorted(answer.status_code for answer in await asyncio.gather(*asked))
    assert answered == [200] * 8 + [429], "five wait, and who doesn't wait isn't one of them"
    foreign = await leading(led, claim).post(f"{at}/steps/topic", json={"resume_url": "http://evil.example/x"})
    assert (foreign.status_code, foreign.json()["field"]) == (422, "resume_url")
    assert (await leading(led, claim).post(f"{at}/steps/lunch", json={})).status_code == 422


SECRET = "whsec_" + base64.b64encode(b"n8n's secret of this test 123456").decode()


def signed(at: datetime, body: bytes, *, message: str = "msg_1", secret: str = SECRET) -> dict[str, str]:
    """As a Standard Webhooks library of theirs signs."""
    headers = headers_of(message, body, [secret.encode()], at)
    return headers | {"Content-Type": "application/json"}


async def test_a_run_that_ended_keeps_its_end_and_shows_where_the_video_is_now(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    await creators(led, admin, 1)
    (claim,) = await claimed(led)
    client = leading(led, claim)
    await admin.execute("update runs set state = 'failed', reason = 'no source', ended_at = now()")
    await admin.execute("update videos set state = 'published'")
    shown = (await client.get(f"/api/v1/videos/{claim['video_id']}/run")).json()
    assert (shown["state"], shown["reason"], shown["video_state"]) == ("failed", "no source", "published")


async def test_a_failed_execution_is_taken_over_at_once_and_each_report_counts_once(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    led = Stage(replace(led.parts, driver_secret=SECRET), led.app, led.clients)
    led.app = create_app(led.parts)
    (user,) = await creators(led, admin, 1)
    (claim,) = await claimed(led)
    said = {"event": "run.failed", "workflow": "w", "execution": "7", "node": "Create voice", "message": "no credits"}
    body = json.dumps(said).encode()
    client, now = led.client(), led.clock.now()
    answers = [(await client.post(REPORTS, content=body, headers=signed(now, body))).json()["new"] for _ in range(3)]
    assert answers == [True, False, False]
    _, owner = await led.signed_in(user_id=user, scopes=("read",))
    run = (await owner.get(f"/api/v1/videos/{claim['video_id']}/run")).json()
    assert run["state"] == "taken_over"
    assert run["reason"] == "execution 7 of w failed at 'Create voice': no credits: the built-in driver goes on"
    jobs = await (await admin.execute("select args ->> 'video_id' from procrastinate_jobs")).fetchall()
    assert [row[0] for row in jobs] == [claim["video_id"]]

    _, operator = await led.signed_in("operator")
    (shown,) = (await operator.get("/api/v1/admin/runs")).json()["items"]
    assert (shown["video_id"], shown["state"]) == (claim["video_id"], "taken_over")
    (rate,) = (await operator.get("/api/v1/admin/runs/rates")).json()
    assert (rate["workflow"], rate["runs"], rate["taken_over"], rate["success_rate"]) == ("w", 1, 1, 0.0)
    _, creator = await led.signed_in()
    assert (await creator.get("/api/v1/admin/runs")).status_code == 403


async def test_a_large_body_is_read_from_whom_one_knows_and_holds_no_multitude(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    await creators(led, admin, 1)
    (mine,) = await claimed(led)
    at, lists = f"/api/v1/videos/{mine['video_id']}/voice", b'{"recordings":[' + b"[]," * 5_000_000 + b"[]]}"
    sent = {"content": lists, "headers": {"Content-Type": "application/json"}}
    for client, status in (
        (led.client(), 413),
        (led.client({"Authorization": "Bearer ytr_0123456789abcdef_x"}), 401),
        (leading(led, mine), 413),
    ):
        began_s = stopwatch_s()
        assert (await client.put(at, **sent)).status_code == status
        assert stopwatch_s() - began_s < 1.5, "nothing was made of it"


async def test_a_report_of_no_execution_takes_nobodys_video_and_a_flood_of_them_ends(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    led = Stage(replace(led.parts, driver_secret=SECRET), led.app, led.clients)
    led.app = create_app(led.parts)
    led.clock.at += timedelta(days=2)  # into a window of its own
    await creators(led, admin, 1)
    _, driver = await led.signed_in("operator", scopes=("drive",))
    (claim,) = (await driver.post(DUE, json={"driver": "n8n"})).json()
    client, now = led.client(), led.clock.now()
    body = json.dumps({"event": "run.failed", "workflow": "another", "execution": ""}).encode()
    statuses = [
        (await client.post(REPORTS, content=body, headers=signed(now, body, message=f"msg_{number}"))).status_code
        for number in range(1_002)
    ]
    assert statuses == [200] * 1_000 + [429] * 2
    run = (await leading(led, claim).get(f"/api/v1/videos/{claim['video_id']}/run")).json()
    assert run["state"] == "driving", "an execution without a name leads nothing"
    stored = await (await admin.execute("select count(*) from driver_reports")).fetchone()
    assert stored == (1_000,)
    led.clock.at += timedelta(hours=1)
    later = await client.post(REPORTS, content=body, headers=signed(led.clock.now(), body, message="later"))
    assert later.json() == {"new": True}


async def test_what_one_run_was_answered_is_not_told_to_another_of_the_same_owner(
    led: Stage, admin: psycopg.AsyncConnection
) -> None:
    await creators(led, admin, 1)
    (claim,) = await claimed(led)
    at, once = f"/api/v1/videos/{claim['video_id']}/calls", {"Idempotency-Key": "1"}
    held = {"category": "openai", "what": "a thought", "key": "k", "estimate_microusd": 5}
    assert (await leading(led, claim).post(at, json=held, headers=once)).status_code == 200
    led.clock.at += timedelta(minutes=2)
    await look_after_runs(led.parts.platform)
    led.clock.at += timedelta(hours=22)
    other = (await claimed(led))[0]
    assert (other["user_id"], other["video_id"] != claim["video_id"]) == (claim["user_id"], True)
    replayed = await leading(led, other).post(at, json=held, headers=once)
    assert replayed.status_code in {404, 422}, replayed.text


@pytest.mark.parametrize(
    ("late_s", "changed", "without", "field"),
    [
        (301, b"", "", "webhook-timestamp"),
        (-301, b"", "", "webhook-timestamp"),
        (0, b" ", "", "webhook-signature"),
        (0, b"", "webhook-signature", "webhook-signature"),
        (0, b"", "webhook-id", "webhook-id"),
    ],
)
async def test_a_report_that_is_forged_or_stale_is_refused(
    led: Stage, late_s: int, changed: bytes, without: str, field: str
) -> None:
    parts = replace(led.parts, driver_secret=SECRET)
    client = Stage(parts, create_app(parts), led.clients).client()
    body = json.dumps({"event": "workflow.failed", "workflow": "w", "execution": "7"}).encode()
    headers = signed(led.clock.now() - timedelta(seconds=late_s), body)
    headers.pop(without, None)
    refused = await client.post(REPORTS, content=body + changed, headers=headers)
    assert (refused.status_code, refused.json()["field"]) == (401, field)
    assert (await client.post(REPORTS, content=body, headers=signed(led.clock.now(), body))).json() == {"new": True}


async def test_nobody_reports_to_an_installation_without_a_driver(led: Stage) -> None:
    body = json.dumps({"event": "workflow.failed", "workflow": "w", "execution": "7"}).encode()
    refused = await led.client().post(REPORTS, content=body, headers=signed(led.clock.now(), body))
    assert refused.json()["code"] == "not_configured"
