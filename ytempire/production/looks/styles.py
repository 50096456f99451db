"""Looks: what makes two channels' videos different at a glance, apart from their colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ytempire.kit.errors import BadInput
from ytempire.production.timeline import Enter


@dataclass(frozen=True)
class Look:
    """Faces, corners, grounds, pictures and temperament of a look."""

    name: str
    display: str
    """Face of headlines and figures."""
    body: str
    """Face of labels and second lines."""
    uppercase: bool
    line_height: float
    size: float
    """How much larger or smaller than the usual size headlines are set in this face."""
    radius: float
    """Corner radius as a share of a panel's shorter side, at most 0.5."""
    grounds: tuple[str, ...]
    """Kinds of backdrop, see `backdrop`."""
    art: str
    """Which pictures come first: `emoji` or `icon`."""
    shape: str
    """What stands behind pictures: `disc`, `block`, `blob`, `frame`."""
    caption_font: str
    caption_uppercase: bool
    caption_box: bool
    enter: Enter
    enter_s: float
    stagger_s: float
    art_enter: Enter


LOOKS: Mapping[str, Look] = {
    "bold": Look(
        name="bold",
        display="Anton",
        body="Manrope ExtraBold",
        uppercase=True,
        line_height=1.10,
        size=1.0,
        radius=0.04,
        grounds=("beams", "glow", "halftone"),
        art="emoji",
        shape="block",
        caption_font="Manrope ExtraBold",
        caption_uppercase=True,
        caption_box=False,
        enter=Enter.RISE,
        enter_s=0.3,
        stagger_s=0.07,
        art_enter=Enter.POP,
    ),
    "editorial": Look(
        name="editorial",
        display="Fraunces Bold",
        body="Hanken Grotesk Medium",
        uppercase=False,
        line_height=1.08,
        size=0.92,
        radius=0.0,
        grounds=("paper", "arc", "vignette"),
        art="icon",
        shape="frame",
        caption_font="Hanken Grotesk Bold",
        caption_uppercase=False,
        caption_box=True,
        enter=Enter.WIPE,
        enter_s=0.4,
        stagger_s=0.10,
        art_enter=Enter.FADE,
    ),
    "playful": Look(
        name="playful",
        display="Baloo ExtraBold",
        body="Baloo SemiBold",
        uppercase=False,
        line_height=0.96,
        size=1.06,
        radius=0.5,
        grounds=("blobs", "confetti", "waves"),
        art="emoji",
        shape="blob",
        caption_font="Baloo ExtraBold",
        caption_uppercase=False,
        caption_box=True,
        enter=Enter.POP,
        enter_s=0.36,
        stagger_s=0.06,
        art_enter=Enter.POP,
    ),
    "technical": Look(
        name="technical",
        display="Space Grotesk Bold",
        body="Space Mono Bold",
        uppercase=False,
        line_height=1.06,
        size=0.94,
        radius=0.06,
        grounds=("grid", "dots", "scan"),
        art="icon",
        shape="disc",
        caption_font="Space Grotesk Bold",
        caption_uppercase=False,
        caption_box=True,
        enter=Enter.FROM_LEFT,
        enter_s=0.28,
        stagger_s=0.05,
        art_enter=Enter.RISE,
    ),
}


def look_of(name: str) -> Look:
    """A look by name. Raises BadInput (field `look`) for an unknown one."""
    if name not in LOOKS:
        raise BadInput(f"there is no look {name!r}", field="look", fix=f"Choose one of: {', '.join(LOOKS)}.")
    return LOOKS[name]
