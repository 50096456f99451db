"""Every palette can be read; own colours and logos are held to the same."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ytempire.kit.errors import BadInput
from ytempire.production.looks.palettes import PALETTES, Palette, contrast, faults, palette_from_logo, palette_of


@pytest.mark.parametrize("name", list(PALETTES))
def test_named_palettes_can_be_read(name: str) -> None:
    palette = PALETTES[name]
    assert faults(palette) == []
    assert contrast(palette.accent, palette.background) >= 4.5, "captions light the spoken word in the accent"
    assert contrast(palette.accent, palette.surface) >= 4.5
    for ground in (palette.accent, palette.accent2, palette.surface):
        assert contrast(palette.ink_on(ground), ground) >= 4.5
    assert contrast(palette.quiet, palette.background) >= 4.5


def test_contrast_is_the_standards() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_colours_that_can_not_be_read_are_refused_with_the_reason() -> None:
    with pytest.raises(BadInput, match="text on background has contrast"):
        palette_of("midnight", ["#FFFFFF", "#EEEEEE", "#DDDDDD", "#000000", "#333333"])
    with pytest.raises(BadInput, match="'red' is no colour"):
        palette_of("midnight", ["red", "#EEEEEE", "#DDDDDD", "#000000", "#333333"])
    with pytest.raises(BadInput, match="Choose one of: midnight"):
        palette_of("neon")


@pytest.mark.parametrize("colours", [("#FF0000",), ("#1188CC", "#FFCC00"), ("#FFFFFF",), ("#000000", "#101010")])
def test_any_logo_gives_a_palette_that_can_be_read(colours: tuple[str, ...]) -> None:
    logo = Image.new("RGB", (40, 40), colours[0])
    for index, colour in enumerate(colours):
        logo.paste(colour, (0, index * 20, 40, 40))
    file = io.BytesIO()
    logo.save(file, "PNG")
    palette = palette_from_logo(file.getvalue())
    assert isinstance(palette, Palette)
    assert faults(palette) == []


def test_a_logo_that_is_no_picture_is_refused() -> None:
    with pytest.raises(BadInput, match="no picture"):
        palette_from_logo(b"hello")
