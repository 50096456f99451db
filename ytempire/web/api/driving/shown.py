"""What a run looks like on the wire, whoever looks at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.orchestration import RunState


class Led(BaseModel):
    """A video that another driver leads or led: who, and what became of it."""

    video_id: UUID
    user_id: UUID
    driver: str
    workflow: str
    execution: str
    state: RunState = Field(
        description="`driving`, or how its lead ended; that stays, whatever our own driver then makes of the video."
    )
    reason: str = Field(description="Why it ended, in plain words.")
    claimed_at: datetime
    seen_at: datetime = Field(description="When the driver gave its last sign of life.")
    ended_at: datetime | None
