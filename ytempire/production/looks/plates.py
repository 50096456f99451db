"""Pictures on their plates, in the look's shape language, and the small marks that pop up beside them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace

from ytempire.kit.media_store import MediaRef
from ytempire.production.looks import shapes
from ytempire.production.looks.frame import Box, Frame
from ytempire.production.looks.palettes import Palette, contrast, mix
from ytempire.production.looks.shapes import moved
from ytempire.production.looks.styles import Look
from ytempire.production.timeline import Enter, Layer, Picture, Shape, Timing

ICON_BOX = 256.0
"""Icons' paths are drawn in a square of this side around (0, 0)."""
HEAD_S = 0.25
"""How far the first entrances are over at a cut, in seconds: no frame is bare."""
MOVED_UP_S = 0.4
AT_REST_S = 0.5


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


@dataclass(kw_only=True)
class Stage:
    """What a scene is laid out on: its frame and manner, and when it is seen, in seconds from the scene's start."""

    frame: Frame
    palette: Palette
    look: Look
    art: Art | None
    rng: random.Random
    start_s: float
    end_s: float
    last_phase: bool = True
    at_rest: bool = False
    """What would come in at the start is there from the first frame: a viewer who scrolls past sees that frame."""
    sparkless: bool = False
    """No small marks beside pictures: a thumbnail is too small for them."""
    over_photo: bool = False
    """A photograph or clip fills the frame behind."""
    layers: list[Layer] = field(default_factory=list)

    def timing(
        self, at: float, enter: Enter = Enter.NONE, *, enter_s: float | None = None, stagger_s: float = 0.0
    ) -> Timing:
        """From `at` seconds after the phase's start until its end.

        The first things are moved up by `HEAD_S`, so that they are on their way in when the cut comes.
        """
        still = self.at_rest and at < AT_REST_S
        wished = at - HEAD_S if at < MOVED_UP_S else at
        return Timing(
            start_s=self.start_s + (0.0 if still else max(0.0, wished)),
            end_s=None if self.last_phase else self.end_s,
            enter=Enter.NONE if still else enter,
            enter_s=self.look.enter_s if enter_s is None else enter_s,
            ahead_s=0.0 if still else max(0.0, -wished),
            stagger_s=0.0 if still else stagger_s,
        )

    @property
    def picture_less(self) -> bool:
        """No picture to place: there is none, or it fills the frame already."""
        return self.art is None or self.over_photo

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

    def second_beat(self, share: float = 0.45) -> float | None:
        """A moment in mid-scene for something small to happen, seconds after the phase's start; None if it is short."""
        length = self.end_s - self.start_s
        return None if length < 2.2 else min(max(1.0, length * share), 2.2)


class Plates(Stage):
    """Placing the scene's picture."""

    def picture(
        self,
        cx: float,
        cy: float,
        size: float,
        *,
        at: float = 0.1,
        plate: str = "",
        ground: str = "",
        drift: float = 0.0,
        below: bool = False,
    ) -> None:
        """The scene's art, `size` wide, on a plate in the look's shape language (`plate`: its colour, `-`: none)."""
        if self.art is None or self.over_photo:
            return
        colour = plate or self._plate_colour()
        if colour != "-":
            self._plate(cx, cy, size, colour, at)
        grown = 0.74 if self.art.kind == "icon" else 0.92
        if colour == "-":
            grown = 1.0
        if self.art.kind == "icon":
            on = ground or (colour if colour != "-" else self.palette.background)
            self._icon(cx, cy, size * grown, on, at + 0.08, drift)
            self.sparks(cx, cy, size, below=below)
        elif self.art.media is not None:
            ratio = self.art.width_px / self.art.height_px
            width = size * grown * min(1.0, ratio)
            height = width / ratio
            timing = replace(self.timing(at + 0.08, self.look.art_enter), drift_px=(0.0, drift))
            self.sparks(cx, cy, size, below=below)
            lift = 0.03 * size if colour != "-" else 0.0
            self.layers.append(
                Picture(self.art.media, cx - width / 2, cy - height / 2 - lift, width, height, timing=timing)
            )

    def sparks(self, cx: float, cy: float, size: float, *, below: bool) -> None:
        """Small marks beside the picture that pop up in mid-scene."""
        at = self.second_beat()
        if at is None or size < 300 or self.sparkless:
            return
        half, palette = size / 2, self.palette
        for index, turn in enumerate((-62.0, -40.0, -18.0)):
            angle = math.radians(-turn if below else turn)
            x, y = cx + math.cos(angle) * half * 1.16, cy + math.sin(angle) * half * 1.16
            if x > self.frame.width - 40:
                continue
            when, unit = at + index * 0.07, size / 500
            colour = palette.accent if index != 1 else palette.accent2
            match self.look.shape:
                case "blob":
                    self.shape(shapes.circle((15, 24, 12)[index] * unit), x, y, colour, at=when, enter=Enter.POP)
                case "disc":
                    self.shape(shapes.cross(34 * unit, 8 * unit), x, y, colour, at=when, enter=Enter.POP)
                case "block":
                    ray = moved(shapes.rectangle(64 * unit, 16 * unit, 8 * unit), 0, -8 * unit)
                    self.shape(
                        ray,
                        x,
                        y,
                        palette.accent,
                        at=when,
                        enter=Enter.GROW_RIGHT,
                        enter_s=0.25,
                        rotation=math.degrees(angle),
                    )
                case _:
                    self.shape(shapes.circle(9 * unit), x, y, palette.accent, at=when, enter=Enter.FADE)

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
        tones = [
            c for c in (self.palette.accent, self.palette.accent2, mix(ground, ink, 0.35)) if contrast(c, ground) > 1.4
        ]
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
                path = moved(shapes.rectangle(side, side, side * 0.06), -side / 2, -side / 2)
                self.shape(
                    path,
                    cx + 16,
                    cy + 18,
                    mix(self.palette.background, "#000000", 0.45),
                    at=at,
                    enter=Enter.POP,
                    rotation=turn,
                )
                self.shape(path, cx, cy, colour, at=at, enter=Enter.POP, rotation=turn)
            case "blob":
                self.shape(
                    shapes.blob(half * 1.04, self.rng.randrange(1 << 16)), cx, cy, colour, at=at, enter=Enter.POP
                )
            case _:
                side = size * 0.9
                path = moved(shapes.rectangle(side, side), -side / 2, -side / 2)
                line = f"{path} {_hole(side, 5)}"
                self.shape(path, cx, cy, colour, at=at, enter=Enter.FADE)
                self.shape(line, cx + 22, cy + 22, self.palette.accent, at=at + 0.15, enter=Enter.FADE)


def _hole(side: float, width: float) -> str:
    a = side / 2 - width
    return f"m {-a:.1f} {-a:.1f} l {-a:.1f} {a:.1f} {a:.1f} {a:.1f} {a:.1f} {-a:.1f}"
