"""The only clock. Rules take `now` as an argument; whoever needs the time asks a `Clock`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; a simulator or a test brings its own."""

    def now(self) -> datetime:
        """The current time, always with zone UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it was put: for the simulator and tests of rules over time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at


def stopwatch_s() -> float:
    """A monotonic reading in seconds; only differences mean anything."""
    return time.perf_counter()
