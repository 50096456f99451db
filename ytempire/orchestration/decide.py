"""Verbs of the creator over a video: edit a sentence, approve, reject, cancel.

Each changes the row and, where work follows, enqueues it in the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from ytempire.kit.errors import BadInput, NotFound
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.rules import in_words
from ytempire.production import decide_video, scene_count, select_video, set_order
from ytempire.production.model import Video, VideoState

_AT_WORK = "is being made right now"
_EDITABLE = set(VideoState) - {VideoState.PRODUCING, VideoState.PUBLISHING}


async def edit_sentence(platform: Platform, user_id: UUID, video_id: UUID, scene: int, sentence: str) -> Video:
    """Say another sentence in one scene (counted from 1) and make again what depends on it, nothing else."""
    tools = platform.tools
    text = " ".join(sentence.split())
    if not text:
        raise BadInput("is empty", field="sentence", fix="Give the new sentence.")
    async with tools.database.transaction(user_id) as conn:
        video = await _video(platform, user_id, video_id)
        scenes = await scene_count(conn, video_id)
        if not scenes:
            raise BadInput("it has no script yet", field="video", fix="Wait until its script step is done.")
        if not 1 <= scene <= scenes:
            raise BadInput(f"there is no scene {scene}", field="scene", fix=f"This video has scenes 1 to {scenes}.")
        edits = tuple(edit for edit in video.order.sentence_edits if edit[0] != scene - 1)
        order = replace(video.order, sentence_edits=(*edits, (scene - 1, text)))
        if not await set_order(conn, video_id, order, tools.clock.now(), allowed=_EDITABLE):
            raise BadInput(_AT_WORK, field="video", fix="Wait until it is finished, then edit.")
        await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)
        return replace(video, order=order, state=VideoState.PLANNED)


async def approve(platform: Platform, user_id: UUID, video_id: UUID) -> None:
    """Let a video that waits for review pass."""
    await _decide(platform, user_id, video_id, {VideoState.IN_REVIEW}, VideoState.APPROVED, "", go_on=True)


async def reject(platform: Platform, user_id: UUID, video_id: UUID, why: str) -> None:
    """End a video that waits for review."""
    reason = f"rejected: {why}" if why else "rejected"
    await _decide(platform, user_id, video_id, {VideoState.IN_REVIEW}, VideoState.CANCELLED, reason, go_on=False)


async def cancel(platform: Platform, user_id: UUID, video_id: UUID) -> None:
    """Stop a video; a worker at it can record nothing more.

    What is on its way to the platform is not recalled: saying "stopped" while it goes out would be a lie.
    """
    video = await _video(platform, user_id, video_id)
    if video.state is VideoState.PUBLISHING and not video.reason.startswith("deferred:"):
        raise BadInput(
            "is being published right now, which can't be called back",
            field="video",
            fix="Wait until it is published, then delete or hide it on its channel.",
        )
    open_states = set(VideoState) - {VideoState.PUBLISHED, VideoState.CANCELLED}
    await _decide(platform, user_id, video_id, open_states, VideoState.CANCELLED, "stopped by you", go_on=False)


async def _decide(
    platform: Platform,
    user_id: UUID,
    video_id: UUID,
    allowed: set[VideoState],
    state: VideoState,
    reason: str,
    *,
    go_on: bool,
) -> None:
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        if await decide_video(conn, video_id, allowed, state, tools.clock.now(), reason=reason):
            video = await select_video(conn, video_id)
            if go_on and video:
                await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)
            return
    video = await _video(platform, user_id, video_id)
    raise BadInput(
        f"is {video.state}, so this can't be done",
        field="video",
        fix=f"It works on videos that are {in_words(allowed)}.",
    )


async def _video(platform: Platform, user_id: UUID, video_id: UUID) -> Video:
    async with platform.tools.database.transaction(user_id) as conn:
        video = await select_video(conn, video_id)
    if video is None:
        raise NotFound("no such video", field="video", fix="`ytempire videos` lists yours.")
    return video
