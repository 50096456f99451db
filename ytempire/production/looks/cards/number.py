"""A figure that counts up and lands when it is spoken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of, label_of_figure
from ytempire.production.looks.figures import Figure, figure_of
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import spoken_at
from ytempire.production.looks.palettes import mix
from ytempire.production.timeline import Enter


@dataclass(frozen=True)
class _Count:
    figure: Figure
    label: str
    at: float
    count_s: float


def _count(canvas: Canvas) -> _Count | None:
    figure = figure_of(canvas.script)
    if figure is None:
        return None
    label = label_of_figure(canvas.script)
    heard = spoken_at(figure.shown, canvas.words, after_s=canvas.start_s)
    lands = 1.1 if heard is None else max(0.55, heard - canvas.start_s + 0.25)
    count_s = min(1.6, max(0.45, lands - 0.15))
    return _Count(figure, label, max(0.1, min(lands - count_s, 1.0)), count_s)


def _draw(canvas: Canvas, count: _Count, box: Box, colour: str, align: str, size: float = 420) -> Box:
    return canvas.counter(
        count.figure, box, size=size, colour=colour, align=align, at=count.at, count_s=count.count_s, enter=Enter.FADE
    )


def _centre(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    count = _count(canvas)
    area = frame.centred
    if count is None:
        canvas.headline(headline_of(canvas.script), area, size=180, align="centre", valign="middle")
        return
    if frame.vertical:
        if canvas.art:
            canvas.picture(540, 410, 340)
        box = Box(area.x, 620 if canvas.art else 480, area.w, 290)
    else:
        if canvas.art:
            canvas.picture(960, 230, 250)
        box = Box(area.x, 370 if canvas.art else 230, area.w, 300)
    took = _draw(canvas, count, box, palette.accent, "centre")
    canvas.label(
        count.label,
        Box(area.x, took.bottom + 70, area.w, min(150, area.bottom - took.bottom - 70)),
        size=76,
        least=44,
        align="centre",
        at=0.2,
        max_lines=2,
        enter=Enter.RISE,
    )


def _panel(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    count = _count(canvas)
    if count is None:
        _centre(canvas)
        return
    ink = palette.ink_on(palette.accent)
    box = Box(-40, 560, 980, 530) if frame.vertical else Box(-40, 250, 1240, 520)
    if canvas.art:
        if frame.vertical:
            canvas.picture(660, 395, 400)
        else:
            canvas.picture(1510, 480, 540)
    canvas.shape(shapes.rectangle(box.w, box.h, 0), box.x, box.y, palette.accent, enter=Enter.FROM_LEFT)
    inner = Box(frame.content.x, box.y + 60, box.right - frame.content.x - 60, box.h - 120)
    took = _draw(canvas, count, Box(inner.x, inner.y, inner.w, inner.h * 0.62), ink, "left", 440)
    canvas.label(
        count.label,
        Box(inner.x, took.bottom + 72, inner.w, inner.bottom - took.bottom - 60),
        size=72,
        least=40,
        colour=ink,
        at=0.25,
        max_lines=2,
        enter=Enter.RISE,
    )


def _ring(canvas: Canvas) -> None:
    """A ring around the figure; picture and label below."""
    frame, palette = canvas.frame, canvas.palette
    count = _count(canvas)
    if count is None:
        _centre(canvas)
        return
    radius = 330 if frame.vertical else 320
    cx, cy = (540, 590) if frame.vertical else (520, 460)
    canvas.shape(shapes.circle(radius), cx, cy, mix(palette.background, palette.surface, 0.9), enter=Enter.POP)
    canvas.shape(shapes.ring(radius + 26, 12), cx, cy, palette.accent, at=0.12, enter=Enter.POP)
    _draw(canvas, count, Box(cx - radius * 0.78, cy - 150, radius * 1.56, 300), palette.text, "centre", 300)
    if frame.vertical:
        area = frame.centred
        canvas.label(
            count.label, Box(area.x, 990, area.w, 110), size=60, least=36, align="centre", at=0.3, enter=Enter.RISE
        )
    else:
        canvas.picture(1380, 330, 360)
        canvas.label(
            count.label, Box(940, 580, 860, 200), size=76, least=40, align="left", at=0.3, max_lines=2, enter=Enter.RISE
        )


def _left(canvas: Canvas) -> None:
    """A giant figure on the left edge, a bar under it that grows as it counts."""
    frame, palette = canvas.frame, canvas.palette
    count = _count(canvas)
    if count is None:
        _centre(canvas)
        return
    area = frame.content
    if frame.vertical:
        canvas.picture(800, 440, 440)
        box = Box(area.x, 680, area.w, 250)
    else:
        canvas.picture(1500, 420, 560)
        box = Box(area.x, 260, 1020, 280)
    took = _draw(canvas, count, box, palette.text, "left", 380)
    canvas.shape(
        shapes.rectangle(box.w * 0.62, 14),
        area.x,
        took.bottom + 62,
        palette.accent,
        at=count.at,
        enter=Enter.GROW_RIGHT,
        enter_s=count.count_s,
    )
    canvas.label(
        count.label,
        Box(area.x, took.bottom + 118, box.w, min(130, area.bottom - took.bottom - 118)),
        size=60,
        least=36,
        at=0.25,
        enter=Enter.RISE,
    )


COMPOSITIONS: Mapping[str, Composition] = {"centre": _centre, "panel": _panel, "ring": _ring, "left": _left}
