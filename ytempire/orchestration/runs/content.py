"""Verbs: tell a driver what content a video needs, and take what it had made.

What is handed in becomes part of the order; the step that is asked for next checks and uses it. It has to be paid for
through us: a call of this video with a hold, by the relay or by the driver's own booking, must stand in the books.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from ytempire.kit.errors import NotFound
from ytempire.ledger import Category, recorded_call
from ytempire.orchestration.drive import channel_of
from ytempire.orchestration.model import NoRecordedCall, WrongState
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.ask import find_driving
from ytempire.production import (
    Handed,
    ScriptBrief,
    VoiceBrief,
    made_of,
    script_brief,
    set_order,
    steps_now,
    voice_brief,
    with_draft,
    with_recordings,
)
from ytempire.production.model import Order, StepName, Video, VideoState
from ytempire.production.step import Work

_OPEN = frozenset({VideoState.PLANNED, VideoState.PRODUCING})


async def brief_for_script(platform: Platform, user_id: UUID, video_id: UUID) -> ScriptBrief:
    """What the model is to be asked. Raises NotFound, WrongState before the topic is decided."""
    return script_brief(await _work(platform, user_id, video_id, before=StepName.SCRIPT))


async def brief_for_voice(platform: Platform, user_id: UUID, video_id: UUID) -> VoiceBrief:
    """What is to be spoken by the vendor. Raises NotFound, WrongState before the script is there."""
    return await voice_brief(await _work(platform, user_id, video_id, before=StepName.VOICE))


async def hand_in_script(
    platform: Platform, user_id: UUID, video_id: UUID, answer: object, call: UUID | None = None
) -> None:
    """Take a model's answer. Raises NotFound, WrongState, NoRecordedCall, BadInput or DraftRefused.

    `call`: the one that it came by; None: any of the video's will do.
    """
    work = await _work(platform, user_id, video_id, before=StepName.SCRIPT)
    await _take(platform, work.video, with_draft(work, answer), Category.OPENAI, {call})


async def hand_in_voice(
    platform: Platform, user_id: UUID, video_id: UUID, handed: Sequence[Handed], calls: Collection[UUID | None]
) -> None:
    """Take recordings, and by which calls they came. Raises as the other, naming the recording that doesn't fit."""
    work = await _work(platform, user_id, video_id, before=StepName.VOICE)
    await _take(platform, work.video, await with_recordings(work, handed), Category.ELEVENLABS, calls)


async def _work(platform: Platform, user_id: UUID, video_id: UUID, *, before: StepName) -> Work:
    """The video as the step would get it: its channel and what the steps before it made."""
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        video, _ = await find_driving(conn, video_id)
        rows = await steps_now(conn, video_id)
        results = {}
        for step in platform.steps:
            if step.name is before:
                break
            made = await made_of(conn, video_id, step.name)
            if made is None or rows[step.name].state != "done":
                raise WrongState(
                    f"its step {step.name} is not done yet", field="video", fix=f"Ask for the step {step.name} first."
                )
            results[step.name] = step.load(made[0])
        decided = rows.get(StepName.TOPIC)
    channel = await channel_of(platform, video, decided.ended_at if decided and decided.state == "done" else None)

    async def nothing(_share: float) -> None:
        return

    return Work(video=video, channel=channel, results=results, tools=tools, attempt=0, progress=nothing)


async def _take(
    platform: Platform,
    video: Video,
    change: Callable[[Order], Order],
    category: Category,
    calls: Collection[UUID | None],
) -> None:
    """Lay it over the order as it is now: while it was read, another part may have come, or an edit of the owner's."""
    tools = platform.tools
    async with tools.database.transaction(video.user_id) as conn:
        current, run = await find_driving(conn, video.id, to_change=True)
        if run.under_way:
            raise WrongState(f"its step {run.goal} is being made", field="video", fix="Wait until it is done.")
        for call in set(calls):
            if await recorded_call(conn, video.id, call, category):
                continue
            if call:
                fix = "Name the call that the relay's header `Ytempire-Call` told, or none."
                raise NotFound(f"no call {call} of this video to {category} is in the books", field="call", fix=fix)
            raise NoRecordedCall(
                f"no call of this video to {category} is in the books",
                field="call",
                fix="Have it made through the relay (/api/v1/relay), or book it: POST /api/v1/videos/{id}/calls.",
            )
        now = tools.clock.now()
        if not await set_order(conn, video.id, change(current.order), now, allowed=_OPEN):
            raise WrongState("is too far for that", field="video", fix="Hand in before the video is finished.")
        await store.seen(conn, video.id, now)
