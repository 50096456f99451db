"""How legible the words of a finished thumbnail are, measured on its pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from ytempire.production.looks import cap_height_em, width_px
from ytempire.production.model import Check
from ytempire.production.timeline import Counter, Scene, Text

LEAST_CONTRAST = 4.5
LEAST_CAPITALS_PX = 7.0
"""Height of a capital when the thumbnail is shown 168×94 pixels large."""
MOST_WORDS = 4
_NEAR = 60
_LETTERS_PX = 3
"""Within this many pixels of a letter its edge is blended; beyond it, up to RING, is what it stands on."""
_RING_PX = 9


def thumbnail_checks(image: Path, scene: Scene) -> list[Check]:
    """Size, words, legibility at 168×94, and contrast of every text against what surrounds its letters."""
    with Image.open(image) as opened:
        size, kind = opened.size, opened.format
        picture = opened.convert("RGB")
    kilobytes = image.stat().st_size / 1000
    drawn = (layer.text if isinstance(layer, Counter) else layer for layer in scene.layers)
    texts = [text for text in drawn if isinstance(text, Text) and text.opacity >= 0.8 and any(text.lines)]
    words = sum(len(line.split()) for text in texts for line in text.lines)
    smallest = min((cap_height_em(text.font) * text.size_px * 94 / size[1] for text in texts), default=0.0)
    contrast = min((value for text in texts if (value := contrast_of(picture, text)) is not None), default=None)
    fits = size == (1280, 720) and kind == "JPEG" and kilobytes < 2000
    return [
        Check("thumbnail", f"{size[0]}×{size[1]} {kind}, {kilobytes:.0f} kB", "1280×720 JPEG below 2,000 kB", fits),
        Check("thumbnail words", str(words), f"1–{MOST_WORDS}", 1 <= words <= MOST_WORDS),
        Check(
            "thumbnail legible at 168×94",
            f"capitals {smallest:.1f} px high",
            f"≥ {LEAST_CAPITALS_PX:.0f} px",
            smallest >= LEAST_CAPITALS_PX,
        ),
        Check(
            "thumbnail contrast",
            "no letters found" if contrast is None else f"{contrast:.1f}",
            f"≥ {LEAST_CONTRAST}",
            contrast is not None and contrast >= LEAST_CONTRAST,
        ),
    ]


def contrast_of(picture: Image.Image, text: Text) -> float | None:
    """WCAG contrast of the letters against the tenth of their surroundings that is nearest to them; None: not seen."""
    box = _box(text, picture.size)
    part = picture.crop(box)
    pixels = np.asarray(part, dtype=np.int16)
    worst: float | None = None
    for colour in {text.colour, *([text.emphasis_colour] if text.emphasis_colour else [])}:
        wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.int16)
        letters = np.abs(pixels - wanted).sum(axis=2) < _NEAR
        if letters.sum() < 40:
            continue
        mask = Image.fromarray((letters * 255).astype(np.uint8))
        near = np.asarray(mask.filter(ImageFilter.MaxFilter(2 * _LETTERS_PX + 1))) > 0
        wide = np.asarray(mask.filter(ImageFilter.MaxFilter(2 * _RING_PX + 1))) > 0
        ring = pixels[wide & ~near]
        if not len(ring):
            continue
        on, around = float(_luminance(wanted[None, :])[0]), _luminance(ring)
        ratios = (np.maximum(on, around) + 0.05) / (np.minimum(on, around) + 0.05)
        low = float(np.percentile(ratios, 10))
        worst = low if worst is None else min(worst, low)
    return worst


def _luminance(rgb: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """Relative luminance (WCAG 2.2)."""
    share = rgb.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weights = np.array([0.2126, 0.7152, 0.0722])
    return np.asarray(linear @ weights, dtype=np.float64)


def _box(text: Text, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The block of letters with room around it, cut to the picture; a turned text takes its circle."""
    wide = max(width_px(line, text.font, text.size_px, text.letter_spacing_px) for line in text.lines)
    tall = text.size_px * (cap_height_em(text.font) + text.line_height * (len(text.lines) - 1))
    row, column = (text.anchor - 1) // 3, (text.anchor - 1) % 3
    left = text.x - wide * column / 2
    top = text.y - (tall, tall / 2, 0.0)[row]
    if text.rotation_deg:
        half = (wide**2 + tall**2) ** 0.5 / 2
        left, top, wide, tall = left + wide / 2 - half, top + tall / 2 - half, 2 * half, 2 * half
    room = 0.3 * text.size_px
    return (
        max(0, int(left - room)),
        max(0, int(top - room)),
        min(size[0], int(left + wide + room)),
        min(size[1], int(top + tall + room)),
    )
