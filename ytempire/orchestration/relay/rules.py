"""What a relayed call is called, and who may take over one whose holder has gone: pure."""

from __future__ import annotations

import math
from uuid import UUID

from ytempire.kit.ids import content_hash
from ytempire.ledger import Category
from ytempire.orchestration.ports import Asked
from ytempire.orchestration.relay.model import Place
from ytempire.production.model import StepName

PLACES = {
    "openai": Place(StepName.SCRIPT, Category.OPENAI),
    "elevenlabs": Place(StepName.VOICE, Category.ELEVENLABS),
}


def once_of(video_id: UUID, vendor: str, asked: Asked, key: str | None) -> str:
    """The call's name: the same for the same request, or for the same key of the driver's."""
    said = ["key", key] if key is not None else [asked.operation, asked.body, dict(asked.options)]
    return f"{video_id}:relay:{vendor}:{content_hash(said)[:32]}"


def attempt_now(attempt: int, age_s: float, *, claimed: bool, longest_s: float) -> int | None:
    """As which attempt a request may have a recorded call; None: somebody may still be at it.

    An attempt's number is the second after the hold in which it began, the first being 1. Whoever claims a call ends
    within `longest_s`, so one that is claimed for longer was left by a process that died.
    """
    if not claimed:
        return attempt
    if age_s < attempt - 1 + longest_s:
        return None
    return max(attempt, math.ceil(age_s)) + 1
