"""How videos look: palettes, looks, cards in their compositions, and the pace at which things come in."""

from ytempire.production.looks.palettes import PALETTES, Palette, palette_from_logo, palette_of
from ytempire.production.looks.scenes import Brand, ScenePlan, build_scene
from ytempire.production.looks.shapes import rectangle
from ytempire.production.looks.styles import LOOKS, Look, look_of
from ytempire.production.looks.typeface import (
    FONTS_DIR,
    cap_height_em,
    font_file,
    missing,
    width_em,
    width_px,
    without_missing,
)

__all__ = [
    "FONTS_DIR",
    "LOOKS",
    "PALETTES",
    "Brand",
    "Look",
    "Palette",
    "ScenePlan",
    "build_scene",
    "cap_height_em",
    "font_file",
    "look_of",
    "missing",
    "palette_from_logo",
    "palette_of",
    "rectangle",
    "width_em",
    "width_px",
    "without_missing",
]
