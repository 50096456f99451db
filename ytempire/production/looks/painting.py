"""What all painted grounds share: what is asked for, its light, and how colour is laid on."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ytempire.production.looks.palettes import Palette, mix, rgb

SMALL = 8
"""Soft things are computed at an eighth of the size and scaled up."""
Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Backdrop:
    """What to paint: a kind (see `KINDS`), colours, and a seed for places and angles."""

    kind: str
    palette: Palette
    seed: int
    width: int
    height: int


def light(backdrop: Backdrop, rng: random.Random) -> Pixels:
    """The background's colour with two soft lights and darker edges, computed small and scaled up."""
    palette = backdrop.palette
    w, h = backdrop.width // SMALL, backdrop.height // SMALL
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = x / w, y / h
    flat = backdrop.height / backdrop.width
    base = np.array(rgb(palette.background), dtype=np.float32)
    field = np.broadcast_to(base, (h, w, 3)).copy()
    side = rng.choice((0.05, 0.95))
    strength = 0.62 if palette.dark else 0.75
    lights = (
        (side, rng.uniform(0.02, 0.3), 0.75, mix(palette.surface, palette.accent2, 0.16), strength),
        (1 - side, rng.uniform(0.75, 1.0), 0.65, mix(palette.surface, palette.accent, 0.10), strength * 0.75),
    )
    for cx, cy, reach, colour, share in lights:
        far = np.sqrt((x - cx) ** 2 + ((y - cy) * flat) ** 2) / (reach * max(1.0, flat * 0.75))
        near = (np.clip(1 - far, 0, 1) ** 1.6 * share)[:, :, None]
        field = field * (1 - near) + np.array(rgb(colour), dtype=np.float32) * near
    if palette.dark:
        edge = np.clip(np.sqrt(((x - 0.5) * 1.25) ** 2 + ((y - 0.5) * 1.15) ** 2) - 0.45, 0, 1)[:, :, None]
        field *= 1 - 0.45 * edge
    planes = [
        np.asarray(
            Image.fromarray(field[:, :, c], "F").resize((backdrop.width, backdrop.height), Image.Resampling.BICUBIC)
        )
        for c in range(3)
    ]
    return np.stack(planes, axis=2)


def lay(image: Image.Image, mask: Image.Image, colour: str, opacity: float) -> None:
    """Lay a colour over the image where the mask (L) is white."""
    if mask.size != image.size:
        mask = mask.resize(image.size, Image.Resampling.BILINEAR)
    image.paste(rgb(colour), (0, 0, *image.size), mask.point(lambda value: value * opacity))


def fade(size: tuple[int, int], angle_deg: float) -> Image.Image:
    """A mask that runs from black to white across the frame."""
    w, h = size[0] // SMALL, size[1] // SMALL
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    turn = math.radians(angle_deg)
    along = (x / w - 0.5) * math.cos(turn) + (y / h - 0.5) * math.sin(turn)
    ramp = np.clip((along + 0.5) * 1.2 - 0.15, 0, 1) * 255
    return Image.fromarray(ramp.astype(np.uint8), "L").resize(size, Image.Resampling.BILINEAR)


def ink(palette: Palette) -> str:
    """The colour of patterns: a lighter tone on dark grounds, a darker one on light grounds."""
    return mix(palette.accent2, palette.text, 0.25) if palette.dark else mix(palette.accent2, palette.text, 0.35)
