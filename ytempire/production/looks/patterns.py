"""The quiet patterns of painted grounds, three for each look."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw

from ytempire.production.looks.painting import Backdrop, fade, ink, lay
from ytempire.production.looks.palettes import mix, rgb


def _beams(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Rays from beyond a corner."""
    w, h = image.size
    mask = Image.new("L", (w // 2, h // 2), 0)
    draw = ImageDraw.Draw(mask)
    cx, cy = rng.choice((-0.1, 1.1)) * w / 2, rng.uniform(0.75, 1.1) * h / 2
    count, reach = 22, (w + h)
    first = rng.uniform(0, math.tau)
    for index in range(0, count, 2):
        a, b = (first + math.tau * (index + d) / count for d in (0.0, 0.86))
        draw.polygon(
            [
                (cx, cy),
                (cx + math.cos(a) * reach, cy + math.sin(a) * reach),
                (cx + math.cos(b) * reach, cy + math.sin(b) * reach),
            ],
            fill=255,
        )
    lay(image, mask, backdrop.palette.accent2, 0.09 if backdrop.palette.dark else 0.10)


def _glow(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Two hard-edged quarter discs of light at opposite corners."""
    w, h = image.size
    mask = Image.new("L", (w // 2, h // 2), 0)
    draw = ImageDraw.Draw(mask)
    left = rng.random() < 0.5
    for step, radius in enumerate((0.62, 0.46, 0.30)):
        r = radius * min(w, h) / 2 * 1.3
        x, y = (0.0 if left else w / 2), h / 2 * 0.06
        draw.ellipse((x - r, y - r, x + r, y + r), fill=70 + step * 60)
        x, y = (w / 2 if left else 0.0), h / 2 * 0.97
        draw.ellipse((x - r, y - r, x + r, y + r), fill=50 + step * 40)
    lay(image, mask, backdrop.palette.accent2, 0.16)


def _halftone(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Dots that grow towards a corner."""
    w, h = image.size
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    gap = 44
    cx, cy = rng.choice((0, w)), rng.choice((0, h))
    reach = math.hypot(w, h) * 0.62
    for row in range(h // gap + 2):
        for column in range(w // gap + 2):
            x, y = column * gap + (row % 2) * gap / 2, row * gap
            r = gap * 0.46 * max(0.0, 1 - math.hypot(x - cx, y - cy) / reach)
            if r > 1.2:
                draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    lay(image, mask, backdrop.palette.accent2, 0.15)


def _paper(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Laid paper: fibres, a large pale disc, a thin rule at the edge."""
    w, h = image.size
    seeded = np.random.default_rng(backdrop.seed)
    fibres = seeded.normal(128, 40, (h // 3, w // 12)).clip(0, 255).astype(np.uint8)
    mask = Image.fromarray(fibres, "L").resize((w, h), Image.Resampling.BICUBIC)
    lay(image, mask, backdrop.palette.text, 0.05)
    disc = Image.new("L", (w // 2, h // 2), 0)
    r = min(w, h) * rng.uniform(0.26, 0.34)
    x, y = rng.choice((0.1, 0.9)) * w / 2, rng.uniform(0.2, 0.85) * h / 2
    ImageDraw.Draw(disc).ellipse((x - r, y - r, x + r, y + r), fill=255)
    lay(image, disc, mix(backdrop.palette.accent2, backdrop.palette.background, 0.3), 0.13)
    ImageDraw.Draw(image).rectangle(
        (30, 30, w - 31, h - 31), outline=rgb(mix(backdrop.palette.background, backdrop.palette.text, 0.28)), width=2
    )


def _arc(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Thin circles around a point beyond an edge."""
    w, h = image.size
    mask = Image.new("L", (w * 2, h * 2), 0)
    draw = ImageDraw.Draw(mask)
    x, y = rng.choice((-0.05, 1.05)) * w * 2, rng.uniform(0.1, 0.9) * h * 2
    for step in range(14):
        r = 160 + step * 150
        draw.ellipse((x - r, y - r, x + r, y + r), outline=255, width=4)
    lay(image, mask, ink(backdrop.palette), 0.26)


def _vignette(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """A broad band of another tone and a rule beside it."""
    w, h = image.size
    draw = ImageDraw.Draw(image)
    tone = rgb(mix(backdrop.palette.background, backdrop.palette.accent2, 0.12))
    rule = rgb(mix(backdrop.palette.background, backdrop.palette.accent, 0.5))
    if rng.random() < 0.5:
        draw.rectangle((0, 0, int(w * 0.045), h), fill=tone)
        draw.rectangle((int(w * 0.045) + 8, 0, int(w * 0.045) + 11, h), fill=rule)
    else:
        draw.rectangle((0, int(h * 0.955), w, h), fill=tone)
        draw.rectangle((0, int(h * 0.955) - 11, w, int(h * 0.955) - 8), fill=rule)


def _blobs(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Large soft forms at the edges."""
    w, h = image.size
    places = [(0.0, 0.08), (1.0, 0.3), (0.02, 0.93), (1.0, 0.98)]
    for index, (px, py) in enumerate(places):
        mask = Image.new("L", (w // 2, h // 2), 0)
        r = min(w, h) * rng.uniform(0.13, 0.24)
        knots = [rng.uniform(0.78, 1.22) for _ in range(5)]
        outline = []
        for step in range(90):
            turn = math.tau * step / 90
            where = turn / math.tau * 5
            a, b = knots[int(where) % 5], knots[(int(where) + 1) % 5]
            soft = (1 - math.cos((where % 1) * math.pi)) / 2
            reach = r * (a + (b - a) * soft)
            outline.append((px * w / 2 + math.cos(turn) * reach, py * h / 2 + math.sin(turn) * reach))
        ImageDraw.Draw(mask).polygon(outline, fill=255)
        colour = backdrop.palette.accent2 if index % 2 else backdrop.palette.accent
        lay(image, mask, colour, 0.20 if backdrop.palette.dark else 0.24)


def _confetti(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Small bright pieces along the edges, none where words stand."""
    w, h = image.size
    draw = ImageDraw.Draw(image)
    colours = [mix(c, backdrop.palette.background, 0.35) for c in (backdrop.palette.accent, backdrop.palette.accent2)]
    for _ in range(46):
        near_top = rng.random() < 0.5
        y = rng.uniform(0, 0.11) * h if near_top else rng.uniform(0.79, 1.0) * h
        x = rng.uniform(0, w)
        r = rng.uniform(7, 20)
        colour = rgb(rng.choice(colours))
        if rng.random() < 0.5:
            draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        else:
            turn = rng.uniform(0, math.pi)
            corners = [
                (x + math.cos(turn + q) * r * 1.3, y + math.sin(turn + q) * r * 0.8) for q in (0.5, 2.64, 3.64, 5.78)
            ]
            draw.polygon(corners, fill=colour)


def _waves(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Waves along the foot."""
    w, h = image.size
    for step in range(3):
        mask = Image.new("L", (w // 2, h // 2), 0)
        level = h / 2 * (0.80 + step * 0.065)
        start, length = rng.uniform(0, math.tau), rng.uniform(0.8, 1.3)
        crest = [
            (x, level + math.sin(start + x / (w / 2) * math.tau * length) * h * 0.013) for x in range(0, w // 2 + 8, 8)
        ]
        ImageDraw.Draw(mask).polygon([*crest, (w / 2, h / 2), (0, h / 2)], fill=255)
        lay(image, mask, backdrop.palette.accent2 if step % 2 == 0 else backdrop.palette.accent, 0.17)


def _grid(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Fine squares that fade out, every fifth line stronger."""
    w, h = image.size
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    gap = 54
    for index, x in enumerate(range(0, w, gap)):
        draw.rectangle((x, 0, x + 1, h), fill=255 if index % 5 == 0 else 120)
    for index, y in enumerate(range(0, h, gap)):
        draw.rectangle((0, y, w, y + 1), fill=255 if index % 5 == 0 else 120)
    faded = Image.composite(mask, Image.new("L", (w, h), 0), fade((w, h), rng.choice((60.0, 120.0, 240.0, 300.0))))
    lay(image, faded, ink(backdrop.palette), 0.30)


def _dots(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """A grid of dots that fades out."""
    w, h = image.size
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    gap = 48
    for y in range(gap // 2, h, gap):
        for x in range(gap // 2, w, gap):
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=255)
    faded = Image.composite(mask, Image.new("L", (w, h), 0), fade((w, h), rng.choice((45.0, 135.0, 225.0, 315.0))))
    lay(image, faded, ink(backdrop.palette), 0.48)


def _scan(image: Image.Image, backdrop: Backdrop, rng: random.Random) -> None:
    """Slanted fine lines on one side and small crosses."""
    w, h = image.size
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    for start in range(-h, w, 26):
        draw.line((start, h, start + h, 0), fill=255, width=2)
    faded = Image.composite(mask, Image.new("L", (w, h), 0), fade((w, h), rng.choice((0.0, 180.0))))
    lay(image, faded, ink(backdrop.palette), 0.16)
    colour = rgb(mix(backdrop.palette.background, backdrop.palette.accent, 0.55))
    pen = ImageDraw.Draw(image)
    for x in (48, w - 48):
        for y in (int(h * 0.10), int(h * 0.80)):
            pen.line((x - 14, y, x + 14, y), fill=colour, width=3)
            pen.line((x, y - 14, x, y + 14), fill=colour, width=3)


KINDS: Mapping[str, Callable[[Image.Image, Backdrop, random.Random], None]] = {
    "beams": _beams,
    "glow": _glow,
    "halftone": _halftone,
    "paper": _paper,
    "arc": _arc,
    "vignette": _vignette,
    "blobs": _blobs,
    "confetti": _confetti,
    "waves": _waves,
    "grid": _grid,
    "dots": _dots,
    "scan": _scan,
}
