"""The last card: the channel's mark, its name, what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.timeline import Enter


def _mark(canvas: Canvas, cx: float, cy: float, radius: float) -> None:
    palette = canvas.palette
    canvas.shape(shapes.ring(radius + 26, 8), cx, cy, palette.accent2, at=0.1, enter=Enter.POP)
    canvas.shape(shapes.circle(radius), cx, cy, palette.accent, enter=Enter.POP)
    side = radius * 1.25
    canvas.headline(
        canvas.mark,
        Box(cx - side / 2, cy - side / 2, side, side),
        size=radius * 1.1,
        least=30,
        colour=palette.ink_on(palette.accent),
        align="centre",
        valign="middle",
        at=0.08,
        enter=Enter.POP,
        max_lines=1,
    )


def _centre(canvas: Canvas) -> None:
    frame = canvas.frame
    area = frame.centred
    if frame.vertical:
        _mark(canvas, 540, 450, 150)
        _words(canvas, Box(area.x, 680, area.w, 270), "centre", "middle")
        canvas.label(
            canvas.channel_name,
            Box(area.x, 1010, area.w, 70),
            size=62,
            align="centre",
            colour=canvas.palette.accent,
            at=0.5,
        )
    else:
        _mark(canvas, 960, 250, 120)
        _words(canvas, Box(area.x, 430, area.w, 220), "centre", "middle")
        canvas.label(
            canvas.channel_name,
            Box(area.x, 720, area.w, 70),
            size=66,
            align="centre",
            colour=canvas.palette.accent,
            at=0.5,
        )


def _left(canvas: Canvas) -> None:
    frame = canvas.frame
    area = frame.content
    if frame.vertical:
        _mark(canvas, 232, 440, 140)
        took = _words(canvas, Box(area.x, 660, area.w, 330), "left", "top")
    else:
        _mark(canvas, 1500, 450, 220)
        took = _words(canvas, Box(area.x, 240, 1040, 380), "left", "middle")
    canvas.shape(
        shapes.rectangle(150, 10), area.x, took.bottom + 46, canvas.palette.accent, at=0.35, enter=Enter.GROW_RIGHT
    )
    canvas.label(canvas.channel_name, Box(area.x, took.bottom + 90, area.w, 70), size=60, at=0.5, max_lines=1)


def _panel(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    box = Box(72, 300, 840, 790) if frame.vertical else Box(360, 150, 1200, 640)
    canvas.panel(box, palette.surface, enter=Enter.POP)
    inner = box.inset(60, 60)
    if frame.vertical:
        _mark(canvas, box.cx, box.y + 210, 120)
        _words(canvas, Box(inner.x, box.y + 400, inner.w, 230), "centre", "middle")
    else:
        _mark(canvas, box.cx, box.y + 170, 96)
        _words(canvas, Box(inner.x, box.y + 310, inner.w, 180), "centre", "middle")
    canvas.label(
        canvas.channel_name,
        Box(inner.x, inner.bottom - 60, inner.w, 60),
        size=58,
        align="centre",
        valign="bottom",
        colour=palette.accent,
        at=0.5,
        max_lines=1,
    )


def _words(canvas: Canvas, box: Box, align: str, valign: str) -> Box:
    return canvas.headline(
        headline_of(canvas.script), box, size=130, least=54, align=align, valign=valign, at=0.2, max_lines=3
    )


COMPOSITIONS: Mapping[str, Composition] = {"centre": _centre, "left": _left, "panel": _panel}
