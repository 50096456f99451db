"""When a run ends, how long a token is good for, when a driver is told again: pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ytempire.kit.errors import BadInput
from ytempire.orchestration.runs.model import Run, RunState
from ytempire.production.model import Video, VideoState

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
_WAITING = re.compile(r"/webhook-waiting(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,3}/?(\?[!-~]*)?")
"""Where n8n's executions wait. Its other addresses start workflows, or are its own door: no token asks us there."""


def ends_as(run: Run, video: Video, silent_after: timedelta, now: datetime) -> RunState | None:
    """How the run ends now; None: it goes on. While our workers are at a step, or a person is asked whether the video
    may go on, the driver's silence is no fault.

    No run outlasts its token, whoever gives signs of life: it takes one of few places.
    """
    if run.state is not RunState.DRIVING:
        return None
    if video.state in RESTING:
        return RESTING[video.state]
    asked = video.order.approval
    silent = not run.under_way and now >= (asked.until if asked else run.seen_at + silent_after)
    return RunState.TAKEN_OVER if silent or _is_over(run, now) else None


def _is_over(run: Run, now: datetime) -> bool:
    return now >= run.claimed_at + TOKEN_GOOD_FOR


def waits_until(run: Run, wanted: timedelta, now: datetime) -> datetime:
    """How long a person may take who is asked now: no longer than the run may."""
    return min(now + wanted, run.claimed_at + TOKEN_GOOD_FOR)


def why_taken_over(run: Run, video: Video, silent_after: timedelta, now: datetime) -> str:
    """The same in plain words."""
    if asked := video.order.approval:
        return f"{asked.asked_of} gave no answer in time: the built-in driver goes on, and publishes nothing unseen"
    if _is_over(run, now):
        hours = TOKEN_GOOD_FOR.total_seconds() / 3600
        return f"{run.driver} was not done within {hours:g} hours: the built-in driver goes on"
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
    own = bool(at) and url.startswith(f"{at}/") and len(url) <= 2_000
    if not own or not _WAITING.fullmatch(url, len(at)):
        raise BadInput(
            "only an address of the driver's own is called back",
            field="resume_url",
            fix=f"Send the execution's resume URL: {at}/webhook-waiting/…" if at else "Set YTEMPIRE_N8N_URL.",
        )
    return url
