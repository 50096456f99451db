"""A video of which a version is published: what becomes of a newer one, and which rows and files are the newest."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.stores.driver_stage import Said, Stage, staged, walk
from ytempire.kit.database import Database
from ytempire.kit.errors import QualityRefused
from ytempire.kit.media_store import MediaRef
from ytempire.orchestration import cancel, edit_sentence, retry
from ytempire.orchestration.rules import STAYS
from ytempire.production import begin_step, end_step, fail_step, newest_steps, select_files, set_order, use_step
from ytempire.production.model import StepName, Video, VideoState
from ytempire.production.step import Work

A, B = (MediaRef(name * 64, ".mp4", 1) for name in "ab")


@pytest.fixture
async def stage(database: Database, valkey_url: str) -> AsyncIterator[Stage]:
    async with staged(database, valkey_url) as made:
        yield made


async def publish(stage: Stage, admin: Any) -> Video:
    """A video that went through all its steps, with the rows of its release."""
    video = await stage.order()
    await walk(stage, video, "light", "render", "light")
    values = {"video": video.id, "user": video.user_id, "channel": video.channel_id}
    await admin.execute(
        "insert into uploads (video_id, user_id, channel_id, marker, state, session_no, platform_id, file_sha256,"
        " created_at) values (%(video)s, %(user)s, %(channel)s, 'm', 'done', 1, 'there', '', now())",
        values,
    )
    await admin.execute(
        "insert into publications (video_id, user_id, channel_id, platform, platform_id, url, visibility, disclosure,"
        " read_back, published_at, checked_at)"
        " values (%(video)s, %(user)s, %(channel)s, 'sandbox', 'there', '', '', false, '[]', now(), now())",
        values,
    )
    return video


async def refuse(work: Work) -> Said:
    raise QualityRefused("too loud", remake=StepName.RENDER)


async def test_a_newer_version_that_fails_leaves_the_published_one_published(stage: Stage, admin: Any) -> None:
    video = await publish(stage, admin)
    stage.script.instead[StepName.QUALITY] = refuse
    await retry(stage.platform, video.user_id, video.id, StepName.RENDER)
    await walk(stage, video, "light", "render", "light")
    now = await stage.now(video)
    assert (now.state, now.reason) == (VideoState.PUBLISHED, STAYS.format("too loud"))
    # and it is gone on with where it stopped, as a failed one is
    del stage.script.instead[StepName.QUALITY]
    plan = await retry(stage.platform, video.user_id, video.id)
    assert (plan.begins, plan.remake) == (StepName.RENDER, StepName.RENDER)
    await walk(stage, video, "light", "render", "light")
    assert (await stage.now(video)).reason == ""
    assert stage.script.runs[-3:] == ["render", "quality", "publish"]


@pytest.mark.parametrize("ends", ["refused", "stopped", "taken back"])
async def test_a_published_video_is_called_what_was_published(stage: Stage, admin: Any, ends: str) -> None:
    video = await publish(stage, admin)
    await admin.execute("update steps set result = result || '{\"title\": \"script of squid\"}' where step = 'publish'")
    database, clock = stage.platform.tools.database, stage.platform.tools.clock

    async def order(topic: str) -> None:
        async with database.transaction(video.user_id) as conn:
            changed = replace(video.order, topic=topic)
            assert await set_order(conn, video.id, changed, clock.now(), allowed=list(VideoState))

    stage.script.instead[StepName.QUALITY] = refuse
    await order("octopus")
    await walk(stage, video, "light")
    assert (await stage.now(video)).title == "script of octopus", "while that is being made"
    if ends == "refused":
        await walk(stage, video, "render", "light")
    elif ends == "stopped":
        await cancel(stage.platform, video.user_id, video.id)
    else:
        await order("squid")
        await walk(stage, video, "light", "render", "light")
    now = await stage.now(video)
    assert (now.state, now.title) == (VideoState.PUBLISHED, "script of squid")


async def test_an_edit_that_is_taken_back_leaves_the_first_title(stage: Stage) -> None:
    video = await stage.order()
    await walk(stage, video, "light")
    for topic, title in (("octopus", "script of octopus"), ("squid", "script of squid")):
        async with stage.platform.tools.database.transaction(video.user_id) as conn:
            order, now = replace(video.order, topic=topic), stage.platform.tools.clock.now()
            assert await set_order(conn, video.id, order, now, allowed=[VideoState.PRODUCING])
        await walk(stage, video, "light")
        assert (await stage.now(video)).title == title


async def test_what_is_deleted_at_the_platform_does_not_stay(stage: Stage, admin: Any) -> None:
    video = await publish(stage, admin)
    await admin.execute("update uploads set state = 'planned', platform_id = ''")
    stage.script.instead[StepName.QUALITY] = refuse
    await retry(stage.platform, video.user_id, video.id, StepName.RENDER)
    await walk(stage, video, "light", "render", "light")
    assert (await stage.now(video)).state is VideoState.FAILED


async def test_a_newer_version_that_is_stopped_leaves_the_published_one_published(stage: Stage, admin: Any) -> None:
    video = await publish(stage, admin)
    await retry(stage.platform, video.user_id, video.id, StepName.RENDER)
    await walk(stage, video, "light")
    await cancel(stage.platform, video.user_id, video.id)
    now = await stage.now(video)
    assert (now.state, now.reason) == (VideoState.PUBLISHED, STAYS.format("stopped by you"))
    await walk(stage, video, "light", "render")
    assert stage.script.runs.count("render") == 1


async def test_after_an_edit_and_an_edit_back_the_first_version_is_the_newest(stage: Stage) -> None:
    """The driver meets the rows of the first version again, so they are later than those of the second."""
    video = await stage.order()
    await walk(stage, video, "light", "render", "light")
    for topic in ("octopus", "squid"):
        async with stage.platform.tools.database.transaction(video.user_id) as conn:
            order, now = replace(video.order, topic=topic), stage.platform.tools.clock.now()
            assert await set_order(conn, video.id, order, now, allowed=[VideoState.PUBLISHED])
        await walk(stage, video, "light", "render", "light")
    async with stage.platform.tools.database.transaction(video.user_id) as conn:
        newest = await newest_steps(conn, video.id)
    assert {row.made["text"] for row in newest.values() if row.made} == {f"{step} of squid" for step in newest}
    assert len(stage.script.runs) == 10


async def test_the_newest_files_are_those_of_the_version_met_last(stage: Stage) -> None:
    video = await stage.order()
    clock = stage.platform.tools.clock.now()
    async with stage.platform.tools.database.transaction(video.user_id) as conn:

        async def record(step: StepName, digest: str, result: dict[str, Any] | None, at_s: int) -> None:
            now = clock + timedelta(seconds=at_s)
            await begin_step(conn, video, 0, step, digest, now)
            if result is None:
                await fail_step(conn, video.id, 0, step, digest, now, cause="loud", remake="render")
            else:
                await end_step(conn, video.id, 0, step, digest, now, result=result)

        async def files() -> tuple[MediaRef | None, MediaRef | None]:
            made = (await select_files(conn, [video.id]))[video.id]
            return made.passed, made.refused

        assert await files() == (None, None)
        await record(StepName.RENDER, "a", {"video": asdict(A)}, 1)
        assert await files() == (None, None)
        await record(StepName.QUALITY, "a", {}, 2)
        assert await files() == (A, None)
        await record(StepName.RENDER, "b", {"video": asdict(B)}, 3)
        await record(StepName.QUALITY, "b", None, 4)
        assert await files() == (A, B)
        await record(StepName.QUALITY, "looked at again", None, 5)
        assert await files() == (A, B)
        for at_s, step in ((6, StepName.RENDER), (7, StepName.QUALITY)):
            now = clock + timedelta(seconds=at_s)
            assert await use_step(conn, video.id, 1, step, "a", now) is None  # another worker has taken over
            assert await use_step(conn, video.id, 0, step, "a", now) is not None
        assert await files() == (A, None)
        await record(StepName.QUALITY, "A again", None, 8)
        assert await files() == (None, A)


async def test_edits_of_two_sentences_at_once_are_both_kept(stage: Stage) -> None:
    video = await stage.order()
    now = stage.platform.tools.clock.now()
    async with stage.platform.tools.database.transaction(video.user_id) as conn:
        await begin_step(conn, video, 0, StepName.SCRIPT, "x", now)
        await end_step(conn, video.id, 0, StepName.SCRIPT, "x", now, result={"script": {"scenes": [1] * 8}})
    edits = (
        edit_sentence(stage.platform, video.user_id, video.id, scene, f"Sentence {scene}.") for scene in range(1, 9)
    )
    await asyncio.gather(*edits)
    assert len((await stage.now(video)).order.sentence_edits) == 8
