"""How a creator's own picture or clip is shown: as large as its shape allows, whole, with its label beside or below."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.production.looks.frame import Box, Frame
from ytempire.production.looks.palettes import Palette
from ytempire.production.model import OwnMedia
from ytempire.production.timeline import Background, Clip, Inset, Move, Photo

FILLS_LOSING = 0.17
"""A picture nearly as wide for its height as the frame fills it, and a pan shows the share that is cut off."""
PANS_FROM = 0.05
_AROUND = 0.58
"""How far what surrounds an inset picture goes towards the background's colour."""
_EDGE_PX = 10


@dataclass(frozen=True)
class Place:
    """Where the picture stands whole (None: it fills the frame) and the room for its label."""

    picture: Box | None
    label: Box


def place_of(width_px: int, height_px: int, frame: Frame) -> Place:
    """The place of a picture of this size in this format."""
    shape = width_px / height_px
    if _lost(shape, frame) <= FILLS_LOSING:
        return Place(None, _below(frame, 190))
    if shape < 1.0 and not frame.vertical:
        tall = _within(Box(0, 50, 880, 790), shape)
        return Place(Box(frame.width - 120 - tall.w, tall.y, tall.w, tall.h), Box(frame.content.x, 220, 800, 480))
    top, gap = (110, 36) if frame.vertical else (36, 30)
    label = _below(frame, 150 if frame.vertical else 120)
    largest = _within(Box(0, top, frame.width, label.y - gap - top), shape)
    # A flat picture leaves room, and its label may be larger.
    label = _below(frame, min(300.0, label.bottom - gap - top - largest.h))
    return Place(_within(Box(0, top, frame.width, label.y - gap - top), shape), label)


def _below(frame: Frame, height: float) -> Box:
    """Room for a label just above the captions."""
    area = frame.content
    return Box(area.x, area.bottom - height, area.w, height)


def own_ground(own: OwnMedia, frame: Frame, palette: Palette, seed: int) -> Background:
    """The picture as what lies behind the scene: filling the frame, else whole over itself blurred."""
    place = place_of(own.width_px, own.height_px, frame)
    inset, tint, opacity = None, "#000000", 0.0
    if place.picture is not None:
        box = place.picture
        edge = _EDGE_PX if box.w + 2 * _EDGE_PX <= frame.width else 0
        inset = Inset(round(box.x), round(box.y), _even(box.w), _even(box.h), edge, palette.surface)
        tint, opacity = palette.background, _AROUND
    if own.kind == "clip":
        return Clip(own.media, tint=tint, tint_opacity=opacity, inset=inset)
    return Photo(own.media, _move(own, frame, seed), tint=tint, tint_opacity=opacity, inset=inset)


def _move(own: OwnMedia, frame: Frame, seed: int) -> Move:
    """Along the side of which the frame cuts something off; nothing moves where nothing is cut off."""
    shape, wanted = own.width_px / own.height_px, frame.width / frame.height
    if not PANS_FROM <= _lost(shape, frame) <= FILLS_LOSING:
        return Move.STILL
    moves = (Move.PAN_LEFT, Move.PAN_RIGHT) if shape > wanted else (Move.PAN_UP, Move.PAN_DOWN)
    return moves[seed % 2]


def _lost(shape: float, frame: Frame) -> float:
    """The share of a picture that is cut off when it fills the frame."""
    wanted = frame.width / frame.height
    return 1 - min(shape / wanted, wanted / shape)


def _within(room: Box, shape: float) -> Box:
    """The largest box of this shape in the middle of the room."""
    height = min(room.h, room.w / shape)
    width = height * shape
    return Box(room.cx - width / 2, room.cy - height / 2, width, height)


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)
