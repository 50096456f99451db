"""Review: autopilot channels pass, the others wait for their creator."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.channels.model import Autopilot
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
    if work.channel.autopilot is Autopilot.AUTO:
        return ReviewResult("autopilot")
    raise WaitsForReview(
        "the video waits for your review", fix=f"`ytempire approve {str(work.video.id)[-8:]}` lets it pass."
    )


STEP = Step(StepName.REVIEW, ReviewResult, inputs, run)
