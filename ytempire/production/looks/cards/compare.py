"""Two sides of one thing: before and after, A and B."""

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


def _sides(canvas: Canvas) -> tuple[tuple[Datum, float], tuple[Datum, float]]:
    """Both sides and when each comes in; two halves of the headline if there is no data."""
    data = list(canvas.script.data[:2])
    if len(data) < 2:
        words = headline_of(canvas.script)
        for parting in (" vs. ", " vs ", " or ", ", not ", " not ", " than ", " but ", ", "):
            left, found, right = words.partition(parting)
            if found:
                break
        else:
            parts = words.split()
            left, right = " ".join(parts[: (len(parts) + 1) // 2]), " ".join(parts[(len(parts) + 1) // 2 :])
        data = [Datum(left), Datum(right)]
    words_here = tuple(word for word in canvas.words if word.start_s >= canvas.start_s)
    last = max(0.5, canvas.end_s - canvas.start_s - 1.2)
    _, second = entrances([d.label for d in data], words_here, first_s=canvas.start_s, last_s=canvas.start_s + last)
    return (data[0], 0.0), (data[1], max(0.5, second - canvas.start_s))


def _fill(canvas: Canvas, datum: Datum, box: Box, ink: str, at: float, align: str = "centre") -> None:
    """A side's figure large and its label below, or the label alone."""
    figure = figure_of_datum(datum, canvas.script.sentence)
    if figure is None:
        canvas.headline(
            capital(datum.label),
            box,
            size=150,
            least=44,
            colour=ink,
            align=align,
            valign="middle",
            at=at + 0.12,
            max_lines=3,
        )
        return
    took = canvas.counter(
        figure,
        Box(box.x, box.y, box.w, box.h * 0.58),
        size=200,
        colour=ink,
        align=align,
        at=at + 0.1,
        count_s=0.6,
        valign="bottom",
        with_unit=True,
    )
    canvas.label(
        capital(datum.label),
        Box(box.x, took.bottom + 40, box.w, box.bottom - took.bottom - 40),
        size=64,
        least=34,
        colour=ink,
        align=align,
        at=at + 0.15,
        max_lines=2,
    )


def _versus(canvas: Canvas, cx: float, cy: float, at: float) -> None:
    ground = canvas.palette.text
    canvas.shape(shapes.circle(66), cx, cy, ground, at=at, enter=Enter.POP)
    canvas.headline(
        "vs",
        Box(cx - 50, cy - 40, 100, 80),
        size=64,
        least=40,
        colour=canvas.palette.ink_on(ground),
        align="centre",
        valign="middle",
        at=at + 0.08,
        enter=Enter.FADE,
    )


def _columns(canvas: Canvas) -> None:
    """Side by side."""
    frame, palette = canvas.frame, canvas.palette
    (one, one_at), (two, two_at) = _sides(canvas)
    area = frame.content if not frame.vertical else Box(72, 250, 840, 860)
    title = Box(area.x, area.y + 10, area.w, 170 if frame.vertical else 120)
    has_title = bool(canvas.script.data)
    if has_title:
        canvas.headline(headline_of(canvas.script), title, size=116, least=48, max_lines=2)
    field = Box(area.x, title.bottom + 50, area.w, area.bottom - title.bottom - 50) if has_title else area
    left, right = field.columns(2, 28)
    other = palette.surface
    canvas.panel(left, other, at=one_at, enter=Enter.RISE)
    canvas.panel(right, palette.accent, at=two_at, enter=Enter.RISE)
    _fill(canvas, one, left.inset(26, 80), palette.ink_on(other), one_at)
    _fill(canvas, two, right.inset(26, 80), palette.ink_on(palette.accent), two_at)
    _versus(canvas, field.cx, field.y + 8, two_at)


def _stack(canvas: Canvas) -> None:
    """One above the other, from both edges."""
    frame, palette = canvas.frame, canvas.palette
    (one, one_at), (two, two_at) = _sides(canvas)
    if frame.vertical:
        upper, lower = Box(0, 270, 830, 390), Box(250, 720, 830, 390)
        inside = Box(lower.x + 60, lower.y, 912 - lower.x - 60, lower.h)
    else:
        upper, lower = Box(0, 130, 1300, 310), Box(620, 490, 1300, 310)
        inside = Box(lower.x + 80, lower.y, 1800 - lower.x - 80, lower.h)
    other = mix(palette.surface, palette.accent2, 0.25)
    canvas.shape(shapes.rectangle(upper.w, upper.h), upper.x, upper.y, other, at=one_at, enter=Enter.FROM_LEFT)
    canvas.shape(
        shapes.rectangle(lower.w, lower.h), lower.x, lower.y, palette.accent, at=two_at, enter=Enter.FROM_RIGHT
    )
    _fill(
        canvas,
        one,
        Box(frame.content.x, upper.y, upper.w - frame.content.x - 60, upper.h).inset(0, 46),
        palette.ink_on(other),
        one_at,
        "left",
    )
    _fill(canvas, two, inside.inset(0, 46), palette.ink_on(palette.accent), two_at, "left")
    _versus(canvas, (frame.content.x + frame.content.right) / 2, (upper.bottom + lower.y) / 2, two_at)


def _slanted(canvas: Canvas) -> None:
    """The frame cut in two along a slope."""
    frame, palette = canvas.frame, canvas.palette
    (one, one_at), (two, two_at) = _sides(canvas)
    other = mix(palette.surface, palette.accent2, 0.30)
    if frame.vertical:
        canvas.shape(
            shapes.polygon(((-200, 0), (1280, 0), (1280, 610), (-200, 800))), 0, 0, other, at=one_at, enter=Enter.DROP
        )
        canvas.shape(
            shapes.polygon(((-200, 200), (1280, 10), (1280, 480), (-200, 560))),
            0,
            640,
            palette.accent,
            at=two_at,
            enter=Enter.FROM_RIGHT,
        )
        first, second = Box(72, 270, 800, 330), Box(110, 830, 800, 270)
    else:
        canvas.shape(
            shapes.polygon(((0, 0), (1040, 0), (840, 860), (0, 860))), -40, -20, other, at=one_at, enter=Enter.FROM_LEFT
        )
        canvas.shape(
            shapes.polygon(((200, 0), (1040, 0), (1040, 860), (0, 860))),
            900,
            -20,
            palette.accent,
            at=two_at,
            enter=Enter.FROM_RIGHT,
        )
        first, second = Box(120, 220, 700, 420), Box(1120, 220, 680, 420)
    _fill(canvas, one, first, palette.ink_on(other), one_at, "left")
    _fill(canvas, two, second, palette.ink_on(palette.accent), two_at, "left")


COMPOSITIONS: Mapping[str, Composition] = {"columns": _columns, "stack": _stack, "slanted": _slanted}
