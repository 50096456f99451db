"""Mono 16-bit WAV as bytes: cut and measured without decoding anything (format: RFC 2361, WAVE_FORMAT_PCM)."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_SAMPLE_BYTES = 2
_FULL_SCALE = 32767


@dataclass(frozen=True)
class Pcm:
    """Samples of a mono 16-bit recording, little-endian."""

    data: bytes
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.data) / _SAMPLE_BYTES / self.sample_rate_hz

    @property
    def samples(self) -> npt.NDArray[np.float32]:
        """The samples as numbers in [-1, 1], shape (samples,)."""
        whole = len(self.data) // _SAMPLE_BYTES * _SAMPLE_BYTES
        return np.frombuffer(self.data[:whole], "<i2").astype(np.float32) / np.float32(_FULL_SCALE)

    @classmethod
    def of(cls, samples: npt.NDArray[np.float32], sample_rate_hz: int) -> Pcm:
        """Numbers as samples; what lies outside [-1, 1] is clipped."""
        return cls((np.clip(samples, -1.0, 1.0) * _FULL_SCALE).round().astype("<i2").tobytes(), sample_rate_hz)

    def cut(self, start_s: float, end_s: float) -> Pcm:
        """The stretch between two times, clamped to the recording."""
        first = max(0, round(start_s * self.sample_rate_hz)) * _SAMPLE_BYTES
        last = max(0, round(end_s * self.sample_rate_hz)) * _SAMPLE_BYTES
        return Pcm(self.data[first:last], self.sample_rate_hz)


def read_wav(data: bytes) -> Pcm:
    """Read a mono 16-bit WAV; raises ValueError, EOFError or wave.Error for anything else."""
    with wave.open(io.BytesIO(data)) as file:
        if file.getnchannels() != 1 or file.getsampwidth() != _SAMPLE_BYTES:
            raise ValueError(f"expected mono 16-bit, got {file.getnchannels()} × {file.getsampwidth() * 8} bit")
        return Pcm(file.readframes(file.getnframes()), file.getframerate())


def write_wav(pcm: Pcm) -> bytes:
    """The recording as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(pcm.sample_rate_hz)
        file.writeframes(pcm.data)
    return out.getvalue()
