"""Where things may stand: the safe areas of both formats, and boxes to lay out in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ytempire.production.looks.palettes import Palette
from ytempire.production.looks.styles import Look
from ytempire.production.model import Format
from ytempire.production.timeline import CaptionStyle


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the frame."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """Horizontal middle."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """Vertical middle."""
        return self.y + self.h / 2

    def inset(self, dx: float, dy: float | None = None) -> Box:
        """Smaller by `dx` left and right and `dy` above and below."""
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def rows(self, count: int, gap: float) -> list[Box]:
        """Equal rows."""
        height = (self.h - gap * (count - 1)) / count
        return [Box(self.x, self.y + index * (height + gap), self.w, height) for index in range(count)]

    def columns(self, count: int, gap: float) -> list[Box]:
        """Equal columns."""
        width = (self.w - gap * (count - 1)) / count
        return [Box(self.x + index * (width + gap), self.y, width, self.h) for index in range(count)]


@dataclass(frozen=True)
class Frame:
    """A format's geometry. `content` holds all text of cards; captions have their own band below it."""

    format: Format
    width: int
    height: int
    content: Box
    caption_y: float
    caption_width: float
    caption_size: float
    unit: float
    """What 1 px of a 1080 px wide Short is in this format: scales sizes."""
    least: float = 44.0
    """The smallest type of a card, in pixels: still read on a phone."""

    @property
    def vertical(self) -> bool:
        """A Short."""
        return self.format is Format.VERTICAL

    @property
    def centred(self) -> Box:
        """The part of `content` that lies evenly around the frame's middle."""
        half = min(self.width / 2 - self.content.x, self.content.right - self.width / 2)
        return Box(self.width / 2 - half, self.content.y, 2 * half, self.content.h)


FRAMES = {
    # Text keeps out of the top 12 % (230 px), the bottom 22 % and the right 15 % (918 px); captions lie at 66 %.
    Format.VERTICAL: Frame(Format.VERTICAL, 1080, 1920, Box(72, 250, 840, 860), 1267, 756, 78, 1.0, 44.0),
    Format.WIDE: Frame(Format.WIDE, 1920, 1080, Box(120, 110, 1680, 700), 952, 1360, 66, 0.92, 36.0),
}


def caption_style(frame: Frame, palette: Palette, look: Look) -> CaptionStyle:
    """The look's captions: a soft box in the surface's colour, or heavy letters with a dark outline."""
    outlined = CaptionStyle(
        font=look.caption_font,
        size_px=frame.caption_size,
        colour=palette.text,
        accent=palette.accent,
        centre_x=frame.width / 2,
        centre_y=frame.caption_y,
        max_width=frame.caption_width,
        outline_px=7.0,
        outline_colour=palette.background,
        uppercase=look.caption_uppercase,
    )
    if not look.caption_box:
        return outlined
    return replace(
        outlined, outline_px=0.0, outline_colour=palette.surface, box_colour=palette.surface, box_opacity=0.9
    )
