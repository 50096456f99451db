"""Measuring type: how wide words are, how they break into lines, and which characters no face has.

The faces are cut so that a size is an em in pixels and every baseline lies 0.8 em below the line's top
(build_fonts.py), hence the only figures needed here are widths and the height of capitals.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

FONTS_DIR = Path(__file__).parent / "fonts"
BASELINE_EM = 0.8
"""Where the baseline lies below a line's top."""
_MEASURED_AT_PX = 1000


@functools.cache
def _face(font: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(font)), _MEASURED_AT_PX)


@functools.cache
def _characters(font: str) -> frozenset[int]:
    with TTFont(font_file(font), lazy=True) as face:
        return frozenset(face.getBestCmap())


@functools.cache
def cap_height_em(font: str) -> float:
    """Height of a capital, in em."""
    with TTFont(font_file(font), lazy=True) as face:
        return float(face["OS/2"].sCapHeight) / float(face["head"].unitsPerEm)


def font_file(font: str) -> Path:
    """The file of a face by its name (`Manrope ExtraBold`). Raises KeyError if there is none."""
    file = FONTS_DIR / f"{font.replace(' ', '')}.ttf"
    if not file.exists():
        raise KeyError(font)
    return file


@functools.lru_cache(maxsize=8192)
def width_em(text: str, font: str) -> float:
    """Width of a line in em, kerning included."""
    return _face(font).getlength(text) / _MEASURED_AT_PX


def width_px(text: str, font: str, size_px: float, letter_spacing_px: float = 0.0) -> float:
    """Width of a line in pixels."""
    return width_em(text, font) * size_px + letter_spacing_px * len(text)


def missing(text: str, font: str) -> list[str]:
    """The characters of a text that a face can't draw, each once, in order; spaces and joiners are no matter."""
    known = _characters(font)
    return list(dict.fromkeys(c for c in text if ord(c) not in known and not _invisible(c)))


def without_missing(text: str, font: str) -> str:
    """The text without what the face can't draw: accents it lacks fall away, pictographs go, spaces close up."""
    known = _characters(font)
    kept: list[str] = []
    for char in text:
        if char.isspace():
            kept.append(" ")
        elif ord(char) in known:
            kept.append(char)
        else:
            kept += [c for c in unicodedata.normalize("NFKD", char) if ord(c) in known]
    return " ".join("".join(kept).split())


def _invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Mn"}


def _balanced(words: Sequence[str], font: str, lines: int) -> tuple[tuple[str, ...], float]:
    """Break words into that many lines so that the widest is as narrow as can be; its width in em."""
    count = len(words)

    @functools.cache
    def best(start: int, left: int) -> tuple[float, float, tuple[int, ...]]:
        if left == 1:
            last = width_em(" ".join(words[start:]), font)
            return last, last * last, (count,)
        options = []
        for end in range(start + 1, count - left + 2):
            here = width_em(" ".join(words[start:end]), font)
            widest, unevenness, breaks = best(end, left - 1)
            options.append((max(here, widest), here * here + unevenness, (end, *breaks)))
        return min(options)

    widest, _, breaks = best(0, lines)
    starts = (0, *breaks[:-1])
    return tuple(" ".join(words[a:b]) for a, b in zip(starts, breaks, strict=True)), widest


def fit(
    text: str,
    font: str,
    box_w: float,
    box_h: float,
    max_size: float,
    min_size: float,
    *,
    line_height: float = 1.16,
    max_lines: int = 6,
) -> tuple[tuple[str, ...], float]:
    """Break a text into balanced lines at the largest size that fits the box.

    Sizes are pixels per em between `min_size` and `max_size`. A text too long even at `min_size` is cut at a word
    and ends with an ellipsis, so nothing ever leaves its box.
    """
    words = text.split()
    if not words:
        return (), max_size
    cap = cap_height_em(font)
    best: tuple[float, tuple[str, ...]] | None = None
    for count in range(1, min(max_lines, len(words)) + 1):
        lines, widest = _balanced(words, font, count)
        tall = cap + 0.22 + (count - 1) * line_height
        size = min(max_size, box_w / widest, box_h / tall)
        if best is None or size > best[0] * 1.04:
            best = (size, lines)
    if best is not None and best[0] >= min_size:
        return best[1], best[0]
    return _cut(words, font, box_w, box_h, min_size, line_height=line_height, max_lines=max_lines)


def _cut(
    words: Sequence[str], font: str, box_w: float, box_h: float, size: float, *, line_height: float, max_lines: int
) -> tuple[tuple[str, ...], float]:
    """As many words as the box holds at this size, then an ellipsis; a word wider than the box is cut itself."""
    room = max(1, min(max_lines, int((box_h / size - cap_height_em(font) - 0.22) / line_height) + 1))
    lines: list[str] = []
    left = [_clipped(word, font, box_w / size) for word in words]
    while left and len(lines) < room:
        line = left.pop(0)
        while left and width_em(f"{line} {left[0]}", font) * size <= box_w:
            line = f"{line} {left.pop(0)}"
        lines.append(line)
    if left:
        last = lines[-1].split()
        while len(last) > 1 and width_em(" ".join(last) + "…", font) * size > box_w:
            last.pop()
        kept = " ".join(last).rstrip(",.;:–-…")
        while len(kept) > 1 and width_em(kept + "…", font) * size > box_w:
            kept = kept[:-1]
        lines[-1] = kept + "…"
    return tuple(lines), size


def _clipped(word: str, font: str, room_em: float) -> str:
    if width_em(word, font) <= room_em:
        return word
    while len(word) > 1 and width_em(word + "…", font) > room_em:
        word = word[:-1]
    return word + "…"


def block_height(lines: Iterable[str], font: str, size_px: float, line_height: float = 1.16) -> float:
    """Height of a block from the first line's capitals to the last baseline."""
    count = len(tuple(lines))
    return size_px * (cap_height_em(font) + max(0, count - 1) * line_height)
