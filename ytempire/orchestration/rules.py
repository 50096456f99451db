"""What follows from a failed step: a pure decision over the error, the tries so far and the time."""

from __future__ import annotations

from ytempire.kit.errors import (
    BudgetRefused,
    OutcomeUnknown,
    RenderFailed,
    VendorRefused,
    YtempireError,
)
from ytempire.ledger import Bucket, Share
from ytempire.orchestration.model import Cancel, Defer, Fail, Keep, Outcome, Retry, Wait
from ytempire.production import WaitsForReview
from ytempire.production.model import StepName, VideoState
from ytempire.publishing import AlreadyPublished

MOST_TRIES = 5
LONGEST_RETRY_S = 300.0
MOST_RENDERS = 3
"""An interrupted try counts, so that work which takes its worker down with it ends, too."""
DAY_BUDGET_AGAIN_S = 900.0
DAY_BUDGETS = frozenset({"user-day", "platform-day", *Bucket, *Share})
"""Budgets that are full again on another day; the others are the video's own."""

STATE_DURING = {step: VideoState.PUBLISHING if step is StepName.PUBLISH else VideoState.PRODUCING for step in StepName}
STATE_AFTER = {
    StepName.QUALITY: VideoState.READY,
    StepName.REVIEW: VideoState.APPROVED,
    StepName.PUBLISH: VideoState.PUBLISHED,
}


def after_failure(error: Exception, tries: int) -> Outcome:
    """Decide on a step that failed for the `tries`-th time (1 is the first)."""
    if isinstance(error, WaitsForReview):
        return Wait(str(error))
    if isinstance(error, AlreadyPublished):
        return Keep(str(error))
    if isinstance(error, BudgetRefused):
        if error.budget in DAY_BUDGETS and not error.never_fits:
            return Defer(DAY_BUDGET_AGAIN_S, str(error))
        return Cancel(f"over budget: {error}")
    if isinstance(error, VendorRefused):
        return _vendor(error, tries)
    if isinstance(error, OutcomeUnknown):
        return Retry(_backoff_s(tries)) if tries < MOST_TRIES else Fail(str(error))
    if isinstance(error, RenderFailed):
        return Retry(0.5) if tries < MOST_RENDERS else Fail(str(error))
    if isinstance(error, YtempireError):
        return Fail(str(error))
    return Retry(_backoff_s(tries)) if tries < 3 else Fail(f"unexpected {type(error).__name__}: {error}")


def _vendor(error: VendorRefused, tries: int) -> Outcome:
    if error.retry_after_s is None:
        return Fail(str(error))
    if error.retry_after_s > LONGEST_RETRY_S:
        return Defer(error.retry_after_s, str(error))
    if tries >= MOST_TRIES:
        return Fail(f"{error} (tried {tries} times)")
    return Retry(max(error.retry_after_s, _backoff_s(tries)))


def _backoff_s(tries: int) -> float:
    return min(60.0, 0.5 * 2.0 ** (tries - 1))
