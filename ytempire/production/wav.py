"""Mono 16-bit WAV as bytes: cut and measured without decoding anything (format: RFC 2361, WAVE_FORMAT_PCM)."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

_SAMPLE_BYTES = 2


@dataclass(frozen=True)
class Pcm:
    """Samples of a mono 16-bit recording, little-endian."""

    data: bytes
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.data) / _SAMPLE_BYTES / self.sample_rate_hz

    def cut(self, start_s: float, end_s: float) -> Pcm:
        """The stretch between two times, clamped to the recording."""
        first = max(0, round(start_s * self.sample_rate_hz)) * _SAMPLE_BYTES
        last = max(0, round(end_s * self.sample_rate_hz)) * _SAMPLE_BYTES
        return Pcm(self.data[first:last], self.sample_rate_hz)


def read_wav(data: bytes) -> Pcm:
    """Read a mono 16-bit WAV; raises ValueError or wave.Error for anything else."""
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
