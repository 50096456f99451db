"""The nouns of what another driver pays for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ytempire.ledger.model import CallState, HoldState


@dataclass(frozen=True)
class OutsideCall:
    """A recorded call, as whoever asked for it sees it."""

    id: UUID
    category: str
    resource: str
    """`microusd` or `units`."""
    what: str
    attempt: int
    state: CallState
    claimed: bool
    """Somebody is at it right now, as far as anybody knows."""
    begun_at: datetime
    hold_amount: int
    hold_state: HoldState
    booked: int
    """What was booked for it so far, of all its holds."""


@dataclass(frozen=True)
class OutsideHold:
    """What another driver is about to pay elsewhere, for a video."""

    user_id: UUID
    video_id: UUID
    category: str
    """`openai`, `elevenlabs`, `thumbnail`, or `youtube`, which is counted in units."""
    what: str
    """Words for the receipt."""
    key: str
    """Stable name of this very call within the video."""
    amount: int
    """Upper bound, in micro-dollars or units."""
