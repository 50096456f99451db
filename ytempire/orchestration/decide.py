"""Verbs of the creator over a video: edit a sentence, approve, reject, cancel.

Each changes the row and, where work follows, enqueues it in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput, NotFound
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.rules import STAYS, in_words
from ytempire.production import check_signs, decide_video, scene_count, select_video, set_order
from ytempire.production.model import Video, VideoState
from ytempire.publishing import is_online

_AT_WORK = "is being made right now"
_EDITABLE = set(VideoState) - {VideoState.PRODUCING, VideoState.PUBLISHING}


async def edit_sentence(platform: Platform, user_id: UUID, video_id: UUID, scene: int, sentence: str) -> Video:
    """Say another sentence in one scene (counted from 1) and make again what depends on it, nothing else."""
    async with platform.tools.database.transaction(user_id) as conn:
        video = _known(await select_video(conn, video_id, to_change=True))
        return await edit_sentence_in(conn, platform, video, scene, sentence)


async def edit_sentence_in(conn: Connection, platform: Platform, video: Video, scene: int, sentence: str) -> Video:
    """The same within the transaction of whoever read the video to change it."""
    check_signs(sentence, "sentence")
    text = " ".join(sentence.split())
    if not text:
        raise BadInput("is empty", field="sentence", fix="Give the new sentence.")
    scenes = await scene_count(conn, video.id)
    if not scenes:
        raise WrongState("it has no script yet", field="video", fix="Wait until its script step is done.")
    if not 1 <= scene <= scenes:
        raise BadInput(f"there is no sentence {scene}", field="number", fix=f"This video has sentences 1 to {scenes}.")
    edits = tuple(edit for edit in video.order.sentence_edits if edit[0] != scene - 1)
    order = replace(video.order, sentence_edits=(*edits, (scene - 1, text)))
    if not await set_order(conn, video.id, order, platform.tools.clock.now(), allowed=_EDITABLE):
        raise WrongState(_AT_WORK, field="video", fix="Wait until it is finished, then edit.")
    await platform.queue.enqueue(conn, video.id, video.user_id, "light", rehearsal=video.rehearsal)
    return replace(video, order=order, state=VideoState.PLANNED)


async def approve(platform: Platform, user_id: UUID, video_id: UUID) -> None:
    """Let a video that waits for review pass."""
    allowed, tools = {VideoState.IN_REVIEW}, platform.tools
    async with tools.database.transaction(user_id) as conn:
        video = await _moved(platform, conn, video_id, allowed, VideoState.APPROVED, "")
        if video.order.approval:  # whoever was asked elsewhere has been answered for, in later versions as well
            order = replace(video.order, approval=None)
            await set_order(conn, video_id, order, tools.clock.now(), allowed={video.state}, state=video.state)
        await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)


async def reject(platform: Platform, user_id: UUID, video_id: UUID, why: str) -> None:
    """End a video that waits for review; of one that is published already, this version."""
    check_signs(why, "why")
    why = " ".join(why.split())
    reason = f"rejected: {why}" if why else "rejected"
    await _end(platform, user_id, video_id, {VideoState.IN_REVIEW}, reason)


async def cancel(platform: Platform, user_id: UUID, video_id: UUID) -> None:
    """Stop a video; a worker at it can record nothing more. One that is published already stays published.

    What is on its way to the platform is not recalled: saying "stopped" while it goes out would be a lie.
    """
    async with platform.tools.database.transaction(user_id) as conn:
        video = _known(await select_video(conn, video_id))
    if video.state is VideoState.PUBLISHING and not video.reason.startswith("deferred:"):
        raise WrongState(
            "is being published right now, which can't be called back",
            field="video",
            fix="Wait until it is published, then delete or hide it on its channel.",
        )
    open_states = set(VideoState) - {VideoState.PUBLISHED, VideoState.CANCELLED}
    await _end(platform, user_id, video_id, open_states, "stopped by you")


async def _end(platform: Platform, user_id: UUID, video_id: UUID, allowed: Collection[VideoState], reason: str) -> None:
    """End the version that is being made: the video is cancelled, or what is published of it stays."""
    async with platform.tools.database.transaction(user_id) as conn:
        online = await is_online(conn, video_id)
        state, why = (VideoState.PUBLISHED, STAYS.format(reason)) if online else (VideoState.CANCELLED, reason)
        await _moved(platform, conn, video_id, allowed, state, why)


async def _moved(
    platform: Platform,
    conn: Connection,
    video_id: UUID,
    allowed: Collection[VideoState],
    state: VideoState,
    reason: str,
) -> Video:
    """The video in its new state. Raises NotFound, WrongState naming the states that allow it."""
    decided = await decide_video(conn, video_id, allowed, state, platform.tools.clock.now(), reason=reason)
    video = _known(await select_video(conn, video_id))
    if not decided:
        raise WrongState(
            f"is {video.state}, so this can't be done",
            field="video",
            fix=f"It works on videos that are {in_words(allowed)}.",
        )
    return video


def _known(video: Video | None) -> Video:
    if video is None:
        raise NotFound("no such video", field="video", fix="GET /api/v1/videos and `ytempire videos` list yours.")
    return video
