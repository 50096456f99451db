"""Verbs: hold what a driver is about to pay elsewhere for a video, settle it, give it back; and see what is left."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ytempire.kit.errors import NotFound
from ytempire.ledger import BudgetState, OutsideCall, OutsideHold
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.relay.answer import require_driving
from ytempire.orchestration.runs import store as runs
from ytempire.planning import dollars, estimate_microusd
from ytempire.production import select_video
from ytempire.publishing import usual_quota

_YOUTUBE = "youtube"


@dataclass(frozen=True)
class VideoMeans:
    """What is left for a video, in micro-dollars, units and uploads, and whether that takes it to its end."""

    fits: bool
    reason: str
    """What is short, in plain words; empty if it fits."""
    video_left_microusd: int
    day_left_microusd: int
    platform_left_microusd: int
    units_left: int
    uploads_left: int


async def hold_call(platform: Platform, wanted: OutsideHold, *, by_run: bool) -> OutsideCall:
    """Hold it once. A run's, and any units of the platform's quota, only while a run drives the video.

    Raises NotFound, WrongState (the run has ended), and what the ledger raises.
    """
    await _require_video(platform, wanted.user_id, wanted.video_id)
    if by_run or wanted.category == _YOUTUBE:
        await require_driving(platform, wanted.user_id, wanted.video_id)
    return await platform.tools.ledger.hold_outside(wanted)


async def settle_call(
    platform: Platform, user_id: UUID, video_id: UUID, key: str, *, microusd: int | None, units: int | None
) -> OutsideCall:
    """Book its bill; also after the run has ended. Raises NotFound, and what the ledger raises."""
    await _require_video(platform, user_id, video_id)
    return await platform.tools.ledger.settle_outside(user_id, video_id, key, microusd=microusd, units=units)


async def void_call(platform: Platform, user_id: UUID, video_id: UUID, key: str) -> OutsideCall:
    """Give it back; also after the run has ended. Raises NotFound, and what the ledger raises."""
    await _require_video(platform, user_id, video_id)
    return await platform.tools.ledger.void_outside(user_id, video_id, key)


async def means_of_video(platform: Platform, user_id: UUID, video_id: UUID) -> VideoMeans:
    """What is left of the video's, the day's and the platform's money, and of YouTube's quota. Raises NotFound."""
    tools, ledger = platform.tools, platform.tools.ledger
    async with tools.database.transaction(user_id) as conn:
        video = await select_video(conn, video_id)
        if video is None:
            raise NotFound("no such video", field="video_id")
        now = tools.clock.now()
        budgets = {str(state.name): state for state in await ledger.budgets_at(conn, user_id, now)}
        own = await ledger.left_of_video(conn, user_id, video_id)
        usual = await ledger.usual_cost(conn, user_id)
        standing = await ledger.standing(conn)
    rest = max(0, estimate_microusd(usual, own.cap) - own.used)
    quota = usual_quota(videos=1, in_playlists=int(video.order.in_playlist))
    short = standing.why or _short(own, budgets, rest, quota)
    return VideoMeans(
        fits=not short,
        reason=short,
        video_left_microusd=own.left,
        day_left_microusd=budgets["user-day"].left,
        platform_left_microusd=budgets["platform-day"].left,
        units_left=budgets["units"].left,
        uploads_left=budgets["uploads"].left,
    )


def _short(own: BudgetState, budgets: dict[str, BudgetState], rest: int, quota: dict[str, int]) -> str:
    """What has too little left for the rest of the video, in plain words; empty: nothing."""
    for whose, state in (
        ("the video's money", own),
        ("its owner's money for today", budgets["user-day"]),
        ("the platform's money for today", budgets["platform-day"]),
    ):
        if not state.left or state.left < rest:
            return f"{whose} has {dollars(state.left)} left; the video may take {dollars(rest)} more"
    for name in ("uploads", "units"):
        if budgets[name].left < quota[name]:
            return f"YouTube's quota of {name} has {budgets[name].left:,} left today; the video takes {quota[name]:,}"
    return ""


async def _require_video(platform: Platform, user_id: UUID, video_id: UUID) -> None:
    """Raise NotFound for no video of this user's; a run that drives it gave a sign of life."""
    async with platform.tools.database.transaction(user_id) as conn:
        if await select_video(conn, video_id) is None:
            raise NotFound("no such video", field="video_id")
        await runs.seen(conn, video_id, platform.tools.clock.now())
