"""Captions with the spoken word lit: every word has its own fixed place, so that nothing jumps when one grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ytempire.production.looks import cap_height_em, missing, rectangle, width_em, without_missing
from ytempire.production.model import Cue
from ytempire.production.timeline import CaptionStyle
from ytempire.providers.ffmpeg.ass_writing import alpha, colour, escaped, event, number

_GROWN = 1.06
_SPACE_EM = 0.36
"""Wider than the face's own space: room for the word that grows."""
_LINE_EM = 1.22
_BOX_EM = 1.0
"""How much wider than its letters a box is."""
_OVERHANG_EM = 0.03
"""Ink that reaches beyond a letter's own width, on both sides together, and what rounding to pixels adds."""


def _lines(words: Sequence[str], style: CaptionStyle) -> tuple[list[list[str]], float]:
    """Words in one line or two balanced ones, and a size at which the widest fits."""

    def wide(line: Sequence[str]) -> float:
        return sum(width_em(word, style.font) for word in line) + _SPACE_EM * (len(line) - 1)

    # What stands around the letters, a box or an outline, has to fit as well.
    around = style.size_px * _BOX_EM if style.box_colour else 2 * style.outline_px + style.size_px * _OVERHANG_EM
    room = style.max_width - around
    lines = [list(words)]
    if wide(words) * style.size_px > room and len(words) > 1:
        cuts = range(1, len(words))
        cut = min(cuts, key=lambda at: max(wide(words[:at]), wide(words[at:])))
        lines = [list(words[:cut]), list(words[cut:])]
    widest = max(wide(line) for line in lines) * _GROWN
    return lines, min(style.size_px, room / widest)


def caption_events(cues: Sequence[Cue], style: CaptionStyle, frames: int, fps: int, layer: int) -> Iterator[str]:
    """The events of all cues of a scene; `layer` for the box, `layer + 1` for words, `layer + 2` for the lit one."""
    for cue in cues:
        first, after = max(0, round(cue.start_s * fps)), min(frames, round(cue.end_s * fps))
        words = [(word, text) for word in cue.words if (text := _letters(word.text, style))]
        if after <= first or not words:
            continue
        shown = [text for _, text in words]
        lines, size = _lines(shown, style)
        if style.box_colour:
            yield event(layer, first, after, fps, _box(lines, size, style))
        places = list(_places(lines, size, style))
        for index, (token, (x, y)) in enumerate(zip(shown, places, strict=True)):
            word = words[index][0]
            lit = min(after, max(first, round(word.start_s * fps)))
            follower = words[index + 1][0].start_s if index + 1 < len(words) else cue.end_s
            dark = min(after, max(lit + 1, round(follower * fps)))
            for begin, end, is_lit in ((first, lit, False), (lit, dark, True), (dark, after, False)):
                if end > begin:
                    yield event(layer + 1 + is_lit, begin, end, fps, _word(token, x, y, size, style, lit=is_lit))


def _letters(text: str, style: CaptionStyle) -> str:
    """A word as it is shown: in the style's case, without what its face can't draw."""
    kept = without_missing(text, style.font) if missing(text, style.font) else text
    return kept.upper() if style.uppercase else kept


def _places(lines: Sequence[Sequence[str]], size: float, style: CaptionStyle) -> Iterator[tuple[float, float]]:
    """Where each word's middle and baseline are."""
    cap = cap_height_em(style.font) * size
    first_base = style.centre_y + cap / 2 - (len(lines) - 1) * size * _LINE_EM / 2
    for row, line in enumerate(lines):
        widths = [width_em(word, style.font) * size for word in line]
        left = style.centre_x - (sum(widths) + _SPACE_EM * size * (len(line) - 1)) / 2
        for width in widths:
            yield left + width / 2, first_base + row * size * _LINE_EM
            left += width + _SPACE_EM * size


def _word(text: str, x: float, y: float, size: float, style: CaptionStyle, *, lit: bool) -> str:
    scale = _GROWN if lit else 1.0
    # The baseline lies 0.2 em above the line's foot; a grown word grows around the middle of its capitals.
    foot = y + 0.2 * size * scale + cap_height_em(style.font) * size * (scale - 1) / 2
    tags = (
        f"\\an2\\pos({number(x)},{number(foot)})\\fn{style.font}\\fs{number(size * scale)}"
        f"\\1c{colour(style.accent if lit else style.colour)}"
    )
    if style.outline_px:
        tags += f"\\bord{number(style.outline_px)}\\3c{colour(style.outline_colour)}"
    return f"{{{tags}}}{escaped(text)}"


def _box(lines: Sequence[Sequence[str]], size: float, style: CaptionStyle) -> str:
    width = max(
        sum(width_em(word, style.font) for word in line) * size + _SPACE_EM * size * (len(line) - 1) for line in lines
    )
    cap = cap_height_em(style.font) * size
    w, h = width + size * _BOX_EM, cap + (len(lines) - 1) * size * _LINE_EM + size * 0.86
    return (
        f"{{\\an7\\pos({number(style.centre_x - w / 2)},{number(style.centre_y - h / 2)})"
        f"\\1c{colour(style.box_colour)}\\1a{alpha(style.box_opacity)}\\p1}}{rectangle(w, h, size * 0.32)}"
    )
