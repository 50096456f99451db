"""What the local voice speaks of: words with times, recordings, voices and its refusals."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 24_000

Pcm = npt.NDArray[np.float32]
"""Mono samples in [-1, 1], shape (samples,)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One display token and when it is heard, in seconds from the start of the recording.

    A token that makes no sound of its own ("—", an emoji) has `start_s == end_s`, at its neighbour's edge.
    """

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A recording and the time of every whitespace-separated token of the text, in order."""

    pcm: Pcm
    words: tuple[Word, ...]
    sample_rate_hz: int = SAMPLE_RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""
        return len(self.pcm) / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that can speak now, without a download."""

    id: str
    accent: str
    description: str


class UnspeakableText(ValueError):  # noqa: N818  (named for what it is, as callers catch it)
    """The text holds something this English voice cannot say; `offending` are the first such characters."""

    def __init__(self, message: str, offending: str = "") -> None:
        super().__init__(message)
        self.offending = offending


class UnknownVoice(ValueError):  # noqa: N818
    """No such voice is installed."""
