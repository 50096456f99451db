"""Colours that belong together: six palettes of five, the sums that check them, and a palette from a logo."""

from __future__ import annotations

import colorsys
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, UnidentifiedImageError

from ytempire.kit.errors import BadInput

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
MOST_LOGO_PIXELS = 16_000_000
"""Looked at before the picture is unpacked: a file of a few kB may hold gigabytes."""


@dataclass(frozen=True)
class Palette:
    """Five colours as `#rrggbb`; text reads on background and surface, both accents show on both."""

    background: str
    surface: str
    text: str
    accent: str
    accent2: str

    @property
    def dark(self) -> bool:
        """Light text on a dark ground."""
        return luminance(self.background) < luminance(self.text)

    @property
    def quiet(self) -> str:
        """Text that steps back, still readable on the background."""
        for share in (0.30, 0.25, 0.2, 0.15, 0.1):
            mixed = mix(self.text, self.background, share)
            if min(contrast(mixed, self.background), contrast(mixed, self.surface)) >= TEXT_CONTRAST + 0.6:
                return mixed
        return self.text

    def ink_on(self, ground: str) -> str:
        """The palette's darkest or lightest colour, whichever reads better on `ground`; black or white if need be."""
        own = max((self.background, self.text), key=lambda c: contrast(c, ground))
        if contrast(own, ground) >= TEXT_CONTRAST:
            return own
        return max(("#000000", "#FFFFFF"), key=lambda c: contrast(c, ground))


PALETTES: Mapping[str, Palette] = {
    "midnight": Palette("#0B1030", "#1C2557", "#F7F8FF", "#FFC93C", "#6E9BFF"),
    "ember": Palette("#200A12", "#451527", "#FFF5EE", "#FF9446", "#FF6B94"),
    "forest": Palette("#06231C", "#0E4033", "#F3FBF5", "#C3F053", "#45D1A8"),
    "grape": Palette("#1B0B33", "#3A1A66", "#FCF6FF", "#FF85DB", "#7FE3FF"),
    "carbon": Palette("#0C1016", "#1C2530", "#EEF4F9", "#3DF0AE", "#74AEFF"),
    "paper": Palette("#F7F1E5", "#FFFDF8", "#1E1A15", "#BF3414", "#1C6190"),
    "glacier": Palette("#E6F0FB", "#FFFFFF", "#0B1F40", "#0A56E0", "#C22D6B"),
}


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as numbers 0–255. Raises ValueError for anything else."""
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexed(red: float, green: float, blue: float) -> str:
    """Numbers 0–255 as `#RRGGBB`."""
    return "#" + "".join(f"{round(min(255, max(0, value))):02X}" for value in (red, green, blue))


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0–1) of `other`."""
    return hexed(*(a + (b - a) * share for a, b in zip(rgb(one), rgb(other), strict=True)))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (
        value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1–21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faults(palette: Palette) -> list[str]:
    """What in a palette can't be read or seen, in plain words; empty if it is well made."""
    found = []
    for name, ground in (("background", palette.background), ("surface", palette.surface)):
        if contrast(palette.text, ground) < TEXT_CONTRAST:
            found.append(f"text on {name} has contrast {contrast(palette.text, ground):.1f}, at least 4.5 is needed")
        for shape in ("accent", "accent2"):
            ratio = contrast(getattr(palette, shape), ground)
            if ratio < SHAPE_CONTRAST:
                found.append(f"{shape} on {name} has contrast {ratio:.1f}, at least 3 is needed")
    return found


def palette_of(name: str, own_colours: Sequence[str] = ()) -> Palette:
    """The channel's palette: its own five colours, or a named one.

    Raises BadInput (field `palette`) for an unknown name, a colour that is none, or colours that can't be read.
    """
    if not own_colours:
        if name not in PALETTES:
            raise BadInput(
                f"there is no palette {name!r}", field="palette", fix=f"Choose one of: {', '.join(PALETTES)}."
            )
        return PALETTES[name]
    if len(own_colours) != 5:
        raise BadInput(
            f"{len(own_colours)} colours are given",
            field="palette",
            fix="Give five: background, surface, text, accent, second accent.",
        )
    for colour in own_colours:
        try:
            rgb(colour)
        except ValueError:
            raise BadInput(f"{colour!r} is no colour", field="palette", fix="Write colours as #rrggbb.") from None
    palette = Palette(*own_colours)
    if wrong := faults(palette):
        raise BadInput("; ".join(wrong), field="palette", fix="Make the text or the accents lighter or darker.")
    return palette


def palette_from_logo(image: bytes) -> Palette:
    """A dark palette whose accents are the logo's two strongest hues, moved until they can be seen.

    Raises BadInput (field `logo`) if the bytes are no picture.
    """
    try:
        with Image.open(io.BytesIO(image)) as opened:
            if opened.width * opened.height > MOST_LOGO_PIXELS:
                raise BadInput(
                    f"the logo has {opened.width} × {opened.height} pixels", field="logo", fix="Save it smaller."
                )
            logo = opened.convert("RGBA").resize((64, 64))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput("the logo is no picture", field="logo", fix="Give a PNG, JPEG or WebP file.") from error
    weights: dict[int, list[float]] = {}
    for red, green, blue, opacity in np.asarray(logo).reshape(-1, 4).tolist():
        hue, light, vivid = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
        weight = vivid * (1 - abs(2 * light - 1)) * opacity / 255
        if weight > 0.05:
            sums = weights.setdefault(int(hue * 24), [0.0, 0.0])
            sums[0] += weight
            sums[1] += weight * hue
    ranked = sorted(weights.values(), reverse=True)
    first = ranked[0][1] / ranked[0][0] if ranked else 0.12
    others = [h / w for w, h in ranked[1:] if min(abs(h / w - first), 1 - abs(h / w - first)) > 0.08]
    second = others[0] if others else (first + 0.45) % 1
    palette = Palette(
        _hls(first, 0.09, 0.45), _hls(first, 0.19, 0.42), "#F8F8FC", _hls(first, 0.6, 0.9), _hls(second, 0.66, 0.8)
    )
    for field in ("accent", "accent2"):
        colour = getattr(palette, field)
        while contrast(colour, palette.surface) < TEXT_CONTRAST:
            colour = mix(colour, "#FFFFFF", 0.1)
        palette = replace(palette, **{field: colour})
    return palette


def _hls(hue: float, light: float, vivid: float) -> str:
    return hexed(*(value * 255 for value in colorsys.hls_to_rgb(hue, light, vivid)))
