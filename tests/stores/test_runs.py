"""Another driver leads videos: one token for one video, steps asked for and told, a silent one loses its video."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from tests.stores.driver_stage import Said, Stage, staged, walk
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound, VendorRefused
from ytempire.kit.http import FetchRefused
from ytempire.orchestration import (
    answer_of,
    ask_approval,
    ask_for,
    call_back,
    decide,
    find_run,
    look_after_runs,
)
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.order import order_video_in
from ytempire.orchestration.reconcile import GRACE_S, reconcile
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.begin import begin_run, has_room
from ytempire.orchestration.runs.model import Run, RunState
from ytempire.production.model import Order, StepName, Video, VideoState
from ytempire.production.step import Work

AT = "http://127.0.0.1:5678"
RESUME = f"{AT}/webhook-waiting/7?signature=x"
NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)


@dataclass
class ToldDriver:
    """The driver's side: answers as an n8n does, whatever is to be answered next."""

    driver_at: str = AT
    answers: list[int | None] = field(default_factory=list)
    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    async def tell(self, resume_url: str, what: Mapping[str, object]) -> int:
        self.told.append((resume_url, what))
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            raise FetchRefused(f"{resume_url} refuses", reason="refused", field="resume_url", fix="")
        return answer


@dataclass
class Led:
    stage: Stage
    clock: SetClock
    driver: ToldDriver

    async def order(self) -> Video:
        stage = self.stage
        async with stage.platform.tools.database.transaction(stage.channel.user_id) as conn:
            video = await order_video_in(conn, stage.platform, stage.channel, Order(topic="squid"), led_by_another=True)
            await begin_run(conn, video, self.clock.now(), driver="n8n", workflow="w", execution="1")
        return video

    async def ask(self, video: Video, step: StepName, resume_url: str = "", **more: str) -> str:
        told = await ask_for(self.stage.platform, video.user_id, video.id, step, **more)
        if resume_url:
            told = await call_back(self.stage.platform, video.user_id, video.id, step, resume_url)
        return told.state

    async def state(self, video: Video, step: StepName) -> str:
        return (await answer_of(self.stage.platform, video.user_id, video.id, step)).state

    async def run(self, video: Video) -> Run:
        async with self.stage.platform.tools.database.transaction(video.user_id) as conn:
            return (await find_run(conn, video.id))[0]

    async def later(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)
        await look_after_runs(self.stage.platform)


@pytest.fixture
async def led(database: Database, valkey_url: str) -> AsyncIterator[Led]:
    async with staged(database, valkey_url) as stage:
        clock, driver = SetClock(NOW), ToldDriver()
        tools = replace(stage.platform.tools, clock=clock)
        stage.platform = replace(stage.platform, tools=tools, teller=driver, silent_after_s=60)
        yield Led(stage, clock, driver)


async def test_nothing_is_made_until_it_is_asked_for_and_then_only_that_far(led: Led, admin: Any) -> None:
    video = await led.order()
    assert await led.stage.jobs(admin) == []
    await walk(led.stage, video, "light")
    assert led.stage.script.runs == []
    assert await led.ask(video, StepName.TOPIC, resume_url=RESUME, execution="2") == "under_way"
    await walk(led.stage, video, "light")
    assert led.stage.script.runs == ["topic"]
    assert await led.state(video, StepName.TOPIC) == "done"
    await led.later(0)
    assert led.driver.told == [
        (
            RESUME,
            {"video_id": str(video.id), "step": "topic", "state": "done", "video_state": "producing", "reason": ""},
        )
    ]
    await led.later(1)
    assert len(led.driver.told) == 1, "told once"
    assert (await led.run(video)).execution == "2"
    await led.ask(video, StepName.PUBLISH)
    await walk(led.stage, video, "light", "render", "light")
    assert led.stage.script.runs == ["topic", "script", "render", "quality", "publish"]
    assert await led.state(video, StepName.PUBLISH) == "done"
    await led.later(0)
    run = await led.run(video)
    assert (run.state, run.ended_at) == (RunState.PUBLISHED, led.clock.now())
    assert await led.ask(video, StepName.PUBLISH) == "done"


async def test_a_step_asked_for_twice_is_made_once_and_another_has_to_wait(led: Led, admin: Any) -> None:
    video = await led.order()
    for _ in range(2):
        await led.ask(video, StepName.SCRIPT)
    assert len(await led.stage.jobs(admin)) == 1
    with pytest.raises(WrongState, match="script is being made"):
        await led.ask(video, StepName.RENDER)
    await walk(led.stage, video, "light")
    await led.ask(video, StepName.SCRIPT)
    await walk(led.stage, video, "light")
    assert led.stage.script.runs == ["topic", "script"]
    assert await led.state(video, StepName.SCRIPT) == "done"


async def test_a_driver_that_does_not_wait_yet_is_told_again_until_it_takes_it(led: Led) -> None:
    led.driver.answers = [404, 409, None, 500]
    video = await led.order()
    await led.ask(video, StepName.TOPIC, resume_url=RESUME)
    await walk(led.stage, video, "light")
    for _ in range(12):
        await led.later(1)
    assert len(led.driver.told) == 5
    assert (await led.run(video)).tell_at is None


async def test_a_silent_driver_loses_its_video_and_is_told_so(led: Led, admin: Any) -> None:
    video, other = await led.order(), await led.order()
    await led.ask(video, StepName.TOPIC)
    await led.later(59)
    await led.ask(other, StepName.TOPIC)
    await led.later(61)
    assert (await led.run(video)).state is RunState.DRIVING, "our own workers are at it: that is no silence"
    await walk(led.stage, video, "light")
    await led.later(59)
    assert (await led.run(video)).state is RunState.DRIVING
    await led.later(1)
    run = await led.run(video)
    assert run.state is RunState.TAKEN_OVER
    assert run.reason == "n8n was silent for 1 minutes after the step topic: the built-in driver goes on"
    told = await ask_for(led.stage.platform, video.user_id, video.id, StepName.SCRIPT)
    assert (told.state, told.reason) == ("ended", run.reason)
    await walk(led.stage, video, "light", "render", "light")
    assert (await led.stage.now(video)).state is VideoState.PUBLISHED
    rows = await (await admin.execute("select subject from events where type = 'run.taken_over'")).fetchall()
    assert [row[0] for row in rows] == [str(video.id)]


async def test_no_run_outlasts_its_token_whoever_gives_signs_of_life(led: Led) -> None:
    video, waiting = await led.order(), await led.order()
    await led.ask(waiting, StepName.TOPIC, resume_url=RESUME)
    for _ in range(24 * 60 - 1):
        led.clock.at += timedelta(minutes=1)
        async with led.stage.platform.tools.database.transaction(video.user_id) as conn:
            await store.seen(conn, video.id, led.clock.now())
    await led.later(0)
    assert [(await led.run(one)).state for one in (video, waiting)] == [RunState.DRIVING] * 2
    await led.later(60)
    for one in (video, waiting):
        run = await led.run(one)
        assert (run.state, run.reason) == (
            RunState.TAKEN_OVER,
            "n8n was not done within 24 hours: the built-in driver goes on",
        )
    ((_, told),) = led.driver.told
    assert (told["step"], told["state"]) == ("topic", "ended")


async def test_the_log_has_no_address_that_somebody_could_use(led: Led) -> None:
    led.driver.answers = [None]
    video = await led.order()
    await led.ask(video, StepName.TOPIC, resume_url=RESUME)
    await walk(led.stage, video, "light")
    with capture_logs() as lines:
        await led.later(0)
    (line,) = [one for one in lines if one["event"] == "a driver could not be told"]
    assert line["why"] == "refused"
    assert "signature" not in str(lines)


async def test_a_video_that_comes_to_rest_ends_its_run_and_the_reason_is_told(led: Led) -> None:
    async def refuses(_work: Work) -> Said:
        raise VendorRefused("no such voice", vendor="elevenlabs", reason="bad_request")

    led.stage.script.instead[StepName.SCRIPT] = refuses
    video = await led.order()
    await led.ask(video, StepName.RENDER, resume_url=RESUME)
    await walk(led.stage, video, "light")
    await led.later(0)
    assert (await led.run(video)).state is RunState.FAILED
    ((_, told),) = led.driver.told
    assert (told["state"], told["video_state"]) == ("ended", "failed")
    assert "no such voice" in str(told["reason"])

    cancelled = await led.order()
    await decide.cancel(led.stage.platform, cancelled.user_id, cancelled.id)
    await led.later(0)
    assert (await led.run(cancelled)).state is RunState.CANCELLED


async def test_a_worker_that_died_at_a_step_is_followed_by_another_and_a_waiting_run_gets_none(
    led: Led, admin: Any
) -> None:
    asked, waiting = await led.order(), await led.order()
    await led.ask(asked, StepName.TOPIC)
    await admin.execute("delete from procrastinate_jobs")
    led.clock.at += timedelta(seconds=GRACE_S + 1)
    assert await reconcile(led.stage.platform) == 1
    rows = await (await admin.execute("select args ->> 'video_id' from procrastinate_jobs")).fetchall()
    assert [UUID(row[0]) for row in rows] == [asked.id]
    assert (await led.run(waiting)).state is RunState.DRIVING


async def test_no_more_are_led_at_once_than_there_is_room_for(led: Led) -> None:
    await asyncio.gather(*(led.order() for _ in range(3)))
    async with led.stage.platform.tools.database.transaction(led.stage.channel.user_id) as conn:
        assert not await has_room(conn, replace(led.stage.platform, runs_at_once=3))
        assert await has_room(conn, replace(led.stage.platform, runs_at_once=4))


async def test_only_the_drivers_own_address_is_called_back_and_only_runs_are_led(led: Led) -> None:
    video = await led.order()
    for url in (
        "http://127.0.0.1:5679/webhook-waiting/7",
        "http://127.0.0.1:56781/webhook-waiting/7",
        "https://evil.example/webhook-waiting/7",
        f"{AT}@evil.example/webhook-waiting/7",
        f"{AT}//evil.example/webhook-waiting/7",
        f"{AT}/webhook/a-workflow-that-starts",
        f"{AT}/rest/login",
        f"{AT}/webhook-waiting",
        f"{AT}/webhook-waiting/",
        f"{AT}/webhook-waiting/../rest/login",
        f"{AT}/webhook-waiting/7/../../rest/login",
        f"{AT}/webhook-waiting/%2e%2e/rest/login",
        f"{AT}/webhook-waiting/7\\..\\rest",
        f"{AT}/webhook-waiting/7#x",
        f"{AT}/webhook-waiting/7?a=b c",
        f"{AT}/webhook-waiting/7?{'x' * 2_000}",
    ):
        with pytest.raises(BadInput, match="driver's own"):
            await led.ask(video, StepName.TOPIC, resume_url=url)
    assert await led.ask(video, StepName.TOPIC, resume_url=f"{AT}/webhook-waiting/7/node-1?signature=x") == "under_way"
    own = await led.stage.order()
    with pytest.raises(NotFound, match="no run leads"):
        await led.ask(own, StepName.TOPIC)


async def test_a_step_ends_while_its_driver_asks_for_something_else_and_neither_waits_for_the_other(led: Led) -> None:
    video = await led.order()
    await led.ask(video, StepName.SCRIPT)
    database = led.stage.platform.tools.database
    asks = ask_approval(led.stage.platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    async with database.transaction(video.user_id) as conn:
        await store.run_of(conn, video.id, to_change=True)
        asking = asyncio.create_task(asks)
        await _wait_for_lock(database, 1)
        walking = asyncio.create_task(walk(led.stage, video, "light"))
        await _wait_for_lock(database, 2)
    with pytest.raises(WrongState, match="script is being made"):
        await asking
    await walking
    assert await led.state(video, StepName.SCRIPT) == "done"


async def _wait_for_lock(database: Database, how_many: int) -> None:
    waiting = 0
    while waiting < how_many:
        async with database.system() as conn:
            row = await (
                await conn.execute(
                    "select count(distinct pid) from pg_locks where not granted and pid in"
                    " (select pid from pg_stat_activity where datname = current_database())"
                )
            ).fetchone()
        waiting = int(str(row[0])) if row else 0
        await asyncio.sleep(0.01)
