"""The port `Aligner` over forced alignment, off the event loop."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ytempire.kit.errors import BadInput
from ytempire.production.model import Word
from ytempire.providers.pocketsphinx.align import Sentence, align_sentences

_SAMPLE_BYTES = 2
_FULL_SCALE = 32768.0


class SphinxAligner:
    """Aligns English WAV recordings of any rate from 8 kHz and any number of channels."""

    async def align(self, wav: Path, sentences: Sequence[Sentence]) -> list[list[Word | None]]:
        """Per sentence (start_s, end_s, tokens): each token's time in the file, None where it was not found.

        Raises BadInput if the file is no 16-bit WAV.
        """
        return await asyncio.to_thread(self._align, wav, sentences)

    def _align(self, wav: Path, sentences: Sequence[Sentence]) -> list[list[Word | None]]:
        pcm, rate_hz = read_mono(wav)
        try:
            found = align_sentences(pcm, rate_hz, sentences)
        except ValueError as error:
            raise BadInput(
                f"{wav.name} can't be aligned: {error}", field="wav", fix="Record at 8 kHz or more."
            ) from error
        return [[Word(word.text, word.start_s, word.end_s) if word else None for word in own] for own in found]


def read_mono(wav: Path) -> tuple[npt.NDArray[np.float32], int]:
    """(samples in [-1, 1], rate in Hz) of a 16-bit WAV, its channels averaged. Raises BadInput."""
    try:
        with wave.open(str(wav), "rb") as file:
            if file.getsampwidth() != _SAMPLE_BYTES:
                raise wave.Error(f"it has {file.getsampwidth() * 8} bits a sample")
            channels, rate_hz = file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadInput(
            f"{wav.name} is no 16-bit WAV: {error or 'it ends early'}", field="wav", fix="Convert it."
        ) from error
    whole = len(data) // (_SAMPLE_BYTES * channels) * _SAMPLE_BYTES * channels
    frames = np.frombuffer(data[:whole], "<i2").reshape(-1, channels)
    return (frames.mean(axis=1) / _FULL_SCALE).astype(np.float32), rate_hz
