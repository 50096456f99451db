"""The plan over REST: looked at, paused, resumed, pinned; what is due goes to operators; two tenants never meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.stores.driver_stage import staged
from tests.stores.plan_stage import PlanStage
from tests.web.conftest import Stage
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.orchestration import Queue
from ytempire.web import create_app

PLAN = "/api/v1/plan"


@pytest.fixture
async def served(stage: Stage, valkey_url: str, admin: psycopg.AsyncConnection) -> AsyncIterator[Stage]:
    """The application with a ledger, an open queue and a model: what ordering a video takes."""
    async with staged(stage.parts.database, valkey_url) as driver:
        database, clock = stage.parts.database, stage.clock
        tools = replace(
            driver.platform.tools,
            clock=clock,
            ledger=Ledger(database, clock, load_prices(), Policy()),
            writer=cast("Any", object()),
        )
        queue = Queue(database, stalled_after_s=6)
        await queue.open()
        platform = replace(stage.parts.platform, tools=tools, queue=queue)
        parts = replace(stage.parts, platform=platform)
        yield Stage(parts, create_app(parts), stage.clients)


async def creator(served: Stage, admin: psycopg.AsyncConnection) -> tuple[UUID, UUID, httpx.AsyncClient]:
    """A user with a connected channel, and a client that asks as them."""
    user, client = await served.signed_in()
    channel = await PlanStage(served.parts.database, admin, clock=served.clock).channel(user, "c1")
    return user, channel.id, client


async def test_a_plan_is_started_claimed_and_looked_at(served: Stage, admin: psycopg.AsyncConnection) -> None:
    user, channel, client = await creator(served, admin)
    before = (await client.get(f"{PLAN}/today")).json()
    assert (before["started"], before["slots"]) == (False, [])
    assert (await client.post(f"{PLAN}/pause", json={})).status_code == 404
    started = await client.post(f"{PLAN}/resume", json={})
    assert (started.status_code, started.json()["slots"][0]["state"]) == (200, "planned")

    _, operator = await served.signed_in("operator")
    (waiting,) = (await operator.get("/api/v1/admin/plan/waiting")).json()
    assert (waiting["why"], waiting["slots"]) == (None, 1)
    assert (await client.get("/api/v1/admin/plan/waiting")).status_code == 403
    claims = (await operator.post(f"{PLAN}/due", json={"driver": "n8n"})).json()
    assert [(claim["user_id"], claim["channel_id"]) for claim in claims] == [(str(user), str(channel))]
    assert (await operator.post(f"{PLAN}/due", json={"driver": "n8n"})).json() == []
    (slot,) = (await client.get(f"{PLAN}/today")).json()["slots"]
    assert (slot["state"], slot["video_id"], slot["video_state"]) == ("claimed", claims[0]["video_id"], "planned")

    budgets = {line["budget"]: line for line in (await client.get(f"{PLAN}/forecast")).json()["budgets"]}
    assert (budgets["uploads"]["under_way"], budgets["uploads"]["fits"]) == (1, True)
    days = (await client.get(f"{PLAN}/calendar", params={"first": "2026-11-24", "days": 3})).json()["slots"]
    assert [slot["day"] for slot in days] == ["2026-11-25", "2026-11-26"]


async def test_pauses_and_pins(served: Stage, admin: psycopg.AsyncConnection) -> None:
    _, channel, client = await creator(served, admin)
    await client.post(f"{PLAN}/resume", json={})
    today = served.clock.now().date()
    paused = (await client.post(f"{PLAN}/pause", json={"until": str(today + timedelta(days=2))})).json()
    assert [slot["state"] for slot in paused["slots"]][:3] == ["skipped", "skipped", "planned"]
    assert (await client.post(f"{PLAN}/resume", json={})).json()["paused"] is False
    left_out = (await client.post(f"{PLAN}/pause", json={"channel_id": str(channel)})).json()
    assert {slot["why"] for slot in left_out["slots"]} == {"channels_paused"}
    await client.post(f"{PLAN}/resume", json={"channel_id": str(channel)})

    wanted = {"channel_id": str(channel), "topic": "krill", "day": str(today + timedelta(days=1))}
    pins = [(await client.post(f"{PLAN}/pins", json=wanted)) for _ in range(2)]
    assert [pin.status_code for pin in pins] == [201, 201]
    assert pins[0].json() == pins[1].json(), "the same pin"
    assert (await client.get(f"{PLAN}/today", params={"days": 2})).json()["slots"][1]["topic"] == "krill"
    assert (await client.delete(f"{PLAN}/pins/{pins[0].json()['id']}")).status_code == 204
    assert (await client.delete(f"{PLAN}/pins/{pins[0].json()['id']}")).status_code == 404


async def test_another_tenants_ids_are_404_and_their_plan_is_not_seen(
    served: Stage, admin: psycopg.AsyncConnection
) -> None:
    _, channel, mine = await creator(served, admin)
    _, _, theirs = await creator(served, admin)
    for client in (mine, theirs):
        assert (await client.post(f"{PLAN}/resume", json={})).status_code == 200
    pin = (await mine.post(f"{PLAN}/pins", json={"channel_id": str(channel), "topic": "krill"})).json()
    tries = (
        ("POST", f"{PLAN}/pause", {"channel_id": str(channel)}),
        ("POST", f"{PLAN}/resume", {"channel_id": str(channel)}),
        ("POST", f"{PLAN}/pins", {"channel_id": str(channel), "topic": "squid"}),
        ("DELETE", f"{PLAN}/pins/{pin['id']}", None),
    )
    for method, url, body in tries:
        refused = await theirs.request(method, url, json=body)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found"), url
        unknown = await theirs.request(method, url.replace(pin["id"], str(new_id())), json=body)
        assert unknown.status_code == 404
    assert (await theirs.get(f"{PLAN}/today")).json()["pins"] == []
    for method, url, body in tries:
        assert (await mine.request(method, url, json=body)).is_success, url


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "calendar?first=9999-12-31", None, 422),
        ("GET", "calendar?days=0", None, 422),
        ("POST", "pause", {"until": "2020-01-01"}, 422),
        ("POST", "pause", {"until": "soon"}, 422),
        ("POST", "pins", {"channel_id": str(UUID(int=7)), "topic": "x"}, 404),
        ("POST", "due", {"driver": "n8n"}, 403),
    ],
)
async def test_what_cannot_be_is_a_problem(
    served: Stage, admin: psycopg.AsyncConnection, method: str, path: str, body: object, status: int
) -> None:
    _, _, client = await creator(served, admin)
    await client.post(f"{PLAN}/resume", json={})
    answer = await client.request(method, f"{PLAN}/{path}", json=body)
    assert answer.status_code == status
    assert {"code", "fix"} <= answer.json().keys()
    assert (await served.client().request(method, f"{PLAN}/{path}", json=body)).status_code == 401
