"""Short soft sounds for cards, computed here: no file, no licence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ytempire.kit.errors import BadInput

Sound = npt.NDArray[np.float32]


def effect(name: str, rate_hz: int) -> Sound:
    """A mono sound, full scale 1.0. Raises BadInput for a name that is not `whoosh` or `tick`."""
    if name == "whoosh":
        return _whoosh(rate_hz)
    if name == "tick":
        return _tick(rate_hz)
    raise BadInput(f"there is no effect {name!r}", field="sound.effects", fix="Use whoosh or tick.")


def _whoosh(rate_hz: int) -> Sound:
    """Noise through a band that rises and falls, 0.42 s, loudest after two thirds."""
    count = int(0.42 * rate_hz)
    at = np.linspace(0.0, 1.0, count, dtype=np.float32)
    noise = np.random.default_rng(7).standard_normal(count).astype(np.float32)
    centre_hz = 350 + 1500 * np.sin(np.pi * at**1.4)
    out = np.zeros(count, dtype=np.float32)
    low = band = 0.0
    for index in range(count):  # a state-variable filter (Chamberlin), because its centre moves
        cut = 2 * np.sin(np.pi * centre_hz[index] / rate_hz)
        low += cut * band
        high = noise[index] - low - 0.9 * band
        band += cut * high
        out[index] = band
    shape = np.sin(np.pi * at**1.6) ** 2
    return np.asarray(0.06 * out / (np.abs(out).max() or 1.0) * shape, dtype=np.float32)


def _tick(rate_hz: int) -> Sound:
    """A muted wooden tick, 60 ms."""
    at = np.arange(int(0.06 * rate_hz), dtype=np.float32) / rate_hz
    body = np.sin(2 * np.pi * 1150 * at) * np.exp(-at * 95) + 0.5 * np.sin(2 * np.pi * 2300 * at) * np.exp(-at * 160)
    return np.asarray(0.05 * body * np.minimum(1.0, at / 0.0015), dtype=np.float32)
