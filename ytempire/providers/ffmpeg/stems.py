"""Writes what the mix is made of as one raw file: voice, ducking key, effects, three channels of 16 bits.

The file is written where sound is and left empty elsewhere, one sentence in memory at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from ytempire.kit.media_store import MediaStore
from ytempire.production.timeline import Timeline
from ytempire.providers.ffmpeg.effects import effect
from ytempire.providers.ffmpeg.mix import RATE_HZ
from ytempire.providers.ffmpeg.recordings import Block, read_recording

CHANNELS = 3
VOICE, KEY, EFFECTS = range(CHANNELS)
WINDOW = RATE_HZ // 50
BRIDGE_S = 0.45
"""A pause shorter than this does not let the music come up."""
LEAD_S = 0.12
"""How long before a word the music goes down."""


@dataclass(frozen=True)
class Stems:
    """What was written: length, spoken level (RMS of the spoken windows, dBFS; None if nobody speaks), last word."""

    samples: int
    voice_db: float | None
    spoken_until_s: float


def write_stems(target: Path, timeline: Timeline, media: MediaStore) -> Stems:
    """Write the three channels. Raises RenderFailed if a sentence is not mono 16-bit sound."""
    samples = round(timeline.duration_s * RATE_HZ)
    energy, windows, until = 0.0, 0, 0
    with target.open("w+b") as file:
        file.truncate(samples * CHANNELS * 2)
        for start_s, spoken in zip(timeline.starts_s(), timeline.sound.voice, strict=True):
            if spoken is None:
                continue
            voice = read_recording(media.path(spoken.speech), RATE_HZ)
            at = round((start_s + spoken.lead_s) * RATE_HZ)
            voice = voice[: max(0, samples - at)]
            active, square = _activity(voice)
            if not active.any():
                continue
            energy += float(square[active].sum())
            windows += int(active.sum())
            until = max(until, at + (int(np.flatnonzero(active)[-1]) + 1) * WINDOW)
            _add(file, at, voice, VOICE, samples)
            for first, last in _stretches(active):
                begin = max(0, at + first * WINDOW - round(LEAD_S * RATE_HZ))
                length = min(samples, at + last * WINDOW) - begin
                _add(file, begin, np.full(max(0, length), 32767, np.int16), KEY, samples)
        for at_s, name in timeline.sound.effects:
            sound = (effect(name, RATE_HZ) * 32767).astype(np.int16)
            _add(file, round(at_s * RATE_HZ), sound, EFFECTS, samples)
    level = 10 * np.log10(energy / windows) if windows else None
    return Stems(samples, None if level is None else float(level), min(until, samples) / RATE_HZ)


def _activity(voice: Block) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Per 20 ms window: whether somebody speaks (within 30 dB of the loudest), and the mean square."""
    count = len(voice) // WINDOW
    squares = np.empty(count)
    for index in range(count):
        part = voice[index * WINDOW : (index + 1) * WINDOW].astype(np.float64) / 32768
        squares[index] = float(np.mean(part * part))
    loudest = float(squares.max()) if count else 0.0
    return (squares > max(loudest * 1e-3, 1e-8)), squares


def _stretches(active: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Windows [first, last) of speech, short pauses bridged."""
    found: list[tuple[int, int]] = []
    for index in np.flatnonzero(active):
        if found and (index - found[-1][1]) * WINDOW < BRIDGE_S * RATE_HZ:
            found[-1] = (found[-1][0], int(index) + 1)
        else:
            found.append((int(index), int(index) + 1))
    return found


def _add(file: BinaryIO, at: int, sound: Block, channel: int, samples: int) -> None:
    """Add to one channel, clipped at full scale and at the end."""
    sound = sound[: max(0, samples - at)]
    if at < 0 or not len(sound):
        return
    place = at * CHANNELS * 2
    file.seek(place)
    block = np.frombuffer(file.read(len(sound) * CHANNELS * 2), dtype="<i2").reshape(-1, CHANNELS).copy()
    summed = block[:, channel].astype(np.int32) + sound
    block[:, channel] = np.clip(summed, -32768, 32767).astype(np.int16)
    file.seek(place)
    file.write(block.tobytes())
