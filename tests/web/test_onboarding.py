"""Onboarding over REST: from an account to a planned channel in one call, all of it or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from tests.stores.driver_stage import staged
from tests.web.conftest import Stage
from ytempire.providers.localvoice import LocalVoice
from ytempire.providers.music import Music
from ytempire.web import create_app

AT = "/api/v1/onboarding"
LEAST: dict[str, Any] = {"channel": {"name": "Fathom Minute", "niche": "life in the deep sea"}}


@pytest.fixture
async def served(stage: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    async with staged(stage.parts.database, valkey_url) as driver:
        voices: Any = {"local": LocalVoice()}
        tools = replace(driver.platform.tools, clock=stage.clock, music=Music(), voices=voices)
        parts = replace(stage.parts, platform=replace(stage.parts.platform, tools=tools))
        yield Stage(parts, create_app(parts), stage.clients)


async def test_two_words_suffice_and_the_rest_has_a_default(served: Stage) -> None:
    _, client = await served.signed_in()
    before = (await client.get(AT)).json()
    assert (before["ready"], [todo["what"] for todo in before["left"]]) == (False, ["channel"])
    begun = await client.post(AT, json=LEAST, headers={"Idempotency-Key": "once"})
    assert begun.status_code == 201, begun.text
    again = await client.post(AT, json=LEAST, headers={"Idempotency-Key": "once"})
    assert again.json() == begun.json()
    assert again.headers["location"] == begun.headers["location"] == f"/api/v1/channels/{begun.json()['channel']['id']}"
    channel = begun.json()["channel"]
    assert (channel["handle"], channel["mark"], channel["on_autopilot"]) == ("fathom-minute", "FM", False)
    assert [todo["what"] for todo in begun.json()["left"]] == ["connect", "sources", "consent"]
    assert len((await client.get("/api/v1/channels")).json()["items"]) == 1
    missing = begun.json()["left"][1]
    text = {"title": "Tides", "text": "Some tides rise 16 meters."}
    assert (await client.request(missing["method"], missing["address"], json=text)).status_code == 201
    assert [todo["what"] for todo in (await client.get(AT)).json()["left"]] == ["connect", "consent"]
    assert (await client.get("/api/v1/plan/today")).json()["started"]


async def test_everything_at_once_and_every_address_leads_somewhere(
    served: Stage, admin: psycopg.AsyncConnection
) -> None:
    _, client = await served.signed_in()
    wanted = {
        "channel": LEAST["channel"]
        | {"topics": ["squid", "krill"], "minutes": 1.5, "format": "16:9"}
        | {"sources": [{"title": "Squid", "text": "Squid glow.", "url": "https://example.org/squid"}]},
        "brand": {"palette": "ember", "look": "editorial", "mark": "F"},
        "voice": {"outro": "Dive again tomorrow."},
        "schedule": {"publish_hour": 6, "time_zone": "Asia/Tokyo", "start": False},
        "publishing": {"visibility": "unlisted", "consents": True, "playlist": "Best of"},
    }
    begun = await client.post(AT, json=wanted)
    assert begun.status_code == 201, begun.text
    channel = begun.json()["channel"]
    assert (channel["on_autopilot"], channel["consent"]["visibility"], channel["topics_left"]) == (True, "unlisted", 2)
    (source,) = (await client.get(f"/api/v1/channels/{channel['id']}/sources")).json()["sources"]
    assert (source["kind"], source["title"], source["url"]) == ("text", "Squid", "https://example.org/squid")
    assert (channel["publish_hour"], channel["time_zone"], channel["mark"]) == (6, "Asia/Tokyo", "F")
    assert channel["consent"]["given_at"] == served.clock.now().isoformat().replace("+00:00", "Z")
    left = {todo["what"]: todo for todo in begun.json()["left"]}
    assert list(left) == ["connect", "plan"]
    assert (await client.post(left["plan"]["address"], json={})).status_code == 200
    await admin.execute(
        "insert into channel_connections (channel_id, user_id, platform, platform_channel_id, title, scopes,"
        " refresh_token, connected_at, broken) select id, user_id, 'youtube', 'UC1', 'Fathom', '{}', '\\x00', now(), ''"
        " from channels where id = %s",
        (channel["id"],),
    )
    now = (await client.get(AT)).json()
    assert (now["ready"], now["left"]) == (True, [])
    revoked = await client.delete(f"/api/v1/channels/{channel['id']}/consent")
    assert revoked.json()["on_autopilot"] is False
    (todo,) = (await client.get(AT)).json()["left"]
    assert (todo["what"], todo["needed"]) == ("consent", False)
    assert (await client.request(todo["method"], todo["address"])).json()["on_autopilot"] is True


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channel": {"name": "x"}}, "channel.niche"),
        ({"channel": LEAST["channel"] | {"minutes": 60}}, "channel.minutes"),
        ({"channel": LEAST["channel"] | {"handle": "A b"}}, "channel.handle"),
        ({"channel": LEAST["channel"] | {"topics": ["a", ""]}}, "channel.topics"),
        ({"channel": LEAST["channel"] | {"sources": [{"title": "x"}]}}, "channel.sources.0.text"),
        ({"channel": LEAST["channel"] | {"sources": [{"title": "x", "text": " "}]}}, "channel.sources.text"),
        ({"brand": {"palette": "none"}}, "brand.palette"),
        ({"brand": {"colours": ["#000000"] * 5}}, "brand.colours"),
        ({"voice": {"voice": "local:nobody"}}, "voice.voice"),
        ({"voice": {"intro": "x" * 161}}, "voice.intro"),
        ({"schedule": {"publish_hour": 24}}, "schedule.publish_hour"),
        ({"schedule": {"time_zone": "Mars/Olympus"}}, "schedule.time_zone"),
        ({"schedule": {"start": "perhaps"}}, "schedule.start"),
        ({"publishing": {"playlist": "a<b"}}, "publishing.playlist"),
        ({"publishing": {"visibility": "all"}}, "publishing.visibility"),
        ({"publish": {}}, "publish"),
    ],
)
async def test_an_error_names_the_nested_field_and_nothing_is_stored(
    served: Stage, wrong: dict[str, Any], field: str
) -> None:
    _, client = await served.signed_in()
    refused = await client.post(AT, json=LEAST | wrong)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "bad_input", field)
    assert (await client.get("/api/v1/channels")).json()["items"] == []
    assert (await client.get("/api/v1/plan/today")).json()["started"] is False


async def test_a_name_that_is_taken_is_named_and_another_tenants_is_free(served: Stage) -> None:
    (_, mine), (_, theirs) = await served.signed_in(), await served.signed_in()
    assert [(await one.post(AT, json=LEAST)).status_code for one in (mine, theirs)] == [201, 201]
    taken = await mine.post(AT, json=LEAST)
    assert (taken.status_code, taken.json()["field"]) == (422, "channel.handle")
    foreign = LEAST | {"channel": LEAST["channel"] | {"name": "深海"}}
    assert (await mine.post(AT, json=foreign)).json()["channel"]["handle"] == "channel"
    assert (await served.client().post(AT, json=LEAST)).status_code == 401
