"""Who takes which job: workers, queues, the reconciler, and the two kinds on a shared database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from tests.stores.driver_stage import Stage, staged, walk
from ytempire.kit.clock import SetClock
from ytempire.kit.database import ConnectionLost, Database
from ytempire.orchestration import idle_queues, store, work
from ytempire.orchestration import reconcile as reconciling
from ytempire.orchestration.drive import drive
from ytempire.orchestration.queue import Queue, every
from ytempire.orchestration.retrying import retry
from ytempire.production.model import VideoState


@pytest.fixture
async def stage(database: Database, valkey_url: str) -> AsyncIterator[Stage]:
    async with staged(database, valkey_url) as made:
        yield made


async def test_a_worker_takes_the_job_from_the_queue(stage: Stage) -> None:
    video = await stage.order()

    async def run(video_id: Any, user_id: Any, queue: str) -> None:
        await drive(stage.platform, video_id, user_id, queue)

    worker = asyncio.create_task(
        stage.platform.queue.work(run, ["light", "render"], rehearsal=True, slots=1, name="test")
    )
    async with asyncio.timeout(30):
        while (await stage.now(video)).state is not VideoState.PUBLISHED:
            await asyncio.sleep(0.02)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert stage.script.runs == ["topic", "script", "render", "quality", "publish"]


async def test_a_request_s_id_goes_from_job_to_job(stage: Stage) -> None:
    """The order's, through the render queue and back; a job that nobody's request asked for has none."""
    with structlog.contextvars.bound_contextvars(request="asked-for-it"):
        video = await stage.order()
    other = await stage.order("octopus")
    seen: dict[Any, list[tuple[str, object]]] = {video.id: [], other.id: []}

    async def run(video_id: Any, user_id: Any, queue: str) -> None:
        seen[video_id].append((queue, structlog.contextvars.get_contextvars().get("request")))
        await drive(stage.platform, video_id, user_id, queue)

    worker = asyncio.create_task(
        stage.platform.queue.work(run, ["light", "render"], rehearsal=True, slots=2, name="test")
    )
    async with asyncio.timeout(30):
        while {(await stage.now(one)).state for one in (video, other)} != {VideoState.PUBLISHED}:
            await asyncio.sleep(0.02)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert seen[video.id] == [("light", "asked-for-it"), ("render", "asked-for-it"), ("light", "asked-for-it")]
    assert {request for _, request in seen[other.id]} == {None}


async def test_workers_of_the_other_kind_never_take_a_rehearsals_job(stage: Stage) -> None:
    """On a shared database: the real ones go on with what is theirs, the rehearsal's wait for workers of their own."""
    rehearsed = await stage.order()
    stage.platform = replace(stage.platform, rehearsal=False)
    real = await stage.order("octopus")
    taken: list[Any] = []

    async def run(video_id: Any, user_id: Any, queue: str) -> None:
        taken.append(video_id)
        await drive(stage.platform, video_id, user_id, queue)

    worker = asyncio.create_task(
        stage.platform.queue.work(run, ["light", "render"], rehearsal=False, slots=2, name="test")
    )
    async with asyncio.timeout(30):
        while (await stage.now(real)).state is not VideoState.PUBLISHED:
            await asyncio.sleep(0.02)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert set(taken) == {real.id}
    assert (await stage.now(rehearsed)).state is VideoState.PLANNED


async def test_a_real_session_sends_a_rehearsals_video_to_its_own_workers(stage: Stage, admin: Any) -> None:
    video = await stage.order()
    await admin.execute("delete from procrastinate_jobs")
    await admin.execute("update videos set state = 'failed'")
    real = replace(stage.platform, rehearsal=False)
    await retry(real, video.user_id, video.id)
    await admin.execute("update videos set updated_at = updated_at - interval '1 minute'")
    assert await stage.jobs(admin) == [("rehearsal-light", "todo")]
    await admin.execute("delete from procrastinate_jobs")
    assert await reconciling.reconcile(real) == 1
    assert await stage.jobs(admin) == [("rehearsal-light", "todo")]


async def test_a_queue_is_worked_only_while_a_worker_of_its_kind_is_at_it(stage: Stage) -> None:
    clock = SetClock(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    tools = replace(stage.platform.tools, clock=clock)
    queue = Queue(tools.database, stalled_after_s=0.8)
    await queue.open()
    here = replace(stage.platform, tools=tools, queue=queue)
    assert await idle_queues(here) == {"light", "render"}

    async def shown(queues: set[str]) -> None:
        """Until the worker has shown itself at this clock's time, so that these queues are idle."""
        async with asyncio.timeout(30):
            while await idle_queues(here) != queues:
                await asyncio.sleep(0.02)

    worker = asyncio.create_task(work(here, ["render"], slots=1))
    await shown({"light"})
    assert await idle_queues(replace(here, rehearsal=False)) == {"light", "render"}
    clock.at += timedelta(seconds=1)  # longer than a silent worker counts as alive
    await shown({"light"})
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert await idle_queues(here) == {"light", "render"}

    async with tools.database.system() as conn:  # one that was killed has said nothing since
        await store.worker_seen(conn, "killed", ["rehearsal-light"], clock.at)
    clock.at += timedelta(seconds=0.8)
    assert await idle_queues(here) == {"render"}
    clock.at += timedelta(seconds=0.1)
    assert await idle_queues(here) == {"light", "render"}


async def test_workers_with_real_vendors_leave_a_rehearsal_alone(stage: Stage, admin: Any) -> None:
    video = await stage.order()
    stage.platform = replace(stage.platform, rehearsal=False)
    await walk(stage, video, "light")
    assert stage.script.runs == []
    assert await stage.jobs(admin) == [("rehearsal-light", "todo"), ("rehearsal-light", "todo")]


async def test_a_video_that_lost_its_job_gets_one(stage: Stage, admin: Any) -> None:
    video = await stage.order()
    await admin.execute("delete from procrastinate_jobs")
    assert await reconciling.reconcile(stage.platform) == 0  # not yet: its job may just be on its way
    await admin.execute("update videos set updated_at = updated_at - interval '1 minute'")
    assert await reconciling.reconcile(stage.platform) == 1
    assert await reconciling.reconcile(stage.platform) == 0
    assert await stage.jobs(admin) == [("rehearsal-light", "todo")]
    await walk(stage, video, "light", "render", "light")
    await admin.execute("delete from procrastinate_jobs")
    await admin.execute("update videos set updated_at = updated_at - interval '1 minute'")
    assert await reconciling.reconcile(stage.platform) == 0  # published: at rest


async def test_what_is_repeated_ends_when_its_cancellation_comes_as_an_error() -> None:
    """As a query's does whose connection is lost meanwhile; a worker waited for ever to end and took no jobs."""
    begun = asyncio.Event()

    async def verb() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise ConnectionLost("the connection is lost") from None

    told: list[Exception] = []
    repeated = asyncio.create_task(every(0, verb, on_error=told.append))
    await begun.wait()
    repeated.cancel()
    await asyncio.wait_for(repeated, 5)
    assert [type(error) for error in told] == [ConnectionLost]
