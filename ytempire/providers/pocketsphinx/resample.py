"""Any sampling rate to the 16 kHz the acoustic model was trained on."""

import math

import numpy as np
import numpy.typing as npt

MODEL_RATE_HZ = 16_000


def to_model_rate(pcm: npt.NDArray[np.float32], sample_rate_hz: int) -> npt.NDArray[np.float32]:
    """Band-limited resampling of a short window through its spectrum; mono float in, mono float out."""
    if sample_rate_hz == MODEL_RATE_HZ or not len(pcm):
        return pcm
    step = sample_rate_hz // math.gcd(sample_rate_hz, MODEL_RATE_HZ)
    padded = np.pad(pcm, (0, -len(pcm) % (2 * step)))  # so that both lengths are whole and even
    wanted = len(padded) * MODEL_RATE_HZ // sample_rate_hz
    spectrum = np.fft.rfft(padded)
    kept = np.zeros(wanted // 2 + 1, spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    resampled = np.fft.irfft(kept, wanted) * (wanted / len(padded))
    return resampled[: len(pcm) * MODEL_RATE_HZ // sample_rate_hz].astype(np.float32)
