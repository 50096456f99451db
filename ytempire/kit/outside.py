"""Time that isn't ours: how long a piece of work waited for somebody outside, as the union of the intervals.

Own time = wall − outside. The list belongs to the task that began it and to the tasks it starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from ytempire.kit.clock import stopwatch_s

Interval = tuple[float, float]
_intervals: ContextVar[list[Interval] | None] = ContextVar("outside_intervals", default=None)


def begin_account() -> list[Interval]:
    """Start an account for this task: whatever waits outside from here on adds an interval to the list."""
    account: list[Interval] = []
    _intervals.set(account)
    return account


@contextmanager
def outside() -> Iterator[None]:
    """Around a call to a vendor or any other host that isn't this platform's own."""
    began = stopwatch_s()
    try:
        yield
    finally:
        account = _intervals.get()
        if account is not None:
            account.append((began, stopwatch_s()))


def union_s(intervals: Sequence[Interval], *, until: float) -> float:
    """Length of the union in seconds; two calls at once count once, and nothing after `until` counts."""
    total, covered_to = 0.0, float("-inf")
    for began, ended in sorted(intervals):
        begin, end = max(began, covered_to), min(ended, until)
        if end > begin:
            total += end - begin
        covered_to = max(covered_to, end)
    return total
