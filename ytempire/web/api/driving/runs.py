"""Runs: how a driver such as n8n leads a video: it asks for a step, and waits for it here or at its resume URL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from ytempire.channels import find_channel
from ytempire.kit.clock import stopwatch_s
from ytempire.orchestration import (
    Answer,
    answer_approval,
    answer_of,
    ask_approval,
    ask_for,
    call_back,
    find_run,
    require_own_address,
)
from ytempire.production import steps_now
from ytempire.production.model import StepName
from ytempire.web.api.driving.shown import Led
from ytempire.web.bodies import Given, example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Leading
from ytempire.web.routing import resource

router = resource("videos")

_VIDEO, _CHANNEL = "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f", "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6"
_STEP: dict[str, Any] = {"step": "topic", "state": "done"}
_OF_CHANNEL: dict[str, Any] = {
    "id": _CHANNEL,
    "handle": "deep-sea",
    "name": "Deep sea",
    "niche": "life in the deep sea",
    "language": "en",
    "format": "9:16",
    "voice": "local:heart",
}
_APPROVAL: dict[str, Any] = {"asked_of": "Slack, #videos", "until": "2026-11-23T12:01:40Z"}
_RUN: dict[str, Any] = {
    "video_id": _VIDEO,
    "user_id": _CHANNEL,
    "driver": "n8n",
    "workflow": "content-generation",
    "execution": "231",
    "state": "driving",
    "reason": "",
    "claimed_at": "2026-11-23T00:00:12Z",
    "seen_at": "2026-11-23T00:01:40Z",
    "ended_at": None,
    "channel": _OF_CHANNEL,
    "topic": "Why squid glow",
    "video_state": "producing",
    "steps": [_STEP],
    "next_step": "script",
    "approval": None,
}
_ANSWER: dict[str, Any] = {
    "video_id": _VIDEO,
    "step": "render",
    "state": "done",
    "video_state": "producing",
    "reason": "",
}
_LOOK_EVERY_S = 1.0
"""Who waits for a step is woken by its event; this often they look by themselves, should it go unheard."""


class RunChannel(BaseModel):
    """The channel that the plan chose."""

    model_config = example(_OF_CHANNEL)
    id: UUID
    handle: str
    name: str
    niche: str
    language: str
    format: str
    voice: str


class RunStep(BaseModel):
    """How far a step is."""

    model_config = example(_STEP)
    step: StepName
    state: str = Field(description="`done`, `running`, `failed`, or `to_come`.")


class ApprovalShown(BaseModel):
    """A person is asked whether the video may go on."""

    model_config = example(_APPROVAL)
    asked_of: str
    until: datetime = Field(description="So long the run isn't taken over.")


class RunShown(Led):
    """A video that another driver leads."""

    model_config = example(_RUN)
    channel: RunChannel
    topic: str
    video_state: str = Field(description="Where the video is now, whoever led it last.")
    steps: list[RunStep]
    next_step: StepName | None = Field(description="The first that isn't done; null: all are.")
    approval: ApprovalShown | None = Field(description="What it waits for; null: for nobody's approval.")


class StepWanted(BaseModel):
    """How the driver waits for the step."""

    model_config = example({"resume_url": "http://127.0.0.1:5678/webhook-waiting/231", "wait_s": 20})
    resume_url: str = Field(
        "", max_length=2_000, description="Told by a POST of the same object once the step is no longer under way."
    )
    wait_s: float = Field(
        20, ge=0, le=25, description="So long this request waits for the step itself; five do so at once for a video."
    )
    workflow: str = Field("", max_length=100)
    execution: str = Field("", max_length=100)


class ApprovalWanted(Given):
    """Who is asked, and for how long the driver waits for them."""

    model_config = example({"asked_of": "Slack, #videos", "minutes": 720})
    asked_of: str = Field(min_length=1, max_length=100, description="Who or where, as the video's owner is to read it.")
    minutes: int = Field(720, ge=1, le=1440, description="At most until 24 hours after the claim, when the run ends.")


class ApprovalAnswered(Given):
    """What the person said."""

    model_config = example({"approved": False, "why": "the second sentence is wrong"})
    approved: StrictBool
    why: str = Field("", max_length=500, description="Of a no: the owner reads it.")


class StepAnswer(BaseModel):
    """How far the step came."""

    model_config = example(_ANSWER)
    video_id: UUID
    step: StepName
    state: Literal["done", "under_way", "ended"] = Field(
        description="`ended`: the video came to rest before this step, or our own driver has taken it over."
    )
    video_state: str
    reason: str = Field(description="Why it ended, or what it waits for, in plain words.")


@router.get("/{video_id}/run")
async def run(video_id: UUID, who: Leading, parts: PartsOf) -> RunShown:
    """The video's run: who leads it, its channel, and how far its steps are.

    `state` and `reason` tell how its lead ended and stay so: after a retry by our own driver a run that `failed` has a
    `video_state` of `published`.
    """
    async with parts.database.transaction(who.user_id) as conn:
        found, video = await find_run(conn, video_id)
        rows = await steps_now(conn, video_id)
    channel = await find_channel(parts.database, who.user_id, video.channel_id)
    steps = [RunStep(step=step, state=rows[step].state if step in rows else "to_come") for step in StepName]
    return RunShown(
        **{name: getattr(found, name) for name in RunShown.model_fields if hasattr(found, name)},
        channel=RunChannel(**{name: getattr(channel, name) for name in RunChannel.model_fields}),
        topic=video.title,
        video_state=video.state,
        steps=steps,
        next_step=next((one.step for one in steps if one.state != "done"), None),
        approval=ApprovalShown(**vars(asked)) if (asked := video.order.approval) else None,
    )


@router.post("/{video_id}/steps/{step}")
async def ask(video_id: UUID, step: StepName, wanted: StepWanted, who: Leading, parts: PartsOf) -> StepAnswer:
    """Let a step be made, with what comes before it, and wait for it: here for a while, then at the resume URL.

    Asked for again it is not made again. A step that waits for money, quota or disk stays `under_way`.
    """
    platform = parts.platform
    if wanted.resume_url:
        require_own_address(platform, wanted.resume_url)
    told = await ask_for(
        platform,
        who.user_id,
        video_id,
        step,
        workflow=wanted.workflow,
        execution=wanted.execution,
    )
    until_s = stopwatch_s() + wanted.wait_s
    if told.state == "under_way" and wanted.wait_s > 0:
        with parts.followers.watching(who.user_id, video_id) as watcher:
            told = await answer_of(platform, who.user_id, video_id, step)  # what came before it was watched
            while told.state == "under_way" and (left_s := until_s - stopwatch_s()) > 0:
                await watcher.changed(min(_LOOK_EVERY_S, left_s))
                told = await answer_of(platform, who.user_id, video_id, step)
    if wanted.resume_url and told.state == "under_way":
        told = await call_back(platform, who.user_id, video_id, step, wanted.resume_url)
    return _shown(told)


@router.post("/{video_id}/approval")
async def want_approval(video_id: UUID, wanted: ApprovalWanted, who: Leading, parts: PartsOf) -> ApprovalShown:
    """Say that a person is asked whether the video may go on: without their yes it isn't published by itself.

    Until then the run isn't taken over for its silence. Without an answer the built-in driver makes the rest, and the
    video waits in its creator's inbox.
    """
    span = timedelta(minutes=wanted.minutes)
    asked = await ask_approval(parts.platform, who.user_id, video_id, wanted.asked_of, span)
    return ApprovalShown(**vars(asked))


@router.post("/{video_id}/approval/answer")
async def take_answer(video_id: UUID, given: ApprovalAnswered, who: Leading, parts: PartsOf) -> ApprovalAnswered:
    """Tell the person's answer: after a yes the video goes on as its channel says, a no cancels it."""
    await answer_approval(parts.platform, who.user_id, video_id, approved=given.approved, why=given.why)
    return given


def _shown(told: Answer) -> StepAnswer:
    return StepAnswer(**vars(told))
