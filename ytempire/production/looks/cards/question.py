"""A question that the next cards answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ytempire.production.looks.arrange import ARRANGEMENTS
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import stressed
from ytempire.production.looks.palettes import mix
from ytempire.production.timeline import Enter


def _words(canvas: Canvas) -> str:
    words = headline_of(canvas.script)
    return words if words.endswith("?") else words.rstrip(".!,;:") + "?"


def _mark(canvas: Canvas) -> None:
    """A huge question mark behind the words."""
    frame, palette = canvas.frame, canvas.palette
    tone = mix(palette.background, palette.accent2, 0.42)
    box = Box(430, 250, 560, 800) if frame.vertical else Box(1180, 60, 620, 780)
    canvas.text(
        "?",
        box,
        font=canvas.look.display,
        size=1150,
        least=300,
        colour=tone,
        align="right",
        valign="top",
        enter=Enter.RISE,
        max_lines=1,
    )
    area = frame.content
    words = _words(canvas)
    text = Box(area.x, 560, area.w, 550) if frame.vertical else Box(area.x, 170, 1240, 620)
    canvas.headline(
        words,
        text,
        size=200,
        least=60,
        valign="bottom" if frame.vertical else "middle",
        at=0.12,
        emphasis=stressed(words),
    )


def _asked(canvas: Canvas, arrangement: str) -> None:
    stand = ARRANGEMENTS[arrangement](canvas)
    words = _words(canvas)
    canvas.headline(
        words,
        stand.text,
        size=190,
        least=56,
        colour=stand.ink,
        accent=stand.accent,
        align=stand.align,
        valign=stand.valign,
        at=0.1,
        emphasis=stressed(words),
        max_lines=4,
    )


COMPOSITIONS: Mapping[str, Composition] = {
    "mark": _mark,
    **{name: partial(_asked, arrangement=name) for name in ("centre", "diagonal", "split")},
}
