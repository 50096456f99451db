"""The nouns of an operator's orders over spending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

OrderKind = Literal["stop", "resume", "raise", "reserve"]


@dataclass(frozen=True)
class SpendingOrder:
    """Who ordered what, when and why."""

    number: int
    kind: OrderKind
    by_user: UUID
    at: datetime
    why: str
    budget_id: str | None
    amount: int | None
    """What was added to that budget: micro-dollars, or units of the reserve."""


@dataclass(frozen=True)
class Standing:
    """Whether paid work may begin."""

    state: Literal["open", "stopped", "used_up"]
    """`stopped` by an operator, or the platform's day is `used_up`."""
    why: str
    """In plain words; empty if open."""
    since: datetime | None
    resumes_at: datetime | None
    """When it goes on by itself; None: at once, or only when an operator says so."""
    last_order: int
    """The newest order's number; 0: none was ever given."""
