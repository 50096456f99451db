"""Events as programs and browsers get them: a web process on a socket, PostgreSQL, Valkey, real streams."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from tests.web.conftest import Stage
from tests.web.listening import STREAM, Heard, begin, stream, tell
from ytempire.events import announce
from ytempire.events.model import StepBegun, StepFailed
from ytempire.kit.ids import new_id

EVENTS = "/api/v1/events"


async def test_a_thousand_events_come_in_order_over_many_connections(stage: Stage, at: str) -> None:
    """Eight writers at once, a reader who leaves in the middle again and again: none lost, none twice."""
    user, client = await stage.signed_in()
    chances, heard = random.Random(1), Heard()

    async def write(writer: int) -> None:
        for number in range(125):
            await tell(stage, user, f"{writer}:{number}")

    async with stream(client, at, heard) as (_, events):
        writers = [asyncio.create_task(write(number)) for number in range(8)]
        await anext(events)
    visits = 1
    while len(heard.items) < 1000:
        leave_after = chances.randrange(1, 200)
        visits += 1
        async with stream(client, at, heard) as (_, events):
            async for _ in events:
                leave_after -= 1
                if leave_after == 0 or len(heard.items) == 1000:
                    break
    await asyncio.gather(*writers)
    assert heard.ids == list(range(1, 1001))
    assert visits > 5
    for writer in range(8):
        mine = [step for step in (item["data"]["step"] for item in heard.items) if step.startswith(f"{writer}:")]
        assert mine == [f"{writer}:{number}" for number in range(125)]


async def test_a_transaction_that_began_first_and_ends_last_is_not_skipped(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    heard = Heard()
    async with stage.parts.database.transaction(user) as slow:
        await announce(slow, new_id(), StepBegun(step="slow", tries=0), stage.clock.now())
        async with stream(client, at, heard) as (_, events):
            await tell(stage, user, "quick")
            assert (await anext(events))["data"]["step"] == "quick"
    async with stream(client, at, heard) as (_, events):
        assert (await anext(events))["data"]["step"] == "slow"
    assert heard.ids == [1, 2]


async def test_what_is_rolled_back_is_not_told(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    async with stream(client, at) as (_, events):
        with suppress(ZeroDivisionError):
            async with stage.parts.database.transaction(user) as conn:
                await announce(conn, new_id(), StepBegun(step="never", tries=0), stage.clock.now())
                raise ZeroDivisionError
        await tell(stage, user, "true")
        event = await anext(events)
    assert (event["id"], event["data"]["step"]) == (1, "true")


async def test_a_stream_tells_nobody_else_s_events(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    other, theirs = await stage.signed_in()
    async with stream(client, at) as (_, events), stream(theirs, at) as (_, other_events):
        await tell(stage, other, *"abc")
        await tell(stage, user, "mine")
        await tell(stage, other, "d")
        event = await anext(events)
        assert (event["id"], event["data"]["step"]) == (1, "mine")
        assert [(await anext(other_events))["data"]["step"] for _ in range(4)] == list("abcd")
    for after, theirs_too in ((None, 4), (2, 2)):
        page = (await theirs.get(EVENTS, params={"after": after} if after else {})).json()
        assert (len(page["items"]), page["last"]) == (theirs_too, 4)
    assert (await client.get(EVENTS)).json()["last"] == 1


async def test_a_program_asks_again_from_where_it_was(stage: Stage) -> None:
    user, client = await stage.signed_in()
    assert (await client.get(EVENTS)).json() == {"items": [], "last": 0, "more": False}
    await tell(stage, user, *(str(n) for n in range(5)))
    async with stage.parts.database.transaction(user) as conn:
        await announce(conn, "x", StepFailed(step="voice", cause="no 'voice'\n\U0001f600"), stage.clock.now())
    first = (await client.get(EVENTS, params={"limit": 3})).json()
    assert ([item["id"] for item in first["items"]], first["last"], first["more"]) == ([1, 2, 3], 3, True)
    rest = (await client.get(EVENTS, params={"after": 3})).json()
    assert ([item["id"] for item in rest["items"]], rest["last"], rest["more"]) == ([4, 5, 6], 6, False)
    assert rest["items"][2]["data"] == {"step": "voice", "cause": "no 'voice'\n\U0001f600"}
    assert rest["items"][2]["timestamp"] == "2026-11-25T12:00:00.000Z"
    only = (await client.get(EVENTS, params={"types": ["video.step_failed", "budget.near"]})).json()
    assert ([item["id"] for item in only["items"]], only["last"]) == ([6], 6)
    nothing = (await client.get(EVENTS, params={"types": "budget.near", "limit": 1})).json()
    assert nothing == {"items": [], "last": 6, "more": False}
    assert (await client.get(EVENTS, params={"after": 9})).json()["items"] == []


@pytest.mark.parametrize(
    ("params", "headers", "field"),
    [
        ({"types": "video.exploded"}, {}, "types"),
        ({"after": "-1"}, {}, "after"),
        ({"after": str(2**63)}, {}, "after"),
        ({}, {"Last-Event-ID": "last"}, "Last-Event-ID"),
        ({}, {"Last-Event-ID": "9" * 5000}, "Last-Event-ID"),
        ({}, {"Last-Event-ID": "1e3"} | STREAM, "Last-Event-ID"),
    ],
)
async def test_a_place_or_type_that_is_none_is_refused(
    stage: Stage, params: dict[str, str], headers: dict[str, str], field: str
) -> None:
    _, client = await stage.signed_in()
    answer = await client.get(EVENTS, params=params, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await stage.client().get(EVENTS, headers=STREAM)).status_code == 401


async def test_a_stream_of_some_types_resumes_behind_all_that_it_left_out(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    await tell(stage, user, *(str(n) for n in range(450)))  # more than two pages that it doesn't ask for
    heard = Heard(place="0")
    async with stream(client, at, heard, types="video.step_failed") as (answer, events):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "own;dur=" in answer.headers["server-timing"]
        waiting = await begin(events)
        async with stage.parts.database.transaction(user) as conn:
            await announce(conn, "x", StepFailed(step="voice", cause="x"), stage.clock.now())
        assert (await waiting)["id"] == 451
    assert heard.place == "451"


async def test_an_id_of_before_a_restore_does_not_hide_what_comes(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    await tell(stage, user, "a")
    async with stream(client, at, Heard(place="1000")) as (_, events):
        await tell(stage, user, "b")
        assert (await anext(events))["id"] == 2


async def test_progress_is_told_and_not_kept(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    video = new_id()
    heard = Heard()
    async with stream(client, at, heard) as (_, events):
        told = await begin(events)
        while not told.done():  # Valkey's listener may not be there yet
            await stage.parts.platform.live.note(user, video, "render", 0.5)
            await asyncio.wait({told}, timeout=0.05)
        event = await told
    assert (event["type"], event["id"], event["subject"]) == ("video.progress", None, str(video))
    assert event["data"] == {"step": "render", "share": 0.5}
    assert heard.place == "0"
    assert (await client.get(EVENTS)).json()["items"] == []
