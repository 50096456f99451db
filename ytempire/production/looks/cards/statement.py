"""One idea and the picture for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ytempire.production.looks.arrange import ARRANGEMENTS
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.pace import stressed


def _statement(canvas: Canvas, arrangement: str) -> None:
    stand = ARRANGEMENTS[arrangement](canvas)
    words = headline_of(canvas.script)
    canvas.headline(
        words,
        stand.text,
        size=200,
        least=54,
        colour=stand.ink,
        accent=stand.accent,
        align=stand.align,
        valign=stand.valign,
        emphasis=stressed(words),
        stroke=canvas.palette.accent2 if stand.ink == canvas.palette.text else stand.ink,
        at=0.05,
        max_lines=4,
    )


COMPOSITIONS: Mapping[str, Composition] = {name: partial(_statement, arrangement=name) for name in ARRANGEMENTS}
