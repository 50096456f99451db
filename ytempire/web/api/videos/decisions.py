"""What a person decides over a video: its review, its end, another try."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body, Query, Response
from pydantic import BaseModel, Field

from ytempire.orchestration import RetryPlan, approve, cancel, look_at_retry, reject, retry
from ytempire.production.model import StepName
from ytempire.web.api.videos.shown import VideoInFull, answer
from ytempire.web.bodies import Given, example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource

router = resource("videos")

_RETRY: dict[str, Any] = {
    "begins": "render",
    "remake": "render",
    "kept": ["topic", "script", "voice", "visuals", "captions"],
    "kept_microusd": 102400,
    "again_microusd": 4100,
}


class Review(Given):
    """What becomes of a video that waits."""

    model_config = example({"verdict": "reject", "why": "The second fact is wrong."})
    verdict: Literal["approve", "reject"]
    why: str = Field("", max_length=500, description="The reason of a rejection, kept with the video.")


class RetryWanted(Given):
    """Where to begin."""

    model_config = example({"from": "visuals"})
    start: StepName | None = Field(
        None, alias="from", description="Make this step anew, and what depends on it; empty: go on from what failed."
    )


class RetryShown(BaseModel):
    """What another try makes and keeps; money in micro-dollars."""

    model_config = example(_RETRY)
    begins: StepName = Field(description="The first step that is made; after it follows whatever depends on it.")
    remake: StepName | None = Field(None, description="The step whose recorded result is not used again.")
    kept: list[StepName] = Field(description="Steps before, whose results are used again.")
    kept_microusd: int = Field(description="What those cost: not paid again.")
    again_microusd: int = Field(
        description="What the steps from there on cost so far: about the most that making them anew costs."
    )


@router.post("/{video_id}/review")
async def review(video_id: UUID, wanted: Review, who: SignedIn, parts: PartsOf, response: Response) -> VideoInFull:
    """Let a video that waits for review pass, or end it."""
    if wanted.verdict == "approve":
        await approve(parts.platform, who.user_id, video_id)
    else:
        await reject(parts.platform, who.user_id, video_id, wanted.why)
    return await answer(parts, who.user_id, video_id, response)


@router.post("/{video_id}/cancel")
async def stop(video_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> VideoInFull:
    """Stop a video; one that is published stays published."""
    await cancel(parts.platform, who.user_id, video_id)
    return await answer(parts, who.user_id, video_id, response)


@router.get("/{video_id}/retry")
async def what_a_retry_makes(
    video_id: UUID,
    who: SignedIn,
    parts: PartsOf,
    start: Annotated[StepName | None, Query(alias="from", description="As for the POST.")] = None,
) -> RetryShown:
    """What another try would make anew and keep, and about what it would cost; nothing is changed."""
    return _shown(await look_at_retry(parts.platform, who.user_id, video_id, start))


@router.post("/{video_id}/retry")
async def try_again(
    video_id: UUID, who: SignedIn, parts: PartsOf, wanted: Annotated[RetryWanted | None, Body()] = None
) -> RetryShown:
    """Send a failed video on, or make a step of a finished one anew; what was paid for the steps before is kept."""
    return _shown(await retry(parts.platform, who.user_id, video_id, wanted.start if wanted else None))


def _shown(plan: RetryPlan) -> RetryShown:
    return RetryShown.model_validate(vars(plan) | {"kept": list(plan.kept)})
