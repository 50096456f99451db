"""A sentence's recording as samples, and where it is heard in a finished sound."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ytempire.kit.errors import RenderFailed

Block = npt.NDArray[np.int16]
SEARCH_S = 0.5
"""So far from where it was put a recording is looked for."""
LEAST_LIKE = 0.4
"""Correlation with what is heard there. Speech over ducked music has 0.8 to 1, other speech of the voice below 0.2."""


def read_recording(path: Path, rate_hz: int) -> Block:
    """Its samples at this rate. Raises RenderFailed if it is not mono 16-bit sound."""
    with wave.open(str(path), "rb") as file:
        own_hz, count = file.getframerate(), file.getnframes()
        if (file.getnchannels(), file.getsampwidth()) != (1, 2) or not 8_000 <= own_hz <= 192_000:
            raise RenderFailed(
                f"speech {path.name[:12]} has {file.getnchannels()} channels of {8 * file.getsampwidth()} bits at"
                f" {own_hz} Hz; mono of 16 bits is wanted",
                fix="Run the voice step again.",
            )
        sound = np.frombuffer(file.readframes(count), dtype="<i2")
    return sound if own_hz == rate_hz or not len(sound) else _resampled(sound, own_hz, rate_hz)


def _resampled(sound: Block, own_hz: int, rate_hz: int) -> Block:
    """By its spectrum: exact below the lower of both limits. A sentence begins and ends in silence."""
    wanted = round(len(sound) * rate_hz / own_hz)
    spectrum = np.fft.rfft(sound.astype(np.float64))
    placed = np.zeros(wanted // 2 + 1, dtype=np.complex128)
    shared = min(len(spectrum), len(placed))
    placed[:shared] = spectrum[:shared]
    heard = np.fft.irfft(placed, wanted) * (wanted / len(sound))
    return np.clip(np.rint(heard), -32768, 32767).astype(np.int16)


def begins_s(heard: Block, recording: Block, rate_hz: int, expected_s: float) -> float | None:
    """When the recording begins in `heard`, by their correlation; None: it is not heard within SEARCH_S of there.

    Both at the same rate. Exact to a sample; what is heard beside it, music and effects, hardly matters.
    """
    margin, expected = round(SEARCH_S * rate_hz), round(expected_s * rate_hz)
    first, last = expected - margin, expected + margin + len(recording)
    window = np.pad(
        heard[max(0, first) : max(0, last)].astype(np.float64),
        (max(0, -first), max(0, last - max(len(heard), first, 0))),
    )
    wanted = recording.astype(np.float64)
    size = 1 << (len(window) + len(wanted)).bit_length()
    matched = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(wanted, size)), size)[: 2 * margin + 1]
    squares = np.concatenate([[0.0], np.cumsum(window**2)])
    energy = squares[len(wanted) : len(wanted) + 2 * margin + 1] - squares[: 2 * margin + 1]
    scale = np.sqrt(np.maximum(energy, 1.0) * max(1.0, float(wanted @ wanted)))
    likeness = matched[: len(energy)] / scale
    best = int(np.argmax(likeness))
    return (first + best) / rate_hz if likeness[best] >= LEAST_LIKE else None
