"""The built-in driver: one job per video walks the steps, records each, and decides nothing about content.

A step whose recorded result fits its inputs is not run again. A step of another queue ends the job and enqueues the
next one in the same transaction. The video's attempt number is raised at the start of each job: a worker that comes
back after another took over can record nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from ytempire.channels import find_channel, refresh_if_needed
from ytempire.channels.model import Channel
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.database import Connection
from ytempire.kit.errors import Superseded
from ytempire.kit.failpoints import failpoint
from ytempire.kit.ids import content_hash
from ytempire.kit.metrics import STEP_S, timed
from ytempire.orchestration.model import Cancel, Defer, Fail, Keep, Retry, Wait
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.rules import PAID, STATE_AFTER, STATE_DURING, after_failure, closed
from ytempire.orchestration.runs.model import RunState
from ytempire.orchestration.runs.store import reach, run_of
from ytempire.production import (
    begin_step,
    claim_video,
    end_step,
    fail_step,
    forgive_tries,
    move_video,
    select_video,
    set_texts,
    steps_now,
    use_step,
)
from ytempire.production.model import StepName, Video, VideoState
from ytempire.production.step import Step, Work
from ytempire.publishing import is_online

log = structlog.get_logger()

_PROGRESS_EVERY_S = 0.2


async def drive(platform: Platform, video_id: UUID, user_id: UUID, queue: str) -> None:
    """Walk the video's steps as far as this queue goes."""
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        if not await _is_ours(platform, conn, video_id, user_id, queue):
            return
        run = await run_of(conn, video_id)
        led = run is not None and run.state is RunState.DRIVING
        if run is not None and led and not run.under_way:
            return  # another driver leads it, and hasn't asked for anything
        attempt = await claim_video(conn, video_id, tools.clock.now())
        video = await select_video(conn, video_id)
        if attempt is None or video is None or video.state is VideoState.IN_REVIEW:
            return
        decided = (await steps_now(conn, video.id)).get(StepName.TOPIC)
    channel = await channel_of(platform, video, decided.ended_at if decided and decided.state == "done" else None)
    walk = _Walk(platform, video, channel, attempt, queue, goal=run.goal if run and led else None)
    try:
        await walk.on()
    except Superseded:
        log.info("superseded", video=str(video_id), attempt=attempt)


async def channel_of(platform: Platform, video: Video, as_of: datetime | None) -> Channel:
    """The channel with the sources it had when the video's topic was decided (None: not yet): what came later is for
    later videos.

    Before that its feeds are read, if the topic will be proposed from them.
    """
    tools, order = platform.tools, video.order
    channel = await find_channel(tools.database, video.user_id, video.channel_id, as_of=as_of)
    if as_of or not platform.feeds or order.topic or order.script_text or order.article_text:
        return channel
    if await refresh_if_needed(tools.database, tools.clock, channel, platform.feeds):
        channel = await find_channel(tools.database, video.user_id, video.channel_id)
    return channel


async def _is_ours(platform: Platform, conn: Connection, video_id: UUID, user_id: UUID, queue: str) -> bool:
    """A rehearsal's video is never worked with real vendors, nor a real one with stand-ins, on a shared database."""
    video = await select_video(conn, video_id)
    if video is None or video.rehearsal is platform.rehearsal:
        return True
    await platform.queue.enqueue(conn, video_id, user_id, queue, rehearsal=video.rehearsal)
    log.warning("left to workers of the other kind", video=str(video_id), rehearsal=video.rehearsal)
    return False


class _Walk:
    """One job's walk over the steps of one video."""

    def __init__(
        self, platform: Platform, video: Video, channel: Channel, attempt: int, queue: str, *, goal: StepName | None
    ) -> None:
        self.platform = platform
        self.video = video
        self.channel = channel
        self.attempt = attempt
        self.queue = queue
        self.goal = goal
        """Where another driver wants it to stop; None: nowhere."""
        self.results: dict[StepName, object] = {}

    async def on(self) -> None:
        """Go on from wherever the recorded results end."""
        for step in self.platform.steps:
            if not await self._pass(step):
                return
            if step.name == self.goal:
                return
        # All results stood there already, as after an edit that was taken back: the video is where it was.
        if self.video.state is not VideoState.PUBLISHED:
            async with self.platform.tools.database.transaction(self.video.user_id) as conn:
                await self._move(conn, VideoState.PUBLISHED)

    async def _pass(self, step: Step) -> bool:
        """Load the step's result or make it; False if the walk ends here."""
        tools = self.platform.tools
        work = Work(
            video=self.video,
            channel=self.channel,
            results=dict(self.results),
            tools=tools,
            attempt=self.attempt,
            progress=self._progress(step.name),
        )
        try:
            digest = content_hash([step.name, step.inputs(work), *work.take_of(step.name)])
        except Exception as error:  # noqa: BLE001 - what a step can't even begin with is an outcome, too
            return await self._not_begun(step, error)
        async with tools.database.transaction(self.video.user_id) as conn:
            recorded = await use_step(conn, self.video.id, self.attempt, step.name, digest, tools.clock.now())
            tries = None
            if recorded is None:
                if step.queue != self.queue:
                    await self._enqueue(conn, step.queue)
                    return False
                tries = await self._begin(conn, step, digest)
                if tries is None:
                    return False
            if recorded is not None:
                await self._reach(conn, step)
            # An edit that was taken back leaves the texts of the version that is met again.
            if recorded is not None and (texts := step.tells(step.load(recorded))):
                await set_texts(conn, self.video.id, self.attempt, tools.clock.now(), **texts)
        if tries is not None:
            return await self._make(step, work, digest, tries)
        self.results[step.name] = step.load(recorded)
        return True

    async def _not_begun(self, step: Step, error: Exception) -> bool:
        """Record a step whose inputs could not be told, as a failed try of its own."""
        tools = self.platform.tools
        digest = content_hash([step.name, "no inputs"])
        async with tools.database.transaction(self.video.user_id) as conn:
            tries = await begin_step(conn, self.video, self.attempt, step.name, digest, tools.clock.now())
        if tries is None:
            raise Superseded(f"step {step.name} was taken over")
        await self._end_badly(step, digest, error, tries)
        return False

    async def _begin(self, conn: Connection, step: Step, digest: str) -> int | None:
        """Note that the step begins and return its number of tries; None if it has to wait, which is noted."""
        tools = self.platform.tools
        waits = closed(await tools.ledger.standing(conn), tools.clock.now()) if step.name in PAID else None
        if waits:
            await self._defer(conn, step, waits)
            return None
        tries = await begin_step(conn, self.video, self.attempt, step.name, digest, tools.clock.now())
        if tries is None:
            raise Superseded(f"step {step.name} was taken over")
        # A video under review keeps its state until the step has read it.
        if step.name is not StepName.REVIEW:
            await self._move(conn, STATE_DURING[step.name])
        return tries

    async def _make(self, step: Step, work: Work, digest: str, tries: int) -> bool:
        """Run one step that has begun and record it; False if the walk ends here."""
        tools = self.platform.tools
        failpoint(f"{step.name}.begin")
        try:
            with timed(STEP_S, step=step.name):
                value = await step.run(work)
        except Superseded:
            raise
        except Exception as error:  # noqa: BLE001 - every failure becomes a recorded outcome
            await self._end_badly(step, digest, error, tries)
            return False
        failpoint(f"{step.name}.made")
        dumped = step.dump(value)
        async with tools.database.transaction(self.video.user_id) as conn:
            now = tools.clock.now()
            if not await end_step(conn, self.video.id, self.attempt, step.name, digest, now, result=dumped):
                raise Superseded(f"step {step.name} was taken over")
            await self._reach(conn, step)
            texts = step.tells(value)
            if texts:
                await set_texts(conn, self.video.id, self.attempt, now, **texts)
            if step.name in STATE_AFTER:
                await self._move(conn, STATE_AFTER[step.name])
        failpoint(f"{step.name}.recorded")
        # What a later step may read is what was recorded, not what happened to be in memory.
        self.results[step.name] = step.load(dumped)
        return True

    async def _reach(self, conn: Connection, step: Step) -> None:
        """Note it in the transaction of the step's result: whose event wakes the driver that waits for it.

        Before the video is changed: who asks for something of a run holds the run first, and then its video.
        """
        if step.name == self.goal:
            await reach(conn, self.video.id, step.name, self.platform.tools.clock.now())

    async def _move(self, conn: Connection, state: VideoState, reason: str = "") -> None:
        if not await move_video(
            conn, self.video.id, self.attempt, state, self.platform.tools.clock.now(), reason=reason
        ):
            raise Superseded("the video was taken over")
        self.video = replace(self.video, state=state, reason=reason)

    async def _end_badly(self, step: Step, digest: str, error: Exception, tries: int) -> None:
        tools = self.platform.tools
        async with tools.database.transaction(self.video.user_id) as conn:
            online = await is_online(conn, self.video.id)
        outcome = after_failure(error, tries, online=online)
        code = getattr(error, "code", type(error).__name__)
        log.warning(
            "step failed",
            video=str(self.video.id),
            step=step.name,
            code=code,
            outcome=type(outcome).__name__,
            tries=tries,
            exc_info=code == type(error).__name__,
        )
        async with tools.database.transaction(self.video.user_id) as conn:
            remake = getattr(error, "remake", None) or ""
            if not await fail_step(
                conn,
                self.video.id,
                self.attempt,
                step.name,
                digest,
                tools.clock.now(),
                cause=str(error),
                remake=remake,
                waits=isinstance(outcome, Wait),
            ):
                raise Superseded(f"step {step.name} was taken over")
            match outcome:
                case Retry(after_s):
                    await self._again(conn, after_s)
                case Defer():
                    await forgive_tries(conn, self.video.id)  # nothing was wrong with them
                    await self._defer(conn, step, outcome)
                case Wait(reason):
                    await self._move(conn, VideoState.IN_REVIEW, reason)
                case Keep(reason):
                    await self._move(conn, VideoState.PUBLISHED, reason)
                case Cancel(reason):
                    await self._move(conn, VideoState.CANCELLED, reason)
                case Fail(reason):
                    named = reason.startswith(f"{step.name}: ")  # by the field at fault
                    await self._move(conn, VideoState.FAILED, reason if named else f"{step.name}: {reason}")

    async def _defer(self, conn: Connection, step: Step, waits: Defer) -> None:
        log.info("deferred", video=str(self.video.id), step=step.name, after_s=round(waits.after_s), why=waits.reason)
        await self._move(conn, STATE_DURING[step.name], f"deferred: {waits.reason}")
        await self._enqueue(conn, self.queue, after_s=waits.after_s, after_order=waits.after_order)

    async def _again(self, conn: Connection, after_s: float) -> None:
        await self._enqueue(conn, self.queue, after_s=after_s)

    async def _enqueue(
        self, conn: Connection, queue: str, *, after_s: float = 0, after_order: int | None = None
    ) -> None:
        video = self.video
        await self.platform.queue.enqueue(
            conn, video.id, video.user_id, queue, rehearsal=video.rehearsal, after_s=after_s, after_order=after_order
        )

    def _progress(self, step: StepName) -> Callable[[float], Awaitable[None]]:
        last_s = 0.0

        async def note(share: float) -> None:
            nonlocal last_s
            if stopwatch_s() - last_s >= _PROGRESS_EVERY_S or share >= 1:
                last_s = stopwatch_s()
                await self.platform.live.note(self.video.user_id, self.video.id, step, share)

        return note
