"""A list whose lines come in as they are spoken."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, capital, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import entrances
from ytempire.production.looks.palettes import mix
from ytempire.production.timeline import Enter

_MOST = 5


def _items(canvas: Canvas) -> list[tuple[str, float]]:
    """The lines and when each comes in; parts of the headline if there is no data."""
    labels = [datum.label for datum in canvas.script.data if datum.label.strip()][:_MOST]
    if not labels:
        labels = [
            part.strip() for part in headline_of(canvas.script).replace(" and ", ", ").split(",") if part.strip()
        ][:_MOST]
    words = tuple(word for word in canvas.words if word.start_s >= canvas.start_s)
    last = max(0.6, canvas.end_s - canvas.start_s - 0.9)
    times = entrances(labels, words, first_s=canvas.start_s + 0.3, last_s=canvas.start_s + last)
    return [(capital(label), max(0.15, at - canvas.start_s)) for label, at in zip(labels, times, strict=True)]


def _field(canvas: Canvas, count: int) -> tuple[Box, list[Box]]:
    """The title's box and one row per line."""
    frame = canvas.frame
    area = frame.content
    tall = 236 if frame.vertical else 140
    if canvas.script.data:
        title = Box(area.x, area.y + 10, canvas.emblem(area), tall)
    else:
        title = Box(area.x, area.y, area.w, 0)
    field = Box(area.x, title.bottom + 60, area.w, area.bottom - title.bottom - 60)
    row = min(field.h / max(count, 1) - 24, 200 * frame.unit)
    return title, [Box(field.x, field.y + index * (row + 24), field.w, row) for index in range(count)]


def _title(canvas: Canvas, box: Box) -> None:
    if box.h:
        canvas.headline(headline_of(canvas.script), box, size=120, least=50, max_lines=2, valign="middle")


def _numbered(canvas: Canvas) -> None:
    """Large figures before each line."""
    items = _items(canvas)
    title, rows = _field(canvas, len(items))
    _title(canvas, title)
    waiting = mix(canvas.palette.background, canvas.palette.surface, 0.75)
    for index, ((label, at), row) in enumerate(zip(items, rows, strict=True)):
        side = min(row.h, 140 * canvas.frame.unit)
        colour = canvas.palette.accent
        disc = Box(row.x, row.cy - side / 2, side, side)
        canvas.panel(disc, waiting, at=0.1 + 0.06 * index, enter=Enter.POP)
        canvas.panel(disc, colour, at=at, enter=Enter.POP)
        canvas.headline(
            str(index + 1),
            disc.inset(side * 0.2),
            size=100,
            least=44,
            colour=canvas.palette.ink_on(colour),
            align="centre",
            valign="middle",
            at=at + 0.05,
            enter=Enter.FADE,
        )
        canvas.label(
            label,
            Box(disc.right + 40, row.y, row.right - disc.right - 40, row.h),
            size=104,
            least=48,
            valign="middle",
            at=at + 0.08,
            enter=Enter.FROM_LEFT,
        )


def _checked(canvas: Canvas) -> None:
    """Ticks before each line, a rule between."""
    items = _items(canvas)
    title, rows = _field(canvas, len(items))
    _title(canvas, title)
    waiting = mix(canvas.palette.background, canvas.palette.surface, 0.75)
    for index, ((label, at), row) in enumerate(zip(items, rows, strict=True)):
        side = 88 * canvas.frame.unit
        canvas.panel(Box(row.x + 4, row.cy - side / 2, side, side), waiting, at=0.1 + 0.06 * index, enter=Enter.POP)
        canvas.shape(
            shapes.check(side, side * 0.26), row.x + side / 2 + 4, row.cy, canvas.palette.accent, at=at, enter=Enter.POP
        )
        canvas.label(
            label,
            Box(row.x + side + 44, row.y, row.w - side - 44, row.h),
            size=104,
            least=48,
            valign="middle",
            at=at + 0.08,
            enter=Enter.RISE,
        )
        if index + 1 < len(rows):
            canvas.shape(
                shapes.rectangle(row.w, 3),
                row.x,
                row.bottom + 10,
                canvas.palette.accent2,
                at=at,
                opacity=0.55,
                enter=Enter.GROW_RIGHT,
                enter_s=0.4,
            )


def _cards(canvas: Canvas) -> None:
    """A panel per line, coming from alternate sides."""
    items = _items(canvas)
    title, rows = _field(canvas, len(items))
    _title(canvas, title)
    waiting = mix(canvas.palette.background, canvas.palette.surface, 0.75)
    for index, ((label, at), row) in enumerate(zip(items, rows, strict=True)):
        first = index == 0
        canvas.panel(row, waiting, at=0.1 + 0.06 * index, enter=Enter.FADE)
        colour = canvas.palette.accent if first else canvas.palette.surface
        canvas.panel(row, colour, at=at, enter=Enter.FROM_LEFT if index % 2 == 0 else Enter.FROM_RIGHT)
        canvas.label(
            label,
            row.inset(44, 14),
            size=104,
            least=48,
            colour=canvas.palette.ink_on(colour),
            valign="middle",
            at=at + 0.1,
        )


COMPOSITIONS: Mapping[str, Composition] = {"numbered": _numbered, "checked": _checked, "cards": _cards}
