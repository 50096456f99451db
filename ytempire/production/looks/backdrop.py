"""The still ground behind a scene, painted once per video: soft light and a quiet pattern in the look's manner.

Still on purpose: a frame is then drawn only when something on it changes, which is what makes rendering cheap, and
what moves in front of it is what the viewer should see.
"""

from __future__ import annotations

import io
import random

import numpy as np
from PIL import Image

from ytempire.production.looks.feet import FEET
from ytempire.production.looks.painting import Backdrop, light
from ytempire.production.looks.palettes import Palette, luminance
from ytempire.production.looks.patterns import KINDS

__all__ = ["KINDS", "VERSION", "Backdrop", "paint", "tint_for"]

VERSION = 5
"""Raised whenever the same request paints something else: kept backdrops are then painted anew."""


def paint(backdrop: Backdrop) -> bytes:
    """The backdrop as a JPEG. Raises KeyError for an unknown kind."""
    rng = random.Random(backdrop.seed)
    ground = light(backdrop, rng)
    image = Image.fromarray(ground.clip(0, 255).astype(np.uint8), "RGB")
    KINDS[backdrop.kind](image, backdrop, rng)
    if backdrop.height > backdrop.width:
        FEET[backdrop.kind](image, backdrop, rng)
    noise = np.random.default_rng(backdrop.seed).normal(0, 1.1, (backdrop.height // 2, backdrop.width // 2, 1))
    grain = np.repeat(np.repeat(noise, 2, axis=0), 2, axis=1)[: backdrop.height, : backdrop.width]
    grained = np.asarray(image, dtype=np.float32) + grain
    out = io.BytesIO()
    Image.fromarray(grained.clip(0, 255).astype(np.uint8), "RGB").save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def tint_for(palette: Palette) -> tuple[str, float]:
    """Colour and opacity laid over a photograph so that type on it can be read."""
    return palette.background, 0.52 if luminance(palette.background) < 0.4 else 0.62
