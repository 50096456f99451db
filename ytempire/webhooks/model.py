"""The nouns of webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ytempire.events.model import Event


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Webhook:
    """An address that is told of events, without its secret."""

    id: UUID
    user_id: UUID
    url: str
    types: tuple[str, ...]
    """None named: all."""
    description: str
    enabled: bool
    disabled_because: str
    """Why the platform switched it off; empty: it didn't."""
    failing_since: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Delivery:
    """One event for one webhook."""

    id: UUID
    webhook_id: UUID
    number: int
    type: str
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    tried_at: datetime | None
    last_status: int | None
    last_error: str


@dataclass(frozen=True)
class Parcel:
    """A delivery that this process has for now, with all it takes."""

    delivery_id: UUID
    attempt: int
    webhook: Webhook
    secrets: tuple[bytes, ...]
    """The newest first, each signs."""
    event: Event
