"""What ends a stream, what it costs, and what happens when a part fails."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from uuid import UUID

import httpx
import psycopg
import pytest
import uvicorn

from tests.web.conftest import Stage
from tests.web.listening import STREAM, Heard, begin, free_of_readers, stream, tell
from ytempire.accounts import revoke_api_key
from ytempire.accounts.signing_in import sign_out
from ytempire.events import Followers, announce
from ytempire.events.model import StepFailed
from ytempire.kit.errors import TooMany
from ytempire.kit.ids import new_id
from ytempire.web import streams

EVENTS = "/api/v1/events"


async def test_a_stream_ends_with_the_session_or_key_that_opened_it(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    token = await stage.session(user)
    browser = stage.client({"Cookie": f"ytempire_session={token}"})
    key_id = client.headers["authorization"].split("_")[1]
    async with stream(client, at) as (_, by_key), stream(browser, at) as (_, by_session):
        ends = [await begin(by_key), await begin(by_session)]
        session_id = await _session_of(stage, user)
        async with stage.parts.database.transaction(user) as conn:
            await sign_out(conn, session_id)
        with pytest.raises(StopAsyncIteration):
            await ends[1]
        assert not ends[0].done()
        async with stage.parts.database.transaction(user) as conn:
            await revoke_api_key(stage.parts.desk, conn, key_id)
        with pytest.raises(StopAsyncIteration):
            await ends[0]
    assert len(stage.parts.followers) == 0


async def _session_of(stage: Stage, user: UUID) -> str:
    async with stage.parts.database.transaction(user) as conn:
        row = await (await conn.execute("select id::text from sessions")).fetchone()
    return str(row[0])


async def test_a_suspended_or_deleted_user_s_streams_end(stage: Stage, at: str) -> None:
    for change in (
        "update users set suspended_at = %s where id = %s",
        "delete from users where %s < now() and id = %s",
    ):
        user, client = await stage.signed_in()
        async with stream(client, at) as (_, events):
            end = await begin(events)
            async with stage.parts.database.transaction(user) as conn:
                await conn.execute(change, (stage.clock.now().replace(year=2020), user))
            with pytest.raises(StopAsyncIteration):
                await end


async def test_a_user_has_only_so_many_streams(stage: Stage, at: str) -> None:
    _, client = await stage.signed_in()
    _, other = await stage.signed_in()
    async with asyncio.timeout(20):
        opened = [stream(client, at) for _ in range(20)]
        for one in opened:
            await one.__aenter__()
        async with stream(client, at) as (answer, _):
            assert answer.status_code == 429
            problem = await answer.aread()
        assert b'"code":"too_many"' in problem
        assert answer.headers["retry-after"] == "15"
        async with stream(other, at) as (answer, _):
            assert answer.status_code == 200
        for one in opened:
            await one.__aexit__(None, None, None)
        while len(stage.parts.followers):
            await asyncio.sleep(0.01)
        async with stream(client, at) as (answer, _):
            assert answer.status_code == 200


async def test_a_hundred_streams_take_one_listener_and_are_all_told(
    stage: Stage, at: str, admin: psycopg.AsyncConnection
) -> None:
    users = [await stage.signed_in() for _ in range(10)]
    heard = [Heard() for _ in range(100)]
    opened = [stream(users[n % 10][1], at, heard[n]) for n in range(100)]
    streams_of = [await one.__aenter__() for one in opened]
    assert len(stage.parts.followers) == 100
    query = (
        "select count(*) filter (where application_name = 'ytempire-listener'), count(*) from pg_stat_activity"
        " where datname = current_database() and application_name like 'ytempire%'"
    )
    for user, _ in users:
        await tell(stage, user, "a", "b", "c")
    for _, events in streams_of:
        for _ in range(3):
            await anext(events)
    assert {tuple(one.ids) for one in heard} == {(1, 2, 3)}
    listeners, all_of_them = await (await admin.execute(query)).fetchone()
    assert listeners == 1
    assert all_of_them <= 1 + 8  # the pool's most
    for one in opened:
        await one.__aexit__(None, None, None)


async def test_who_does_not_read_is_let_go_and_takes_no_memory(
    stage: Stage, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_TAKEN_WITHIN_S", 0.5)
    user, client = await stage.signed_in()
    asking = free_of_readers(at, EVENTS, dict(client.headers) | STREAM)
    followers = stage.parts.followers
    while not len(followers):
        await asyncio.sleep(0.01)
    (me,) = followers._tenants[user].followers
    most_waiting = 0
    async with asyncio.timeout(30):
        while len(followers):
            async with stage.parts.database.transaction(user) as conn:
                for _ in range(50):
                    await announce(conn, "x", StepFailed(step="voice", cause="x" * 20_000), stage.clock.now())
            most_waiting = max(most_waiting, len(me.waiting))
    assert 0 < most_waiting <= 200
    asking.close()


async def test_who_is_slow_reads_what_it_missed_from_the_table(stage: Stage) -> None:
    """More than is ever held for a follower, while it is busy with the first: still all, in order."""
    user, _ = await stage.signed_in()
    followers = stage.parts.followers
    async with followers.listening():
        told = followers.follow(user, "x", after=None, types=None)
        await anext(told)
        await tell(stage, user, "0")
        numbers = [(await anext(told)).number]
        (me,) = followers._tenants[user].followers
        for _ in range(5):
            await tell(stage, user, *(str(n) for n in range(100)))
        while followers._tenants[user].handed != 501:
            await asyncio.sleep(0.01)
        assert len(me.waiting) <= 200
        numbers += [(await anext(told)).number for _ in range(500)]
        assert numbers == list(range(1, 502))
        await told.aclose()


async def test_who_waits_for_a_change_is_woken_by_it_alone_and_counts_as_no_stream(stage: Stage) -> None:
    user, _ = await stage.signed_in()
    video, followers = new_id(), stage.parts.followers
    async with followers.listening():
        with followers.watching(user, video) as watcher:
            assert len(followers) == 0
            waits = asyncio.create_task(watcher.changed(60))
            await tell(stage, user, "a")
            async with asyncio.timeout(20):
                while not followers._tenants[user].handed:
                    await asyncio.sleep(0.01)
            for _ in range(3):
                await asyncio.sleep(0)  # whoever was woken has had their turn
            assert not waits.done(), "of another video"
            async with stage.parts.database.transaction(user) as conn:
                await announce(conn, video, StepFailed(step="topic", cause=""), stage.clock.now())
            async with asyncio.timeout(20):
                await waits
            assert not watcher.waiting
        assert not followers._tenants
    with followers.watching(user, video) as watcher:  # nobody listens: it is the time that ends the wait
        before_s = asyncio.get_running_loop().time()
        await watcher.changed(0.2)
        assert asyncio.get_running_loop().time() - before_s >= 0.19


async def test_only_so_many_wait_for_the_same_change(stage: Stage) -> None:
    user, _ = await stage.signed_in()
    video, followers = new_id(), stage.parts.followers
    with ExitStack() as waits:
        for _ in range(5):
            waits.enter_context(followers.watching(user, video))
        with pytest.raises(TooMany, match="5 requests wait"), followers.watching(user, video):
            pass
        with followers.watching(user, new_id()):
            pass
    with followers.watching(user, video):
        pass
    assert not followers._tenants


async def test_a_lost_listener_ends_streams_and_who_comes_back_misses_nothing(
    stage: Stage, at: str, admin: psycopg.AsyncConnection
) -> None:
    user, client = await stage.signed_in()
    heard = Heard()
    async with stream(client, at, heard) as (_, events):
        await tell(stage, user, "a")
        await anext(events)
        end = await begin(events)
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'ytempire-listener' and datname = current_database()"
        )
        with pytest.raises(StopAsyncIteration):
            await end
    await tell(stage, user, "b", "c")
    while heard.ids != [1, 2, 3, 4]:
        async with stream(client, at, heard) as (_, events):
            if heard.ids == [1, 2, 3]:
                await tell(stage, user, "d")
            async for _ in events:
                if heard.ids in ([1, 2, 3], [1, 2, 3, 4]):
                    break


async def test_every_process_hears_of_it(stage: Stage, at: str) -> None:
    user, client = await stage.signed_in()
    second = Followers(stage.parts.database, stage.parts.platform.live, most_each=1)
    async with second.listening(), stream(client, at) as (_, events):
        told = second.follow(user, "x", after=None, types=None)
        await anext(told)
        await tell(stage, user, "a")
        assert (await anext(events))["id"] == 1
        assert (await anext(told)).number == 1
        await told.aclose()


async def test_a_process_that_stops_ends_its_streams_at_once(stage: Stage, web: tuple[str, uvicorn.Server]) -> None:
    at, server = web
    _, client = await stage.signed_in()
    heard = Heard()
    async with stream(client, at, heard) as (_, events):
        end = await begin(events)
        server.should_exit = True
        async with asyncio.timeout(3):
            with pytest.raises(StopAsyncIteration):  # a proper end of the answer, not a broken connection
                await end
    assert heard.place == "0"
    with pytest.raises(httpx.ConnectError):
        await httpx.AsyncClient().get(at)
