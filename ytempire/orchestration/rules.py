"""What follows from a failed step, and from a person's retry: pure decisions over what is recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ytempire.kit.errors import (
    BadInput,
    BudgetRefused,
    MemoryLow,
    OutcomeUnknown,
    RenderFailed,
    StorageFull,
    VendorRefused,
    YtempireError,
)
from ytempire.ledger import Bucket, Share, Standing
from ytempire.orchestration.model import Cancel, Defer, Fail, Keep, Outcome, Retry, RetryPlan, Wait, WrongState
from ytempire.production import StepRow, WaitsForReview
from ytempire.production.model import StepName, VideoState
from ytempire.publishing import GONE, AlreadyPublished

MOST_TRIES = 5
LONGEST_RETRY_S = 300.0
MOST_RENDERS = 3
"""An interrupted try counts, so that work which takes its worker down with it ends, too."""
STAYS = "what is published stays; the newer version: {}"
DAY_BUDGET_AGAIN_S = 900.0
DISK_AGAIN_S = 600.0
MEMORY_AGAIN_S = 20.0
"""A render that ends gives its memory back, so looking often is cheap and worth it."""
"""When to look again where the refusal doesn't say."""
STOPPED_AGAIN_S = 86_400.0
"""A stop has no end of its own: an order ends it, so this is only a second look."""
STOPPED = "generation"
PAID = frozenset(
    {StepName.TOPIC, StepName.SCRIPT, StepName.VOICE, StepName.VISUALS, StepName.RENDER, StepName.THUMBNAIL}
)
"""Steps that cost money, the processing's among it: none begins while the platform's day is used up or stopped."""
DAY_BUDGETS = frozenset({"user-day", "platform-day", *Bucket, *Share})
"""Budgets that are full again on another day; the others are the video's own."""

STATE_DURING = {step: VideoState.PUBLISHING if step is StepName.PUBLISH else VideoState.PRODUCING for step in StepName}
STATE_AFTER = {
    StepName.QUALITY: VideoState.READY,
    StepName.REVIEW: VideoState.APPROVED,
    StepName.PUBLISH: VideoState.PUBLISHED,
}
REMAKABLE = tuple(step for step in StepName if step not in {StepName.TOPIC, StepName.REVIEW, StepName.PUBLISH})
"""Another topic is another video, a review is a person's, and a publication is exactly one."""


def queue_name(queue: str, *, rehearsal: bool) -> str:
    """The queue's name in the database. A rehearsal's has its own: its workers have stand-ins, the others must not."""
    return f"rehearsal-{queue}" if rehearsal else queue


def after_failure(error: Exception, tries: int, *, online: bool = False) -> Outcome:
    """Decide on a step that failed for the `tries`-th time (1 is the first).

    `online`: an earlier version stands on the platform. What ends the newer one doesn't end that.
    """
    outcome = _of_this_version(error, tries)
    gone = isinstance(error, VendorRefused) and error.reason in GONE
    return Keep(STAYS.format(outcome.reason)) if online and not gone and isinstance(outcome, Cancel | Fail) else outcome


def closed(standing: Standing, now: datetime) -> Defer | None:
    """What a step that costs money does while the platform's money is closed; None: it begins."""
    if standing.state == "open":
        return None
    after_s = (standing.resumes_at - now).total_seconds() if standing.resumes_at else STOPPED_AGAIN_S
    return Defer(after_s, standing.why, standing.last_order)


def _of_this_version(error: Exception, tries: int) -> Outcome:
    if isinstance(error, WaitsForReview):
        return Wait(str(error))
    if isinstance(error, AlreadyPublished):
        return Keep(str(error))
    if isinstance(error, BudgetRefused):
        if error.budget == STOPPED:
            return Defer(STOPPED_AGAIN_S, error.message, error.after_order)
        if error.budget in DAY_BUDGETS and not error.never_fits:
            return Defer(error.retry_after_s or DAY_BUDGET_AGAIN_S, error.message, error.after_order)
        return Cancel(f"over budget: {error}")
    if isinstance(error, VendorRefused):
        return _vendor(error, tries)
    if isinstance(error, OutcomeUnknown):
        return Retry(_backoff_s(tries)) if tries < MOST_TRIES else Fail(str(error))
    if isinstance(error, StorageFull):
        return Defer(DISK_AGAIN_S, str(error))
    if isinstance(error, MemoryLow):
        return Defer(MEMORY_AGAIN_S, str(error))
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


def in_words(states: Collection[VideoState]) -> str:
    """States as a person reads them, in the order of a video's life."""
    return " or ".join(state.replace("_", " ") for state in VideoState if state in states)


def retryable(wanted: StepName | None) -> frozenset[VideoState]:
    """In which states a video may be retried; with a step named, one that waits for review as well."""
    usual = frozenset({VideoState.FAILED, VideoState.PUBLISHED})
    return usual | {VideoState.IN_REVIEW} if wanted else usual


def plan_retry(
    state: VideoState, newest: Mapping[str, StepRow], spent: Sequence[tuple[str, int]], wanted: StepName | None
) -> RetryPlan:
    """Where a person's retry begins, from the newest row of each step and the money booked on each.

    Raises WrongState or BadInput, naming the state or the step that doesn't fit.
    """
    allowed = retryable(wanted)
    if state not in allowed:
        raise WrongState(
            f"is {state}, so this can't be done",
            field="video",
            fix=f"It works on videos that are {in_words(allowed)}.",
        )
    if wanted and wanted not in REMAKABLE:
        raise BadInput(f"{wanted} can't be made anew", field="from", fix=f"Choose one of {', '.join(REMAKABLE)}.")
    order = tuple(StepName)
    undone = max((row for row in newest.values() if row.state != "done"), key=lambda row: row.used_at, default=None)
    stopped = StepName(undone.step) if undone else None
    remake = wanted or (undone.remake if undone else None)
    begins = remake or stopped or StepName.PUBLISH
    if stopped and order.index(begins) > order.index(stopped):
        raise WrongState(
            f"the video has not come to the step {begins}: {stopped} is not done",
            field="from",
            fix=f"Choose {stopped} or an earlier step.",
        )
    before = order[: order.index(begins)]
    return RetryPlan(
        begins=begins,
        remake=remake,
        kept=tuple(step for step in before if step in newest and newest[step].state == "done"),
        kept_microusd=sum(amount for step, amount in spent if step in before),
        again_microusd=sum(amount for step, amount in spent if step not in before),
    )
