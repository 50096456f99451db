"""Two tenants, every route, every id: nothing of the one is ever told to the other, or changed by them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from tests.conftest import DatabaseUrls
from tests.contracts.fetch_server import FetchServer, serving
from tests.stores.test_channel_sources import READER, rss
from tests.web.attack import ACROSS, ALONE, BY_ADDRESS, Attack, uncovered
from tests.web.belongings import OF_OPERATORS, Tenant
from tests.web.conftest import Stage
from tests.web.operations import Operation, operations
from ytempire.bootstrap.platform import built_on
from ytempire.bootstrap.web import web_parts
from ytempire.channels import archive_channel, look_at_channel
from ytempire.kit.cache import Cache
from ytempire.kit.errors import NotFound
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.web import create_app
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource


@pytest.fixture
async def outside() -> AsyncIterator[FetchServer]:
    """The rest of the world: a feed, and a platform that takes back what it granted."""
    async with serving() as server:
        server.says("/feed", rss(3, 4))
        server.says("/google/revoke", b"{}", content_type="application/json")
        yield server


@pytest.fixture
def feed_url(outside: FetchServer) -> str:
    return f"http://n.example.org:{outside.port}/feed"


@pytest.fixture
async def whole(
    database_urls: DatabaseUrls, valkey_url: str, tmp_path: Path, outside: FetchServer
) -> AsyncIterator[Stage]:
    """The application on the parts that a rehearsal's web server has, feeds being read on loopback."""
    settings = Settings(state_dir=tmp_path, rehearsal=True, requests_per_minute=1_000_000)
    rates, cache = Rates(valkey_url), Cache(valkey_url)
    async with built_on(settings, database_urls.app, valkey_url, f"http://127.0.0.1:{outside.port}") as built:
        parts = web_parts(settings, built, rates, cache, url="http://127.0.0.1")
        reading = replace(parts, platform=replace(parts.platform, feeds=READER))
        stage = Stage(reading, create_app(reading))
        yield stage
        for client in stage.clients:
            await client.aclose()
    await rates.close()
    await cache.close()


async def tenants(stage: Stage, feed_url: str, role: Any) -> tuple[Tenant, Tenant]:
    """Two of one role."""
    made = []
    for word in (f"azurite-{role}", f"beryl-{role}"):
        user, client = await stage.signed_in(role)
        made.append(Tenant(word, user, client, stage.parts.database, stage.parts.keys, feed_url))
        await made[-1].post("/plan/resume", {})
    return made[0], made[1]


def every(stage: Stage) -> list[Operation]:
    app: Any = stage.app
    return [one for one in operations(app._app.openapi()) if one.path.startswith("/api/v1/")]


def for_operators(operation: Operation) -> bool:
    return "/admin/" in operation.path or bool(OF_OPERATORS & set(operation.path_ids)) or operation.name in ACROSS


async def attacked(stage: Stage, feed_url: str, chosen: list[Operation]) -> tuple[Attack, Attack]:
    """Creators against each other, operators against each other on what is theirs alone."""
    creators, operators = [Attack(*await tenants(stage, feed_url, role)) for role in ("creator", "operator")]
    for operation in chosen:
        if for_operators(operation):
            await operators.not_for(creators.first, operation)
        if operation.name not in {*ALONE, *ACROSS, *BY_ADDRESS}:
            await (operators if for_operators(operation) else creators).on(operation)
    return creators, operators


async def test_no_route_tells_or_changes_what_is_another_tenant_s(
    whole: Stage, feed_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known = every(whole)
    missing = uncovered(known)
    assert not missing, "\n".join(missing)
    attacks = await attacked(whole, feed_url, known)
    attempts, owned = (sum(getattr(one, name) for one in attacks) for name in ("attempts", "owned"))
    leaks = [leak for one in attacks for leak in one.leaks]
    with capsys.disabled():
        print(f"\ntenant attack: {len(known)} routes, {attempts} attempts, {owned} requests of owners answered, "
              f"{len(leaks)} leaks")  # fmt: skip
    faults = [fault for one in attacks for fault in one.faults]
    assert not faults, "\n".join(faults)
    assert not leaks, "\n".join(leaks)
    assert attempts >= 1000


remembering = resource("remembering")
mistaken = resource("mistaken")
touching = resource("touching")
odd = resource("odd")
_remembered: dict[UUID, Named] = {}


class Named(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "x"}]})
    name: str


@remembering.get("/{channel_id}")
async def remember(channel_id: UUID, who: SignedIn, parts: PartsOf) -> Named:
    """Leaks: what was looked up for one is remembered for all."""
    if channel_id not in _remembered:
        found = await look_at_channel(parts.database, who.user_id, channel_id)
        _remembered[channel_id] = Named(name=found.channel.name)
    return _remembered[channel_id]


@mistaken.get("/{channel_id}")
async def mistake(channel_id: UUID, _who: SignedIn, parts: PartsOf) -> Named:
    """Leaks: looks as whoever owns the id."""
    for owner in _owners:
        with suppress(NotFound):
            return Named(name=(await look_at_channel(parts.database, owner, channel_id)).channel.name)
    raise NotFound("no such channel")


@touching.post("/{channel_id}")
async def touch(channel_id: UUID, who: SignedIn, parts: PartsOf) -> Named:
    """Says 404 and changes it all the same."""
    for owner in _owners:
        with suppress(NotFound):
            found = await look_at_channel(parts.database, owner, channel_id)
            await archive_channel(parts.database, parts.clock, found.channel)
    return Named(name=(await look_at_channel(parts.database, who.user_id, channel_id)).channel.name)


@odd.get("/{gadget_id}")
async def look_at_gadget(gadget_id: UUID, _who: SignedIn) -> Named:
    """Takes an id that no test knows how to make."""
    return Named(name=str(gadget_id))


_owners: list[UUID] = []


@pytest.mark.parametrize(
    ("router", "said"),
    [
        (remembering, "a stranger gets 200"),
        (mistaken, "tells what another tenant wrote"),
        (touching, "a stranger changed what is another tenant's"),
    ],
)
async def test_the_attack_finds_a_route_that_leaks(whole: Stage, feed_url: str, router: APIRouter, said: str) -> None:
    planted = whole.with_routes(router)
    (operation,) = [one for one in every(planted) if one.path.startswith(f"{router.prefix}/")]
    attack = Attack(*await tenants(planted, feed_url, "creator"))
    _owners[:] = [attack.first.user_id, attack.second.user_id]
    await attack.on(operation)
    assert attack.faults == []
    assert any(said in leak for leak in attack.leaks), attack.leaks


async def test_a_route_that_takes_an_unknown_kind_of_id_is_told_of(whole: Stage) -> None:
    assert uncovered(every(whole.with_routes(odd))) == [
        "GET /api/v1/odd/{gadget_id}: no maker for gadget_id: add one to MAKERS in tests/web/belongings.py"
    ]
