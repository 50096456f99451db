"""A term and what it means."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.timeline import Enter


def _parts(canvas: Canvas) -> tuple[str, str]:
    """The term and its meaning: from the data, from `term: meaning`, or the headline alone."""
    words = headline_of(canvas.script)
    if canvas.script.data:
        term = canvas.script.data[0].label
        meaning = words if words.casefold() != term.casefold() else canvas.script.data[0].unit
        return term, meaning
    term, _, meaning = words.partition(":")
    return term.strip(), meaning.strip()


def _entry(canvas: Canvas) -> None:
    """Like a dictionary's: term, rule, meaning."""
    frame, palette = canvas.frame, canvas.palette
    term, meaning = _parts(canvas)
    if frame.vertical:
        canvas.picture(312, 410, 470)
        top = Box(72, 380, 840, 360) if canvas.picture_less else Box(72, 650, 840, 180)
    else:
        canvas.picture(1500, 450, 520)
        top = Box(120, 200, 1050, 200)
    lines = 3 if canvas.picture_less else 2
    took = canvas.headline(term, top, size=200, least=70, valign="bottom", colour=palette.accent, max_lines=lines)
    canvas.shape(shapes.rectangle(220, 8), top.x, took.bottom + 44, palette.text, at=0.25, enter=Enter.GROW_RIGHT)
    below = Box(top.x, took.bottom + 92, top.w, min(250, frame.content.bottom - took.bottom - 92))
    canvas.label(meaning, below, size=78, least=42, at=0.4, max_lines=4, enter=Enter.RISE)


def _panel(canvas: Canvas) -> None:
    """The term on a tab above a panel."""
    frame, palette = canvas.frame, canvas.palette
    term, meaning = _parts(canvas)
    high = 680 if canvas.picture_less else 490
    box = Box(72, 1080 - high, 840, high) if frame.vertical else Box(120, 300, 1080, 490)
    if frame.vertical:
        canvas.picture(540, 375, 400)
    else:
        canvas.picture(1520, 460, 500)
    canvas.panel(box, palette.surface, enter=Enter.RISE)
    canvas.shape(
        shapes.rectangle(14, box.h - 2 * canvas.radius(box)),
        box.x,
        box.y + canvas.radius(box),
        palette.accent,
        at=0.1,
        enter=Enter.FADE,
    )
    inner = box.inset(70, 64)
    room = Box(inner.x, inner.y, inner.w, 170 if box.h < 600 else 330)
    took = canvas.headline(term, room, size=170, least=64, colour=palette.accent, at=0.1, max_lines=3)
    canvas.label(
        meaning,
        Box(inner.x, took.bottom + 56, inner.w, inner.bottom - took.bottom - 56),
        size=76,
        least=42,
        at=0.35,
        max_lines=4,
        enter=Enter.RISE,
    )


def _centre(canvas: Canvas) -> None:
    """Picture, term, meaning, one under the other."""
    frame, palette = canvas.frame, canvas.palette
    term, meaning = _parts(canvas)
    area = frame.centred
    if frame.vertical:
        canvas.picture(540, 430, 490)
        top = Box(area.x, 420, area.w, 340) if canvas.picture_less else Box(area.x, 700, area.w, 170)
    else:
        canvas.picture(960, 250, 280)
        top = Box(area.x, 440, area.w, 150)
    took = canvas.headline(
        term, top, size=200, least=70, align="centre", valign="bottom", colour=palette.accent, max_lines=3
    )
    canvas.label(
        meaning,
        Box(area.x, took.bottom + 52, area.w, frame.content.bottom - took.bottom - 52),
        size=76,
        least=42,
        align="centre",
        at=0.35,
        max_lines=4,
        enter=Enter.RISE,
    )


COMPOSITIONS: Mapping[str, Composition] = {"entry": _entry, "panel": _panel, "centre": _centre}
