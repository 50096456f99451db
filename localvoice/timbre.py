"""Another narrator from the same network: pitch, melody and vocal tract changed before there is any sound.

The network predicts what a vocoder needs, frame by frame: the pitch (F0), the spectrum that shapes the pulses of the
vocal folds, and two spectra of noise that measurably hold no pitch. So the pitch is changed where it is a number and
the vocal tract where it is a curve; no finished sound is stretched, and a frame stays where it is in time.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

BIN_HZ = 20.0
"""Width of one row of a spectrum: 24 kHz / 1200."""
_VOICED_HZ = 40.0
"""The vocoder's threshold: below, a frame has no pulses."""
_LOWEST_HZ = 50.0
_REFERENCE_HZ = 185.0
"""The network's own middle of the melody; `melody` stretches intervals from it."""

Curves = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Timbre:
    """Factors on the network's own speaker; 1.0 leaves her as she is."""

    pitch: float = 1.0
    """F0; 0.5 is an octave lower."""
    formants: float = 1.0
    """Resonances; below 1 the vocal tract is longer (a taller speaker), above 1 shorter."""
    melody: float = 1.0
    """Intervals between high and low of the intonation; below 1 calmer, above 1 livelier."""

    def shaped(self, spectrum: list[Any]) -> list[Any]:
        """The vocoder's six curves (pulse level and phase, two noise levels, noise phase, F0) for this narrator."""
        if self == OWN:
            return spectrum
        pulse_level, pulse_phase, soft_level, noise_level, noise_phase, f0 = spectrum
        nearest, harmonics = self._harmonics(f0, pulse_level.shape)
        # Lower pulses are more of them: each is weaker by so much that the balance with the noise stays.
        level = _envelope(pulse_level, harmonics, f0) + 0.5 * np.float32(np.log(self.pitch))
        phase = np.take_along_axis(pulse_phase, nearest, 0)
        return [level, phase, self._moved(soft_level), self._moved(noise_level), noise_phase, self._sung(f0)]

    def _sung(self, f0: Curves) -> Curves:
        voiced = f0 > _VOICED_HZ
        moved = self.pitch * _REFERENCE_HZ * (np.where(voiced, f0, _REFERENCE_HZ) / _REFERENCE_HZ) ** self.melody
        return np.where(voiced, np.maximum(moved, _LOWEST_HZ), f0).astype(np.float32)

    def _harmonics(self, f0: Curves, shape: tuple[int, ...]) -> tuple[npt.NDArray[np.int64], Curves]:
        """Per row and frame: the row of the nearest harmonic that the network shaped, and its number, a fraction."""
        source_hz = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(BIN_HZ / self.formants)
        pitch = _spacing(f0)
        number = np.maximum(source_hz / pitch, 1.0)
        rows = np.clip(np.rint(np.rint(number) * pitch / BIN_HZ).astype(np.int64), 0, shape[0] - 1)
        return rows, number

    def _moved(self, level: Curves) -> Curves:
        """Rows of a noise spectrum at the new vocal tract's frequencies."""
        at = np.minimum(np.arange(len(level), dtype=np.float32) / np.float32(self.formants), len(level) - 1.0)
        low = np.minimum(at.astype(np.int64), len(level) - 2)
        part = (at - low).astype(np.float32)[:, None]
        moved: Curves = level[low] * (1 - part) + level[low + 1] * part
        return moved


OWN: Final = Timbre()
"""The network's own speaker."""


def _spacing(f0: Curves) -> Curves:
    """Hz between two harmonics, one row; without pitch every row is one of its own."""
    spacing: Curves = np.where(f0 > _VOICED_HZ, f0, BIN_HZ).astype(np.float32)
    return spacing[None, :]


def _envelope(level: Curves, number: Curves, f0: Curves) -> Curves:
    """The level between two harmonics, drawn from one to the next: only at harmonics the network was ever heard."""
    pitch = _spacing(f0)
    below = np.floor(number)
    part = number - below
    last = len(level) - 1
    low = np.minimum(np.rint(below * pitch / BIN_HZ).astype(np.int64), last)
    high = np.minimum(np.rint((below + 1) * pitch / BIN_HZ).astype(np.int64), last)
    drawn: Curves = np.take_along_axis(level, low, 0) * (1 - part) + np.take_along_axis(level, high, 0) * part
    return drawn
