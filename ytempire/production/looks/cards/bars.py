"""Values compared: each bar grows when it is spoken of, the largest one in the accent."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, capital, headline_of
from ytempire.production.looks.figures import figure_of_datum
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import entrances
from ytempire.production.looks.palettes import mix
from ytempire.production.model import Datum
from ytempire.production.timeline import Enter

_MOST = 5


def _values(canvas: Canvas) -> list[Datum]:
    return [datum for datum in canvas.script.data if datum.value is not None and datum.value >= 0][:_MOST]


def _times(canvas: Canvas, data: list[Datum]) -> list[float]:
    last = max(0.6, canvas.end_s - canvas.start_s - 1.0)
    words = tuple(word for word in canvas.words if word.start_s >= canvas.start_s)
    return [
        max(0.2, at - canvas.start_s)
        for at in entrances([d.label for d in data], words, first_s=canvas.start_s + 0.3, last_s=canvas.start_s + last)
    ]


def _title(canvas: Canvas) -> Box:
    area = canvas.frame.content
    box = Box(area.x, area.y + 10, canvas.emblem(area), 240 if canvas.frame.vertical else 140)
    canvas.headline(headline_of(canvas.script), box, size=120, least=50, max_lines=2, valign="middle")
    return box


def _colour(canvas: Canvas, datum: Datum, data: list[Datum]) -> str:
    top = max(d.value or 0 for d in data)
    return canvas.palette.accent if datum.value == top else mix(canvas.palette.accent2, canvas.palette.surface, 0.25)


def _figure(
    canvas: Canvas,
    datum: Datum,
    box: Box,
    *,
    at: float,
    align: str,
    size: float = 84,
    valign: str = "middle",
    colour: str = "",
) -> None:
    figure = figure_of_datum(datum, canvas.script.sentence)
    assert figure is not None  # noqa: S101 - _values() left only these
    canvas.counter(
        figure,
        box,
        size=size,
        colour=colour or canvas.palette.text,
        align=align,
        at=at,
        count_s=0.6,
        valign=valign,
        with_unit=len(figure.unit) <= 6,
    )


def _rows(canvas: Canvas) -> None:
    """Horizontal bars, label above each."""
    frame, data = canvas.frame, _values(canvas)
    area = frame.content
    _title(canvas)
    field = (
        Box(area.x, area.y + 270, area.w, area.h - 270)
        if frame.vertical
        else Box(area.x, area.y + 190, area.w, area.h - 190)
    )
    top = max((d.value or 0 for d in data), default=1) or 1
    for row, datum, at in zip(field.rows(len(data), 26), data, _times(canvas, data), strict=True):
        thick = min(row.h - 66, 110 * frame.unit)
        label = Box(row.x, row.y, row.w, 50)
        canvas.label(capital(datum.label), label, size=50, least=30, at=max(0.1, at - 0.1), max_lines=1)
        room = row.w - 250 * frame.unit
        width = max(24.0, room * (datum.value or 0) / top)
        bar = Box(row.x, row.y + 66, width, thick)
        canvas.panel(Box(row.x, row.y + 66, room, thick), canvas.palette.surface)
        canvas.panel(bar, _colour(canvas, datum, data), at=at, enter=Enter.GROW_RIGHT, enter_s=0.6)
        _figure(canvas, datum, Box(row.x + room + 24, bar.y, row.w - room - 24, thick), at=at, align="left")


def _columns(canvas: Canvas) -> None:
    """Upright bars on a common foot."""
    frame, data = canvas.frame, _values(canvas)
    area = frame.content
    _title(canvas)
    foot = area.bottom - 92
    high = foot - area.y - (410 if frame.vertical else 270)
    field = area if frame.vertical else area.inset(140, 0)
    gap = 44 if len(data) <= 3 else 26
    field = field.inset(gap / 2, 0)
    top = max((d.value or 0 for d in data), default=1) or 1
    canvas.shape(shapes.rectangle(field.w, 5), field.x, foot, canvas.palette.quiet, enter=Enter.FADE)
    for slot, datum, at in zip(field.columns(len(data), gap), data, _times(canvas, data), strict=True):
        width = min(slot.w, 210)
        height = max(16.0, high * (datum.value or 0) / top)
        bar = Box(slot.cx - width / 2, foot - height, width, height)
        canvas.panel(bar, _colour(canvas, datum, data), at=at, enter=Enter.GROW_UP, enter_s=0.6)
        _figure(
            canvas,
            datum,
            Box(slot.x - gap / 2 + 4, bar.y - 92, slot.w + gap - 8, 70),
            at=at,
            align="centre",
            valign="bottom",
        )
        canvas.label(
            capital(datum.label),
            Box(slot.x - gap / 2 + 4, foot + 22, slot.w + gap - 8, 76),
            size=46,
            least=27,
            align="centre",
            at=max(0.1, at - 0.1),
        )


def _steps(canvas: Canvas) -> None:
    """Bars from the left edge of the frame, words inside or beside them."""
    frame, data = canvas.frame, _values(canvas)
    area = frame.content
    _title(canvas)
    field = (
        Box(0, area.y + 270, area.right, area.h - 270)
        if frame.vertical
        else Box(0, area.y + 190, area.right, area.h - 190)
    )
    top = max((d.value or 0 for d in data), default=1) or 1
    for row, datum, at in zip(field.rows(len(data), 22), data, _times(canvas, data), strict=True):
        colour = _colour(canvas, datum, data)
        width = max(12.0, area.right * (datum.value or 0) / top)
        canvas.shape(shapes.rectangle(width, row.h), 0, row.y, colour, at=at, enter=Enter.GROW_RIGHT, enter_s=0.55)
        tall = min(row.h, 170.0)
        # Every bar starts at nought, so a short one has its words beside it.
        inside = width - area.x - 24 >= 300 * frame.unit
        x = area.x if inside else max(width + 28, area.x)
        ink = canvas.palette.ink_on(colour) if inside else canvas.palette.text
        room = (width - 24 if inside else area.right) - x
        head = Box(x, row.cy - tall / 2 + 18, room, tall * 0.34)
        canvas.label(capital(datum.label), head, size=48, least=26, colour=ink, at=at + 0.15, max_lines=1)
        foot = Box(x, row.cy - tall / 2 + tall * 0.45, room, tall * 0.46)
        _figure(canvas, datum, foot, at=at + 0.15, align="left", size=90, colour=ink)


COMPOSITIONS: Mapping[str, Composition] = {"rows": _rows, "columns": _columns, "steps": _steps}
