"""The canvas a card is laid out on: type that fits its box, panels, pictures on their plates, in the look's manner."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from ytempire.kit.media_store import MediaRef
from ytempire.production.looks import shapes
from ytempire.production.looks.figures import Figure
from ytempire.production.looks.frame import Box, Frame
from ytempire.production.looks.palettes import Palette, contrast, mix
from ytempire.production.looks.styles import Look
from ytempire.production.looks.typeface import block_height, cap_height_em, fit, missing, width_px, without_missing
from ytempire.production.model import SceneScript, Word
from ytempire.production.timeline import Counter, Enter, Layer, Picture, Shape, Text, Timing

ICON_BOX = 256.0
"""Icons' paths are drawn in a square of this side around (0, 0)."""


@dataclass(frozen=True)
class Art:
    """The picture of a scene: an icon as two drawings (tone below, line above), or a raster."""

    name: str
    tone: str = ""
    line: str = ""
    media: MediaRef | None = None
    width_px: int = 1
    height_px: int = 1
    kind: str = "icon"
    """`icon`, `emoji`, `image` or `clip`."""


@dataclass
class Canvas:
    """One scene, or one phase of a long one, being laid out; `start_s` … `end_s` is when it is seen."""

    frame: Frame
    palette: Palette
    look: Look
    script: SceneScript
    words: tuple[Word, ...]
    art: Art | None
    mark: str
    channel_name: str
    rng: random.Random
    start_s: float
    end_s: float
    last_phase: bool = True
    over_photo: bool = False
    """A photograph or clip fills the frame behind."""
    layers: list[Layer] = field(default_factory=list)

    def timing(self, at: float, enter: Enter = Enter.NONE, *, enter_s: float | None = None, stagger_s: float = 0.0) -> Timing:
        """From `at` seconds after the phase's start until its end."""
        return Timing(
            start_s=self.start_s + at,
            end_s=None if self.last_phase else self.end_s,
            enter=enter,
            enter_s=self.look.enter_s if enter_s is None else enter_s,
            leave=Enter.NONE if self.last_phase else Enter.FADE,
            leave_s=0.12,
            stagger_s=stagger_s,
        )

    @property
    def picture_less(self) -> bool:
        """No picture to place: there is none, or it fills the frame already."""
        return self.art is None or self.over_photo

    # Shapes

    def shape(
        self,
        path: str,
        x: float,
        y: float,
        colour: str,
        *,
        at: float = 0.0,
        enter: Enter = Enter.NONE,
        enter_s: float | None = None,
        opacity: float = 1.0,
        rotation: float = 0.0,
        scale: float = 1.0,
        drift: tuple[float, float] = (0.0, 0.0),
        blur: float = 0.0,
    ) -> None:
        """A filled outline."""
        timing = replace(self.timing(at, enter, enter_s=enter_s), drift_px=drift)
        self.layers.append(
            Shape(path, x, y, colour, opacity=opacity, scale=scale, rotation_deg=rotation, blur_px=blur, timing=timing)
        )

    def radius(self, box: Box) -> float:
        """The look's corner for a box."""
        return min(self.look.radius * min(box.w, box.h), 56 * self.frame.unit)

    def panel(self, box: Box, colour: str, *, at: float = 0.0, enter: Enter = Enter.FADE, enter_s: float | None = None) -> None:
        """A filled box with the look's corners; a growing one grows from its left or its foot."""
        if enter is Enter.GROW_UP:
            path = _moved(shapes.rectangle(box.w, box.h, self.radius(box)), 0, -box.h)
            self.shape(path, box.x, box.bottom, colour, at=at, enter=enter, enter_s=enter_s)
        elif enter is Enter.POP:
            path = _moved(shapes.rectangle(box.w, box.h, self.radius(box)), -box.w / 2, -box.h / 2)
            self.shape(path, box.cx, box.cy, colour, at=at, enter=enter, enter_s=enter_s)
        else:
            path = shapes.rectangle(box.w, box.h, self.radius(box))
            self.shape(path, box.x, box.y, colour, at=at, enter=enter, enter_s=enter_s)

    # Type

    def cased(self, text: str) -> str:
        """Headline letters as the look sets them."""
        return text.upper() if self.look.uppercase else text

    def text(
        self,
        words: str,
        box: Box,
        *,
        font: str,
        size: float,
        least: float,
        colour: str,
        align: str = "left",
        valign: str = "top",
        at: float = 0.0,
        enter: Enter | None = None,
        max_lines: int = 5,
        line_height: float = 1.16,
        emphasis: tuple[str, ...] = (),
        emphasis_colour: str = "",
        opacity: float = 1.0,
        stagger: float | None = None,
        rotation: float = 0.0,
    ) -> Box:
        """Type fitted into a box; returns the box that the letters really take."""
        if missing(words, font):
            words = without_missing(words, font)
        unit = self.frame.unit
        lines, px = fit(
            words, font, box.w, box.h, size * unit, least * unit, line_height=line_height, max_lines=max_lines
        )
        if not lines:
            return Box(box.x, box.y, 0, 0)
        tall = block_height(lines, font, px, line_height)
        wide = max(width_px(line, font, px) for line in lines)
        column = {"left": 0, "centre": 1, "right": 2}[align]
        row = {"bottom": 0, "middle": 1, "top": 2}[valign]
        x = (box.x, box.cx, box.right)[column]
        y = (box.bottom, box.cy, box.y)[row]
        self.layers.append(
            Text(
                lines,
                x,
                y,
                px,
                colour,
                font=font,
                anchor=row * 3 + column + 1,
                opacity=opacity,
                line_height=line_height,
                emphasis=emphasis,
                emphasis_colour=emphasis_colour,
                rotation_deg=rotation,
                timing=self.timing(
                    at,
                    self.look.enter if enter is None else enter,
                    stagger_s=self.look.stagger_s if stagger is None else stagger,
                ),
            )
        )
        return Box(x - wide * column / 2, y - (tall, tall / 2, 0.0)[row], wide, tall)

    def headline(
        self,
        words: str,
        box: Box,
        *,
        size: float = 150,
        least: float = 52,
        colour: str = "",
        accent: str = "",
        align: str = "left",
        valign: str = "top",
        at: float = 0.0,
        emphasis: tuple[str, ...] = (),
        max_lines: int = 5,
        enter: Enter | None = None,
    ) -> Box:
        """Words in the look's display face."""
        return self.text(
            self.cased(words),
            box,
            font=self.look.display,
            size=size * self.look.size,
            least=least,
            colour=colour or self.palette.text,
            emphasis=emphasis,
            emphasis_colour=accent or self.palette.accent,
            align=align,
            valign=valign,
            at=at,
            line_height=self.look.line_height,
            max_lines=max_lines,
            enter=enter,
        )

    def label(
        self,
        words: str,
        box: Box,
        *,
        size: float = 46,
        least: float = 30,
        colour: str = "",
        align: str = "left",
        valign: str = "top",
        at: float = 0.0,
        max_lines: int = 2,
        enter: Enter = Enter.FADE,
    ) -> Box:
        """Words in the look's body face."""
        return self.text(
            words,
            box,
            font=self.look.body,
            size=size,
            least=least,
            colour=colour or self.palette.text,
            align=align,
            valign=valign,
            at=at,
            max_lines=max_lines,
            enter=enter,
            stagger=0.0,
        )

    def counter(
        self,
        figure: Figure,
        box: Box,
        *,
        size: float,
        colour: str,
        align: str = "left",
        at: float = 0.0,
        count_s: float = 0.9,
        enter: Enter = Enter.NONE,
        valign: str = "middle",
        with_unit: bool = False,
    ) -> Box:
        """A number that counts up, at the size at which its last value fits the box; a year counts its last decades."""
        font = self.look.display
        suffix = figure.suffix + (f" {figure.unit}" if with_unit and figure.unit else "")
        shown = figure.shown + suffix.removeprefix(figure.suffix)
        px = min(size * self.frame.unit, box.w / max(0.1, width_px(shown, font, 1.0)), box.h / cap_height_em(font))
        column = {"left": 0, "centre": 1, "right": 2}[align]
        row = {"bottom": 0, "middle": 1, "top": 2}[valign]
        x = (box.x, box.cx, box.right)[column]
        y = (box.bottom, box.cy, box.y)[row]
        style = Text((), x, y, px, colour, font=font, anchor=row * 3 + column + 1, timing=self.timing(at, enter))
        start = figure.value - 60 if figure.plain else 0.0
        self.layers.append(
            Counter(start, figure.value, figure.decimals, figure.prefix, suffix, count_s, style, grouped=not figure.plain)
        )
        wide, tall = width_px(shown, font, px), block_height(("0",), font, px)
        return Box(x - wide * column / 2, y - (tall, tall / 2, 0.0)[row], wide, tall)

    # Pictures

    def picture(
        self, cx: float, cy: float, size: float, *, at: float = 0.1, plate: str = "", ground: str = "", drift: float = 0.0
    ) -> None:
        """The scene's art, `size` wide, on a plate in the look's shape language (`plate`: its colour, `-`: none)."""
        if self.art is None or self.over_photo:
            return
        colour = plate or self._plate_colour()
        if colour != "-":
            self._plate(cx, cy, size, colour, at)
        grown = 0.68 if self.art.kind == "icon" else 0.90
        if colour == "-":
            grown = 1.0
        if self.art.kind == "icon":
            on = ground or (colour if colour != "-" else self.palette.background)
            self._icon(cx, cy, size * grown, on, at + 0.08, drift)
        elif self.art.media is not None:
            ratio = self.art.width_px / self.art.height_px
            width = size * grown * min(1.0, ratio)
            height = width / ratio
            timing = replace(self.timing(at + 0.08, self.look.art_enter), drift_px=(0.0, drift))
            lift = 0.03 * size if colour != "-" else 0.0
            self.layers.append(Picture(self.art.media, cx - width / 2, cy - height / 2 - lift, width, height, timing=timing))

    def emblem(self, area: Box) -> float:
        """The art small in the upper right corner of an area; returns the width that is left for a title beside it."""
        if self.picture_less:
            return area.w
        size = (230 if self.frame.vertical else 210) * self.frame.unit
        self.picture(area.right - size / 2, area.y + size / 2 - 10, size)
        return area.w - size - 40

    def _plate_colour(self) -> str:
        return self.palette.surface if self.look.shape in {"disc", "frame"} else self.palette.accent2

    def _icon(self, cx: float, cy: float, size: float, ground: str, at: float, drift: float) -> None:
        assert self.art is not None  # noqa: S101 - asked by picture()
        scale = size / ICON_BOX
        ink = self.palette.ink_on(ground)
        tones = [c for c in (self.palette.accent, self.palette.accent2, mix(ground, ink, 0.35)) if contrast(c, ground) > 1.4]
        enter = self.look.art_enter
        for path, colour, late in ((self.art.tone, tones[0], 0.0), (self.art.line, ink, 0.06)):
            if path:
                self.shape(path, cx, cy, colour, at=at + late, enter=enter, scale=scale, drift=(0.0, drift))

    def _plate(self, cx: float, cy: float, size: float, colour: str, at: float) -> None:
        half = size / 2
        match self.look.shape:
            case "disc":
                self.shape(shapes.circle(half), cx, cy, colour, at=at, enter=Enter.POP)
                self.shape(shapes.ring(half + 20, 5), cx, cy, self.palette.accent, at=at + 0.12, enter=Enter.POP)
            case "block":
                side = size * 0.80
                turn = self.rng.choice((-7.0, -4.0, 5.0))
                path = _moved(shapes.rectangle(side, side, side * 0.06), -side / 2, -side / 2)
                self.shape(path, cx + 16, cy + 18, mix(self.palette.background, "#000000", 0.45), at=at, enter=Enter.POP, rotation=turn)
                self.shape(path, cx, cy, colour, at=at, enter=Enter.POP, rotation=turn)
            case "blob":
                self.shape(shapes.blob(half * 1.04, self.rng.randrange(1 << 16)), cx, cy, colour, at=at, enter=Enter.POP)
            case _:
                side = size * 0.9
                path = _moved(shapes.rectangle(side, side), -side / 2, -side / 2)
                line = f"{path} {_hole(side, 5)}"
                self.shape(path, cx, cy, colour, at=at, enter=Enter.FADE)
                self.shape(line, cx + 22, cy + 22, self.palette.accent, at=at + 0.15, enter=Enter.FADE)


def _hole(side: float, width: float) -> str:
    a = side / 2 - width
    return f"m {-a:.1f} {-a:.1f} l {-a:.1f} {a:.1f} {a:.1f} {a:.1f} {a:.1f} {-a:.1f}"


def _moved(path: str, dx: float, dy: float) -> str:
    """A drawing shifted by (dx, dy)."""
    out: list[str] = []
    horizontal = True
    for token in path.split():
        if token in "mlb":
            out.append(token)
        else:
            out.append(f"{float(token) + (dx if horizontal else dy):.1f}")
            horizontal = not horizontal
    return " ".join(out)
