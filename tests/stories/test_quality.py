"""The gate passes a good file and names what is wrong with a bad one, measured on the file itself."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.stories.rendering import (
    BLACK,
    FPS,
    RATE,
    STYLE,
    cue,
    photo,
    renderer,
    scene,
    sound,
    timeline,
    tone,
    whole,
)
from ytempire.kit.errors import QualityRefused
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.production.looks.typeface import font_file
from ytempire.production.mending import MAKERS
from ytempire.production.model import Check, QualityReport, Speech, Word
from ytempire.production.quality import coverage, cues_from_start, refuse_failed
from ytempire.production.timeline import Move, Photo, Shape, SpokenScene, Text, Timeline, Timing
from ytempire.providers.ffmpeg import FfmpegInspector, FfmpegRenderer
from ytempire.providers.ffmpeg.checks import Measured, picture_checks, sync_check
from ytempire.providers.ffmpeg.run import ffmpeg_path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> FfmpegRenderer:
    return renderer(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
async def good(own: FfmpegRenderer) -> tuple[Timeline, Path]:
    """Five seconds: a moving photograph, a gradient, speech of noise, captions."""
    rng = np.random.default_rng(3)
    voice = sound(own.media, rng.standard_normal(2 * RATE) * 0.1)
    ground = Photo(photo(own.media), Move.PAN_UP)
    scenes = [scene(75, ground, cues=(cue("one two three", 0.2, 2.2),)), scene(75, cues=(cue("four five", 0.2, 2.2),))]
    planned = timeline(scenes, [SpokenScene(voice, 0.2), SpokenScene(voice, 0.2)])
    return planned, await whole(own, planned)


def _inspector(folder: Path) -> FfmpegInspector:
    return FfmpegInspector(LocalMediaStore(folder, floor_bytes=0))


async def inspected(planned: Timeline, video: Path) -> dict[str, Check]:
    found = await _inspector(video.parent).inspect(
        video, planned=planned, starts_s=planned.starts_s(), cues=cues_from_start(planned), aligner=None
    )
    return {check.name: check for check in found}


def changed(video: Path, target: Path, *arguments: str) -> Path:
    command = [ffmpeg_path(), "-nostdin", "-y", "-loglevel", "error", "-i", str(video), *arguments, str(target)]
    subprocess.run(command, check=True)
    return target


def failed(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.passed is False}


async def test_a_good_file_passes_and_what_was_not_measured_is_not_called_passed(good: tuple[Timeline, Path]) -> None:
    checks = await inspected(*good)
    assert failed(checks) == set()
    assert checks["caption sync"].passed is None
    assert "no aligner" in checks["caption sync"].note
    assert len(checks) >= 17


SPOILED: dict[str, tuple[tuple[str, ...], str]] = {
    "too quiet": (("-c:v", "copy", "-af", "volume=-6dB"), "loudness"),
    "clipped": (("-c:v", "copy", "-af", "volume=12dB"), "true peak"),
    "index last": (("-c", "copy", "-use_editlist", "0"), "faststart"),
    "edit list": (("-c", "copy", "-use_editlist", "1", "-movflags", "+faststart"), "no edit list"),
    "no tags": (("-c:a", "copy", "-vf", "setparams=colorspace=bt470bg:color_primaries=bt470bg"), "colour tags"),
    "long GOP": (("-c:a", "copy", "-g", "90", "-preset", "ultrafast"), "closed GOP"),
    "short": (("-c", "copy", "-t", "3"), "length"),
    "short sound": (
        ("-c", "copy", "-map", "0:v", "-map", "0:a", "-af", "atrim=0:3", "-c:a", "aac"),
        "sound as long as picture",
    ),
    "silent hole": (("-c:v", "copy", "-af", "volume=0:enable='between(t,0.2,2.4)'"), "no silent stretch"),
    "frozen": (
        ("-c:a", "copy", "-vf", "select='lt(n,6)',tpad=stop_mode=clone:stop=144", "-g", "15"),
        "no frozen picture",
    ),
    "black hole": (
        ("-c:a", "copy", "-vf", "drawbox=c=black:t=fill:enable='between(t,1,2)'", "-g", "15"),
        "no black picture",
    ),
    "small": (("-c:a", "copy", "-vf", "scale=180:320", "-g", "15"), "picture format"),
}


@pytest.mark.parametrize("case", list(SPOILED))
async def test_what_is_wrong_is_named(good: tuple[Timeline, Path], tmp_path: Path, case: str) -> None:
    arguments, check = SPOILED[case]
    planned, video = good
    assert check in failed(await inspected(planned, changed(video, tmp_path / "bad.mp4", *arguments)))


async def test_a_damaged_file_does_not_decode(good: tuple[Timeline, Path], tmp_path: Path) -> None:
    data = bytearray(good[1].read_bytes())
    at = data.find(b"mdat") + len(data) // 2
    data[at : at + 4000] = bytes(4000)
    (tmp_path / "hole.mp4").write_bytes(data)
    assert "decodes fully" in failed(await inspected(good[0], tmp_path / "hole.mp4"))
    (tmp_path / "half.mp4").write_bytes(data[: len(data) // 2])
    assert failed(await inspected(good[0], tmp_path / "half.mp4")) == {"readable"}


async def test_planned_stillness_darkness_and_silence_are_no_faults(own: FfmpegRenderer) -> None:
    still = Photo(photo(own.media), Move.STILL)
    voice = SpokenScene(sound(own.media, tone(1.0, 300)), 0.0)
    planned = timeline([scene(70, BLACK), scene(80, still), scene(60, still)], [None, None, voice])
    checks = await inspected(planned, await whole(own, planned))
    assert {"no black picture", "no frozen picture", "no silent stretch"} & failed(checks) == set()


async def test_a_wide_word_that_just_fits_is_measured_as_it_is_drawn(
    own: FfmpegRenderer, good: tuple[Timeline, Path]
) -> None:
    """What its outline needs is left free once: a long address in a script is no fault of the video."""
    planned, file = good
    wide, style = cue("www.example.org/how-squid-swim", 0.1, 0.9), replace(STYLE, centre_x=185, outline_px=4)
    scenes = (replace(planned.scenes[0], cues=(wide,), captions=style), *planned.scenes[1:])
    assert "captions in the safe area" not in failed(await inspected(replace(planned, scenes=scenes), file))


async def test_captions_outside_the_safe_area_are_measured(own: FfmpegRenderer, good: tuple[Timeline, Path]) -> None:
    low = replace(STYLE, centre_y=610.0)
    planned = replace(good[0], scenes=tuple(replace(one, captions=low) for one in good[0].scenes))
    assert "captions in the safe area" in failed(await inspected(planned, good[1]))


def test_sync_is_judged_by_median_and_tail_and_only_if_enough_was_heard() -> None:
    assert sync_check([0.02] * 100, 100).passed is True
    assert sync_check([0.07] * 100, 100).passed is False
    assert sync_check([0.02] * 90 + [0.2] * 10, 100).passed is False
    assert sync_check([0.02] * 50, 100).passed is None
    assert sync_check([0.02] * 11 + [0.29], 12).passed is True, "of twelve words one is more than 5 %"
    assert sync_check([0.02] * 10 + [0.2, 0.29], 12).passed is False
    assert FPS == 30


def test_each_spoken_word_has_to_stand_in_a_caption_while_it_is_spoken(own: FfmpegRenderer) -> None:
    ref = MediaRef("0" * 64, 1, ".wav")
    speech = Speech(ref, 2.0, (Word("one", 0.0, 0.6), Word("two", 0.6, 1.2), Word("three", 1.2, 2.0)), "model")
    whole_cue = cue("one two three", 0.2, 2.2)
    planned = timeline([scene(75, cues=(whole_cue,))], [SpokenScene(ref, 0.2)])
    assert coverage([speech], planned).passed is True
    missing = replace(planned, scenes=(scene(75, cues=(cue("one two", 0.2, 1.4),)),))
    assert coverage([speech], missing).note == "not covered: three"
    late = replace(planned, scenes=(scene(75, cues=(cue("one two three", 1.0, 2.2),)),))
    assert coverage([speech], late).passed is False


def test_a_refusal_lists_figures_and_limits() -> None:
    good, bad = (
        Check("faststart", "moov first", "moov first", passed=True),
        Check("loudness", "−20.0 LUFS", "−14 ± 0.5 LUFS", passed=False),
    )
    unknown = Check("caption sync", "not measured", "median < 60 ms", passed=None)
    refuse_failed(QualityReport((good, unknown)))
    with pytest.raises(QualityRefused, match=r"1 of 3 checks: loudness: −20.0 LUFS, wanted −14") as refused:
        refuse_failed(QualityReport((good, bad, unknown)))
    assert refused.value.remake == "visuals"


async def test_every_maker_of_a_check_is_known_by_the_check_s_own_name(
    own: FfmpegRenderer, good: tuple[Timeline, Path], tmp_path: Path
) -> None:
    Image.new("RGB", (1280, 720), "#3c3c46").save(tmp_path / "thumbnail.jpg")
    shown = scene(30, BLACK, Text(("Wow 42",), 640, 360, 200, "#ffffff", font="Manrope ExtraBold"))
    names = [*await inspected(*good), coverage([], timeline([scene(75)])).name]
    names += [check.name for check in await _inspector(tmp_path).inspect_thumbnail(tmp_path / "thumbnail.jpg", shown)]
    for start, _ in MAKERS:
        assert any(name.startswith(start) for name in names), start


@pytest.mark.parametrize(("ink", "passed"), [("#ffffff", True), ("#707070", False)])
async def test_thumbnail_letters_are_held_against_what_they_stand_on(tmp_path: Path, ink: str, passed: bool) -> None:
    image = Image.new("RGB", (1280, 720), "#3c3c46")
    font = ImageFont.truetype(str(font_file("Manrope ExtraBold")), 200)
    ImageDraw.Draw(image).text((640, 360), "Wow 42", fill=ink, font=font, anchor="mm")
    image.save(tmp_path / "thumbnail.jpg", quality=93)
    shown = scene(30, BLACK, Text(("Wow 42",), 640, 360, 200, ink, font="Manrope ExtraBold"))
    found = {
        check.name: check for check in await _inspector(tmp_path).inspect_thumbnail(tmp_path / "thumbnail.jpg", shown)
    }
    assert found["thumbnail contrast"].passed is passed, found["thumbnail contrast"]
    assert found["thumbnail"].passed
    assert found["thumbnail words"].passed


def measured_still(first_s: float, last_s: float) -> Measured:
    return Measured(0, 150, "", None, None, (), ((first_s, last_s),), ())


def test_a_still_stretch_is_held_against_what_was_planned() -> None:
    """A moving photograph that stands is a stuck file; a stretch may seem longer by the time between two looks."""
    moving = timeline([scene(150, Photo(MediaRef("0" * 64, 1, ".jpg"), Move.PAN_UP))])

    def frozen(planned: Timeline, first_s: float, last_s: float) -> bool | None:
        found = {check.name: check.passed for check in picture_checks(measured_still(first_s, last_s), planned)}
        return found["no frozen picture"]

    assert frozen(moving, 1.0, 2.6) is True
    assert frozen(moving, 1.0, 3.0) is False
    small = [Shape("m 0 0 l 10 0 l 10 10 l 0 10", 9, 9, "#ffffff", timing=Timing(start_s=at)) for at in (2.0, 2.5)]
    large = [replace(one, scale=20.0) for one in small]
    assert frozen(timeline([scene(150, BLACK, *small)]), 1.0, 3.6) is True
    assert frozen(timeline([scene(150, BLACK, *large)]), 1.0, 3.6) is False
