"""A driver that waits for a person: it isn't silent, and without their yes nothing is published by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.stores.driver_stage import Said, walk
from tests.stores.test_runs import NOW, Led, led
from ytempire.kit.errors import BadInput
from ytempire.orchestration import answer_approval, ask_approval, decide
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.runs import begin, store
from ytempire.orchestration.runs.model import RunState
from ytempire.production import decide_video, review
from ytempire.production.model import Approval, StepName, VideoState
from ytempire.production.step import Work

__all__ = ["led"]


async def test_who_waits_for_a_person_is_not_silent_and_without_an_answer_the_creator_decides(led: Led) -> None:
    led.stage.script.instead[StepName.PUBLISH] = review.run
    platform, video = led.stage.platform, await led.order()
    await led.ask(video, StepName.QUALITY)
    with pytest.raises(WrongState, match="quality is being made"):
        await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    await walk(led.stage, video, "light", "render", "light")
    asked = await ask_approval(platform, video.user_id, video.id, " Slack,  #videos ", timedelta(minutes=10))
    assert asked == Approval("Slack, #videos", led.clock.now() + timedelta(minutes=10))
    assert (await led.stage.now(video)).reason == "waits for an answer of Slack, #videos until 2026-11-26 06:10 UTC"
    await led.later(599)
    assert (await led.run(video)).state is RunState.DRIVING
    await led.later(1)
    run = await led.run(video)
    assert (run.state, run.reason) == (
        RunState.TAKEN_OVER,
        "Slack, #videos gave no answer in time: the built-in driver goes on, and publishes nothing unseen",
    )
    with pytest.raises(WrongState, match="no answer in time"):
        await answer_approval(platform, video.user_id, video.id, approved=True, why="")
    await walk(led.stage, video, "light")
    rests = await led.stage.now(video)
    assert rests.state is VideoState.IN_REVIEW
    assert "Slack, #videos was asked for an approval, and none was given" in rests.reason


async def test_a_finished_video_that_waits_for_a_person_takes_no_place_and_keeps_nobody_from_their_turn(
    led: Led,
) -> None:
    async def has_room(places: int) -> bool:
        async with platform.tools.database.system() as conn:
            return await begin.has_room(conn, replace(platform, runs_at_once=places))

    async def looked_at() -> set[UUID]:
        async with platform.tools.database.system() as conn:
            return {video_id for video_id, _ in await store.to_look_at(conn, led.clock.now(), rehearsal=True)}

    platform, finished, begun = led.stage.platform, await led.order(), await led.order()
    await led.ask(finished, StepName.QUALITY)
    await walk(led.stage, finished, "light", "render", "light")
    await led.later(0)
    assert not await has_room(2)
    for video in (finished, begun):
        await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    assert await has_room(2)
    assert not await has_room(1), "the other's work is still to come, approval or not"
    assert await looked_at() == set()
    led.clock.at += timedelta(minutes=10)
    assert await looked_at() == {finished.id, begun.id}
    await answer_approval(platform, finished.user_id, finished.id, approved=True, why="")
    assert not await has_room(2)


async def test_no_longer_than_the_run_may_does_a_person_take(led: Led) -> None:
    video = await led.order()
    led.clock.at += timedelta(seconds=30)
    asked = await ask_approval(led.stage.platform, video.user_id, video.id, "Slack", timedelta(hours=24))
    assert asked.until == NOW + timedelta(hours=24)


async def test_a_yes_lets_the_video_go_on_and_a_no_cancels_it_in_the_persons_words(led: Led) -> None:
    platform = led.stage.platform
    good, bad = await led.order(), await led.order()
    for video in (good, bad):
        with pytest.raises(WrongState, match="nobody was asked"):
            await answer_approval(platform, video.user_id, video.id, approved=True, why="")
        await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    await answer_approval(platform, good.user_id, good.id, approved=True, why="")
    await answer_approval(platform, bad.user_id, bad.id, approved=False, why="the second  sentence is wrong")
    await led.later(0)
    assert (await led.ask(good, StepName.PUBLISH), await led.ask(bad, StepName.PUBLISH)) == ("under_way", "ended")
    await walk(led.stage, good, "light", "render", "light")
    await led.later(0)
    for video, state, reason in (
        (good, RunState.PUBLISHED, ""),
        (bad, RunState.CANCELLED, "refused by Slack: the second sentence is wrong"),
    ):
        run = await led.run(video)
        assert (run.state, run.reason, str((await led.stage.now(video)).state)) == (state, reason, str(state))


async def test_a_yes_that_comes_while_a_step_is_made_is_not_waited_for_in_vain(led: Led, admin: Any) -> None:
    platform, video = led.stage.platform, await led.order()
    await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    await led.ask(video, StepName.SCRIPT)

    async def said_yes_meanwhile(_work: Work) -> Said:
        led.stage.script.instead.clear()
        await answer_approval(platform, video.user_id, video.id, approved=True, why="")
        return Said("of the version that waited")

    led.stage.script.instead[StepName.SCRIPT] = said_yes_meanwhile
    await walk(led.stage, video, "light")
    assert len(await led.stage.jobs(admin)) == 2, "one more, so that nobody waits for the reconciler"
    await walk(led.stage, video, "light")
    assert await led.state(video, StepName.SCRIPT) == "done"


async def test_a_yes_and_a_no_at_once_are_one_answer(led: Led) -> None:
    platform = led.stage.platform
    for _ in range(5):
        video = await led.order()
        await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
        both = await asyncio.gather(
            *(
                answer_approval(platform, video.user_id, video.id, approved=approved, why="")
                for approved in (True, False)
            ),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in both) == ["NoneType", "WrongState"]
        now = await led.stage.now(video)
        assert (now.state is VideoState.CANCELLED) is (both[1] is None)


async def test_after_the_creators_own_yes_nobody_else_is_waited_for(led: Led) -> None:
    led.stage.script.instead[StepName.QUALITY] = _reviewed
    platform, video = led.stage.platform, await led.order()
    await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    await led.later(600)
    await walk(led.stage, video, "light", "render", "light")
    assert (await led.stage.now(video)).state is VideoState.IN_REVIEW
    await decide.approve(platform, video.user_id, video.id)
    await walk(led.stage, video, "light")
    now = await led.stage.now(video)
    assert (now.state, now.order.approval) == (VideoState.PUBLISHED, None)


@pytest.mark.parametrize("asked_of", [" ", "\n", "a\x1bb", "a\u202eb", "a\x00b"])
async def test_who_is_asked_has_a_name(led: Led, asked_of: str) -> None:
    video = await led.order()
    with pytest.raises(BadInput, match=r"is empty|control character"):
        await ask_approval(led.stage.platform, video.user_id, video.id, asked_of, timedelta(minutes=10))


async def test_nothing_that_is_over_or_going_out_is_asked_about(led: Led) -> None:
    platform = led.stage.platform
    for state in (VideoState.PUBLISHING, VideoState.PUBLISHED, VideoState.IN_REVIEW, VideoState.CANCELLED):
        video = await led.order()
        async with platform.tools.database.transaction(video.user_id) as conn:
            await decide_video(conn, video.id, list(VideoState), state, led.clock.now(), reason="")
        with pytest.raises(WrongState, match=f"is {state}"):
            await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
        assert (await led.stage.now(video)).state is state


async def test_a_yes_from_elsewhere_is_not_the_creators(led: Led) -> None:
    led.stage.script.instead[StepName.QUALITY] = _reviewed
    platform, video = led.stage.platform, await led.order()
    await ask_approval(platform, video.user_id, video.id, "Slack", timedelta(minutes=10))
    await answer_approval(platform, video.user_id, video.id, approved=True, why="")
    await led.ask(video, StepName.PUBLISH)
    await walk(led.stage, video, "light", "render", "light")
    now = await led.stage.now(video)
    assert now.state is VideoState.IN_REVIEW
    assert now.reason.startswith("the video waits for your review"), "its channel's autopilot is off"
    for approved in (True, False):
        with pytest.raises(WrongState, match="nobody was asked"):
            await answer_approval(platform, video.user_id, video.id, approved=approved, why="")


async def _reviewed(work: Work) -> Said:
    return Said((await review.run(work)).passed_by)
