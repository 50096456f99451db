"""Ways to stand words and a picture together; cards with one text and one picture share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.frame import Box
from ytempire.production.looks.palettes import mix
from ytempire.production.timeline import Enter


@dataclass(frozen=True)
class Stand:
    """Where the text goes, in which ink, and whether the picture has been drawn."""

    text: Box
    align: str
    valign: str
    ink: str
    accent: str


def _own(canvas: Canvas, box: Box, align: str, valign: str) -> Stand:
    return Stand(box, align, valign, canvas.palette.text, canvas.palette.accent)


def centre(canvas: Canvas) -> Stand:
    """Picture above, words centred below it."""
    area = canvas.frame.centred
    if canvas.art is None:
        return _own(canvas, area, "centre", "middle")
    if canvas.frame.vertical:
        canvas.picture(540, 478, 420)
        return _own(canvas, Box(area.x, 760, area.w, 350), "centre", "middle")
    canvas.picture(960, 290, 340)
    return _own(canvas, Box(260, 520, 1400, 290), "centre", "middle")


def left_bleed(canvas: Canvas) -> Stand:
    """A large picture leaves the frame on the right, words stand left below."""
    area = canvas.frame.content
    if canvas.frame.vertical:
        canvas.picture(762, 500, 600)
        return _own(canvas, Box(area.x, 830, area.w, 280), "left", "bottom")
    canvas.picture(1490, 470, 720)
    return _own(canvas, Box(area.x, 150, 940, 620), "left", "middle")


def lower_third(canvas: Canvas) -> Stand:
    """Words on a panel that comes in from the left edge, the picture above."""
    palette = canvas.palette
    ground = palette.accent
    ink = palette.ink_on(ground)
    if canvas.frame.vertical:
        canvas.picture(540, 480, 440)
        canvas.shape(shapes.rectangle(972, 340, 0), -40, 770, ground, at=0.05, enter=Enter.FROM_LEFT)
        return Stand(Box(72, 806, 800, 268), "left", "middle", ink, ink)
    canvas.picture(1440, 360, 520)
    canvas.shape(shapes.rectangle(1240, 300, 0), -40, 510, ground, at=0.05, enter=Enter.FROM_LEFT)
    return Stand(Box(120, 545, 1020, 230), "left", "middle", ink, ink)


def diagonal(canvas: Canvas) -> Stand:
    """A slanted field; words above left, the picture below right."""
    palette = canvas.palette
    field = mix(palette.surface, palette.accent2, 0.22)
    if canvas.frame.vertical:
        canvas.shape(shapes.polygon(((0, 0), (1120, -300), (1120, 470), (0, 770))), -20, 800, field, at=0, enter=Enter.RISE)
        canvas.picture(690, 880, 440, ground=field)
        return _own(canvas, Box(72, 262, 840, 370), "left", "top")
    canvas.shape(shapes.polygon(((360, 0), (1200, 0), (1200, 1160), (0, 1160))), 960, -40, field, at=0, enter=Enter.FROM_RIGHT)
    canvas.picture(1500, 430, 520, ground=field)
    return _own(canvas, Box(120, 140, 960, 620), "left", "middle")


def split(canvas: Canvas) -> Stand:
    """A field of colour with the picture, words on the other half."""
    palette = canvas.palette
    field = palette.accent2
    plate = mix(field, palette.ink_on(field), 0.14)
    if canvas.frame.vertical:
        canvas.shape(shapes.rectangle(1080, 700), 0, 0, field, at=0, enter=Enter.DROP)
        canvas.picture(540, 462, 400, plate=plate, ground=plate)
        return _own(canvas, Box(72, 770, 840, 340), "left", "middle")
    canvas.shape(shapes.rectangle(800, 1080), 0, 0, field, at=0, enter=Enter.FROM_LEFT)
    canvas.picture(400, 470, 520, plate=plate, ground=plate)
    return _own(canvas, Box(900, 140, 900, 640), "left", "middle")


def words_first(canvas: Canvas) -> Stand:
    """Words on top, the picture leaves the frame below left."""
    if canvas.frame.vertical:
        canvas.picture(340, 870, 520)
        return _own(canvas, Box(72, 262, 840, 350), "left", "top")
    canvas.picture(1420, 560, 560)
    return _own(canvas, Box(120, 130, 1000, 640), "left", "top")


ARRANGEMENTS: Mapping[str, Callable[[Canvas], Stand]] = {
    "centre": centre,
    "left-bleed": left_bleed,
    "lower-third": lower_third,
    "diagonal": diagonal,
    "split": split,
    "words-first": words_first,
}
