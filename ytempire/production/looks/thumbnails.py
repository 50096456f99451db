"""Thumbnails as still scenes of 1280×720: at most four words, one picture, three compositions that differ in idea."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ytempire.production.looks import shapes
from ytempire.production.looks.canvas import Art, Canvas
from ytempire.production.looks.frame import Box, Frame, caption_style
from ytempire.production.looks.palettes import Palette, contrast, mix
from ytempire.production.looks.scenes import Brand
from ytempire.production.model import CardKind, Format, SceneScript
from ytempire.production.timeline import Background, Enter, Layer, Photo, Scene, Text

WIDTH, HEIGHT, FPS = 1280, 720, 30
LENGTH_S = 2.5
"""Long enough for everything to have come in at SHOWN_AT_S."""
SHOWN_AT_S = 2.2
_FRAME = Frame(Format.WIDE, WIDTH, HEIGHT, Box(56, 52, 1168, 616), 10_000, 600, 40, 0.86)
_LEAST = 118
"""Smallest type: its capitals are still 8 px high where the thumbnail is shown 168×94 px large."""
_ON_DARK, _ON_LIGHT, _ON_FLAT = 9.2, 7.6, 4.9
"""Contrast of the colours given out that leaves 4.5 on the finished picture: measured on waves, the strongest."""


@dataclass(frozen=True)
class ThumbnailPlan:
    """One candidate: its words (at most four), its picture, what it lies on."""

    text: str
    art: Art | None
    background: Background
    seed: int


def thumbnail_scenes(plans: Sequence[ThumbnailPlan], brand: Brand) -> tuple[Scene, ...]:
    """A scene per plan. A question stands beside its picture, a figure fills the frame, a statement is underlined; two
    candidates of the same kind take turns, so that no composition comes twice."""
    left = {"figure": [_figure, _beside, _banner], "question": [_beside, _banner, _figure]}
    used: list[_Composition] = []
    scenes = []
    for plan in plans:
        order = left.get(_kind(plan.text), [_banner, _beside, _figure])
        composition = next((one for one in order if one not in used), order[0])
        used.append(composition)
        canvas = Canvas(
            frame=_FRAME,
            palette=brand.palette,
            look=brand.look,
            script=SceneScript(plan.text, CardKind.STATEMENT, plan.text, ""),
            words=(),
            art=plan.art,
            mark=brand.mark,
            channel_name=brand.name,
            rng=random.Random(plan.seed),
            start_s=0.0,
            end_s=LENGTH_S,
            sparkless=True,
        )
        composition(canvas, plan)
        scenes.append(
            Scene(
                frames=round(LENGTH_S * FPS),
                background=plan.background,
                layers=_words_on_top(canvas.layers),
                cues=(),
                captions=caption_style(_FRAME, brand.palette, brand.look),
                layout=f"thumbnail/{composition.__name__.strip('_')}",
            )
        )
    return tuple(scenes)


_Composition = Callable[[Canvas, ThumbnailPlan], None]


def _kind(text: str) -> str:
    if any(sign.isdigit() for sign in text):
        return "figure"
    return "question" if text.rstrip().endswith("?") else "statement"


def _beside(canvas: Canvas, plan: ThumbnailPlan) -> None:
    """Words on the left, a large picture on the right."""
    if plan.art is None or _over_photo(plan):
        _banner(canvas, plan)
        return
    canvas.picture(1015, 368, 490, at=0.0)
    _type(canvas, plan.text, Box(64, 48, 650, 624), "left", size=270)


def _banner(canvas: Canvas, plan: ThumbnailPlan) -> None:
    """Words on a slanted field of the accent, the picture beside it; without one the field fills the frame."""
    palette, alone = canvas.palette, plan.art is None and not _over_photo(plan)
    ink = palette.ink_on(palette.accent)
    field_colour = _readable(palette.accent, ink)
    right, lean = (WIDTH + 40, 0) if alone else (840, 110)
    field = ((-40, -40), (right, -40), (right - lean, HEIGHT + 40), (-40, HEIGHT + 40))
    canvas.shape(shapes.polygon(field), 0, 0, field_colour)
    if alone:
        canvas.shape(shapes.circle(330), WIDTH - 60, HEIGHT - 20, _apart(field_colour, ink, 0.16))
    elif not _over_photo(plan):
        canvas.picture(1040, 360, 430, at=0.0)
    canvas.text(
        canvas.cased(plan.text),
        Box(56, 48, 1168 if alone else 640, 624),
        font=canvas.look.display,
        size=270 * canvas.look.size,
        least=_LEAST,
        colour=ink,
        align="left",
        valign="middle",
        enter=Enter.NONE,
        line_height=canvas.look.line_height,
        max_lines=4,
        stagger=0.0,
    )


def _figure(canvas: Canvas, plan: ThumbnailPlan) -> None:
    """The number as large as it goes, what it counts below it; the picture at the side."""
    if _over_photo(plan):
        _banner(canvas, plan)
        return
    if plan.art is not None:
        canvas.picture(262, 368, 450, at=0.0)
    box = Box(540, 48, 684, 624) if plan.art is not None else Box(56, 48, 1168, 624)
    align = "left" if plan.art is not None else "centre"
    words = plan.text.split()
    place = next((index for index, word in enumerate(words) if any(sign.isdigit() for sign in word)), None)
    rest = " ".join(word for index, word in enumerate(words) if index != place)
    if place is None or not rest:
        _type(canvas, plan.text, box, align, size=330, accent=True)
        return
    large, small = Box(box.x, box.y, box.w, 350), Box(box.x, box.y + 380, box.w, 244)
    if place == len(words) - 1:
        large, small = replace(large, y=box.y + 274), replace(small, y=box.y)
    _type(canvas, words[place], large, align, size=470, accent=True, valign="bottom" if large.y < small.y else "top")
    _type(canvas, rest, small, align, size=210, plain=True, valign="top" if large.y < small.y else "bottom")


def _type(
    canvas: Canvas,
    words: str,
    box: Box,
    align: str,
    *,
    size: float,
    accent: bool = False,
    plain: bool = False,
    valign: str = "middle",
) -> None:
    palette = canvas.palette
    stressed = _on_ground(palette)
    colour = stressed if accent else palette.text
    canvas.text(
        canvas.cased(words),
        box,
        font=canvas.look.display,
        size=size * canvas.look.size,
        least=_LEAST,
        colour=colour,
        align=align,
        valign=valign,
        enter=Enter.NONE,
        line_height=canvas.look.line_height,
        max_lines=2 if plain else 4,
        stagger=0.0,
        emphasis=() if accent or plain else tuple(word for word in words.split()[-1:]),
        emphasis_colour=stressed,
    )


def _over_photo(plan: ThumbnailPlan) -> bool:
    """A creator's photograph fills the frame: words then stand on a field of one colour, the photograph beside it."""
    return isinstance(plan.background, Photo) and plan.art is None and plan.background.tint_opacity > 0


def _on_ground(palette: Palette) -> str:
    """The accent, moved towards the text's colour until it reads on a painted ground: light and pattern bring a ground
    nearer to what stands on it, by half of the contrast at worst."""
    found, least = palette.accent, _ON_DARK if palette.dark else _ON_LIGHT
    for share in (0.15, 0.3, 0.45, 0.6):
        if contrast(found, palette.background) >= least:
            return found
        found = mix(palette.accent, palette.text, share)
    return found if contrast(found, palette.background) >= least else palette.text


def _readable(field: str, ink: str) -> str:
    """The field's colour, moved away from the ink on it until the ink reads well."""
    for share in (0.0, 0.08, 0.16, 0.24):
        found = _apart(field, ink, share)
        if contrast(found, ink) >= _ON_FLAT:
            break
    return found


def _apart(field: str, ink: str, share: float) -> str:
    """A tone of the field that lies further from the ink than the field itself."""
    return mix(field, "#000000" if contrast(ink, "#000000") > contrast(field, "#000000") else "#FFFFFF", share)


def _words_on_top(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    return (*(one for one in layers if not isinstance(one, Text)), *(one for one in layers if isinstance(one, Text)))
