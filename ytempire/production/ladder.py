"""Cheaper ways when a video's own money is short: a strong model gives way to the cheap one, a vendor's voice to ours.

A way once taken is written down before it is acted upon, so that a step which is repeated, or a sentence that is edited
later, goes the same way: no video speaks with two voices, and none pays twice because its money came back meanwhile.
"""

from __future__ import annotations

from ytempire.kit.errors import BudgetRefused
from ytempire.ledger import Category, CheaperWay
from ytempire.production.model import StepName
from ytempire.production.step import Work

_OWN = frozenset({"user-day", "video", "cheap-share"})
"""What this user's videos may cost, and whom they may ask, is shared out by going down the ladder. The platform's day
is waited for: cheaper ways would only use it up more slowly."""


def gives_way(refused: BudgetRefused, category: Category) -> bool:
    """Whether a cheaper way may follow this refusal."""
    return refused.budget in _OWN or refused.budget == category


async def way_taken(work: Work, step: StepName) -> CheaperWay | None:
    """The cheaper way that this take of the step has taken before."""
    video = work.video
    return await work.tools.ledger.cheaper_way(video.user_id, video.id, step, _take(work, step))


async def take_way(work: Work, step: StepName, refused: BudgetRefused, *, way: str, instead_of: str) -> CheaperWay:
    """Go the cheaper way from here on."""
    video = work.video
    return await work.tools.ledger.go_cheaper(
        video.user_id, video.id, step, _take(work, step), way=way, instead_of=instead_of, because=refused.message
    )


def in_words(way: CheaperWay) -> str:
    """The way as a person reads it."""
    return f"{way.way} instead of {way.instead_of}: {way.because}"


def _take(work: Work, step: StepName) -> str:
    return "/".join(work.take_of(step))
