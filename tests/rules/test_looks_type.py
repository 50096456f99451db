"""Type fits its box, whatever the words; what can't be drawn is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytempire.production.looks.styles import LOOKS
from ytempire.production.looks.typeface import block_height, fit, missing, width_px, without_missing

FACES = sorted({face for look in LOOKS.values() for face in (look.display, look.body, look.caption_font)})


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(
        st.text("abcdefghijklmnoprstuvwzABCDEFG0123456789,.!?'", min_size=1, max_size=18), min_size=1, max_size=12
    ),
    face=st.sampled_from(FACES),
    width=st.integers(300, 1700),
    height=st.integers(120, 700),
)
def test_type_never_leaves_its_box(words: list[str], face: str, width: int, height: int) -> None:
    lines, size = fit(" ".join(words), face, width, height, 200, 40)
    assert lines
    assert max(width_px(line, face, size) for line in lines) <= width + 0.5
    assert block_height(lines, face, size) <= height + 0.5
    assert 40 <= size <= 200


def test_lines_are_balanced_and_no_word_is_left_alone() -> None:
    lines, _ = fit("the quick brown fox jumps over it", "Manrope ExtraBold", 560, 400, 100, 40)
    widths = [width_px(line, "Manrope ExtraBold", 100) for line in lines]
    assert len(lines) > 1
    assert min(widths) > 0.45 * max(widths)


def test_a_text_that_can_not_fit_is_cut_at_a_word_with_an_ellipsis() -> None:
    lines, size = fit("word " * 60, "Anton", 400, 200, 120, 50)
    assert size == 50
    assert lines[-1].endswith("word…")


@pytest.mark.parametrize("face", FACES)
def test_faces_draw_western_letters_and_name_what_they_can_not(face: str) -> None:
    assert missing("Crème brûlée – “€5”, naïve Łódź, Zürich, ½ … 100 %", face) == []
    assert missing("Привет", face)
    assert missing("日本", face) == ["日", "本"]
    assert without_missing("Big 🐝 news", face) == "Big news"


@pytest.mark.parametrize("face", FACES)
def test_digits_are_equally_wide_so_counters_stand_still(face: str) -> None:
    assert len({round(width_px(digit, face, 1000)) for digit in "0123456789"}) == 1
