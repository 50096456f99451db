"""Verb: send a video on by a person's wish, making anew what would otherwise end the same way again.

An automatic try after a crash uses every recorded answer. A person who retries wants another outcome: the step whose
result is at fault gets another take, so its model is asked and its files are made anew; all before it stays.
"""

from __future__ import annotations

from uuid import UUID

from ytempire.kit.errors import NotFound
from ytempire.orchestration.model import RetryPlan, WrongState
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.rules import plan_retry, retryable
from ytempire.production import forgive_tries, newest_steps, select_video, set_order
from ytempire.production.model import StepName


async def look_at_retry(platform: Platform, user_id: UUID, video_id: UUID, wanted: StepName | None = None) -> RetryPlan:
    """What `retry` would make anew and keep. Raises NotFound, BadInput (the step), WrongState."""
    async with platform.tools.database.transaction(user_id) as conn:
        video = await select_video(conn, video_id)
        newest = await newest_steps(conn, video_id)
    if video is None:
        raise NotFound("no such video", field="video", fix="GET /api/v1/videos and `ytempire videos` list yours.")
    receipt = await platform.tools.ledger.receipt(user_id, video_id)
    spent = [(line.step, line.actual_microusd) for line in receipt.lines]
    return plan_retry(video.state, newest, spent, wanted)


async def retry(platform: Platform, user_id: UUID, video_id: UUID, wanted: StepName | None = None) -> RetryPlan:
    """Send a failed video on: from `wanted`, made anew, else from the step that failed or whose result is at fault.

    What was paid before that step is not paid again. A published video is looked at again: an edited version goes out
    if the earlier one is gone from the platform. Raises as `look_at_retry`.
    """
    plan = await look_at_retry(platform, user_id, video_id, wanted)
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        video = await select_video(conn, video_id, to_change=True)
        if video is None:
            raise NotFound("no such video", field="video", fix="GET /api/v1/videos and `ytempire videos` list yours.")
        order = video.order.again(plan.remake) if plan.remake else video.order
        if not await set_order(conn, video_id, order, tools.clock.now(), allowed=retryable(wanted)):
            raise WrongState("is being made right now", field="video", fix="Wait until it is finished.")
        await forgive_tries(conn, video_id)
        await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)
    return plan
