"""What follows from a failed step."""

import pytest

from ytempire.kit.errors import (
    BadInput,
    BudgetRefused,
    MemoryLow,
    OutcomeUnknown,
    RenderFailed,
    StorageFull,
    VendorRefused,
)
from ytempire.orchestration.model import Cancel, Defer, Fail, Keep, Retry, Wait
from ytempire.orchestration.rules import MOST_TRIES, after_failure
from ytempire.production import WaitsForReview


def refused(retry_after_s: float | None) -> VendorRefused:
    return VendorRefused("no", vendor="v", reason="r", retry_after_s=retry_after_s)


@pytest.mark.parametrize(
    ("error", "tries", "outcome"),
    [
        (BadInput("no"), 1, Fail),
        (WaitsForReview("wait"), 1, Wait),
        (BudgetRefused("no money", budget="video"), 1, Cancel),
        (BudgetRefused("no money", budget="platform-day"), 1, Defer),
        (BudgetRefused("no quota", budget="uploads"), 1, Defer),
        (refused(None), 1, Fail),
        (refused(1), 1, Retry),
        (refused(1), MOST_TRIES, Fail),
        (refused(7200), MOST_TRIES + 3, Defer),
        (OutcomeUnknown("?", vendor="v"), 1, Retry),
        (OutcomeUnknown("?", vendor="v"), MOST_TRIES, Fail),
        (RenderFailed("killed"), 1, Retry),
        (RenderFailed("killed"), 2, Retry),
        (RenderFailed("killed"), 3, Fail),
        (StorageFull("no disk"), 99, Defer),
        (MemoryLow("no memory"), 99, Defer),
        (RuntimeError("a bug"), 1, Retry),
        (RuntimeError("a bug"), 3, Fail),
    ],
)
def test_outcome(error: Exception, tries: int, outcome: type) -> None:
    assert isinstance(after_failure(error, tries), outcome)


def test_waits_grow_and_respect_the_vendor() -> None:
    waits = [after_failure(refused(3), tries) for tries in range(1, MOST_TRIES)]
    seconds = [wait.after_s for wait in waits if isinstance(wait, Retry)]
    assert len(seconds) == MOST_TRIES - 1
    assert seconds == sorted(seconds)
    assert min(seconds) >= 3


def test_what_ends_a_newer_version_does_not_end_the_published_one() -> None:
    for error, outcome in (
        (BadInput("no"), Keep),
        (BudgetRefused("no money", budget="video"), Keep),
        (VendorRefused("gone", vendor="youtube", reason="videoNotFound"), Fail),
        (refused(1), Retry),
        (WaitsForReview("wait"), Wait),
    ):
        assert isinstance(after_failure(error, 1, online=True), outcome)


def test_what_no_day_can_pay_ends_the_video() -> None:
    assert isinstance(after_failure(BudgetRefused("no", budget="user-day", never_fits=True), 1), Cancel)
