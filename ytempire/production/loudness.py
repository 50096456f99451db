"""How loud speech is heard, and speech made equally loud, so that sentences spoken on different days sit together."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from ytempire.production.wav import Pcm

SPEECH_LUFS = -23.0
"""EBU R128's programme level, as the local voice speaks: no sentence meets the peak limit; the mix raises it."""
PEAK = 0.891
"""-1 dBFS."""
_MOST_GAIN = 4.0
_NOT_HEARD_LU = 0.3
"""A smaller difference is left alone, so that what is level already keeps its bytes."""
_SILENCE_LUFS = -70.0
_OFFSET_LU = 0.691


def levelled(pcm: Pcm) -> Pcm:
    """At SPEECH_LUFS, as long as no peak passes PEAK and nothing is raised by more than 12 dB."""
    samples = pcm.samples
    loudness = loudness_lufs(samples, pcm.sample_rate_hz)
    if loudness <= _SILENCE_LUFS or abs(SPEECH_LUFS - loudness) < _NOT_HEARD_LU:
        return pcm
    wanted = 10 ** ((SPEECH_LUFS - loudness) / 20)
    peak = float(np.abs(samples).max(initial=1e-9))
    return Pcm.of(samples * np.float32(min(wanted, PEAK / peak, _MOST_GAIN)), pcm.sample_rate_hz)


def loudness_lufs(samples: npt.NDArray[np.float32], sample_rate_hz: int) -> float:
    """Gated loudness after ITU-R BS.1770-4: 400 ms blocks every 100 ms; -70 for silence.

    What is shorter than a block is measured whole.
    """
    if not samples.any():
        return _SILENCE_LUFS
    padded = _easily_transformed(len(samples))
    spectrum = np.fft.rfft(samples, padded) * _k_weighting(padded, sample_rate_hz)
    weighted = np.fft.irfft(spectrum, padded)[: len(samples)]
    step, block = sample_rate_hz // 10, 2 * sample_rate_hz // 5
    starts = range(0, max(1, len(weighted) - block + 1), step)
    blocks = np.array([float((weighted[s : s + block] ** 2).mean()) for s in starts])
    blocks = blocks[blocks > 10 ** ((_SILENCE_LUFS + _OFFSET_LU) / 10)]
    if not len(blocks):
        return _SILENCE_LUFS
    kept = blocks[blocks > blocks.mean() * 0.1]
    return float(10 * np.log10(kept.mean()) - _OFFSET_LU)


def _easily_transformed(samples: int) -> int:
    """A length at most an eighth above, of small prime factors: a long prime one takes ten times as long."""
    step = 1 << max(0, samples.bit_length() - 4)
    return -(-samples // step) * step


@functools.lru_cache(maxsize=16)
def _k_weighting(samples: int, sample_rate_hz: int) -> npt.NDArray[np.complex128]:
    """BS.1770's two filters as their frequency response, from the analogue prototype (any sampling rate)."""
    s = 1j * np.tan(np.pi * np.fft.rfftfreq(samples))
    k = np.tan(np.pi * 1681.974450955533 / sample_rate_hz)
    high, q = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    band = high**0.4996667741545416
    shelf = (high * s * s + band * k / q * s + k * k) / (s * s + k / q * s + k * k)
    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate_hz), 0.5003270373238773
    response: npt.NDArray[np.complex128] = shelf * s * s / (s * s + k / q * s + k * k)
    return response
