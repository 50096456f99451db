"""Programs' values over REST: kept per tenant, counted, bounded; hit rates; pages of money are never stale."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from valkey.asyncio import Valkey

from tests.stores.ledger_vendor import BILLED, Vendor, call
from tests.web.conftest import Stage
from tests.web.test_accounts import PASSWORD, joined
from tests.web.test_costs import get, served
from ytempire.kit.cache import Cache
from ytempire.kit.ids import new_id
from ytempire.web import create_app

__all__ = ["served"]
CACHE = "/api/v1/cache"


@pytest.fixture
async def cached(served: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    """The application with a cache."""
    cache = Cache(valkey_url, patience_s=60)
    parts = replace(served.parts, cache=cache)
    yield Stage(parts, create_app(parts), served.clients)
    await cache.close()


async def test_a_value_is_its_tenants_and_counted(cached: Stage) -> None:
    _, mine = await cached.signed_in()
    _, theirs = await cached.signed_in()
    url = f"{CACHE}/n8n/topic-42"
    missed = await mine.get(url)
    assert (missed.status_code, missed.json()["code"]) == (404, "cache_miss")
    for value in ({"topic": "squid"}, [1, None], "x", 0, None):
        assert (await mine.put(url, json={"value": value})).json() == {"kept": True, "ttl_s": 3600}
        assert (await mine.get(url)).json() == {"value": value}
    assert (await theirs.get(url)).status_code == 404
    assert (await theirs.delete(url)).status_code == 204
    assert (await mine.get(url)).status_code == 200
    assert (await mine.delete(url)).status_code == 204
    assert (await mine.get(url)).status_code == 404
    shown = await get(mine, CACHE)
    (rate,) = shown["reads"]
    assert rate == {"namespace": "program.n8n", "hits": 6, "misses": 2, "hit_rate": 0.75}
    assert (shown["results"], shown.get("results_hit_rate"), shown.get("platform")) == ([], None, None)
    _, operator = await cached.signed_in("operator")
    assert (await get(operator, CACHE))["platform"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("N8N/k", {"value": 1}, 422),
        ("-/k", {"value": 1}, 422),
        (f"{'n' * 65}/k", {"value": 1}, 422),
        (f"n/{'k' * 201}", {"value": 1}, 422),
        ("n/ä", {"value": 1}, 422),
        ("n/k", {}, 422),
        ("n/k", {"value": 1, "ttl_s": 0}, 422),
        ("n/k", {"value": 1, "ttl_s": 10**9}, 422),
        ("n/k", {"value": "x" * 256_000}, 413),
        ("n/k", {"value": "x" * 255_000}, 200),
        ("n/k", {"value": "\x00", "more": 1}, 422),
        ("n/k", {"value": "\x00"}, 200),
    ],
)
async def test_what_does_not_fit_is_a_problem(cached: Stage, path: str, body: object, status: int) -> None:
    _, client = await cached.signed_in()
    answer = await client.put(f"{CACHE}/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert status == 200 or {"code", "fix"} <= answer.json().keys()


async def test_without_valkey_a_value_is_just_not_kept(served: Stage) -> None:
    _, client = await served.signed_in()
    assert (await client.put(f"{CACHE}/n/k", json={"value": 1})).json()["kept"] is False
    assert (await client.get(f"{CACHE}/n/k")).json()["code"] == "cache_miss"
    assert (await get(client, CACHE))["reads"] == []


async def test_a_page_of_money_is_kept_until_the_money_moves(cached: Stage) -> None:
    user, client = await cached.signed_in()
    _, other = await cached.signed_in()
    ledger = cached.parts.ledger
    for _ in range(3):
        assert (await get(client, "/api/v1/costs/today"))["budget"]["spent"] == 0
    await ledger.spend(call("a", user=user, video=new_id()), Vendor().perform)
    for _ in range(2):
        assert (await get(client, "/api/v1/costs/today"))["budget"]["spent"] == BILLED
    assert (await get(other, "/api/v1/costs/today"))["budget"]["spent"] == 0
    _, operator = await cached.signed_in("operator")
    await operator.post("/api/v1/admin/costs/stop", json={"why": "a test"})
    assert (await get(client, "/api/v1/costs/today"))["generation"]["state"] == "stopped"
    (rate,) = (await get(client, CACHE))["reads"]
    assert rate == {"namespace": "costs", "hits": 3, "misses": 3, "hit_rate": 0.5}


async def test_nobody_fills_the_memory_that_all_share(cached: Stage) -> None:
    user, mine = await cached.signed_in()
    _, theirs = await cached.signed_in()
    big = {"value": "x" * 250_000}
    kept = [(await mine.put(f"{CACHE}/n8n/{n % 3}", json=big)).json()["kept"] for n in range(130)]
    assert (kept.count(True), kept[-1]) == (127, False)
    assert (await theirs.put(f"{CACHE}/n8n/1", json=big)).json()["kept"]
    reader = (await cached.signed_in(user_id=user, scopes=["read"]))[1]
    for number in range(410):
        await reader.get(f"{CACHE}/of-its-own-{number}/x")
    names = [rate["namespace"] for rate in (await get(mine, CACHE))["reads"]]
    assert 200 <= len(names) <= 401


async def test_half_a_character_is_refused_and_not_kept_to_fail_at_each_reading(cached: Stage) -> None:
    _, mine = await cached.signed_in()
    for value in ('"\\ud800"', '{"\\udfff": 1}'):
        put = await mine.put(
            f"{CACHE}/n8n/half", content=f'{{"value": {value}}}', headers={"Content-Type": "application/json"}
        )
        assert put.status_code == 422
        assert (await mine.get(f"{CACHE}/n8n/half")).status_code == 404


async def test_what_was_kept_goes_with_the_account(stage: Stage, valkey_url: str) -> None:
    cache = Cache(valkey_url, patience_s=60)
    parts = replace(stage.parts, cache=cache)
    cached = Stage(parts, create_app(parts), stage.clients)
    browser, user = await joined(cached)
    _, theirs = await cached.signed_in()
    for client in (browser, theirs):
        assert (await client.put(f"{CACHE}/n8n/a", json={"value": "mine alone"})).json()["kept"]
        await client.get(f"{CACHE}/n8n/a")
    await cache.get_or_make("costs", UUID(user["id"]), "k", _page, ttl_s=60, now=stage.clock.now())
    gone = await browser.request("DELETE", "/api/v1/users/me", json={"password": PASSWORD})
    assert gone.status_code == 200
    async with Valkey.from_url(valkey_url) as valkey:
        left = [name async for name in valkey.scan_iter("cache:*")]
    assert not [name for name in left if user["id"].encode() in name]
    assert (await theirs.get(f"{CACHE}/n8n/a")).json() == {"value": "mine alone"}
    await cache.close()


async def _page() -> bytes:
    return b"a page"
