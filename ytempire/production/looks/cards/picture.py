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
        canvas.picture(540 if frame.vertical else 1240, 530 if frame.vertical else 330, 620 if frame.vertical else 480)
    strip = Box(-40, 850, 980, 260) if frame.vertical else Box(-40, 590, 1240, 220)
    canvas.shape(shapes.rectangle(strip.w, strip.h), strip.x, strip.y, palette.accent, at=0.05, enter=Enter.FROM_LEFT)
    canvas.headline(
        headline_of(canvas.script),
        Box(frame.content.x, strip.y + 30, strip.right - frame.content.x - 40, strip.h - 60),
        size=140,
        least=56,
        colour=palette.ink_on(palette.accent),
        valign="middle",
        at=0.1,
        max_lines=2,
    )


def _plain(canvas: Canvas) -> None:
    """Words left above the captions, with a rule."""
    frame, palette = canvas.frame, canvas.palette
    if not _fills(canvas):
        canvas.picture(600 if frame.vertical else 1400, 490 if frame.vertical else 430, 560 if frame.vertical else 640)
    area = frame.content
    took = canvas.text(
        canvas.cased(headline_of(canvas.script)),
        Box(area.x, area.bottom - 290, area.w if frame.vertical or _fills(canvas) else 940, 290),
        font=canvas.look.display,
        size=150 * canvas.look.size,
        least=50,
        colour=palette.text,
        valign="bottom",
        at=0.1,
        line_height=canvas.look.line_height,
        max_lines=2,
    )
    canvas.shape(shapes.rectangle(150, 12), area.x, took.y - 48, palette.accent, at=0.3, enter=Enter.GROW_RIGHT)


def _pill(canvas: Canvas) -> None:
    """Words on a panel of the surface's colour, centred below the picture."""
    frame, palette = canvas.frame, canvas.palette
    if not _fills(canvas):
        canvas.picture(540 if frame.vertical else 960, 530 if frame.vertical else 320, 620 if frame.vertical else 440)
    area = frame.centred
    box = Box(area.x - 30, area.bottom - 240, area.w + 60, 240) if frame.vertical else Box(360, 590, 1200, 220)
    canvas.panel(box, palette.surface, at=0.05, enter=Enter.RISE)
    canvas.headline(
        headline_of(canvas.script),
        box.inset(50, 26),
        size=130,
        least=56,
        align="centre",
        valign="middle",
        at=0.1,
        max_lines=2,
    )


COMPOSITIONS: Mapping[str, Composition] = {"tab": _tab, "plain": _plain, "pill": _pill}
