"""The port `Voice` over ElevenLabs' own client."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from elevenlabs.client import AsyncElevenLabs

from ytempire.kit.errors import BadInput, NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.ledger.model import Meters
from ytempire.production import write_wav
from ytempire.production.model import Origin
from ytempire.production.ports import Alignment, Spoken
from ytempire.providers.elevenlabs import history
from ytempire.providers.elevenlabs.alignment import words_of
from ytempire.providers.elevenlabs.refusals import VENDOR
from ytempire.providers.elevenlabs.sound import samples as samples_of
from ytempire.providers.elevenlabs.text import check_speakable, meters_of, most_characters
from ytempire.providers.elevenlabs.wire import ONCE, vendor

_BATCH = 2_500
"""About three minutes of speech: more in one call gains nothing, and one lost answer would concern more of a video."""

SAMPLES = "pcm_24000"
COMPRESSED = "mp3_44100_128"
_NO_SAMPLES = frozenset({"output_format_not_allowed", "invalid_output_format", "subscription_required"})


class ElevenLabsVoice:
    """Speaks through ElevenLabs, with word times from its character alignment.

    `stand_in` says that the address is a sandbox's: then what it speaks may never reach the real YouTube.
    """

    at_once = 1
    """A cancelled neighbour would be a paid call without its answer."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        model: str,
        stand_in: bool = False,
        samples: str = SAMPLES,
        deadline_s: float = 120.0,
        look_waits_s: Sequence[float] = (3.0, 6.0),
    ) -> None:
        if not api_key:
            raise NotConfigured("ElevenLabs needs a key", field="ELEVENLABS_API_KEY", fix="Set ELEVENLABS_API_KEY.")
        self.origin = Origin.STAND_IN if stand_in else Origin.VENDOR_VOICE
        self.model = model
        self.most_characters = min(_BATCH, most_characters(model))
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._samples = self.output_format = samples
        self._deadline_s = deadline_s
        self._look_waits_s = tuple(look_waits_s)

    def known(self) -> tuple[str, ...]:
        """None: only the account knows its voices."""
        return ()

    def estimate(self, text: str) -> Meters:
        """The characters of the text."""
        return meters_of(text, self.model)

    def check(self, text: str, *, voice: str, language: str) -> None:  # noqa: ARG002 - it speaks them all
        """Raise BadInput for what is no voice id, a text without a word, or one too long for a call."""
        check_speakable(text, voice=voice, model=self.model)

    async def speak(self, text: str, *, voice: str, once: str) -> Spoken:  # noqa: ARG002 - the vendor takes no mark
        """Speak, once. Raises VendorRefused (nothing is billed) or OutcomeUnknown (then `look`)."""
        try:
            return await self._ask(text, voice, self._samples)
        except VendorRefused as refused:
            if refused.reason not in _NO_SAMPLES:
                raise
            return await self._ask(text, voice, COMPRESSED)  # the plan has no PCM; a refusal costs nothing

    async def look(self, once: str, text: str, *, voice: str) -> Spoken | None:  # noqa: ARG002
        """The newest speech of this text, voice and model in the account's history; None if there is none.

        The vendor keeps no mark of ours. Speech of the same words made for something else serves as well, and is
        booked again: rather one bill too many in the books than one at the vendor's.
        """
        async with self._client() as client:
            item = await history.find(client, text, voice=voice, model=self.model, waits_s=self._look_waits_s)
            if item is None:
                return None
            sound = await history.audio(client, item.history_item_id)
        alignments = getattr(item, "alignments", None)
        made_as = getattr(item, "output_format", None) or self._samples
        return await self._spoken(text, sound, made_as, getattr(alignments, "alignment", None), item.request_id or "")

    async def read(self, text: str, sound: bytes, output_format: str, alignment: Alignment | None) -> Spoken:
        """What another program had spoken here. Raises BadInput for what is no sound."""
        try:
            return await self._spoken(text, sound, output_format or self._samples, alignment, "")
        except OutcomeUnknown as error:
            raise BadInput(
                "this is no sound of ElevenLabs",
                field="recordings",
                fix="Hand in its `audio_base64` unchanged, and the format that was asked for.",
            ) from error

    async def _ask(self, text: str, voice: str, output_format: str) -> Spoken:
        async with self._client() as client:
            answer = await client.text_to_speech.with_raw_response.convert_with_timestamps(
                voice,
                text=text,
                model_id=self.model,
                output_format=output_format,
                request_options=ONCE,
            )
        encoded = getattr(answer.data, "audio_base_64", None)
        try:
            sound = base64.b64decode(encoded or "", validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise OutcomeUnknown("ElevenLabs' answer holds no sound", vendor=VENDOR) from error
        alignment = getattr(answer.data, "alignment", None)
        request_id = {name.lower(): value for name, value in answer.headers.items()}.get("request-id", "")
        return await self._spoken(text, sound, output_format, alignment, request_id)

    async def _spoken(self, text: str, sound: bytes, output_format: str, alignment: object, request_id: str) -> Spoken:
        pcm = await samples_of(sound, output_format)
        words = words_of(text, alignment)
        if words and words[-1].end_s > pcm.duration_s + 0.5:
            words = ()  # times of something else
        timing = "vendor" if words else ""
        return Spoken(write_wav(pcm), pcm.sample_rate_hz, words, self.estimate(text), timing, vendor_id=request_id)

    def _client(self) -> AbstractAsyncContextManager[AsyncElevenLabs]:
        return vendor(self._base_url, self._api_key, deadline_s=self._deadline_s)
