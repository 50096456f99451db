"""How legible the words of a finished thumbnail are, measured on its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ytempire.production.looks import cap_height_em, font_file, width_px
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
Mask = npt.NDArray[np.bool_]
Colours = npt.NDArray[np.int16]


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
    contrast = min(
        (value for value in (contrast_of(picture, text, _rest(texts, text)) for text in texts) if value is not None),
        default=None,
    )
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


def contrast_of(picture: Image.Image, text: Text, others: Sequence[Text] = ()) -> float | None:
    """WCAG contrast of the letters against the tenth of their surroundings that is nearest to them; None: not seen.

    Letters are pixels of the text's colours where the text was set: a picture of the same colour beside it is none.
    `others` are the texts around it, whose letters are no ground.
    """
    box = _box(text, picture.size)
    pixels = np.asarray(picture.crop(box), dtype=np.int16)
    inks = [(one, colour, _letters(pixels, one, colour, box)) for one in (text, *others) for colour in _colours(one)]
    worst: float | None = None
    for one, colour, letters in inks:
        if one is not text or letters.sum() < 40:
            continue
        near, wide = _grown(letters, _LETTERS_PX), _grown(letters, _RING_PX)
        for whose, other, mask in inks:
            if whose is not one or other != colour:
                near = near | _grown(mask, _LETTERS_PX)
        ring = pixels[wide & ~near]
        if not len(ring):
            continue
        on, around = float(_luminance(_rgb(colour)[None, :])[0]), _luminance(ring)
        ratios = (np.maximum(on, around) + 0.05) / (np.minimum(on, around) + 0.05)
        low = float(np.percentile(ratios, 10))
        worst = low if worst is None else min(worst, low)
    return worst


def _colours(text: Text) -> set[str]:
    return {text.colour, *([text.emphasis_colour] if text.emphasis_colour and text.emphasis else [])}


def _letters(pixels: Colours, text: Text, colour: str, box: tuple[int, int, int, int]) -> Mask:
    """Pixels of the colour where the text's letters were set, as the typeface draws them, with room for rounding."""
    found: Mask = np.abs(pixels - _rgb(colour)).sum(axis=2) < _NEAR
    if text.rotation_deg or text.letter_spacing_px:
        return found
    drawn = Image.new("L", (pixels.shape[1], pixels.shape[0]))
    font = ImageFont.truetype(str(font_file(text.font)), text.size_px)
    pen = ImageDraw.Draw(drawn)
    _, tall = _block(text)
    row, column = (text.anchor - 1) // 3, (text.anchor - 1) % 3
    baseline = text.y - (tall, tall / 2, 0.0)[row] + cap_height_em(text.font) * text.size_px
    for index, line in enumerate(text.lines):
        left = text.x - width_px(line, text.font, text.size_px) * column / 2
        at = (left - box[0], baseline + index * text.size_px * text.line_height - box[1])
        pen.text(at, line, fill=255, font=font, anchor="ls")
    return found & _grown(np.asarray(drawn) > 0, max(6, round(0.04 * text.size_px)))


def _grown(mask: Mask, by_px: int) -> Mask:
    image = Image.fromarray((mask * 255).astype(np.uint8))
    while by_px > 0:  # in steps: the filter's cost grows with the square of its size
        step = min(by_px, 3)
        image, by_px = image.filter(ImageFilter.MaxFilter(2 * step + 1)), by_px - step
    return np.asarray(image) > 0


def _rgb(colour: str) -> Colours:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.int16)


def _rest(texts: Sequence[Text], text: Text) -> list[Text]:
    return [other for other in texts if other is not text]


def _luminance(rgb: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """Relative luminance (WCAG 2.2)."""
    share = rgb.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weights = np.array([0.2126, 0.7152, 0.0722])
    return np.asarray(linear @ weights, dtype=np.float64)


def _box(text: Text, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The block of letters with room around it, cut to the picture; a turned text takes its circle."""
    wide, tall = _block(text)
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


def _block(text: Text) -> tuple[float, float]:
    """Width and height of the lines, from the first one's capitals to the last one's baseline."""
    wide = max(width_px(line, text.font, text.size_px, text.letter_spacing_px) for line in text.lines)
    return wide, text.size_px * (cap_height_em(text.font) + text.line_height * (len(text.lines) - 1))
