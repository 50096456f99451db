"""What may be spoken in one call, and what it is metered as."""

from __future__ import annotations

import re

from ytempire.kit.errors import BadInput
from ytempire.ledger.model import Meters
from ytempire.providers.elevenlabs.refusals import VENDOR

_LIMITS = {"eleven_v3": 5_000, "eleven_v4": 10_000, "eleven_v4_turbo": 10_000, "eleven_multilingual_v2": 10_000}
_USUAL_LIMIT = 5_000
"""For models not listed."""
_VOICE_ID = re.compile(r"[A-Za-z0-9]{10,40}")


def most_characters(model: str) -> int:
    """So many the model takes in one call."""
    return _LIMITS.get(model, _USUAL_LIMIT)


def meters_of(text: str, model: str) -> Meters:
    """The characters of the text, which are what the price is for.

    The answer's `character-cost` header counts credits: characters times a factor of the model, a currency of the
    plan. The ledger's prices are dollars per 1,000 characters, so the text itself is the meter, before and after.
    """
    return Meters(vendor=VENDOR, model=model, characters=len(text))


def check_speakable(text: str, *, voice: str, model: str) -> None:
    """Raise BadInput for what is no voice id, a text without a word, or one too long for a call."""
    if not _VOICE_ID.fullmatch(voice):
        raise BadInput(
            f"{voice!r} is no voice of ElevenLabs",
            field="voice",
            fix="Write elevenlabs:VOICE_ID with the id of a voice, such as elevenlabs:JBFqnCBsd6RMkjVDRZzb.",
        )
    if not any(sign.isalnum() for sign in text):
        raise BadInput(f"there is nothing to say in {text[:40]!r}", field="script", fix="Give at least one word.")
    if len(text) > most_characters(model):
        raise BadInput(
            f"a sentence has {len(text)} characters, {model} takes {most_characters(model)}",
            field="script",
            fix="Divide it.",
        )
