"""The driver on a real database and queue, with steps of three lines."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from tests.stores.driver_stage import Said, Stage, staged, walk
from ytempire.channels import archive_channel, restore_channel
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, MemoryLow, QualityRefused, RenderFailed, StorageFull
from ytempire.orchestration import decide
from ytempire.orchestration.drive import drive
from ytempire.orchestration.retrying import retry
from ytempire.production import select_steps
from ytempire.production.model import StepName, VideoState
from ytempire.production.step import Work


@pytest.fixture
async def stage(database: Database, valkey_url: str) -> AsyncIterator[Stage]:
    async with staged(database, valkey_url) as made:
        yield made


async def test_walks_hops_between_queues_and_records(stage: Stage, admin: Any) -> None:
    video = await stage.order()
    await walk(stage, video, "light")
    assert stage.script.runs == ["topic", "script"]
    assert (await stage.now(video)).state is VideoState.PRODUCING
    assert (await stage.now(video)).title == "script of squid"
    assert await stage.jobs(admin) == [("rehearsal-light", "todo"), ("rehearsal-render", "todo")]
    await walk(stage, video, "render", "light")
    assert (await stage.now(video)).state is VideoState.PUBLISHED
    assert stage.script.runs == ["topic", "script", "render", "quality", "publish"]


async def test_what_is_recorded_is_not_run_again(stage: Stage) -> None:
    video = await stage.order()
    await walk(stage, video, "light", "light", "light", "render", "render")
    assert stage.script.runs == ["topic", "script", "render"]


async def test_changed_inputs_run_again(stage: Stage) -> None:
    video = await stage.order()
    await walk(stage, video, "light")
    stage.platform = replace(
        stage.platform,
        steps=tuple(
            replace(step, inputs=lambda work: "another") if step.name is StepName.SCRIPT else step
            for step in stage.platform.steps
        ),
    )
    await walk(stage, video, "light")
    assert stage.script.runs == ["topic", "script", "script"]


async def test_a_worker_that_was_overtaken_records_nothing(stage: Stage) -> None:
    overtaken, go_on = asyncio.Event(), asyncio.Event()

    async def slow(work: Work) -> Said:
        if work.attempt == 1:
            overtaken.set()
            await go_on.wait()
            return Said("of the stopped worker")
        return Said("of its successor")

    stage.script.instead[StepName.SCRIPT] = slow
    video = await stage.order()
    first = asyncio.create_task(drive(stage.platform, video.id, video.user_id, "light"))
    await overtaken.wait()
    await walk(stage, video, "light")
    go_on.set()
    await first
    assert (await stage.now(video)).title == "of its successor"
    async with stage.platform.tools.database.transaction(video.user_id) as conn:
        rows = await select_steps(conn, video.id)
    assert {row.step: row.result for row in rows}["script"] == {"text": "of its successor"}


async def test_bad_input_fails_with_its_words_and_retry_goes_on_from_there(stage: Stage) -> None:
    async def wrong(work: Work) -> Said:
        raise BadInput("is empty", field="script", fix="Say something.")

    stage.script.instead[StepName.SCRIPT] = wrong
    video = await stage.order()
    await walk(stage, video, "light")
    failed = await stage.now(video)
    assert failed.state is VideoState.FAILED
    assert failed.reason == "script: is empty. Say something."
    del stage.script.instead[StepName.SCRIPT]
    await retry(stage.platform, video.user_id, video.id)
    await walk(stage, video, "light")
    assert stage.script.runs == ["topic", "script", "script"]
    assert (await stage.now(video)).state is VideoState.PRODUCING


async def test_a_killed_render_is_tried_three_times(stage: Stage, admin: Any) -> None:
    async def killed(work: Work) -> Said:
        raise RenderFailed("killed by signal 9")

    stage.script.instead[StepName.RENDER] = killed
    video = await stage.order()
    await walk(stage, video, "light", "render")
    assert (await stage.now(video)).state is VideoState.PRODUCING
    assert len(await stage.jobs(admin)) == 3  # the ordered one, the hop, the retry
    await walk(stage, video, "render")
    assert (await stage.now(video)).state is VideoState.PRODUCING
    await walk(stage, video, "render")
    assert (await stage.now(video)).state is VideoState.FAILED


async def test_a_step_that_cannot_tell_its_inputs_fails_in_the_end(stage: Stage) -> None:
    def broken(work: Work) -> object:
        raise RuntimeError("no ffmpeg")

    steps = tuple(
        replace(step, inputs=broken) if step.name is StepName.SCRIPT else step for step in stage.platform.steps
    )
    stage.platform = replace(stage.platform, steps=steps)
    video = await stage.order()
    await walk(stage, video, "light", "light", "light")
    failed = await stage.now(video)
    assert failed.state is VideoState.FAILED
    assert "no ffmpeg" in failed.reason


async def test_cancelled_while_at_work_stays_cancelled(stage: Stage) -> None:
    async def meanwhile(work: Work) -> Said:
        await decide.cancel(stage.platform, work.video.user_id, work.video.id)
        return Said("too late")

    stage.script.instead[StepName.SCRIPT] = meanwhile
    video = await stage.order()
    await walk(stage, video, "light", "render", "light")
    assert (await stage.now(video)).state is VideoState.CANCELLED
    assert stage.script.runs == ["topic", "script"]


async def test_what_is_being_published_is_not_said_to_be_stopped(stage: Stage) -> None:
    async def meanwhile(work: Work) -> Said:
        with pytest.raises(BadInput, match="being published"):
            await decide.cancel(stage.platform, work.video.user_id, work.video.id)
        return Said("out")

    stage.script.instead[StepName.PUBLISH] = meanwhile
    video = await stage.order()
    await walk(stage, video, "light", "render", "light")
    assert (await stage.now(video)).state is VideoState.PUBLISHED


async def test_a_gate_s_refusal_is_made_anew_from_the_step_at_fault_and_nothing_else(stage: Stage) -> None:
    """The first render is refused; a crash repeats nothing, a person's retry renders anew and checks that."""
    takes: list[int] = []

    async def render(work: Work) -> Said:
        takes.append(work.video.order.take(StepName.RENDER))
        return Said(f"file of take {takes[-1]}")

    async def refuse(work: Work) -> Said:
        if work.result(StepName.RENDER, Said).text == "file of take 0":
            raise QualityRefused("too loud", remake=StepName.RENDER)
        return Said("passed")

    stage.script.instead |= {StepName.RENDER: render, StepName.QUALITY: refuse}
    video = await stage.order()
    await walk(stage, video, "light", "render", "light", "light")
    assert (await stage.now(video)).state is VideoState.FAILED
    assert takes == [0]
    plan = await retry(stage.platform, video.user_id, video.id)
    assert (plan.begins, plan.remake, plan.kept) == (
        StepName.RENDER,
        StepName.RENDER,
        (StepName.TOPIC, StepName.SCRIPT),
    )
    await walk(stage, video, "light", "render", "light")
    assert (await stage.now(video)).state is VideoState.PUBLISHED
    assert takes == [0, 1]
    assert stage.script.runs == ["topic", "script", "render", "quality", "render", "quality", "publish"]


async def test_from_a_named_step_everything_after_it_that_depends_on_it_is_made_again(stage: Stage) -> None:
    async def wrong(work: Work) -> Said:
        raise BadInput("no")

    stage.script.instead[StepName.RENDER] = wrong
    video = await stage.order()
    await walk(stage, video, "light", "render")
    for step, says in ((StepName.PUBLISH, "can't be made anew"), (StepName.QUALITY, "render is not done")):
        with pytest.raises(BadInput, match=says):
            await retry(stage.platform, video.user_id, video.id, step)
    del stage.script.instead[StepName.RENDER]
    await retry(stage.platform, video.user_id, video.id, StepName.SCRIPT)
    await walk(stage, video, "light", "render", "light")
    assert stage.script.runs == ["topic", "script", "render", "script", "render", "quality", "publish"]
    with pytest.raises(BadInput, match="is planned"):
        await retry(stage.platform, video.user_id, (await stage.order()).id, StepName.SCRIPT)


async def test_a_person_s_retry_has_all_tries_again(stage: Stage) -> None:
    async def killed(work: Work) -> Said:
        raise RenderFailed("killed by signal 9")

    stage.script.instead[StepName.RENDER] = killed
    video = await stage.order()
    await walk(stage, video, "light", "render", "render", "render")
    assert (await stage.now(video)).state is VideoState.FAILED
    await retry(stage.platform, video.user_id, video.id)
    await walk(stage, video, "light", "render", "render")
    assert (await stage.now(video)).state is VideoState.PRODUCING
    await walk(stage, video, "render")
    assert (await stage.now(video)).state is VideoState.FAILED


async def test_an_archived_channel_makes_no_video(stage: Stage, admin: Any) -> None:
    tools = stage.platform.tools
    await archive_channel(tools.database, tools.clock, stage.channel)
    with pytest.raises(BadInput, match="channel restore deep-sea"):
        await stage.order()
    assert await stage.jobs(admin) == []
    await restore_channel(tools.database, stage.channel)
    video = await stage.order()
    await walk(stage, video, "light", "render", "light")
    assert (await stage.now(video)).state is VideoState.PUBLISHED


async def test_a_render_without_disk_or_memory_waits_and_goes_on_however_often(stage: Stage, admin: Any) -> None:
    refusals: list[Exception] = [MemoryLow("1 MB free"), StorageFull("2 MB free"), *[MemoryLow("3 MB free")] * 4]

    async def crowded(work: Work) -> Said:
        if refusals:
            raise refusals.pop(0)
        return Said("rendered at last")

    stage.script.instead[StepName.RENDER] = crowded
    video = await stage.order()
    await walk(stage, video, "light", "render")
    waiting = await stage.now(video)
    assert (waiting.state, waiting.reason) == (VideoState.PRODUCING, "deferred: 1 MB free")
    (again,) = await (
        await admin.execute(
            "select extract(epoch from scheduled_at - now())::int from procrastinate_jobs"
            " where scheduled_at is not null"
        )
    ).fetchall()
    assert 0 < again[0] <= 20
    await walk(stage, video, *["render"] * 6, "light")
    assert (await stage.now(video)).state is VideoState.PUBLISHED
