"""The nouns of a simulation: what is wanted, who takes part, what is due when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

BUDGET_MICROUSD = 35_000_000_000
"""What the 84 days of the launch may cost in all, by the brief."""
BEGINS = date(2026, 10, 5)
"""84 days from here both Europe and America set their clocks back."""


@dataclass(frozen=True)
class Wishes:
    """What is to be simulated."""

    days: int = 84
    users: int = 50
    channels: int = 5
    """Of each user."""
    faults: float = 0.05
    """Share of all calls to vendors that are struck."""
    seed: int = 1
    begins: date = BEGINS

    @property
    def starts_at(self) -> datetime:
        """From here on a user's first midnight begins their plan: the first day's midnight in UTC."""
        return datetime(self.begins.year, self.begins.month, self.begins.day, tzinfo=UTC)

    @property
    def videos_possible(self) -> int:
        """One for each user and day."""
        return self.days * self.users


@dataclass(frozen=True)
class Habits:
    """What an owner does besides having agreed to autopilot. Days are counted from their first."""

    reviews: bool = False
    """Their first channel waits for them."""
    pauses: tuple[int, int] | None = None
    """(first day, days)."""
    pins_on: int | None = None
    """The day on which they pin a topic of their own."""


@dataclass(frozen=True)
class Person:
    """A user as the simulator plays them."""

    number: int
    name: str
    email: str
    time_zone: str
    looks_at_hour: int
    """Full hour of their day at which they look at what waits for them."""
    habits: Habits


@dataclass(order=True, frozen=True)
class Job:
    """A video that is to be driven on, when it is due."""

    at: datetime
    number: int
    """Ties keep the order in which they were asked for."""
    video_id: UUID = field(compare=False)
    user_id: UUID = field(compare=False)
    queue: str = field(compare=False)


@dataclass(frozen=True)
class Fault:
    """A fault that strikes a share of a vendor's calls."""

    vendor: str
    kind: str
    share: float
    options: tuple[tuple[str, object], ...] = ()
