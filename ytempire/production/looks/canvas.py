"""The canvas a card is laid out on: panels and type that fits its box, in the look's manner."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.production.looks import shapes
from ytempire.production.looks.figures import Figure
from ytempire.production.looks.frame import Box
from ytempire.production.looks.pace import bare, spoken_at
from ytempire.production.looks.plates import Art, Plates
from ytempire.production.looks.shapes import moved
from ytempire.production.looks.typeface import block_height, cap_height_em, fit, missing, width_px, without_missing
from ytempire.production.model import SceneScript, Word
from ytempire.production.timeline import Counter, Enter, Text

__all__ = ["Art", "Canvas"]


@dataclass(kw_only=True)
class Canvas(Plates):
    """One scene, or one phase of a long one, being laid out."""

    script: SceneScript
    words: tuple[Word, ...]
    """Timed from the scene's start."""
    mark: str
    channel_name: str

    # Shapes

    def radius(self, box: Box) -> float:
        """The look's corner for a box."""
        return min(self.look.radius * min(box.w, box.h), 56 * self.frame.unit)

    def panel(
        self, box: Box, colour: str, *, at: float = 0.0, enter: Enter = Enter.FADE, enter_s: float | None = None
    ) -> None:
        """A filled box with the look's corners; a growing one grows from its left or its foot."""
        if enter is Enter.GROW_UP:
            path = moved(shapes.rectangle(box.w, box.h, self.radius(box)), 0, -box.h)
            self.shape(path, box.x, box.bottom, colour, at=at, enter=enter, enter_s=enter_s)
        elif enter is Enter.POP:
            path = moved(shapes.rectangle(box.w, box.h, self.radius(box)), -box.w / 2, -box.h / 2)
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
        stroke: str = "",
    ) -> Box:
        """Type fitted into a box; returns the box that the letters really take."""
        if missing(words, font):
            words = without_missing(words, font)
        unit = self.frame.unit
        lines, px = fit(
            words,
            font,
            box.w,
            box.h,
            max(size * unit, self.frame.least),
            max(least * unit, self.frame.least),
            line_height=line_height,
            max_lines=max_lines,
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
                outline_px=5 * unit if self.over_photo and colour == self.palette.text else 0.0,
                outline_colour=self.palette.background,
                rotation_deg=rotation,
                timing=self.timing(
                    at,
                    self.look.enter if enter is None else enter,
                    stagger_s=self.look.stagger_s if stagger is None else stagger,
                ),
            )
        )
        took = Box(x - wide * column / 2, y - (tall, tall / 2, 0.0)[row], wide, tall)
        if stroke:
            self.underline(lines, took, px, emphasis, stroke, align)
        return took

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
        stroke: str = "",
    ) -> Box:
        """Words in the look's display face; `stroke` is the colour of a line under the stressed word."""
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
            stroke=stroke,
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
        counts: bool = True,
        begins: float = 0.0,
    ) -> Box:
        """A number that counts up, at the size at which its last value fits the box; a year counts its last decades.

        `begins`: the share of the value it begins at.
        """
        font = self.look.display
        suffix = figure.suffix + (f" {figure.unit}" if with_unit and figure.unit else "")
        shown = figure.shown + suffix.removeprefix(figure.suffix)
        px = min(size * self.frame.unit, box.w / max(0.1, width_px(shown, font, 1.0)), box.h / cap_height_em(font))
        column = {"left": 0, "centre": 1, "right": 2}[align]
        row = {"bottom": 0, "middle": 1, "top": 2}[valign]
        x = (box.x, box.cx, box.right)[column]
        y = (box.bottom, box.cy, box.y)[row]
        style = Text((), x, y, px, colour, font=font, anchor=row * 3 + column + 1, timing=self.timing(at, enter))
        start = figure.value if not counts else figure.value - 60 if figure.plain else figure.value * begins
        self.layers.append(
            Counter(
                start, figure.value, figure.decimals, figure.prefix, suffix, count_s, style, grouped=not figure.plain
            )
        )
        wide, tall = width_px(shown, font, px), block_height(("0",), font, px)
        return Box(x - wide * column / 2, y - (tall, tall / 2, 0.0)[row], wide, tall)

    def underline(
        self, lines: tuple[str, ...], block: Box, px: float, emphasis: tuple[str, ...], colour: str, align: str
    ) -> None:
        """A stroke under the stressed word, drawn when it is spoken or in mid-scene."""
        at = self.second_beat(0.35)
        if at is None or not emphasis:
            return
        heard = spoken_at(emphasis[0], self.words, after_s=self.start_s)
        if heard is not None:
            at = min(max(0.7, heard - self.start_s), self.end_s - self.start_s - 0.6)
        font = self.look.display
        step = px * self.look.line_height
        for index, line in enumerate(lines):
            shown = line.split()
            for place, word in enumerate(shown):
                if bare(word) not in {bare(one) for one in emphasis}:
                    continue
                wide = width_px(line, font, px)
                left = {"left": block.x, "centre": block.cx - wide / 2, "right": block.right - wide}[align]
                start = left + width_px(" ".join([*shown[:place], ""]), font, px)
                base = block.y + cap_height_em(font) * px + index * step
                thick = max(6.0, px * 0.055)
                self.shape(
                    shapes.rectangle(
                        width_px(word.rstrip(",.;:!?"), font, px), thick, thick / 2 if self.look.radius > 0.05 else 0
                    ),
                    start,
                    base + px * (0.09 if self.look.uppercase else 0.12),
                    colour,
                    at=at,
                    enter=Enter.GROW_RIGHT,
                    enter_s=0.3,
                )
