"""A picture that fills the frame or stands on its own, with a label."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.timeline import Enter


def _fills(canvas: Canvas) -> bool:
    """The creator's own image or clip is the background already."""
    return canvas.art is not None and canvas.art.kind in {"image", "clip"}


def _tab(canvas: Canvas) -> None:
    """The label on a strip from the left edge."""
    frame, palette = canvas.frame, canvas.palette
    if not _fills(canvas):
        canvas.picture(540 if frame.vertical else 960, 570 if frame.vertical else 350, 600 if frame.vertical else 480)
    strip = Box(-40, 930, 900, 180) if frame.vertical else Box(-40, 640, 1160, 160)
    canvas.shape(shapes.rectangle(strip.w, strip.h), strip.x, strip.y, palette.accent, at=0.2, enter=Enter.FROM_LEFT)
    canvas.headline(
        headline_of(canvas.script),
        Box(frame.content.x, strip.y + 30, strip.right - frame.content.x - 40, strip.h - 60),
        size=90,
        least=44,
        colour=palette.ink_on(palette.accent),
        valign="middle",
        at=0.3,
        max_lines=2,
    )


def _plain(canvas: Canvas) -> None:
    """Words left above the captions, with a rule."""
    frame, palette = canvas.frame, canvas.palette
    if not _fills(canvas):
        canvas.picture(600 if frame.vertical else 1400, 520 if frame.vertical else 430, 560)
    area = frame.content
    took = canvas.text(
        canvas.cased(headline_of(canvas.script)),
        Box(area.x, area.bottom - 250, area.w if frame.vertical or _fills(canvas) else 940, 240),
        font=canvas.look.display,
        size=120 * canvas.look.size,
        least=50,
        colour=palette.text,
        valign="bottom",
        at=0.2,
        line_height=canvas.look.line_height,
        max_lines=2,
    )
    canvas.shape(shapes.rectangle(150, 12), area.x, took.y - 48, palette.accent, at=0.3, enter=Enter.GROW_RIGHT)


def _pill(canvas: Canvas) -> None:
    """A small label in a pill, centred."""
    frame, palette = canvas.frame, canvas.palette
    if not _fills(canvas):
        canvas.picture(540 if frame.vertical else 960, 560 if frame.vertical else 360, 640 if frame.vertical else 520)
    area = frame.centred
    box = Box(area.x, area.bottom - 130, area.w, 120)
    canvas.panel(box, palette.surface, at=0.2, enter=Enter.RISE)
    canvas.label(
        headline_of(canvas.script),
        box.inset(40, 20),
        size=62,
        least=36,
        align="centre",
        valign="middle",
        at=0.3,
        max_lines=1,
    )


COMPOSITIONS: Mapping[str, Composition] = {"tab": _tab, "plain": _plain, "pill": _pill}
