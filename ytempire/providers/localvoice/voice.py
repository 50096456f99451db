"""The local neural voice behind the port `Voice`: free of charge, word times from the model itself."""

from __future__ import annotations

import asyncio
import time

import numpy as np

import localvoice
from ytempire.kit.errors import BadInput
from ytempire.ledger.model import Meters
from ytempire.production import Pcm, write_wav
from ytempire.production.model import Origin, Word
from ytempire.production.ports import Alignment, Spoken

_FULL_SCALE = 32767


class LocalVoice:
    """Speaks English on this machine's CPU, off the event loop."""

    origin = Origin.LOCAL_VOICE
    model = "hibari-0.2.1/4"
    """Its last number is raised when a text would be read, or a narrator made, otherwise than before."""
    output_format = ""
    most_characters = 1
    """A call costs nothing, so each sentence is its own: one that changes leaves the others alone."""
    at_once = 2
    """The network takes one core each time and may be shared between threads; an installation has two cores or more."""

    def known(self) -> tuple[str, ...]:
        """The narrators of the installed models."""
        return tuple(entry.id for entry in localvoice.voices())

    def estimate(self, text: str) -> Meters:
        """Characters, at no price."""
        return Meters(vendor="local", model="voice", characters=len(text))

    def check(self, text: str, *, voice: str, language: str) -> None:
        """Raise BadInput for an unknown voice, another language, signs it can't say, or nothing to say."""
        known = self.known()
        if voice not in known:
            raise BadInput(f"there is no local voice {voice!r}", field="voice", fix=f"There are: {', '.join(known)}.")
        if language.partition("-")[0] != "en":
            raise BadInput(
                f"the local voice speaks English only, the channel's language is {language!r}",
                field="voice",
                fix="Choose a vendor's voice (elevenlabs:VOICE_ID) for this language.",
            )
        try:
            said = localvoice.read(text.split())
        except localvoice.UnspeakableText as error:
            raise BadInput(
                str(error).partition(". ")[0],  # the second sentence advises, as our `fix` does
                field="script",
                fix="Write it in English words, or choose a vendor's voice (elevenlabs:VOICE_ID).",
            ) from error
        if not any(sign.isalnum() for words in said for word in words for sign in word):
            raise BadInput(f"there is nothing to say in {text[:40]!r}", field="script", fix="Give at least one word.")

    async def speak(self, text: str, *, voice: str, once: str) -> Spoken:  # noqa: ARG002 - nothing to repeat
        """Speak in a thread; the meters tell its CPU time. Raises BadInput as `check` does."""
        return await asyncio.to_thread(self._speak, text, voice)

    async def look(self, once: str, text: str, *, voice: str) -> Spoken | None:  # noqa: ARG002
        """Nothing was paid, so nothing needs to be found: it is spoken again."""
        return None

    async def read(
        self,
        text: str,  # noqa: ARG002
        sound: bytes,  # noqa: ARG002
        output_format: str,  # noqa: ARG002
        alignment: Alignment | None,  # noqa: ARG002
    ) -> Spoken:
        """Nobody else speaks with this voice. Raises BadInput."""
        raise BadInput("this machine's own voice speaks the video", field="recordings", fix="Go on without them.")

    def _speak(self, text: str, voice: str) -> Spoken:
        began_s = time.thread_time()
        self.check(text, voice=voice, language="en")
        speech = localvoice.speak(text, voice=voice)
        samples = np.clip(speech.pcm * _FULL_SCALE, -_FULL_SCALE, _FULL_SCALE).astype("<i2")
        words = tuple(Word(word.text, float(word.start_s), float(word.end_s)) for word in speech.words)
        cpu_ms = round((time.thread_time() - began_s) * 1000)
        meters = Meters(vendor="local", model="voice", characters=len(text), cpu_ms=cpu_ms)
        wav = write_wav(Pcm(samples.tobytes(), speech.sample_rate_hz))
        return Spoken(wav, speech.sample_rate_hz, words, meters, "model")
