"""What a user writes is shown, never obeyed: read back from what libass draws."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ytempire.production.looks import FONTS_DIR
from ytempire.production.looks.typeface import width_px
from ytempire.providers.ffmpeg.ass_writing import clock, colour, document, escaped, event

HOSTILE = [
    "{\\b1}x",
    "a\\Nb",
    "\\h",
    "{}",
    "x}{y",
    "\\{\\p1}m 0 0 l 9 9",
    "a\nb",
    "[in]%{pts}':;,",
    "C:\\new\\names",
    "\\\\N",
]


def drawn(texts: list[str], folder: Path) -> list[tuple[int, int, int, int] | None]:
    """The box of what is drawn for each text, one frame each."""
    events = [
        event(0, index, index + 1, 10, f"{{\\an7\\pos(50,60)\\fnManrope SemiBold\\fs60\\1c&HFFFFFF&}}{text}")
        for index, text in enumerate(texts)
    ]
    (folder / "t.ass").write_text(document(1400, 200, events), encoding="utf-8")
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=c=black:s=1400x200:r=10",
            "-frames:v",
            str(len(texts)),
            "-vf",
            f"ass={folder / 't.ass'}:fontsdir={FONTS_DIR}",
            str(folder / "%03d.png"),
        ],
        check=True,
    )
    pictures = [Image.open(folder / f"{index + 1:03d}.png").convert("L") for index in range(len(texts))]
    return [picture.point(lambda value: 255 if value > 90 else 0).getbbox() for picture in pictures]


def test_hostile_text_is_drawn_letter_by_letter_on_one_line(tmp_path: Path) -> None:
    boxes = drawn([escaped(text) for text in HOSTILE], tmp_path)
    for text, box in zip(HOSTILE, boxes, strict=True):
        assert box is not None, text
        shown = text.replace("\n", " ")
        assert box[2] - box[0] == pytest.approx(width_px(shown, "Manrope SemiBold", 60), abs=22), text
        assert box[3] - box[1] < 75, f"{text!r} takes more than one line"


def test_unescaped_the_same_text_would_be_obeyed(tmp_path: Path) -> None:
    obeyed, shown = drawn(["{\\fs120}x", escaped("{\\fs120}x")], tmp_path)
    assert obeyed is not None
    assert shown is not None
    assert shown[2] - shown[0] > 2 * (obeyed[2] - obeyed[0])


@given(st.text(max_size=60))
def test_escaped_text_opens_no_command_and_no_line(text: str) -> None:
    out = escaped(text)
    assert "\n" not in out
    assert "\r" not in out
    bare = out.replace("\\{", "").replace("\\}", "")
    assert "{" not in bare
    assert "}" not in bare
    assert all(bare[i + 1 : i + 2] == "\u2060" for i, c in enumerate(bare) if c == "\\")


def test_colours_are_turned_round_and_checked() -> None:
    assert colour("#FFC93C") == "&H3CC9FF&"
    with pytest.raises(ValueError, match="no #rrggbb"):
        colour("red")
    with pytest.raises(ValueError, match="invalid literal"):
        colour("#12345}")


def test_times_lie_between_frames() -> None:
    for frame in range(1, 400):
        hours, minutes, seconds = clock(frame, 30).split(":")
        at = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        assert (frame - 1) / 30 < at < frame / 30
