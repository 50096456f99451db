"""Verb: look after runs: end those whose video rests, take over silent ones, tell drivers what they wait for."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import structlog

from ytempire.events import announce
from ytempire.events.model import RunTakenOver
from ytempire.kit.failpoints import failpoint
from ytempire.kit.http import FetchRefused
from ytempire.kit.metrics import RUNS
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.ask import Answer, answer_of
from ytempire.orchestration.runs.model import RunState
from ytempire.orchestration.runs.rules import AFTER_END, ends_as, taken, told_again_at, why_taken_over
from ytempire.production import select_video

log = structlog.get_logger()

_AT_ONCE = 20
EVERY_S = 0.3


async def look_after_runs(platform: Platform) -> None:
    """One round over all runs of this kind of installation."""
    tools = platform.tools
    async with tools.database.system() as conn:
        found = await store.to_look_at(conn, tools.clock.now(), rehearsal=platform.rehearsal)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(video_id: UUID, user_id: UUID) -> None:
        async with turns:
            try:
                await _settle(platform, video_id, user_id)
                await _tell(platform, video_id, user_id)
            except Exception as error:  # noqa: BLE001 - one run's trouble must not keep the others waiting
                log.warning("a run stumbled", video=str(video_id), error=str(error), kind=type(error).__name__)

    await asyncio.gather(*(one(video_id, user_id) for video_id, user_id in found))


async def _settle(platform: Platform, video_id: UUID, user_id: UUID) -> None:
    """End the run if it is over. Our own driver gets the video of one that is silent, in the same transaction."""
    tools = platform.tools
    silent_after = timedelta(seconds=platform.silent_after_s)
    async with tools.database.transaction(user_id) as conn:
        run, video = await store.run_of(conn, video_id, to_change=True), await select_video(conn, video_id)
        if run is None or video is None:
            return
        now = tools.clock.now()
        state = ends_as(run, video, silent_after, now)
        if state is None:
            return
        reason = why_taken_over(run, video, silent_after, now) if state is RunState.TAKEN_OVER else video.reason
        await store.end_run(conn, video_id, state, reason, now, token_ends_at=now + AFTER_END)
        if state is RunState.TAKEN_OVER:
            await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)
            await announce(conn, video_id, RunTakenOver(driver=run.driver, reason=reason), now)
            log.warning("taken over", video=str(video_id), driver=run.driver, why=reason)
    RUNS.labels(state).inc()


async def _tell(platform: Platform, video_id: UUID, user_id: UUID) -> None:
    """Tell the driver what became of its step. No transaction is open meanwhile; twice told is answered by it."""
    tools, teller = platform.tools, platform.teller
    async with tools.database.transaction(user_id) as conn:
        run = await store.run_of(conn, video_id)
    if run is None or run.tell_at is None or run.tell_at > tools.clock.now() or run.goal is None or teller is None:
        return
    answer = await answer_of(platform, user_id, video_id, run.goal)
    try:
        status = await teller.tell(run.resume_url, as_json(answer))
        done = taken(status)
    except FetchRefused as refused:
        status, done = 0, False
        # not its words: they have the address, whose signature is good for whoever reads it
        log.info("a driver could not be told", video=str(video_id), why=refused.reason)
    failpoint("run.told")
    again_at = None if done else told_again_at(run.told + 1, tools.clock.now())
    async with tools.database.transaction(user_id) as conn:
        current = await store.run_of(conn, video_id, to_change=True)
        if current and (current.goal, current.resume_url) == (run.goal, run.resume_url):  # not asked anew meanwhile
            await store.told(conn, video_id, run.told + 1, again_at)


def as_json(answer: Answer) -> dict[str, object]:
    """As drivers read it."""
    return asdict(answer) | {"video_id": str(answer.video_id), "step": str(answer.step)}
