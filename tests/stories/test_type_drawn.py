"""Words as libass draws them: no wider than they were planned, whatever the words and the style."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import features

from ytempire.production.cues import cues
from ytempire.production.looks import FONTS_DIR
from ytempire.production.looks.frame import FRAMES, caption_style
from ytempire.production.looks.palettes import PALETTES
from ytempire.production.looks.styles import LOOKS
from ytempire.production.looks.typeface import width_px
from ytempire.production.model import Cue, Format, Word
from ytempire.production.timeline import CaptionStyle, Gradient, Layer, Scene, Text, Timing
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.ffmpeg.checks import safe_area
from ytempire.providers.ffmpeg.run import ffmpeg_path

FPS = 10
KERNED = ("AVAWAVTAYO", "OBSERVATORY", "TATAV", "Wolkenkratzer", "Ty“WAVE”", "affinity", "1,417,000", "LT.VA")
"""Pairs that lie far closer with their kerning than without, and ligatures."""
FACES = sorted({name for look in LOOKS.values() for name in (look.display, look.body, look.caption_font)})
WORDS = st.lists(
    st.sampled_from([*KERNED, "observatory", "WWWWWWWWWW", "outmanoeuvred", "mmmmmmmmmmmmm", "a", "Quay,", "jj", "—"])
    | st.text("AVWTYLOPQgjfmw“”.,'7", min_size=1, max_size=16),
    min_size=1,
    max_size=7,
)


def drawn(scene: Scene, shape: Format, folder: Path) -> Iterator[tuple[int, float, float, float, float]]:
    """Frame, left, top, right and bottom of what is drawn, at every frame with something on it."""
    width, height = shape.size_px
    (folder / "words.ass").write_text(scene_document(scene, width=width, height=height, fps=FPS), encoding="utf-8")
    if not (folder / "fonts").exists():
        (folder / "fonts").symlink_to(FONTS_DIR)
    source = f"color=black:s={width}x{height}:r={FPS}:d={scene.frames / FPS:.3f}"
    look = "format=gray,ass=words.ass:fontsdir=fonts,bbox=min_val=40"
    command = [ffmpeg_path(), "-nostats", "-f", "lavfi", "-i", source, "-vf", look, "-f", "null", "-"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stderr
    for frame, x1, x2, y1, y2 in re.findall(r"n:(\d+) pts:.*?x1:(\d+) x2:(\d+) y1:(\d+) y2:(\d+)", said):
        yield int(frame), float(x1), float(y1), float(x2) + 1, float(y2) + 1


def white(look: str, shape: Format) -> CaptionStyle:
    """A look's captions, everything of them white."""
    style = caption_style(FRAMES[shape], next(iter(PALETTES.values())), LOOKS[look])
    style = replace(style, colour="#ffffff", accent="#ffffff", outline_colour="#ffffff")
    return replace(style, box_colour="#ffffff", box_opacity=1.0) if style.box_colour else style


def of(words: list[str]) -> tuple[Cue, ...]:
    """The words' cues, half a second a word."""
    timed = [Word(word, index * 0.5, index * 0.5 + 0.45) for index, word in enumerate(words)]
    return cues(timed, most_words=4, most_characters=20, scene_end_s=len(words) * 0.5)


@pytest.mark.parametrize("shape", list(Format))
@pytest.mark.parametrize("look", sorted(LOOKS))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
def test_captions_stay_within_their_width_and_the_safe_area(
    look: str, shape: Format, words: list[str], tmp_path: Path
) -> None:
    style = white(look, shape)
    left, top, right, bottom = safe_area(*shape.size_px)
    left = max(left, style.centre_x - style.max_width / 2)
    right = min(right, style.centre_x + style.max_width / 2)
    scene = Scene(len(words) * FPS // 2, Gradient(("#000000",), 0), (), of(words), style)
    for frame, x1, y1, x2, y2 in drawn(scene, shape, tmp_path):
        assert left <= x1 <= x2 <= right, (frame, x1, x2)
        assert top <= y1 <= y2 <= bottom, (frame, y1, y2)


@pytest.mark.parametrize("face", FACES)
def test_a_word_is_drawn_as_wide_as_it_was_measured(face: str, tmp_path: Path) -> None:
    assert features.check("raqm"), "without it Pillow measures without kerning"
    layers: list[Layer] = [
        Text((word,), 540, 600, 90, "#ffffff", font=face, timing=Timing(start_s=index, end_s=index + 1))
        for index, word in enumerate(KERNED)
    ]
    plain = caption_style(FRAMES[Format.VERTICAL], next(iter(PALETTES.values())), LOOKS["bold"])
    scene = Scene(len(KERNED) * FPS, Gradient(("#000000",), 0), tuple(layers), (), plain)
    seen = {frame // FPS: (x1, x2) for frame, x1, _, x2, _ in drawn(scene, Format.VERTICAL, tmp_path)}
    assert len(seen) == len(KERNED)
    for index, word in enumerate(KERNED):
        planned = width_px(word, face, 90)
        x1, x2 = seen[index]
        assert x2 - x1 <= planned + 0.03 * 90, word
        assert x2 - x1 >= planned - 0.30 * 90, word
