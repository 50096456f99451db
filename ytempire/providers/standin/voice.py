"""The port `Voice` for this machine's own voice: a hum as long as the words would be, with their times."""

from __future__ import annotations

from ytempire.kit.errors import BadInput
from ytempire.ledger.model import Meters
from ytempire.production import Pcm, write_wav
from ytempire.production.model import Origin, Word
from ytempire.production.ports import Alignment, Spoken

RATE_HZ = 8_000
CHARACTERS_A_SECOND = 15.0
CPU_MS_A_CHARACTER = 12
"""Measured with the real voice (`make bench-voice`): CPU for a character of text."""
_PAUSE_S = 0.12
_LEVEL = 1_000


class StandInVoice:
    """Speaks in no time what the real one takes seconds for."""

    origin = Origin.STAND_IN
    model = "stand-in"
    output_format = ""
    most_characters = 1
    at_once = 2

    def known(self) -> tuple[str, ...]:
        """Any name is a voice; this is the usual one."""
        return ("heart",)

    def estimate(self, text: str) -> Meters:
        """Characters, at no price."""
        return Meters(vendor="local", model="voice", characters=len(text))

    def check(self, text: str, *, voice: str, language: str) -> None:
        """It speaks everything."""

    async def speak(self, text: str, *, voice: str, once: str) -> Spoken:  # noqa: ARG002
        """A hum."""
        words, at_s = [], _PAUSE_S
        for token in text.split():
            length_s = len(token) / CHARACTERS_A_SECOND
            words.append(Word(token, round(at_s, 3), round(at_s + length_s, 3)))
            at_s += length_s + 1 / CHARACTERS_A_SECOND
        wave = (_LEVEL).to_bytes(2, "little", signed=True) + (-_LEVEL).to_bytes(2, "little", signed=True)
        pcm = Pcm(wave * int((at_s + _PAUSE_S) * RATE_HZ / 2), RATE_HZ)
        meters = Meters(vendor="local", model="voice", characters=len(text), cpu_ms=len(text) * CPU_MS_A_CHARACTER)
        return Spoken(write_wav(pcm), RATE_HZ, tuple(words), meters, "model")

    async def look(self, once: str, text: str, *, voice: str) -> Spoken | None:  # noqa: ARG002
        """Nothing was paid: it is spoken again."""
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
