"""Connecting a channel over the API: the real consent code against the sandbox's OAuth server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from tests.contracts.running_sandbox import RunningSandbox
from tests.web.test_accounts import PASSWORD, SAME, joined
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.ids import new_id
from ytempire.planning.store import put_off, start_plan
from ytempire.providers.youtube import youtube_side
from ytempire.web import create_app


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def here(stage, sandbox):
    side = youtube_side(f"{sandbox.url}/google/", ("", ""), stage.parts.credentials, stage.clock)
    stage.parts = replace(stage.parts, authoriser=side.consent)
    stage.app = create_app(stage.parts)
    return stage


async def browser_of(stage, user_id) -> httpx.AsyncClient:
    client = stage.client()
    client.cookies.set("ytempire_session", await stage.session(user_id))
    return client


async def channel_of(stage, user_id) -> str:
    channel = Channel(new_id(), user_id, "deep-sea", "Deep Sea")
    made = await create_channel(stage.parts.database, stage.clock, channel)
    return f"/api/v1/channels/{made.id}/connection"


async def consented(address: str, **choices: str) -> str:
    """What the owner chooses on the sandbox's page; the path and query to which the browser is sent back."""
    async with httpx.AsyncClient() as web:
        answer = await web.get(address, params=parse_qs(urlsplit(address).query) | choices)
    assert answer.status_code == 303
    back = urlsplit(answer.headers["location"])
    assert (back.netloc, back.path) == ("127.0.0.1", "/connected")
    return f"{back.path}?{back.query}"


async def test_a_channel_is_connected_looked_at_and_disconnected(here) -> None:
    user, client = await here.signed_in()
    path = await channel_of(here, user)
    assert (await client.get(path)).json()["connected"] is False
    async with here.parts.database.transaction(user) as conn:
        await start_plan(conn, user, here.clock.now(), rehearsal=True)
        await put_off(conn, user, here.clock.now() + timedelta(minutes=5))
    page = (await client.post(path)).json()
    back = await consented(page["address"], sandbox_channel="The Deep")
    answer = await (await browser_of(here, user)).get(back)
    assert answer.status_code == 200
    assert "Deep Sea publishes to “The Deep”" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    shown = (await client.get(path)).json()
    assert (shown["connected"], shown["title"], shown["platform"]) == (True, "The Deep", "sandbox")
    async with here.parts.database.transaction(user) as conn:
        row = await (await conn.execute("select next_at from plans")).fetchone()
    assert row == (here.clock.now(),), "a plan that waited for a connected channel is looked at at once"
    assert "token" not in (await client.get(path)).text
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).json()["connected"] is False
    assert (await client.delete(path)).status_code == 404


async def test_an_answer_serves_who_asked_once_and_in_time(here) -> None:
    user, client = await here.signed_in()
    other, _ = await here.signed_in()
    path = await channel_of(here, user)
    mine, theirs = await browser_of(here, user), await browser_of(here, other)
    back = await consented((await client.post(path)).json()["address"], sandbox_channel="P")

    stranger = await here.client().get(back)
    assert (stranger.status_code, 'href="/sign-in"' in stranger.text) == (401, True)
    assert (await client.get(back)).status_code == 401  # an API key is nobody's browser
    stolen = await theirs.get(back)
    assert (stolen.status_code, "does not belong" in stolen.text) == (409, True)
    assert (await mine.get(back.replace("state=", "state=A"))).status_code == 409
    assert (await mine.get("/connected")).status_code == 409
    assert (await client.get(path)).json()["connected"] is False

    assert (await mine.get(back)).status_code == 200
    assert (await mine.get(back)).status_code == 409  # Google's code is used up
    assert (await client.get(path)).json()["connected"] is True

    late = await consented((await client.post(path)).json()["address"], sandbox_channel="Q")
    here.clock.at += timedelta(minutes=16)
    answer = await mine.get(late)
    assert (answer.status_code, "too late" in answer.text) == (409, True)
    assert (await client.get(path)).json()["title"] == "P"


async def test_what_the_owner_denies_is_said_and_nothing_from_outside_is_shown_as_markup(here) -> None:
    user, client = await here.signed_in()
    mine = await browser_of(here, user)
    path = await channel_of(here, user)
    denied = await mine.get(await consented((await client.post(path)).json()["address"], sandbox_deny="1"))
    assert (denied.status_code, "ou denied the access" in denied.text) == (409, True)
    state = parse_qs(urlsplit((await client.post(path)).json()["address"]).query)["state"][0]
    forged = await mine.get("/connected", params={"state": state, "error": "<script>alert(1)</script>"})
    assert (forged.status_code, "<script>alert" in forged.text) == (409, False)
    assert (await client.get(path)).json()["connected"] is False


@pytest.mark.parametrize("reachable", [True, False])
async def test_deleting_the_account_gives_the_access_back_and_says_where_it_could_not(here, reachable: bool) -> None:
    browser, user = await joined(here)
    path = await channel_of(here, UUID(user["id"]))
    back = await consented((await browser.post(path)).json()["address"], sandbox_channel="The Deep")
    assert (await browser.get(back)).status_code == 200
    if not reachable:
        nowhere = youtube_side("http://127.0.0.1:9/google/", ("", ""), here.parts.credentials, here.clock).consent
        here.app = create_app(replace(here.parts, authoriser=nowhere))
        browser = here.client(SAME | {"Cookie": f"ytempire_session={browser.cookies['ytempire_session']}"})
    gone = await browser.request("DELETE", "/api/v1/users/me", json={"password": PASSWORD})
    assert gone.status_code == 200, gone.text
    told = gone.json()
    assert (told["access_given_back"], list(told["access_left"])) == (
        (["The Deep"], []) if reachable else ([], ["The Deep"])
    )
    assert (await browser.get("/api/v1/users/me")).status_code == 401
