"""Verbs: say that a person is asked whether the video may go on, and what they answered.

The question and its answer are the driver's business (a chat, a mail). That it was asked becomes part of the order, so
it holds whoever drives on: without a yes the review step leaves the video in its creator's inbox.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from ytempire.kit.errors import BadInput
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.rules import in_words
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.ask import find_driving
from ytempire.orchestration.runs.rules import waits_until
from ytempire.production import check_signs, decide_video, set_order
from ytempire.production.model import Approval, Video, VideoState

_BEFORE_PUBLISHING = frozenset({VideoState.PLANNED, VideoState.PRODUCING, VideoState.READY, VideoState.APPROVED})


async def ask_approval(platform: Platform, user_id: UUID, video_id: UUID, asked_of: str, wanted: timedelta) -> Approval:
    """From now on it takes a yes, and so long nobody takes the run over; asked again, the time begins anew.

    Raises NotFound, WrongState (the run has ended, a step is under way, it is being published), BadInput.
    """
    check_signs(asked_of, "asked_of")
    asked_of = " ".join(asked_of.split())
    if not asked_of:
        raise BadInput("is empty", field="asked_of", fix="Say who is asked, or where.")
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        video, run = await find_driving(conn, video_id, to_change=True)
        if run.under_way:
            raise WrongState(f"its step {run.goal} is being made", field="video", fix="Wait until it is done.")
        now = tools.clock.now()
        approval = Approval(asked_of, waits_until(run, wanted, now))
        # what the autopilot let pass before it was asked for hasn't passed
        state = VideoState.READY if video.state is VideoState.APPROVED else video.state
        order = replace(video.order, approval=approval)
        reason = f"waits for an answer of {asked_of} until {approval.until:%Y-%m-%d %H:%M} UTC"
        if not await set_order(conn, video_id, order, now, allowed=_BEFORE_PUBLISHING, state=state, reason=reason):
            raise _too_late(video)
        await store.seen(conn, video_id, now)
    return approval


async def answer_approval(platform: Platform, user_id: UUID, video_id: UUID, *, approved: bool, why: str) -> None:
    """A yes: the video goes on as its channel says. A no: it is cancelled, and says by whom and why.

    Raises NotFound, WrongState (the run has ended, nobody was asked), BadInput.
    """
    check_signs(why, "why")
    why = " ".join(why.split())
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        video, run = await find_driving(conn, video_id, to_change=True)
        asked, now = video.order.approval, tools.clock.now()
        if asked is None:
            raise WrongState(
                "nobody was asked for an approval, or it was given",
                field="video",
                fix="POST /api/v1/videos/{id}/approval asks.",
            )
        if approved:
            order = replace(video.order, approval=None)
            decided = await set_order(conn, video_id, order, now, allowed=_BEFORE_PUBLISHING, state=video.state)
            if run.under_way:  # by the order as it was: whoever is at it can record nothing more
                await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=video.rehearsal)
        else:
            reason = f"refused by {asked.asked_of}" + (f": {why}" if why else "")
            decided = await decide_video(conn, video_id, _BEFORE_PUBLISHING, VideoState.CANCELLED, now, reason=reason)
        if not decided:
            raise _too_late(video)
        await store.seen(conn, video_id, now)


def _too_late(video: Video) -> WrongState:
    return WrongState(
        f"is {video.state}, so this can't be done",
        field="video",
        fix=f"It works on videos that are {in_words(_BEFORE_PUBLISHING)}.",
    )
