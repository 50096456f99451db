"""Events in their order, each when it is told."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, capital, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import entrances
from ytempire.production.timeline import Enter

_MOST = 4


def _events(canvas: Canvas) -> list[tuple[str, str, float]]:
    """(when, what, entrance) of each event; a datum's value is its year, else a label `1969: …` is parted."""
    parts: list[tuple[str, str]] = []
    for datum in canvas.script.data[:_MOST]:
        if datum.value is not None:
            parts.append((f"{datum.value:.0f}{f' {datum.unit}' if datum.unit else ''}", datum.label))
        else:
            when, found, what = datum.label.partition(":")
            parts.append((when.strip(), what.strip()) if found else ("", datum.label))
    if not parts:
        parts = [("", headline_of(canvas.script))]
    words = tuple(word for word in canvas.words if word.start_s >= canvas.start_s)
    last = max(0.6, canvas.end_s - canvas.start_s - 0.9)
    times = entrances(
        [f"{when} {what}".strip() for when, what in parts],
        words,
        first_s=canvas.start_s + 0.25,
        last_s=canvas.start_s + last,
    )
    return [
        (when, capital(what), max(0.15, at - canvas.start_s)) for (when, what), at in zip(parts, times, strict=True)
    ]


def _title(canvas: Canvas, tall: float) -> Box:
    area = canvas.frame.content
    if canvas.script.data:
        box = Box(area.x, area.y + 10, canvas.emblem(area), tall)
        canvas.headline(headline_of(canvas.script), box, size=120, least=50, max_lines=2, valign="middle")
        return Box(area.x, box.y, area.w, tall)
    return Box(area.x, area.y, area.w, 0)


def _road(canvas: Canvas) -> None:
    """A line across a wide frame, an event at each dot."""
    frame, palette = canvas.frame, canvas.palette
    events = _events(canvas)
    title = _title(canvas, 130)
    columns = Box(title.x, title.bottom + 60, title.w, frame.content.bottom - title.bottom - 60).columns(
        len(events), 48
    )
    y = columns[0].y + columns[0].h * 0.46
    canvas.shape(
        shapes.rectangle(frame.width - columns[0].x, 8),
        columns[0].x,
        y - 4,
        palette.accent2,
        at=0.1,
        enter=Enter.GROW_RIGHT,
        enter_s=0.8,
    )
    for (when, what, at), column in zip(events, columns, strict=True):
        canvas.shape(shapes.circle(26), column.x + 26, y, palette.accent, at=at, enter=Enter.POP)
        canvas.headline(
            when,
            Box(column.x, column.y, column.w, y - column.y - 70),
            size=170,
            least=60,
            colour=palette.accent,
            valign="bottom",
            at=at,
            max_lines=1,
        )
        canvas.label(what, Box(column.x, y + 72, column.w, 210), size=88, least=48, at=at + 0.1, max_lines=3)


def _upright(canvas: Canvas) -> None:
    """A line from top to bottom with dots; across in a wide frame."""
    if not canvas.frame.vertical:
        _road(canvas)
        return
    frame, palette = canvas.frame, canvas.palette
    events = _events(canvas)
    title = _title(canvas, 230 if frame.vertical else 140)
    field = Box(title.x, title.bottom + 50, title.w, frame.content.bottom - title.bottom - 50)
    rows = field.rows(len(events), 0)
    x = field.x + 30
    span = rows[-1].cy - rows[0].cy
    if span > 0:
        canvas.shape(shapes.rectangle(6, span), x - 3, rows[0].cy, palette.accent2, at=0.1, enter=Enter.FADE)
    for (when, what, at), row in zip(events, rows, strict=True):
        canvas.shape(shapes.circle(24), x, row.cy, palette.accent, at=at, enter=Enter.POP)
        half = min(row.h, 230) / 2
        text = Box(x + 66, row.cy - half, field.right - x - 66, 2 * half)
        if when:
            canvas.headline(
                when,
                Box(text.x, text.y, text.w, half - 8),
                size=110,
                least=44,
                colour=palette.accent,
                valign="bottom",
                at=at,
                max_lines=1,
            )
            canvas.label(what, Box(text.x, row.cy + 14, text.w, half), size=62, least=34, at=at + 0.1)
        else:
            canvas.label(what, text, size=58, least=32, valign="middle", at=at)


def _panels(canvas: Canvas) -> None:
    """A panel per event, the date on a tab."""
    frame, palette = canvas.frame, canvas.palette
    events = _events(canvas)
    title = _title(canvas, 230 if frame.vertical else 140)
    field = Box(title.x, title.bottom + 50, title.w, frame.content.bottom - title.bottom - 50)
    for index, ((when, what, at), row) in enumerate(zip(events, field.rows(len(events), 26), strict=True)):
        high = min(row.h, 200)
        box = Box(row.x, row.cy - high / 2, row.w, high)
        tab = Box(box.x, box.y, 270 * frame.unit if when else 28, high)
        colour = palette.accent if index == len(events) - 1 else palette.accent2
        canvas.panel(box, palette.surface, at=at, enter=Enter.RISE)
        canvas.panel(tab, colour, at=at + 0.06, enter=Enter.RISE)
        if when:
            canvas.headline(
                when,
                tab.inset(20, 24),
                size=86,
                least=34,
                colour=palette.ink_on(colour),
                align="centre",
                valign="middle",
                at=at + 0.1,
                max_lines=1,
                enter=Enter.FADE,
            )
        canvas.label(
            what,
            Box(tab.right + 34, box.y + 20, box.right - tab.right - 64, high - 40),
            size=66,
            least=34,
            valign="middle",
            at=at + 0.12,
        )


def _stairs(canvas: Canvas) -> None:
    """Each event a step further in."""
    frame, palette = canvas.frame, canvas.palette
    events = _events(canvas)
    title = _title(canvas, 230 if frame.vertical else 140)
    field = Box(title.x, title.bottom + 50, title.w, frame.content.bottom - title.bottom - 50)
    shift = (120 if frame.vertical else 260) * min(1.0, 3 / max(len(events), 3))
    for index, ((when, what, at), row) in enumerate(zip(events, field.rows(len(events), 10), strict=True)):
        x = row.x + index * shift
        canvas.shape(shapes.rectangle(10, row.h - 24), x, row.y + 8, palette.accent, at=at, enter=Enter.DROP)
        text = Box(x + 44, row.y + 8, row.right - x - 44, row.h - 24)
        if when:
            canvas.headline(
                when,
                Box(text.x, text.y, text.w, text.h * 0.48),
                size=106,
                least=44,
                at=at,
                max_lines=1,
                valign="bottom",
            )
            canvas.label(
                what, Box(text.x, text.y + text.h * 0.60, text.w, text.h * 0.4), size=60, least=32, at=at + 0.1
            )
        else:
            canvas.label(what, text, size=56, least=30, valign="middle", at=at)


COMPOSITIONS: Mapping[str, Composition] = {"upright": _upright, "panels": _panels, "stairs": _stairs}
