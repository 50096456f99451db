"""Every palette in every look gives thumbnails the gate passes: measured on real drawings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.stories.rendering import renderer
from ytempire.production.looks.backdrop import Backdrop, paint
from ytempire.production.looks.canvas import Art
from ytempire.production.looks.palettes import PALETTES
from ytempire.production.looks.scenes import Brand
from ytempire.production.looks.styles import LOOKS
from ytempire.production.looks.thumbnails import HEIGHT, SHOWN_AT_S, WIDTH, ThumbnailPlan, thumbnail_scenes
from ytempire.production.looks.typeface import cap_height_em, font_file
from ytempire.production.model import Format
from ytempire.production.timeline import Background, Move, Photo, Text
from ytempire.providers.ffmpeg.legible import contrast_of, thumbnail_checks

TEXTS = ("Why spaghetti splits?", "Apollo 11 computer", "Pasta gets jumpy")
"""A question, a figure, a statement: each has its own composition."""
DRAWN = [(palette, look) for at, palette in enumerate(PALETTES) for look in [tuple(LOOKS)[at % len(LOOKS)]]]
"""Every palette once, every look at least once; light palettes come nearest to the limit, so they come in all looks."""
LIGHT = [(name, look) for name in ("paper", "glacier") for look in LOOKS if (name, look) not in DRAWN]


@pytest.mark.parametrize(("palette", "look"), [*DRAWN, *LIGHT])
async def test_thumbnails_hold_up(tmp_path: Path, palette: str, look: str) -> None:
    """A text of each kind in turn, with a picture of the commonest colour of emoji, without one, over a photograph."""
    own = renderer(tmp_path)
    brand = Brand(PALETTES[palette], LOOKS[look], "", "Channel")
    at = ([*DRAWN, *LIGHT]).index((palette, look))
    Image.new("RGBA", (256, 256), "#ffcc33").save(tmp_path / "art.png")
    art = Art("emoji:sun", media=own.media.put(tmp_path / "art.png"), kind="emoji")
    kind = brand.look.grounds[at % len(brand.look.grounds)]
    painted = Photo(
        own.media.put_bytes(paint(Backdrop(kind, brand.palette, at, WIDTH, HEIGHT)), ".jpg"),
        Move.STILL,
    )
    Image.new("RGB", (WIDTH, HEIGHT), "#f4f4f0").save(tmp_path / "snow.jpg")
    snow = Photo(own.media.put(tmp_path / "snow.jpg"), Move.STILL, brand.palette.background, 0.5)
    cases: tuple[tuple[Art | None, Background], ...] = ((art, painted), (None, painted), (None, snow))
    chosen, ground = cases[at % 3]
    plan = ThumbnailPlan(TEXTS[at // 3 % 3], chosen, ground, at)
    (shown,) = thumbnail_scenes([plan], brand)
    drawn = await own.thumbnail(shown, at_s=SHOWN_AT_S, format=Format.WIDE)
    failed = [check for check in thumbnail_checks(own.media.path(drawn.media), shown) if check.passed is False]
    assert failed == []


def test_a_picture_of_the_letters_colour_is_no_letter() -> None:
    image = Image.new("RGB", (1280, 720), "#101020")
    pen = ImageDraw.Draw(image)
    pen.rectangle((830, 100, 1270, 620), fill="#aaaaaa")
    pen.ellipse((840, 150, 1200, 560), fill="#ffffff")
    baseline = 360 + cap_height_em("Anton") * 240 / 2
    anton = ImageFont.truetype(str(font_file("Anton")), 240)
    pen.text((420, baseline), "Wow 42", fill="#ffffff", font=anton, anchor="ms")
    found = contrast_of(image, Text(("Wow 42",), 420, 360, 240, "#ffffff", font="Anton"))
    assert found is not None
    assert found > 10
