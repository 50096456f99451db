"""What stands at the foot of a Short, below the captions, in the manner of its look."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw

from ytempire.production.looks.painting import Backdrop, lay


def _stripes(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Broad slanted bands bleeding in from a lower corner."""
    w, h = image.size
    left = rng.random() < 0.5
    bands = ((0.80, 0.045, "accent", 0.85), (0.865, 0.09, "accent2", 0.55), (0.985, 0.20, "accent2", 0.28))
    for level, thick, colour, opacity in bands:
        mask = Image.new("L", (w, h), 0)
        near, far = level * h, (level + 0.135) * h
        a, b = (near, far) if left else (far, near)
        ImageDraw.Draw(mask).polygon([(0, a), (w, b), (w, b + thick * h), (0, a + thick * h)], fill=255)
        lay(image, mask, getattr(backdrop.palette, colour), opacity)


def _sunrise(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """A great disc rising from the lower edge, a thin circle around it."""
    w, h = image.size
    x, y = rng.choice((0.24, 0.76)) * w, 1.02 * h
    big = Image.new("L", (w * 2, h * 2), 0)
    r = 0.40 * w * 2
    ImageDraw.Draw(big).ellipse((x * 2 - r, y * 2 - r, x * 2 + r, y * 2 + r), fill=255)
    lay(image, big, backdrop.palette.accent2, 0.60)
    line = Image.new("L", (w * 2, h * 2), 0)
    for further, thick in ((0.06, 6), (0.115, 3)):
        reach = r + further * w * 2
        box = (x * 2 - reach, y * 2 - reach, x * 2 + reach, y * 2 + reach)
        ImageDraw.Draw(line).ellipse(box, outline=255, width=thick)
    lay(image, line, backdrop.palette.accent, 0.8)


def _hills(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Round hills one behind the other."""
    w, h = image.size
    turn = rng.choice((0, 1))
    hills = (
        (0.18, 0.60, 1.11, "accent2", 0.42),
        (0.86, 0.52, 1.09, "accent", 0.60),
        (0.40, 0.44, 1.14, "accent2", 0.85),
    )
    for place, radius, level, colour, opacity in hills:
        mask = Image.new("L", (w * 2, h * 2), 0)
        x, y, r = (abs(turn - place)) * w * 2, level * h * 2, radius * w * 2
        ImageDraw.Draw(mask).ellipse((x - r, y - r * 0.9, x + r, y + r * 0.9), fill=255)
        lay(image, mask, getattr(backdrop.palette, colour), opacity)


def _levels(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Bars of different heights along the lower edge, one of them in the accent."""
    w, h = image.size
    count, start = 13, rng.uniform(0, math.tau)
    step, bright = w / count, rng.randrange(3, 10)
    pen = Image.new("L", (w, h), 0)
    lit = Image.new("L", (w, h), 0)
    for index in range(count):
        high = 0.095 + 0.06 * math.sin(start + index * 0.9) + rng.uniform(0, 0.05)
        box = (int(index * step + 7), int(h * (1 - high)), int((index + 1) * step - 7), h)
        ImageDraw.Draw(lit if index == bright else pen).rounded_rectangle(box, 14, fill=255)
    fade = np.linspace(1.0, 0.35, h // 4)
    ramp = np.concatenate([np.ones(h - len(fade)), fade])[:, None]
    lay(image, Image.fromarray((np.asarray(pen) * ramp).astype(np.uint8), "L"), backdrop.palette.accent2, 0.45)
    lay(image, Image.fromarray((np.asarray(lit) * ramp).astype(np.uint8), "L"), backdrop.palette.accent, 0.9)


FEET: Mapping[str, Callable[[Image.Image, Backdrop, random.Random], None]] = {
    "beams": _stripes,
    "glow": _sunrise,
    "halftone": _stripes,
    "paper": _sunrise,
    "arc": _sunrise,
    "vignette": _hills,
    "blobs": _hills,
    "confetti": _levels,
    "waves": _hills,
    "grid": _levels,
    "dots": _sunrise,
    "scan": _levels,
}
"""What stands at the foot of a Short, below the captions: each look has two, so that a channel's videos differ."""
