"""A picture that fills the frame or stands on its own, with a label."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import Composition, headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.looks.own import place_of
from ytempire.production.timeline import Enter


def _room(canvas: Canvas, usual: Box) -> Box:
    """Where the label goes: below or beside the creator's own picture, which is the ground, else the usual place."""
    art = canvas.art
    if art is None or not canvas.over_photo:
        return usual
    return place_of(art.width_px, art.height_px, canvas.frame).label


def _tab(canvas: Canvas) -> None:
    """The label on a strip from the left edge."""
    frame, palette = canvas.frame, canvas.palette
    canvas.picture(540 if frame.vertical else 1240, 530 if frame.vertical else 330, 640 if frame.vertical else 500)
    usual = Box(frame.content.x, 850, 828, 260) if frame.vertical else Box(frame.content.x, 590, 1040, 220)
    room = _room(canvas, usual)
    strip = Box(-40, room.y, room.right + 80, room.h)
    canvas.shape(shapes.rectangle(strip.w, strip.h), strip.x, strip.y, palette.accent, at=0.05, enter=Enter.FROM_LEFT)
    canvas.headline(
        headline_of(canvas.script),
        Box(room.x, room.y + 24, room.w, room.h - 48),
        size=140,
        least=46,
        colour=palette.ink_on(palette.accent),
        valign="middle",
        at=0.1,
        max_lines=2 if room.h < 300 else 4,
    )


def _plain(canvas: Canvas) -> None:
    """Words left above the captions, with a rule."""
    frame, palette = canvas.frame, canvas.palette
    canvas.picture(600 if frame.vertical else 1400, 490 if frame.vertical else 430, 600 if frame.vertical else 660)
    area = frame.content
    room = _room(canvas, Box(area.x, area.bottom - 290, area.w if frame.vertical else 940, 290))
    took = canvas.text(
        canvas.cased(headline_of(canvas.script)),
        Box(room.x, room.y + 20, room.w, room.h - 20),
        font=canvas.look.display,
        size=150 * canvas.look.size,
        least=46,
        colour=palette.text,
        valign="bottom",
        at=0.1,
        line_height=canvas.look.line_height,
        max_lines=2 if room.h < 300 else 4,
    )
    rule = min(48.0, took.y - room.y + 18)
    canvas.shape(shapes.rectangle(150, 12), area.x, took.y - rule, palette.accent, at=0.3, enter=Enter.GROW_RIGHT)


def _pill(canvas: Canvas) -> None:
    """Words on a panel of the surface's colour, centred below the picture."""
    frame, palette = canvas.frame, canvas.palette
    canvas.picture(540 if frame.vertical else 960, 530 if frame.vertical else 320, 640 if frame.vertical else 460)
    area = frame.centred
    usual = Box(area.x - 30, area.bottom - 240, area.w + 60, 240) if frame.vertical else Box(360, 590, 1200, 220)
    room = _room(canvas, usual)
    if canvas.over_photo and frame.vertical:
        room = Box(area.x, room.y, area.w, room.h)
    canvas.panel(room, palette.surface, at=0.05, enter=Enter.RISE)
    canvas.headline(
        headline_of(canvas.script),
        room.inset(44, 22),
        size=130,
        least=46,
        align="centre",
        valign="middle",
        at=0.1,
        max_lines=2 if room.h < 300 else 4,
    )


COMPOSITIONS: Mapping[str, Composition] = {"tab": _tab, "plain": _plain, "pill": _pill}
