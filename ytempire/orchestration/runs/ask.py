"""Verbs: ask for a step, and say how far it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.errors import NotFound
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.model import Run, RunState
from ytempire.orchestration.runs.rules import checked_resume_url
from ytempire.production import select_video
from ytempire.production.model import StepName, Video


@dataclass(frozen=True)
class Answer:
    """What a driver is told of the step that it asked for."""

    video_id: UUID
    step: StepName
    state: Literal["done", "under_way", "ended"]
    """`ended`: the video came to rest before the step, or another driver has it; `reason` says why."""
    video_state: str
    reason: str


async def find_run(conn: Connection, video_id: UUID) -> tuple[Run, Video]:
    """The video's run. Raises NotFound if our own driver leads it."""
    run, video = await store.run_of(conn, video_id), await select_video(conn, video_id)
    if run is None or video is None:
        raise NotFound("no run leads this video", field="video", fix="POST /api/v1/plan/due claims videos for one.")
    return run, video


async def find_driving(conn: Connection, video_id: UUID, *, to_change: bool = False) -> tuple[Video, Run]:
    """The video and its run, which drives. Raises NotFound or WrongState."""
    run = await store.run_of(conn, video_id, to_change=True)
    video = await select_video(conn, video_id, to_change=to_change)
    if run is None or video is None:
        raise NotFound("no run leads this video", field="video", fix="POST /api/v1/plan/due claims videos for one.")
    if run.state is not RunState.DRIVING:
        raise WrongState(
            f"its run has ended: {run.reason or run.state}", field="video", fix="Nothing needs doing: it goes on alone."
        )
    return video, run


async def ask_for(
    platform: Platform,
    user_id: UUID,
    video_id: UUID,
    step: StepName,
    *,
    workflow: str = "",
    execution: str = "",
) -> Answer:
    """Let our workers make this step and what comes before it; the same again changes nothing.

    Raises NotFound; WrongState while they are at another step.
    """
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        run = await store.run_of(conn, video_id, to_change=True)
        found, video = await find_run(conn, video_id)
        if run is None or run.state is not RunState.DRIVING:
            return _told(found, video, step)
        if run.under_way and run.goal is not step:
            raise WrongState(
                f"the step {run.goal} is being made right now",
                field="step",
                fix="Wait until it is done: it is told at its resume URL, and GET the run says it, too.",
            )
        now = tools.clock.now()
        await store.ask_for(conn, video_id, step, workflow=workflow, execution=execution, now=now)
        if not run.under_way:
            await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)
    return Answer(video_id, step, "under_way", video.state, video.reason)


async def answer_of(platform: Platform, user_id: UUID, video_id: UUID, step: StepName) -> Answer:
    """How far it came. Raises NotFound."""
    async with platform.tools.database.transaction(user_id) as conn:
        run, video = await find_run(conn, video_id)
    return _told(run, video, step)


def require_own_address(platform: Platform, resume_url: str) -> None:
    """Raise BadInput for an address that isn't the driver's: nothing else is called back."""
    checked_resume_url(resume_url, platform.teller.driver_at if platform.teller else "")


async def call_back(platform: Platform, user_id: UUID, video_id: UUID, step: StepName, resume_url: str) -> Answer:
    """Tell the driver there once the step is no longer under way; if it is so already, the answer says it instead.

    Raises NotFound, and BadInput for an address that isn't the driver's.
    """
    require_own_address(platform, resume_url)
    async with platform.tools.database.transaction(user_id) as conn:
        await store.run_of(conn, video_id, to_change=True)
        run, video = await find_run(conn, video_id)
        told = _told(run, video, step)
        if told.state == "under_way":
            await store.call_back(conn, video_id, resume_url)
    return told


def _told(run: Run, video: Video, step: StepName) -> Answer:
    if run.goal is step and run.goal_reached:
        state: Literal["done", "under_way", "ended"] = "done"
    elif run.state is RunState.DRIVING:
        state = "under_way"
    else:
        state = "ended"
    return Answer(video.id, step, state, video.state, run.reason or video.reason)
