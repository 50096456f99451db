"""A driver that waits for a person: it isn't silent, and without their yes nothing is published by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stores.driver_stage import walk
from tests.stores.test_runs import NOW, Led, led
from ytempire.orchestration import answer_approval, ask_approval
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.runs.model import RunState
from ytempire.production import review
from ytempire.production.model import Approval, StepName, VideoState

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
