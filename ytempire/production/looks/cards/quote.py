"""Somebody's words, with their marks and their name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.timeline import Enter

_QUOTED = re.compile(r"[“\"«]([^”\"»]{6,})[”\"»]")
_MOST_WORDS = 16


def _speaker(canvas: Canvas) -> str:
    return canvas.script.data[0].label if canvas.script.data else ""


def _words(canvas: Canvas) -> str:
    """The quoted passage itself where the sentence holds one of a length that can be read, else the screen's words."""
    found = _QUOTED.search(canvas.script.sentence)
    if found and len(found[1].split()) <= _MOST_WORDS:
        return found[1].rstrip(" ,;")
    return headline_of(canvas.script).strip("\"“”'")


def _left(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    area = Box(72, 330, 840, 700) if frame.vertical else Box(200, 170, 1300, 600)
    canvas.shape(shapes.quotes(190 * frame.unit), area.x, area.y - 70, palette.accent, enter=Enter.DROP)
    took = canvas.headline(_words(canvas), Box(area.x, area.y + 170, area.w, area.h - 290), size=150, least=54, at=0.1)
    _signed(canvas, Box(area.x, took.bottom + 60, area.w, 70), "left")


def _panel(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    box = Box(72, 420, 840, 640) if frame.vertical else Box(260, 180, 1400, 590)
    canvas.panel(box, palette.surface, enter=Enter.POP)
    canvas.shape(shapes.quotes(170 * frame.unit), box.x + 60, box.y - 90, palette.accent, at=0.12, enter=Enter.DROP)
    inner = box.inset(64, 110)
    took = canvas.headline(
        _words(canvas), Box(inner.x, inner.y, inner.w, inner.h - 70), size=136, least=50, at=0.15, valign="middle"
    )
    _signed(canvas, Box(inner.x, max(took.bottom + 50, inner.bottom - 30), inner.w, 60), "left")


def _centre(canvas: Canvas) -> None:
    frame, palette = canvas.frame, canvas.palette
    area = frame.centred
    size = 150 * frame.unit
    canvas.shape(shapes.quotes(size), area.cx - size / 2, area.y + 20, palette.accent, enter=Enter.DROP)
    took = canvas.headline(
        _words(canvas),
        Box(area.x, area.y + 230, area.w, area.h - 400),
        size=140,
        least=50,
        at=0.1,
        align="centre",
        valign="middle",
    )
    rule = 160 * frame.unit
    canvas.shape(
        shapes.rectangle(rule, 6), area.cx - rule / 2, took.bottom + 56, palette.accent, at=0.4, enter=Enter.GROW_RIGHT
    )
    _signed(canvas, Box(area.x, took.bottom + 92, area.w, 60), "centre")


def _signed(canvas: Canvas, box: Box, align: str) -> None:
    if speaker := _speaker(canvas):
        canvas.label(
            f"— {speaker}" if align == "left" else speaker,
            box,
            size=56,
            colour=canvas.palette.quiet,
            align=align,
            at=0.6,
            max_lines=1,
        )


COMPOSITIONS: Mapping[str, Composition] = {"left": _left, "panel": _panel, "centre": _centre}
