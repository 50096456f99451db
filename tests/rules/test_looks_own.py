"""A creator's own picture: large, whole where its shape allows, never under its label or the captions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.kit.media_store import MediaRef
from ytempire.production.looks import PALETTES
from ytempire.production.looks.frame import FRAMES
from ytempire.production.looks.own import FILLS_LOSING, own_ground, place_of
from ytempire.production.model import Format, OwnMedia
from ytempire.production.timeline import Clip, Move, Photo

REF = MediaRef("ab" * 32, 10, ".png")


@given(width=st.integers(200, 4000), height=st.integers(200, 4000), shape=st.sampled_from(list(Format)))
def test_it_is_whole_and_undistorted_or_nearly_fills_the_frame(width: int, height: int, shape: Format) -> None:
    frame = FRAMES[shape]
    place = place_of(width, height, frame)
    label, content = place.label, frame.content
    assert content.x <= label.x < label.right <= content.right
    assert content.y <= label.y < label.bottom <= content.bottom
    if place.picture is None:
        ratio = (width / height) / (frame.width / frame.height)
        assert 1 - min(ratio, 1 / ratio) <= FILLS_LOSING
        return
    box = place.picture
    assert box.w / box.h == pytest.approx(width / height)
    assert box.x >= -0.5
    assert box.right <= frame.width + 0.5
    assert box.y >= 0
    assert box.bottom < frame.caption_y - 90
    assert box.bottom <= label.y or box.x >= label.right


@pytest.mark.parametrize(("width", "height", "least"), [(1600, 900, 1.0), (1000, 1000, 0.74), (900, 1200, 0.55)])
def test_in_a_short_it_is_large(width: int, height: int, least: float) -> None:
    frame = FRAMES[Format.VERTICAL]
    box = place_of(width, height, frame).picture
    assert box is not None
    assert box.w >= least * frame.width


def test_nothing_tints_it_and_it_moves_only_where_something_is_cut_off() -> None:
    frame, palette = FRAMES[Format.VERTICAL], PALETTES["midnight"]
    exact = own_ground(OwnMedia(REF, "image", "", 1080, 1920), frame, palette, 1)
    assert exact == Photo(REF, Move.STILL)
    tall = own_ground(OwnMedia(REF, "image", "", 1080, 2150), frame, palette, 1)
    assert isinstance(tall, Photo)
    assert tall.move in {Move.PAN_UP, Move.PAN_DOWN}
    assert tall.tint_opacity == 0
    clip = own_ground(OwnMedia(REF, "clip", "", 1920, 1080, 5.0), frame, palette, 1)
    assert isinstance(clip, Clip)
    assert clip.inset is not None
    assert (clip.inset.width, clip.inset.x) == (1080, 0)
