"""Review: what the owner agreed to publish unseen passes, the rest waits for its creator."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.channels import on_autopilot
from ytempire.channels.model import Autopilot, Channel
from ytempire.kit.errors import YtempireError
from ytempire.production.model import StepName, VideoState
from ytempire.production.step import Step, Work


class WaitsForReview(YtempireError):  # noqa: N818
    """The creator has not decided yet."""

    code = "waits_for_review"


@dataclass(frozen=True)
class ReviewResult:
    """Who let the video pass."""

    passed_by: str


def inputs(work: Work) -> object:
    """A new version is reviewed anew."""
    return {"video": str(work.video.id), "order": str(work.video.order)}


async def run(work: Work) -> ReviewResult:
    """Pass, or wait."""
    if work.video.state is VideoState.APPROVED:
        return ReviewResult("creator")
    if asked := work.video.order.approval:
        raise WaitsForReview(
            f"the video waits for your review: {asked.asked_of} was asked for an approval, and none was given",
            fix=_fix(work),
        )
    if on_autopilot(work.channel):
        return ReviewResult("autopilot")
    raise WaitsForReview(
        f"the video waits for your review{_why(work.channel)}",
        fix=_fix(work),
    )


def _fix(work: Work) -> str:
    return f"Let it pass: POST /api/v1/videos/{{id}}/review, or `ytempire approve {str(work.video.id)[-8:]}`."


def _why(channel: Channel) -> str:
    if channel.archived_at:
        return ": its channel has been archived"
    if channel.autopilot is Autopilot.AUTO:
        return f": the autopilot is on, but nobody consented to publishing as {channel.visibility}"
    return ""


STEP = Step(StepName.REVIEW, ReviewResult, inputs, run)
