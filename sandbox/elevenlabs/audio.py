"""Samples into the output formats of the vendor: PCM and WAV by numpy, MP3 by ffmpeg."""

import io
import subprocess
import wave
from typing import Final

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

FORMATS: Final = frozenset(
    [f"pcm_{rate}" for rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)]
    + [f"wav_{rate}" for rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)]
    + ["mp3_22050_32", "mp3_24000_48"]
    + [f"mp3_44100_{kbit}" for kbit in (32, 64, 96, 128, 192)]
)
CONTENT_TYPES: Final = {"pcm": "audio/pcm", "wav": "audio/wav", "mp3": "audio/mpeg"}


def encode(pcm: npt.NDArray[np.float32], rate_hz: int, output_format: str) -> bytes:
    """Audio bytes in a format of FORMATS, mono; `pcm` is float32 in [-1, 1]."""
    kind, rate, *rest = output_format.split("_")
    if kind == "mp3":
        return _mp3(_sixteen_bit(pcm), rate_hz, int(rate), int(rest[0]))
    raw = _sixteen_bit(_resampled(pcm, rate_hz, int(rate)))
    if kind == "pcm":
        return raw
    whole = io.BytesIO()
    with wave.open(whole, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(int(rate))
        out.writeframes(raw)
    return whole.getvalue()


def _sixteen_bit(pcm: npt.NDArray[np.float32]) -> bytes:
    scaled: npt.NDArray[np.int16] = np.clip(pcm * 32767.0, -32768, 32767).astype("<i2")
    return scaled.tobytes()


def _resampled(pcm: npt.NDArray[np.float32], have_hz: int, want_hz: int) -> npt.NDArray[np.float32]:
    if have_hz == want_hz:
        return pcm
    wanted = np.arange(round(len(pcm) * want_hz / have_hz)) * (have_hz / want_hz)
    made: npt.NDArray[np.float32] = np.interp(wanted, np.arange(len(pcm)), pcm).astype(np.float32)
    return made


def _mp3(raw: bytes, have_hz: int, want_hz: int, kbit: int) -> bytes:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    done = subprocess.run(
        [
            ffmpeg,
            "-v",
            "error",
            "-f",
            "s16le",
            "-ar",
            str(have_hz),
            "-ac",
            "1",
            "-i",
            "pipe:0",
            "-ar",
            str(want_hz),
            "-b:a",
            f"{kbit}k",
            "-f",
            "mp3",
            "pipe:1",
        ],
        input=raw,
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout
