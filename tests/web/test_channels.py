"""Channels over REST: made, changed under a condition, put away; topics and sources; and never another tenant's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.contracts.fetch_server import serving
from tests.stores.driver_stage import staged
from tests.stores.test_channel_sources import READER, rss
from tests.web.conftest import Stage
from ytempire.kit.ids import new_id
from ytempire.providers.localvoice import LocalVoice
from ytempire.providers.music import Music
from ytempire.web import create_app

AT = "/api/v1/channels"
ANY = {"If-Match": "*"}


@pytest.fixture
async def served(stage: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    """The application with the voices, the music and a reader of feeds on loopback."""
    async with staged(stage.parts.database, valkey_url) as driver:
        voices: Any = {"local": LocalVoice()}
        tools = replace(driver.platform.tools, clock=stage.clock, music=Music(), voices=voices)
        parts = replace(stage.parts, platform=replace(stage.parts.platform, tools=tools, feeds=READER))
        yield Stage(parts, create_app(parts), stage.clients)


async def test_a_channel_is_made_changed_under_its_tag_and_put_away(served: Stage) -> None:
    _, client = await served.signed_in()
    wanted = {"handle": "deep-sea", "name": "Deep sea", "intro": "Hello.", "colours": [], "publish_hour": 6}
    made = await client.post(AT, json=wanted, headers={"Idempotency-Key": "once"})
    assert made.status_code == 201, made.text
    again = await client.post(AT, json=wanted, headers={"Idempotency-Key": "once"})
    assert again.json() == made.json()
    at, tag = f"{AT}/{made.json()['id']}", made.headers["etag"]
    assert (await client.get(at)).headers["etag"] == tag
    assert (await client.patch(at, json={"name": "x"})).status_code == 428
    changed = await client.patch(at, json={"name": "Other", "look": "bold"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (200, "Other", 2)
    stale = await client.patch(at, json={"name": "y"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    tag = changed.headers["etag"]
    at_once = [client.patch(at, json={"tone": f"t{i}"}, headers={"If-Match": tag}) for i in range(6)]
    assert sorted(one.status_code for one in await asyncio.gather(*at_once)) == [200, 412, 412, 412, 412, 412]

    agreed = (await client.post(f"{at}/consent")).json()
    assert (agreed["on_autopilot"], agreed["consent"]["visibility"]) == (True, "private")
    tag = (await client.get(at)).headers["etag"]
    wider = await client.patch(at, json={"visibility": "public"}, headers={"If-Match": tag})
    assert (wider.status_code, wider.json()["field"]) == (422, "visibility")
    assert (await client.delete(f"{at}/consent")).json()["consent"] is None
    assert (await client.post(f"{at}/archive")).json()["archived_at"]
    assert (await client.get(AT)).json()["items"] == []
    assert [one["handle"] for one in (await client.get(f"{AT}?archived=true")).json()["items"]] == ["deep-sea"]
    assert (await client.post(f"{at}/restore")).json()["archived_at"] is None


async def test_lists_are_paged_and_a_cursor_is_of_its_list(served: Stage) -> None:
    _, client = await served.signed_in()
    for at in range(5):
        assert (await client.post(AT, json={"handle": f"c{at}"})).status_code == 201
    first = (await client.get(f"{AT}?limit=3")).json()
    rest = (await client.get(AT, params={"limit": 3, "cursor": first["next"]})).json()
    assert [one["handle"] for one in first["items"] + rest["items"]] == [f"c{at}" for at in range(5)]
    assert rest["next"] is None
    assert (await client.get(AT, params={"archived": True, "cursor": first["next"]})).json()["code"] == "wrong_cursor"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"handle": "No Handle"}, "handle"), ({"format": "4:3"}, "format"), ({"voice": "local:nobody"}, "voice"),
        ({"look": "none"}, "brand.look"), ({"palette": "neon"}, "brand.palette"),
        ({"music_mood": "metal"}, "music_mood"),
        ({"publish_hour": 24}, "publish_hour"), ({"time_zone": "Mars/X"}, "time_zone"), ({"minutes": 99}, "minutes"),
        ({"autopilot": "auto"}, "autopilot"), ({"colours": ["#000000"]}, "brand.colours"), ({"unknown": 1}, "unknown"),
        ({"name": "a\x00b"}, "name"), ({"language": "de"}, "voice"), ({"visibility": "secret"}, "visibility"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_named(served: Stage, given: dict[str, Any], field: str) -> None:
    _, client = await served.signed_in()
    refused = await client.post(AT, json={"handle": "fine"} | given)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert refused.json()["fix"]
    assert (await client.get(AT)).json()["items"] == []


async def test_topics_and_sources(served: Stage) -> None:
    _, client = await served.signed_in()
    at = f"{AT}/{(await client.post(AT, json={'handle': 'c'})).json()['id']}"
    topics = [{"topic": f"t{i}"} for i in range(4)]
    assert (await client.post(f"{at}/topics", json={"topics": topics})).json() == {"added": 4, "known": 0}
    parts = {"topics": [{"topic": "one"}, {"topic": "two"}], "series": "Tides"}
    assert (await client.post(f"{at}/topics", json=parts)).status_code == 201
    first = (await client.get(f"{at}/topics?limit=4")).json()
    rest = (await client.get(f"{at}/topics", params={"limit": 4, "cursor": first["next"]})).json()
    assert [one["topic"] for one in first["items"] + rest["items"]] == ["t0", "t1", "t2", "t3", "one", "two"]
    two = f"{at}/topics/{rest['items'][1]['id']}"
    refused = await client.patch(two, json={"place": 1}, headers=ANY)
    assert (refused.status_code, refused.json()["field"]) == (422, "position")
    moved = await client.patch(
        f"{at}/topics/{first['items'][3]['id']}", json={"place": 1, "notes": "short"}, headers=ANY
    )
    assert (moved.status_code, moved.json()["notes"]) == (200, "short")
    assert (await client.get(f"{at}/topics?limit=1")).json()["items"][0]["topic"] == "t3"
    tag = {"If-Match": (await client.get(two)).headers["etag"]}
    assert (await client.patch(two, json={"notes": "x"})).status_code == 428
    edits = [client.patch(two, json={"notes": f"n{i}"}, headers=tag) for i in range(4)]
    assert sorted(one.status_code for one in await asyncio.gather(*edits)) == [200, 412, 412, 412]
    assert (await client.patch(two, json={"skipped": True}, headers=ANY)).json()["state"] == "skipped"

    text = {"title": "Tides", "text": "x" * 150_000}
    source = (await client.post(f"{at}/sources", json=text)).json()["id"]
    async with serving() as feeds:
        feeds.says("/feed", rss(3, 4))
        added = await client.post(f"{at}/feeds", json={"url": f"http://n.example.org:{feeds.port}/feed"})
        assert (added.status_code, added.json()["new"]) == (201, 2)
        feeds.says("/feed", status="302 Found", location="http://169.254.169.254/")
        read = (await client.post(f"{at}/feeds/refresh")).json()
        assert "redirects" in read[0]["broken"]
        bad = await client.post(f"{at}/feeds", json={"url": f"http://n.example.org:{feeds.port}/feed?2"})
        assert (bad.status_code, bad.json()["code"]) == (422, "fetch_refused")
    listed = (await client.get(f"{at}/sources")).json()
    assert [one["kind"] for one in listed["sources"]] == ["text", "item", "item"]
    assert (await client.delete(f"{at}/sources/{source}")).status_code == 204
    assert (await client.delete(f"{at}/sources/{added.json()['feed_id']}")).status_code == 204
    assert (await client.get(f"{at}/sources")).json() == {"sources": [], "feeds": []}


async def test_another_tenant_s_ids_are_not_found(served: Stage) -> None:
    _, mine = await served.signed_in()
    _, theirs = await served.signed_in()
    channel = (await mine.post(AT, json={"handle": "c"})).json()
    at = f"{AT}/{channel['id']}"
    await mine.post(f"{at}/topics", json={"topics": [{"topic": "t"}]})
    topic = (await mine.get(f"{at}/topics")).json()["items"][0]["id"]
    source = (await mine.post(f"{at}/sources", json={"title": "s", "text": "x"})).json()["id"]
    own = f"{AT}/{(await theirs.post(AT, json={'handle': 'c'})).json()['id']}"
    asked: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", at, None), ("PATCH", at, {"name": "x"}), ("POST", f"{at}/archive", None),
        ("POST", f"{at}/restore", None),
        ("POST", f"{at}/consent", None), ("DELETE", f"{at}/consent", None), ("GET", f"{at}/topics", None),
        ("POST", f"{at}/topics", {"topics": [{"topic": "x"}]}), ("PATCH", f"{at}/topics/{topic}", {"pinned": True}),
        ("GET", f"{at}/sources", None), ("POST", f"{at}/sources", {"title": "x", "text": "x"}),
        ("POST", f"{at}/feeds", {"url": "https://example.org/f"}), ("POST", f"{at}/feeds/refresh", None),
        ("DELETE", f"{at}/sources/{source}", None), ("PATCH", f"{own}/topics/{topic}", {"pinned": True}),
        ("DELETE", f"{own}/sources/{source}", None), ("GET", f"{AT}/{new_id()}", None),
    ]  # fmt: skip
    for method, path, body in asked:
        answer = await theirs.request(method, path, json=body, headers={"If-Match": "*"})
        assert (method, path, answer.status_code) == (method, path, 404)
    after = (await mine.get(at)).json()
    assert cast("dict[str, Any]", after) == channel | {"topics_left": 1, "own_sources": 1}
