"""What the renderer decides before any ffmpeg runs."""

from __future__ import annotations

import pytest

from ytempire.kit.errors import BadInput, RenderFailed, StorageFull
from ytempire.kit.media_store import MediaRef
from ytempire.production.timeline import CaptionStyle, Gradient, Move, Photo, Scene
from ytempire.providers.ffmpeg import background, changes, effects, mix
from ytempire.providers.ffmpeg.encoder import Encoder
from ytempire.providers.ffmpeg.run import Ended, Limits, explained
from ytempire.providers.ffmpeg.scene import plan_scene
from ytempire.providers.ffmpeg.sniff import sniff

HEAD = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def line(start: str, end: str, text: str = "{\\pos(1,1)}x") -> str:
    return f"Dialogue: 0,0:00:0{start},0:00:0{end},S,,0,0,0,,{text}\n"


def drawn(document: str) -> list[int]:
    return sorted(changes.changing_frames(HEAD + document, frames=90, fps=30))


def test_a_still_event_is_drawn_when_it_comes_and_when_it_goes() -> None:
    assert drawn(line("0.48", "1.48")) == [0, 15, 45]  # half a frame before frames 15 and 45


def test_an_animated_event_is_drawn_on_every_frame_of_its_animation() -> None:
    assert set(range(15, 46)) <= set(drawn(line("0.48", "1.48", "{\\move(0,0,9,9)}x")))
    assert set(range(15, 46)) <= set(drawn(line("0.48", "1.48", "{\\t(\\fscx120)}x")))
    faded = drawn(line("0.48", "1.98", "{\\fad(200,100)}x"))
    assert set(range(15, 21)) | set(range(57, 60)) <= set(faded)
    assert 30 not in faded


def test_words_that_look_like_times_do_no_harm() -> None:
    assert drawn(line("0.48", "1.48", "Dialogue: 0,9:99:99.99,,,,\\t(")) != []


def test_stretches_become_one_short_expression() -> None:
    assert changes.as_expression(frozenset({0, 1, 2, 7})) == "between(n\\,0\\,2)+between(n\\,7\\,7)"


@pytest.mark.parametrize(
    ("colour", "wanted"), [("#000000", (16, 128, 128)), ("#ffffff", (235, 128, 128)), ("#0000ff", (31.8, 240, 117.7))]
)
def test_colours_become_limited_bt709(colour: str, wanted: tuple[float, float, float]) -> None:
    assert background.bt709(colour) == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize("frames", [1, 15, 97, 300, 3000])
def test_a_pan_goes_whole_pixels_and_never_out_of_the_picture(frames: int) -> None:
    ref = MediaRef("a" * 64, 1, ".jpg")
    for move in (Move.PAN_UP, Move.PAN_LEFT):
        made = background.ground(Photo(ref, move), frames=frames, width=1080, height=1920, fps=30)
        big = [int(part) for part in made.chain.split("scale=")[1].split(":")[:2]]
        assert 1080 <= big[0] <= 1080 * 1.4
        assert 1920 <= big[1] <= 1920 * 1.4


def test_a_plan_names_no_path_and_differs_only_where_the_scene_does() -> None:
    style = CaptionStyle("Manrope ExtraBold", 50, "#ffffff", "#ffcc00", 540, 1200, 700, 4, "#000000")
    scene = Scene(60, Gradient(("#102030", "#203040"), 5), (), (), style)
    plan = plan_scene(scene, width=1080, height=1920, fps=30, encoder=Encoder(), draw=lambda *_, **__: HEAD)
    again = plan_scene(scene, width=1080, height=1920, fps=30, encoder=Encoder(), draw=lambda *_, **__: HEAD)
    assert plan == again
    assert "/" not in plan.graph.replace("N/(30*TB)", "")


@pytest.mark.parametrize(
    ("ended", "kind", "said"),
    [
        (Ended(-9, 1.0, ""), RenderFailed, "signal 9"),
        (Ended(-11, 1.0, ""), RenderFailed, "SIGSEGV"),
        (Ended(255, 10.2, ""), RenderFailed, "10 s of CPU"),
        (Ended(1, 1.0, "x\nav_interleaved_write_frame(): No space left on device\n"), StorageFull, "disk is full"),
        (Ended(1, 1.0, "Cannot allocate memory"), RenderFailed, "MB of memory"),
        (Ended(8, 1.0, "Invalid data found when processing input"), RenderFailed, "Invalid data"),
        (Ended(1, 1.0, ""), RenderFailed, "it said nothing"),
    ],
)  # fmt: skip
def test_a_failed_ffmpeg_is_explained(ended: Ended, kind: type[Exception], said: str) -> None:
    error = explained(ended, what="a scene", limits=Limits(10, 10))
    assert isinstance(error, kind)
    assert said in error.message
    assert error.fix


def test_loudness_is_read_and_silence_is_none() -> None:
    assert mix.loudness("x\n    I:         -18.1 LUFS\n") == -18.1
    assert mix.loudness("    I:         -70.0 LUFS\n") is None
    with pytest.raises(RenderFailed):
        mix.loudness("nothing")


def test_effects_are_soft_and_short_and_others_are_refused() -> None:
    for name in ("whoosh", "tick"):
        made = effects.effect(name, 48_000)
        assert 0.02 < abs(made).max() < 0.1
        assert len(made) < 24_000
        assert abs(made[-1]) < 0.002
    with pytest.raises(BadInput, match="boom"):
        effects.effect("boom", 48_000)


def test_a_file_is_what_its_first_bytes_say() -> None:
    assert sniff(b"\xff\xd8\xff\xe0").what == "image"
    assert sniff(b"\0\0\0\x18ftypisom").demuxer == "mov"
    assert sniff(b"#EXTM3U\n").what == "refused"
    assert sniff(b"").what == "refused"
