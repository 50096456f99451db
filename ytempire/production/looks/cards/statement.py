"""One idea and the picture for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ytempire.production.looks.arrange import ARRANGEMENTS
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.pace import spoken_at, stressed


def _statement(canvas: Canvas, arrangement: str) -> None:
    stand = ARRANGEMENTS[arrangement](canvas)
    words = headline_of(canvas.script)
    heard = spoken_at(words, canvas.words, after_s=canvas.start_s)
    at = 0.12 if heard is None else min(max(0.12, heard - canvas.start_s - 0.15), 0.35)
    canvas.headline(
        words,
        stand.text,
        size=180,
        least=54,
        colour=stand.ink,
        accent=stand.accent,
        align=stand.align,
        valign=stand.valign,
        emphasis=stressed(words),
        stroke=canvas.palette.accent2 if stand.ink == canvas.palette.text else stand.ink,
        at=at,
        max_lines=4,
    )


COMPOSITIONS: Mapping[str, Composition] = {name: partial(_statement, arrangement=name) for name in ARRANGEMENTS}
