"""Looking for speech that was made and paid for, but whose answer never arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

from elevenlabs.client import AsyncElevenLabs
from elevenlabs.types.speech_history_item_response import SpeechHistoryItemResponse

from ytempire.kit.errors import OutcomeUnknown
from ytempire.providers.elevenlabs.refusals import VENDOR
from ytempire.providers.elevenlabs.wire import ANSWER_MOST_BYTES, ONCE

PAGE = 100
MOST_PAGES = 10
"""The newest 1,000 items of the voice: days of work of a busy platform, and a bound on what a look may take."""


async def find(
    client: AsyncElevenLabs, text: str, *, voice: str, model: str, waits_s: Sequence[float], made_as: str = ""
) -> SpeechHistoryItemResponse | None:
    """The newest item of the same text, voice and model (and format, where one is named); None after all waits.

    A call that was cut off may still be at work at the vendor, so one look is not enough to say that there is none.
    """
    for wait_s in (0.0, *waits_s):
        await asyncio.sleep(wait_s)
        found = await _newest(client, text, voice=voice, model=model, made_as=made_as)
        if found is not None and getattr(found, "alignments", None) is None:
            found = await client.history.get(found.history_item_id, request_options=ONCE)
        if found is not None:
            return found
    return None


async def _newest(
    client: AsyncElevenLabs, text: str, *, voice: str, model: str, made_as: str
) -> SpeechHistoryItemResponse | None:
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.history.list(
            page_size=PAGE,
            voice_id=voice,
            source="TTS",
            sort_direction="desc",
            start_after_history_item_id=after,
            request_options=ONCE,
        )
        items = getattr(page, "history", None)
        if not isinstance(items, list):
            raise OutcomeUnknown("ElevenLabs' history can't be read", vendor=VENDOR)
        for item in items:
            same = (getattr(item, "text", None), getattr(item, "voice_id", None), getattr(item, "model_id", None))
            fits = not made_as or getattr(item, "output_format", None) == made_as
            if same == (text, voice, model) and fits and getattr(item, "state", "created") == "created":
                return cast(SpeechHistoryItemResponse, item)
        after = getattr(page, "last_history_item_id", None)
        if not getattr(page, "has_more", False) or not after:
            return None
    return None


async def audio(client: AsyncElevenLabs, item_id: str) -> bytes:
    """An item's sound."""
    parts = bytearray()
    async for part in client.history.get_audio(item_id, request_options=ONCE):
        parts += part
        if len(parts) > ANSWER_MOST_BYTES:
            raise OutcomeUnknown("ElevenLabs' history sends no end of sound", vendor=VENDOR)
    return bytes(parts)
