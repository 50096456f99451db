"""Ways to stand words and a picture together; cards with one text and one picture share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.compose import headline_of
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import stressed
from ytempire.production.looks.palettes import mix
from ytempire.production.timeline import Enter


@dataclass(frozen=True)
class Stand:
    """Where the text goes and in which colours."""

    text: Box
    align: str
    valign: str
    ink: str
    accent: str


def _own(canvas: Canvas, box: Box, align: str, valign: str) -> Stand:
    return Stand(box, align, valign, canvas.palette.text, canvas.palette.accent)


def say(canvas: Canvas, arrangement: str, *, size: float, least: float, at: float = 0.0) -> None:
    """The scene's words and its picture, as the arrangement stands them."""
    stand = ARRANGEMENTS[arrangement](canvas)
    words = headline_of(canvas.script)
    canvas.headline(
        words,
        stand.text,
        size=size,
        least=least,
        colour=stand.ink,
        accent=stand.accent,
        align=stand.align,
        valign=stand.valign,
        emphasis=stressed(words),
        stroke=canvas.palette.accent2 if stand.ink == canvas.palette.text else stand.ink,
        at=at,
        max_lines=4,
    )


def centre(canvas: Canvas) -> Stand:
    """Picture above, words centred below it."""
    area = canvas.frame.centred
    if canvas.picture_less:
        return _on_form(canvas)
    if canvas.frame.vertical:
        canvas.picture(540, 478, 610)
        return _own(canvas, Box(area.x, 800, area.w, 310), "centre", "middle")
    canvas.picture(960, 280, 440)
    return _own(canvas, Box(260, 530, 1400, 280), "centre", "middle")


def left_bleed(canvas: Canvas) -> Stand:
    """A large picture leaves the frame on the right, words stand left below."""
    area = canvas.frame.content
    if canvas.picture_less:
        return _beside_bar(canvas)
    if canvas.frame.vertical:
        canvas.picture(735, 490, 700)
        return _own(canvas, Box(area.x, 830, area.w, 280), "left", "bottom")
    canvas.picture(1510, 460, 740)
    return _own(canvas, Box(area.x, 150, 920, 620), "left", "middle")


def lower_third(canvas: Canvas) -> Stand:
    """Words on a panel that comes in from the left edge, the picture above."""
    if canvas.picture_less:
        return _on_panel(canvas)
    ground = canvas.palette.accent
    ink = canvas.palette.ink_on(ground)
    if canvas.frame.vertical:
        canvas.picture(560, 462, 600)
        canvas.shape(shapes.rectangle(972, 350, 0), -40, 770, ground, at=0.05, enter=Enter.FROM_LEFT)
        return Stand(Box(72, 800, 812, 290), "left", "middle", ink, ink)
    canvas.picture(1460, 370, 600)
    canvas.shape(shapes.rectangle(1180, 310, 0), -40, 500, ground, at=0.05, enter=Enter.FROM_LEFT)
    return Stand(Box(120, 535, 970, 240), "left", "middle", ink, ink)


def diagonal(canvas: Canvas) -> Stand:
    """A slanted field; words above left, the picture below right."""
    if canvas.picture_less:
        return _on_slope(canvas)
    field = _field(canvas)
    if canvas.frame.vertical:
        canvas.shape(shapes.polygon(((0, 0), (1120, -300), (1120, 320), (0, 620))), -20, 850, field, enter=Enter.RISE)
        canvas.picture(650, 850, 540, ground=field, below=True)
        return _own(canvas, Box(72, 262, 840, 330), "left", "top")
    canvas.shape(
        shapes.polygon(((360, 0), (1200, 0), (1200, 1160), (0, 1160))), 960, -40, field, enter=Enter.FROM_RIGHT
    )
    canvas.picture(1500, 430, 600, ground=field)
    return _own(canvas, Box(120, 140, 930, 620), "left", "middle")


def split(canvas: Canvas) -> Stand:
    """A field of colour with the picture, words on the other half."""
    palette = canvas.palette
    if canvas.picture_less:
        return _on_panel(canvas)
    field = palette.accent2
    plate = mix(field, palette.ink_on(field), 0.16)
    if canvas.frame.vertical:
        canvas.shape(shapes.rectangle(1080, 740), 0, 0, field, enter=Enter.DROP)
        canvas.picture(540, 440, 600, plate=plate, ground=plate)
        return _own(canvas, Box(72, 800, 840, 310), "left", "middle")
    canvas.shape(shapes.rectangle(800, 1080), 0, 0, field, enter=Enter.FROM_LEFT)
    canvas.picture(400, 460, 580, plate=plate, ground=plate)
    return _own(canvas, Box(890, 140, 910, 640), "left", "middle")


def words_first(canvas: Canvas) -> Stand:
    """Words on top, the picture leaves the frame below left."""
    if canvas.picture_less:
        return _beside_bar(canvas)
    if canvas.frame.vertical:
        canvas.picture(340, 850, 540, below=True)
        return _own(canvas, Box(72, 262, 840, 320), "left", "top")
    canvas.picture(1500, 470, 600)
    return _own(canvas, Box(120, 130, 960, 640), "left", "top")


def _field(canvas: Canvas) -> str:
    return mix(canvas.palette.surface, canvas.palette.accent2, 0.28)


def _tone(canvas: Canvas) -> str:
    """A shape's colour that words can stand on."""
    palette = canvas.palette
    return mix(palette.background, palette.accent2, 0.26 if palette.dark else 0.16)


def _on_form(canvas: Canvas) -> Stand:
    """Words alone: centred on a large form in the look's language."""
    frame = canvas.frame
    cy = 680 if frame.vertical else 450
    if not canvas.over_photo:
        radius = 420 if frame.vertical else 400
        form = {
            "disc": shapes.ring(radius, 26),
            "blob": shapes.blob(radius, canvas.rng.randrange(1 << 16)),
            "block": shapes.star(18, radius + 20, 0.86),
        }.get(canvas.look.shape, shapes.ring(radius, 6))
        canvas.shape(form, frame.width / 2, cy, _tone(canvas), enter=Enter.POP)
    area = frame.centred if canvas.look.shape in {"block", "blob"} or canvas.over_photo else _inside_ring(canvas)
    return _own(
        canvas,
        Box(area.x, cy - 330 if frame.vertical else 170, area.w, 660 if frame.vertical else 560),
        "centre",
        "middle",
    )


def _inside_ring(canvas: Canvas) -> Box:
    """What fits within the ring of `_on_form` without touching it."""
    content = canvas.frame.content
    return Box(canvas.frame.width / 2 - 320, content.y, 640, content.h)


def _beside_bar(canvas: Canvas) -> Stand:
    """Words alone: set large on the left beside a bar, a quarter disc in the corner."""
    frame, palette = canvas.frame, canvas.palette
    if not canvas.over_photo:
        canvas.shape(
            shapes.circle(400), frame.width + 20, 200 if frame.vertical else 60, _tone(canvas), enter=Enter.POP
        )
    box = Box(72, 470, 840, 620) if frame.vertical else Box(120, 200, 1400, 560)
    canvas.shape(shapes.rectangle(16, box.h), box.x, box.y, palette.accent, at=0.05, enter=Enter.DROP)
    return _own(canvas, Box(box.x + 60, box.y, box.w - 60, box.h), "left", "middle")


def _on_panel(canvas: Canvas) -> Stand:
    """Words alone: filling a panel that comes from the left."""
    frame, ground = canvas.frame, canvas.palette.accent
    ink = canvas.palette.ink_on(ground)
    box = Box(-40, 560, 1000, 540) if frame.vertical else Box(-40, 320, 1500, 470)
    if not canvas.over_photo:
        canvas.shape(shapes.rectangle(box.w, box.h), box.x + 50, box.y - 44, _tone(canvas), enter=Enter.FROM_LEFT)
    canvas.shape(shapes.rectangle(box.w, box.h), box.x, box.y, ground, at=0.06, enter=Enter.FROM_LEFT)
    inner = Box(frame.content.x, box.y + 56, min(box.right, frame.content.right) - frame.content.x - 30, box.h - 112)
    return Stand(inner, "left", "middle", ink, ink)


def _on_slope(canvas: Canvas) -> Stand:
    """Words alone: large over a slanted field."""
    frame = canvas.frame
    if not canvas.over_photo:
        if frame.vertical:
            canvas.shape(
                shapes.polygon(((0, 0), (1120, -260), (1120, 360), (0, 620))),
                -20,
                620,
                _field(canvas),
                enter=Enter.RISE,
            )
        else:
            canvas.shape(
                shapes.polygon(((360, 0), (1200, 0), (1200, 1160), (0, 1160))),
                960,
                -40,
                _field(canvas),
                enter=Enter.FROM_RIGHT,
            )
    return _own(canvas, Box(72, 400, 840, 690) if frame.vertical else Box(120, 180, 1500, 600), "left", "middle")


ARRANGEMENTS: Mapping[str, Callable[[Canvas], Stand]] = {
    "centre": centre,
    "left-bleed": left_bleed,
    "lower-third": lower_third,
    "diagonal": diagonal,
    "split": split,
    "words-first": words_first,
}
