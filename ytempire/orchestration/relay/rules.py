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


def once_of(video_id: UUID, vendor: str, asked: Asked, key: str | None) -> tuple[str, str]:
    """What stands for the driver's key, and the call's name: the same for the same request with the same key.

    Another request under the key has another name. So none is ever made under a hold that was taken for another.
    """
    of_request = content_hash([asked.operation, asked.body, dict(asked.options)])[:32]
    of_key = content_hash(["key", key])[:32] if key is not None else of_request
    prefix = f"{video_id}:relay:{vendor}:{of_key}"
    return prefix, f"{prefix}:{of_request}" if key is not None else prefix


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
