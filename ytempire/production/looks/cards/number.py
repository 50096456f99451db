"""A figure with its unit and what it counts: one block that stands from the start and lands when it is spoken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.figures import Told, told
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import spoken_at
from ytempire.production.looks.palettes import mix
from ytempire.production.looks.typeface import block_height, cap_height_em, fit, width_px
from ytempire.production.timeline import Enter

_UNIT_SHARE = 0.5
"""A unit beside its number is half as large as the number."""
_NOT_COUNTED = 12
"""Whole numbers up to this one just stand: counting from nought to four only shows three wrong numbers."""


@dataclass(frozen=True)
class _Inks:
    number: str
    unit: str
    words: str


def _count_s(canvas: Canvas, said: Told) -> float:
    """How long it counts: until its number is spoken, but never so long that it bores."""
    heard = spoken_at(said.figure.shown, canvas.words, after_s=canvas.start_s)
    return 1.0 if heard is None else min(1.4, max(0.6, heard - canvas.start_s + 0.2))


def _block(canvas: Canvas, said: Told, box: Box, inks: _Inks, align: str, *, size: float = 420) -> Box:
    """Words before, number with unit, words after, one under the other and as large as the box allows."""
    frame, font = canvas.frame, canvas.look.display
    gap = 34 * frame.unit
    before = _lines(canvas, said.before, box, 66)
    after = _lines(canvas, said.after, box, 76)
    low = 2.0 if "," in said.figure.shown or font.startswith("Fraunces") else 1.45  # what hangs below the line
    if set(said.unit) & set("gjpqy,"):
        low += 0.22 * _UNIT_SHARE * min(box.h, 300.0) / gap  # and below the unit's
    taken = sum(tall + gap * more for (_, _, tall), more in ((before, 1.3), (after, low)) if tall)
    number, unit, beside = _sizes(canvas, said, Box(box.x, box.y, box.w, box.h - taken), size * frame.unit)
    cap = cap_height_em(font)
    tall = number * cap + (0 if beside or not said.unit else gap + unit * cap)
    y = box.cy - (tall + taken) / 2
    top = y
    if before[2]:
        _words(canvas, *before[:2], Box(box.x, y, box.w, before[2]), inks.words, align, at=0.0)
        y += before[2] + gap * 1.3
    wide, unit_wide = width_px(said.figure.shown, font, number), width_px(said.unit, font, unit)
    whole = wide + (number * 0.12 + unit_wide if beside else 0.0)
    left = box.x if align == "left" else box.cx - whole / 2
    counts = said.figure.value > _NOT_COUNTED or said.figure.decimals > 0
    canvas.counter(
        said.figure,
        Box(left, y, wide + 1, number * cap),
        size=number / frame.unit,
        colour=inks.number,
        align="right" if beside else "left" if align == "left" else "centre",
        count_s=_count_s(canvas, said) if counts else 0.0,
        enter=Enter.FADE if counts else canvas.look.enter,
        counts=counts,
        begins=0.5,
    )
    if said.unit:
        place = Box(left + wide + number * 0.12, y, unit_wide + 8, number * cap)
        under = Box(box.x, y + number * cap + gap, box.w, unit * cap)
        canvas.text(
            said.unit,
            place if beside else under,
            font=font,
            size=unit / frame.unit,
            least=10,
            colour=inks.unit,
            align="left" if beside else align,
            valign="bottom" if beside else "top",
            at=0.08,
            max_lines=1,
            stagger=0.0,
        )
    y += tall
    if after[2]:
        y += gap * low
        _words(canvas, *after[:2], Box(box.x, y, box.w, after[2]), inks.words, align, at=0.15)
        y += after[2]
    return Box(left, top, max(whole, unit_wide), y - top)


def _lines(canvas: Canvas, words: str, box: Box, size: float) -> tuple[tuple[str, ...], float, float]:
    """Lines, size and height of the words above or below a number; nothing for none."""
    if not words:
        return (), 0.0, 0.0
    unit = canvas.frame.unit
    lines, px = fit(words, canvas.look.body, box.w, box.h * 0.3, size * unit, canvas.frame.least, max_lines=2)
    return lines, px, block_height(lines, canvas.look.body, px)


def _words(canvas: Canvas, lines: tuple[str, ...], px: float, box: Box, colour: str, align: str, *, at: float) -> None:
    """Lines that were measured already, at that size."""
    canvas.label(
        " ".join(lines),
        replace(box, w=box.w + 1, h=box.h + px),
        size=px / canvas.frame.unit,
        least=10,
        colour=colour,
        align=align,
        at=at,
        max_lines=len(lines),
        enter=Enter.RISE,
    )


def _sizes(canvas: Canvas, said: Told, box: Box, most: float) -> tuple[float, float, bool]:
    """Sizes of number and unit, and whether they share a line."""
    font = canvas.look.display
    cap, gap = cap_height_em(font), 34 * canvas.frame.unit
    number_em, unit_em = width_px(said.figure.shown, font, 1.0), width_px(said.unit, font, 1.0)
    alone = min(most, box.w / number_em, box.h / cap)
    if not said.unit:
        return alone, 0.0, False
    beside = min(most, box.w / (number_em + 0.12 + unit_em * _UNIT_SHARE), box.h / cap)
    number = min(most, box.w / number_em, (box.h - gap) / cap / 1.55)
    unit = min(number * 0.55, box.w / unit_em)
    number = min(number, unit / 0.45)
    if beside >= number * 0.8:
        return beside, beside * _UNIT_SHARE, True
    return number, unit, False


def _centre(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    said = told(canvas.script)
    area = frame.centred
    if said is None:
        canvas.headline(headline_of(canvas.script), area, size=180, align="centre", valign="middle")
        return
    box = area
    if not canvas.picture_less:
        if frame.vertical:
            canvas.picture(540, 400, 470)
            box = Box(area.x, 650, area.w, 450)
        else:
            canvas.picture(960, 225, 270)
            box = Box(area.x, 400, area.w, 410)
    _block(canvas, said, box, _Inks(palette.accent, palette.text, palette.text), "centre", size=560)


def _panel(canvas: Canvas) -> None:
    """All of it on a panel that comes in with it."""
    frame, palette = canvas.frame, canvas.palette
    said = told(canvas.script)
    if said is None:
        _centre(canvas)
        return
    ink = palette.ink_on(palette.accent)
    if canvas.picture_less:
        box = Box(-40, 400, 980, 690) if frame.vertical else Box(-40, 170, 1560, 620)
        shade = mix(palette.background, palette.accent2, 0.30)
        if not canvas.over_photo:
            canvas.shape(shapes.rectangle(box.w, box.h), box.x + 50, box.y - 44, shade, enter=Enter.FROM_LEFT)
    elif frame.vertical:
        box = Box(-40, 600, 980, 500)
        canvas.picture(600, 375, 480)
    else:
        box = Box(-40, 220, 1240, 560)
        canvas.picture(1510, 480, 540)
    canvas.shape(shapes.rectangle(box.w, box.h, 0), box.x, box.y, palette.accent, enter=Enter.FROM_LEFT)
    inner = Box(frame.content.x, box.y + 50, box.right - frame.content.x - 56, box.h - 100)
    _block(canvas, said, inner, _Inks(ink, ink, ink), "left", size=560)


def _ring(canvas: Canvas) -> None:
    """A ring around the figure; what it counts below."""
    frame, palette = canvas.frame, canvas.palette
    said = told(canvas.script)
    if said is None:
        _centre(canvas)
        return
    radius = 330 if frame.vertical else 320
    cx, cy = (540, 610) if frame.vertical else (520, 460)
    canvas.shape(shapes.circle(radius), cx, cy, mix(palette.background, palette.surface, 0.9), enter=Enter.POP)
    canvas.shape(shapes.ring(radius + 26, 12), cx, cy, palette.accent, at=0.12, enter=Enter.POP)
    inner = Box(cx - radius * 0.76, cy - radius * 0.62, radius * 1.52, radius * 1.24)
    _block(canvas, replace(said, after=""), inner, _Inks(palette.text, palette.accent, palette.text), "centre")
    if frame.vertical:
        area = frame.centred
        below = Box(area.x, cy + radius + 62, area.w, area.bottom - cy - radius - 62)
        canvas.label(said.after, below, size=84, least=48, align="centre", valign="middle", at=0.15, enter=Enter.RISE)
    elif canvas.picture_less:
        canvas.label(said.after, Box(960, 250, 840, 420), size=120, least=60, valign="middle", at=0.15, max_lines=3)
    else:
        canvas.picture(1380, 320, 400)
        canvas.label(said.after, Box(960, 590, 840, 200), size=92, least=48, align="centre", at=0.15, enter=Enter.RISE)


def _left(canvas: Canvas) -> None:
    """A giant figure on the left edge, a bar under it that grows as it counts."""
    frame, palette = canvas.frame, canvas.palette
    said = told(canvas.script)
    if said is None:
        _centre(canvas)
        return
    area = frame.content
    if canvas.picture_less:
        box = Box(area.x, 400, area.w, 640) if frame.vertical else Box(area.x, 150, 1500, 580)
    elif frame.vertical:
        canvas.picture(740, 405, 520)
        box = Box(area.x, 660, area.w, 400)
    else:
        canvas.picture(1500, 440, 580)
        box = Box(area.x, 150, 1020, 580)
    took = _block(canvas, said, box, _Inks(palette.text, palette.accent, palette.text), "left", size=600)
    canvas.shape(
        shapes.rectangle(max(took.w, 320 * frame.unit), 16),
        area.x,
        took.bottom + 40 * frame.unit,
        palette.accent,
        at=0.2,
        enter=Enter.GROW_RIGHT,
        enter_s=_count_s(canvas, said),
    )


COMPOSITIONS: Mapping[str, Composition] = {"centre": _centre, "panel": _panel, "ring": _ring, "left": _left}
