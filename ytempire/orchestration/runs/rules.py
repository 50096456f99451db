"""When a run ends, how long a token is good for, when a driver is told again: pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from ytempire.kit.errors import BadInput
from ytempire.orchestration.runs.model import Run, RunState
from ytempire.production.model import VideoState

TOKEN_GOOD_FOR = timedelta(hours=24)
AFTER_END = timedelta(minutes=30)
"""So long the token still reads and settles what the run had begun."""
RESTING = {
    VideoState.PUBLISHED: RunState.PUBLISHED,
    VideoState.IN_REVIEW: RunState.IN_REVIEW,
    VideoState.FAILED: RunState.FAILED,
    VideoState.CANCELLED: RunState.CANCELLED,
}
MOST_TOLD = 30
_FIRST_AGAIN_S, _LONGEST_AGAIN_S = 0.25, 60.0


def ends_as(run: Run, video: VideoState, silent_after: timedelta, now: datetime) -> RunState | None:
    """How the run ends now; None: it goes on. While our workers are at a step, the driver's silence is no fault."""
    if run.state is not RunState.DRIVING:
        return None
    if video in RESTING:
        return RESTING[video]
    silent = not run.under_way and now >= run.seen_at + silent_after
    return RunState.TAKEN_OVER if silent else None


def why_taken_over(run: Run, silent_after: timedelta) -> str:
    """The same in plain words."""
    after = f"after the step {run.goal}" if run.goal else "after it claimed the video"
    minutes = silent_after.total_seconds() / 60
    return f"{run.driver} was silent for {minutes:g} minutes {after}: the built-in driver goes on"


def told_again_at(told: int, now: datetime) -> datetime | None:
    """When to try again after `told` tries in vain; None: no more."""
    if told >= MOST_TOLD:
        return None
    return now + timedelta(seconds=min(_LONGEST_AGAIN_S, _FIRST_AGAIN_S * 2.0 ** (told - 1)))


def taken(status: int) -> bool:
    """Whether an answer says that nothing more need be told: it took it, or it will never.

    404 and 409 come from an n8n whose execution does not wait yet; 5xx and 429 pass.
    """
    return status not in {404, 408, 409, 429} and status < 500


def checked_resume_url(url: str, driver_at: str) -> str:
    """The address, if it lies at the driver's own. Raises BadInput."""
    at = driver_at.rstrip("/")
    if not at or not url.startswith(f"{at}/") or not url.isascii() or not url.isprintable() or len(url) > 2_000:
        raise BadInput(
            "only an address of the driver's own is called back",
            field="resume_url",
            fix=f"Send the execution's resume URL, which begins with {at}/." if at else "Set YTEMPIRE_N8N_URL.",
        )
    return url
