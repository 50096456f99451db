"""What is done to a sentence's samples: silence cut to a known length, even loudness, clean joins."""

import functools

import numpy as np
import numpy.typing as npt

from localvoice.model import SAMPLE_RATE_HZ, Pcm

LEAD_S = 0.06
"""Silence kept before the first sound."""
TAIL_S = 0.12
"""Silence kept after the last sound."""
LOUDNESS_LUFS = -23.0
"""EBU R128's programme level: low enough that no sentence meets PEAK; the mix raises it."""
PEAK = 0.891
"""-1 dBFS."""
_MOST_GAIN = 4.0
_FRAME = 240
_FLOOR_DB = -48.0
_PAUSE_DB = -36.0
_FADE = 120
_HUM_HZ = (80.0, 1000.0)
_HUM_DB = -20.0


def sounding(pcm: Pcm) -> tuple[int, int]:
    """First and one-past-last sample that is heard: 10 ms frames within 48 dB of the loudest."""
    frames = len(pcm) // _FRAME
    if not frames:
        return 0, len(pcm)
    energy = (pcm[: frames * _FRAME].reshape(frames, _FRAME) ** 2).mean(axis=1)
    heard = np.flatnonzero(energy > energy.max() * 10 ** (_FLOOR_DB / 10))
    return (int(heard[0]) * _FRAME, min(len(pcm), (int(heard[-1]) + 1) * _FRAME)) if len(heard) else (0, len(pcm))


def hugged(pcm: Pcm, start_s: float, end_s: float) -> tuple[float, float]:
    """The span without the quiet at its ends: beside a pause, the model's own times reach into it.

    Never shorter than half of the span: a soft consonant is not a pause.
    """
    start_s, end_s = max(0.0, start_s), min(len(pcm) / SAMPLE_RATE_HZ, end_s)
    first, last = int(start_s * SAMPLE_RATE_HZ) // _FRAME, int(end_s * SAMPLE_RATE_HZ) // _FRAME
    if last <= first:
        return start_s, max(start_s, end_s)
    energy = (pcm[first * _FRAME : last * _FRAME].reshape(-1, _FRAME) ** 2).mean(axis=1)
    heard = np.flatnonzero(energy > float((pcm**2).max()) * 10 ** (_PAUSE_DB / 10))
    if not len(heard):
        return start_s, end_s
    middle = (start_s + end_s) / 2
    quiet_before, quiet_after = int(heard[0]), len(energy) - 1 - int(heard[-1])
    return (
        min(middle, start_s + quiet_before * _FRAME / SAMPLE_RATE_HZ),
        max(middle, end_s - quiet_after * _FRAME / SAMPLE_RATE_HZ),
    )


def hummed(pcm: Pcm) -> npt.NDArray[np.bool_]:
    """Whether the vocal folds sound, for each 10 ms frame: low sound within 20 dB of the sentence's strongest."""
    frames = len(pcm) // _FRAME
    if not frames:
        return np.zeros(0, np.bool_)
    padded = np.pad(pcm[: frames * _FRAME], _FRAME // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _FRAME)[::_FRAME] * np.hanning(2 * _FRAME)
    low = [round(hz * 2 * _FRAME / SAMPLE_RATE_HZ) for hz in _HUM_HZ]
    energy = (np.abs(np.fft.rfft(windows)[:, low[0] : low[1] + 1]) ** 2).sum(axis=1)
    return np.asarray(energy > energy.max() * 10 ** (_HUM_DB / 10))


def hum_ends(hum: npt.NDArray[np.bool_], start_s: float, earliest_s: float) -> float:
    """Where the hum before `start_s` ends: back over the frames without one, not beyond `earliest_s`."""
    frame_s = _FRAME / SAMPLE_RATE_HZ
    at, first = min(len(hum), round(start_s / frame_s)), max(0, round(earliest_s / frame_s))
    while at > first and not hum[at - 1]:
        at -= 1
    return min(start_s, at * frame_s)


def trimmed(pcm: Pcm) -> tuple[Pcm, float]:
    """The sentence with LEAD_S and TAIL_S of quiet around it; and how many seconds were cut in front."""
    start, end = sounding(pcm)
    before, after = round(LEAD_S * SAMPLE_RATE_HZ), round(TAIL_S * SAMPLE_RATE_HZ)
    first, last = max(0, start - before), min(len(pcm), end + after)
    body = pcm[first:last].copy()
    fade = np.linspace(0.0, 1.0, min(_FADE, len(body)), dtype=np.float32)
    body[: len(fade)] *= fade
    body[len(body) - len(fade) :] *= fade[::-1]
    missing_before, missing_after = before - (start - first), after - (last - end)
    return np.pad(body, (missing_before, missing_after)), (start - before) / SAMPLE_RATE_HZ


def levelled(pcm: Pcm) -> Pcm:
    """At LOUDNESS_LUFS, as long as no peak passes PEAK and nothing is raised by more than 12 dB."""
    wanted = 10 ** ((LOUDNESS_LUFS - loudness_lufs(pcm)) / 20)
    peak = float(np.abs(pcm).max(initial=1e-9))
    return (pcm * np.float32(min(wanted, PEAK / peak, _MOST_GAIN))).astype(np.float32)


def loudness_lufs(pcm: Pcm) -> float:
    """Gated loudness after ITU-R BS.1770-4, on the sentence's own 100 ms steps."""
    power = np.abs(np.fft.rfft(pcm)) if len(pcm) else np.zeros(1)
    if not power.any():
        return -70.0
    weighted = np.fft.irfft(np.fft.rfft(pcm) * _k_weighting(len(pcm)), len(pcm))
    step, block = SAMPLE_RATE_HZ // 10, 2 * SAMPLE_RATE_HZ // 5
    starts = range(0, max(1, len(weighted) - block + 1), step)
    blocks = np.array([float((weighted[s : s + block] ** 2).mean()) for s in starts])
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(blocks):
        return -70.0
    kept = blocks[blocks > blocks.mean() * 0.1]
    return float(-0.691 + 10 * np.log10(kept.mean()))


@functools.lru_cache(maxsize=4)
def _k_weighting(samples: int) -> npt.NDArray[np.complex128]:
    """BS.1770's two filters as their frequency response, from the analogue prototype (any sampling rate)."""
    s = 1j * np.tan(np.pi * np.fft.rfftfreq(samples))
    k = np.tan(np.pi * 1681.974450955533 / SAMPLE_RATE_HZ)
    high, q = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    band = high**0.4996667741545416
    shelf = (high * s * s + band * k / q * s + k * k) / (s * s + k / q * s + k * k)
    k, q = np.tan(np.pi * 38.13547087602444 / SAMPLE_RATE_HZ), 0.5003270373238773
    response: npt.NDArray[np.complex128] = shelf * s * s / (s * s + k / q * s + k * k)
    return response
