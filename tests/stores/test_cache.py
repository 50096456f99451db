"""Caches count exactly, and make what they can't have: results in PostgreSQL, reads and programs' values in Valkey."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from valkey.asyncio import Valkey

from tests.stores.driver_stage import Stage, staged
from ytempire.kit.cache import Cache
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.production.artifacts import find_artifact, keep_artifact, keep_artifacts, user_rates
from ytempire.production.step import Work

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NOWHERE = "redis://127.0.0.1:1/0"


async def no_progress(_: float) -> None: ...


async def work_of(stage: Stage) -> Work:
    video = await stage.order()
    return Work(video, stage.channel, {}, stage.platform.tools, 1, no_progress)


async def counted(stage: Stage, user: UUID) -> dict[str, tuple[int, int]]:
    tools = stage.platform.tools
    async with tools.database.transaction(user) as conn:
        rates = await user_rates(conn, user, tools.clock.now().date())
    return {rate.namespace: (rate.hits, rate.misses) for rate in rates}


async def test_each_need_counts_once_however_often_its_step_is_repeated(database: Database, valkey_url: str) -> None:
    async with staged(database, valkey_url) as stage:
        first, second = await work_of(stage), await work_of(stage)
        for _ in range(3):  # a miss is counted when what was missing has been made
            assert await find_artifact(first, "speech", "k", run="a") is None
        await keep_artifact(first, "speech", "k", {"n": 1}, run="a")
        replayed = await find_artifact(first, "speech", "k", run="a")
        assert replayed
        assert not replayed.hit
        for _ in range(3):
            found = await find_artifact(second, "speech", "k", run="b")
            assert found
            assert (found.hit, found.value) == (True, {"n": 1})
        user = first.video.user_id
        assert await counted(stage, user) == {"speech": (1, 1)}
        assert await find_artifact(second, "speech", "k", run="c", there=lambda _: False) is None
        await keep_artifacts(second, "speech", {"k": {"n": 2}, "l": {"n": 3}}, run="c")
        assert await counted(stage, user) == {"speech": (1, 3)}


async def test_many_at_once_count_exactly(database: Database, valkey_url: str) -> None:
    async with staged(database, valkey_url) as stage:
        work = await work_of(stage)
        keys = [f"k{n}" for n in range(30)]
        await asyncio.gather(*(keep_artifact(work, "scene", key, {}, run="made") for key in keys))
        await asyncio.gather(*(find_artifact(work, "scene", key, run=run) for key in keys for run in ("x", "y")))
        assert await counted(stage, work.video.user_id) == {"scene": (60, 30)}


async def test_a_read_is_made_once_for_all_who_ask_and_until_it_is_forgotten(valkey_url: str) -> None:
    cache, user, other = Cache(valkey_url, patience_s=60), new_id(), new_id()
    made: list[str] = []

    async def ask(whose: UUID, key: str = "k") -> bytes:
        async def make() -> bytes:
            made.append(f"{whose}{key}")
            await asyncio.sleep(0)
            return f"{whose}{key}{len(made)}".encode()

        return await cache.get_or_make("costs", whose, key, make, ttl_s=60, now=NOW)

    answers = await asyncio.gather(*(ask(user) for _ in range(50)))
    assert (len(set(answers)), len(made)) == (1, 1)
    assert await ask(user) == answers[0]
    assert await ask(other) != answers[0]
    await cache.forget("costs", user)
    assert await ask(user) != answers[0]
    before = await ask(other)
    await cache.forget("costs")
    assert await ask(other) != before
    (rate,) = await cache.rates(user, NOW, days=1)
    assert (rate.namespace, rate.hits, rate.misses) == ("costs", 1, 2)
    await cache.close()


async def test_what_is_forgotten_while_it_is_made_is_not_kept(valkey_url: str) -> None:
    cache, user = Cache(valkey_url, patience_s=60), new_id()

    async def made_meanwhile() -> bytes:
        await cache.forget("costs", user)
        return b"old"

    async def fresh() -> bytes:
        return b"new"

    assert await cache.get_or_make("costs", user, "k", made_meanwhile, ttl_s=60, now=NOW) == b"old"
    assert await cache.get_or_make("costs", user, "k", fresh, ttl_s=60, now=NOW) == b"new"
    await cache.close()


async def test_a_fault_is_everybodys_who_waits_and_not_kept(valkey_url: str) -> None:
    cache, user, begun = Cache(valkey_url, patience_s=60), new_id(), asyncio.Event()

    async def fails() -> bytes:
        begun.set()
        await asyncio.sleep(0)
        raise RuntimeError("no")

    async def ask() -> bytes:
        return await cache.get_or_make("costs", user, "k", fails, ttl_s=60, now=NOW)

    answers = await asyncio.gather(*(ask() for _ in range(5)), return_exceptions=True)
    assert all(isinstance(answer, RuntimeError) for answer in answers)
    with pytest.raises(RuntimeError):
        await ask()
    await cache.close()


@pytest.mark.parametrize("url", [None, NOWHERE])
async def test_without_valkey_everything_is_made_and_nothing_fails(url: str | None) -> None:
    cache, user = Cache(url), new_id()

    async def make() -> bytes:
        return b"made"

    assert await cache.get_or_make("costs", user, "k", make, ttl_s=60, now=NOW) == b"made"
    assert await cache.put("n", user, "k", b"v", ttl_s=60, now=NOW) is False
    assert await cache.get("n", user, "k", now=NOW) is None
    await cache.delete("n", user, "k")
    await cache.forget("costs")
    assert await cache.rates(user, NOW, days=7) == []
    await cache.close()


async def test_every_key_ends_by_itself(valkey_url: str) -> None:
    cache, user = Cache(valkey_url, patience_s=60), new_id()

    async def make() -> bytes:
        return b"made"

    await cache.get_or_make("costs", user, "k", make, ttl_s=60, now=NOW)
    await cache.put("n", user, "k", b"v", ttl_s=60, now=NOW)
    await cache.forget("costs", user)
    valkey = Valkey.from_url(valkey_url)
    names = [name async for name in valkey.scan_iter(match=f"cache:*{user}*")]
    assert len(names) == 5
    assert all([await valkey.ttl(name) > 0 for name in names])
    await valkey.aclose()
    await cache.close()
