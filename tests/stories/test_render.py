"""Timelines become files: in time, in level, in order, and nothing half-made stays."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from tests.stories.rendering import (
    BLACK,
    DUSK,
    FPS,
    HEIGHT,
    RATE,
    WHITE,
    WIDTH,
    cue,
    loudness,
    lumas,
    photo,
    renderer,
    samples,
    scene,
    sound,
    timeline,
    tone,
    whole,
)  # fmt: skip
from ytempire.kit.errors import BadInput, RenderFailed, StorageFull
from ytempire.production.model import Format
from ytempire.production.timeline import Clip, Enter, Inset, Move, Photo, Picture, Shape, SpokenScene, Text, Timing
from ytempire.providers.ffmpeg import FfmpegRenderer
from ytempire.providers.ffmpeg.mp4 import read_index
from ytempire.providers.ffmpeg.run import Limits, run

SIZES = {"width": WIDTH, "height": HEIGHT, "fps": FPS}


@pytest.fixture
def own(tmp_path: Path) -> FfmpegRenderer:
    return renderer(tmp_path)


def left_in_scratch(own: FfmpegRenderer) -> list[Path]:
    return list(own.scratch.iterdir()) if own.scratch.exists() else []


async def test_flash_and_beep_meet_within_ten_milliseconds(own: FfmpegRenderer) -> None:
    """Flashes of odd lengths after odd lengths of black, a beep with each: the whole path, measured on the file."""
    lengths, scenes, voice = [(31, 3), (22, 4), (37, 2), (29, 5), (44, 3)], [], []
    for dark, light in lengths:
        beep = sound(own.media, tone(light / FPS, 1000, 0.5))
        scenes += [scene(dark, BLACK), scene(light, WHITE)]
        voice += [None, SpokenScene(beep, 0.0)]
    video = await whole(own, timeline(scenes, voice))
    bright = lumas(video) > 128
    flashes = np.flatnonzero(bright[1:] & ~bright[:-1]) + 1
    heard = np.abs(samples(video)) > 0.1
    loud = np.flatnonzero(heard)
    onsets = loud[np.insert(np.diff(loud) > RATE // 10, 0, True)]
    assert len(flashes) == len(onsets) == len(lengths)
    apart_ms = (onsets / RATE - flashes / FPS) * 1000
    assert np.abs(apart_ms).max() < 10, apart_ms


async def test_the_finished_file_is_what_youtube_asks_for(own: FfmpegRenderer) -> None:
    video = await whole(
        own, timeline([scene(47), scene(20, WHITE)], [SpokenScene(sound(own.media, tone(1.2, 300)), 0.1), None])
    )
    index = read_index(video)
    picture, heard = index.track("vide"), index.track("soun")
    assert picture is not None
    assert heard is not None
    assert index.moov_first
    assert not picture.edit_list
    assert not heard.edit_list
    assert (picture.samples, picture.even, picture.first_s, picture.profile) == (67, True, 0.0, 100)
    assert picture.colour == (1, 1, 1, False)
    assert picture.key_samples == (0, 30, 47)
    assert (heard.codec, heard.sample_rate_hz, heard.channels) == ("mp4a", 48_000, 2)
    assert abs(heard.duration_s - picture.duration_s) < 0.03
    assert left_in_scratch(own) == []


@pytest.mark.parametrize("level", [0.02, 0.6])
async def test_loudness_is_reached_from_quiet_and_from_loud_speech(own: FfmpegRenderer, level: float) -> None:
    rng = np.random.default_rng(1)
    speech = rng.standard_normal(RATE * 4) * level * np.repeat(rng.uniform(0.1, 1, 40), RATE // 10)
    mixed = await own.mix(timeline([scene(150)], [SpokenScene(sound(own.media, speech), 0.3)]))
    lufs, peak = loudness(own.media.path(mixed.media))
    assert lufs == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5


async def test_music_goes_down_under_the_voice_and_fades_at_the_end(own: FfmpegRenderer) -> None:
    """Voice and music are tones of different pitch, so each can be measured in the mix."""
    music = sound(own.media, np.concatenate([tone(2.5, 250, 0.3)]))  # shorter than the video: it has to come again
    voice = SpokenScene(sound(own.media, tone(3.0, 2000, 0.3)), 0.0)
    mixed = await own.mix(timeline([scene(90, DUSK), scene(90), scene(90)], [None, voice, None], music))
    heard = samples(own.media.path(mixed.media))

    def music_db(start_s: float, end_s: float) -> float:
        part = heard[round(start_s * RATE) : round(end_s * RATE)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        hz = np.fft.rfftfreq(len(part), 1 / RATE)
        return float(20 * np.log10(spectrum[(hz > 230) & (hz < 270)].max() / len(part)))

    ducked = music_db(1.0, 2.5) - music_db(3.6, 5.6)
    assert 9 <= ducked <= 12
    assert music_db(8.6, 8.98) < music_db(1.0, 2.5) - 6
    assert np.abs(heard[-RATE // 50 :]).max() < 0.01


async def test_a_voice_of_another_rate_is_heard_at_its_own_pitch_and_time(own: FfmpegRenderer) -> None:
    speech = np.concatenate([np.zeros(12_000), tone(0.5, 1000, 0.4, 24_000), np.zeros(6_000)])
    mixed = await own.mix(timeline([scene(60)], [SpokenScene(sound(own.media, speech, 24_000), 0.25)]))
    heard = samples(own.media.path(mixed.media))
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    assert loud[0] / RATE == pytest.approx(0.75, abs=0.01)
    part = heard[loud[0] + 2000 : loud[0] + 20_000]
    spectrum = np.abs(np.fft.rfft(part))
    assert np.fft.rfftfreq(len(part), 1 / RATE)[spectrum.argmax()] == pytest.approx(1000, abs=5)


async def test_layers_lie_in_order_pictures_among_them(own: FfmpegRenderer) -> None:
    """Green below, a red picture on it, blue above: seen in the still."""
    red = own.media.put_bytes(_png((220, 20, 20)), ".png")
    below = Shape("m 0 0 l 600 0 600 400 0 400", 340, 160, "#00ff00")
    card = Picture(red, 440, 260, 400, 200, timing=Timing(enter=Enter.RISE))
    above = Shape("m 0 0 l 80 0 80 80 0 80", 600, 320, "#0000ff")
    made = await own.thumbnail(scene(30, BLACK, below, card, above), at_s=0.8, format=Format.WIDE)
    with Image.open(own.media.path(made.media)) as still:
        assert (still.format, still.size) == ("JPEG", (1280, 720))
        seen = [still.getpixel(at) for at in ((100, 100), (360, 180), (470, 300), (640, 360))]
    wanted = [(0, 0, 0), (0, 255, 0), (220, 20, 20), (0, 0, 255)]
    assert np.abs(np.array(seen) - np.array(wanted)).max() < 24, seen


@pytest.mark.parametrize(("frames", "first", "end"), [(1, 0, 1), (3, 2, 3), (4, 2, 3), (31, 29, 31)])
async def test_a_picture_stands_in_exactly_the_frames_of_its_time(
    own: FfmpegRenderer, frames: int, first: int, end: int
) -> None:
    white = own.media.put_bytes(_png((255, 255, 255)), ".png")
    timing = Timing(start_s=first / FPS, end_s=end / FPS)
    made = await own.render_scene(scene(frames, BLACK, Picture(white, 0, 0, WIDTH, WIDTH, timing=timing)), **SIZES)
    shown = [luma > 60 for luma in lumas(own.media.path(made.media))]
    assert shown == [first <= frame < end for frame in range(frames)]


async def test_every_kind_of_ground_gives_exactly_its_frames(own: FfmpegRenderer) -> None:
    still = photo(own.media)
    clip = (await own.render_scene(scene(20, WHITE), **SIZES)).media
    for ground in (
        DUSK,
        *(Photo(still, move, tint="#101020", tint_opacity=0.4) for move in Move),
        Photo(still, tint="#101020", tint_opacity=0.4, inset=Inset(20, 40, 200, 320, 6, "#ffffff")),
        Clip(clip, start_s=0.2),
        Clip(clip, inset=Inset(0, 100, 360, 202)),
    ):
        made = await own.render_scene(scene(33, ground, cues=(cue("two words", 0.2, 0.9),)), **SIZES)
        track = read_index(own.media.path(made.media)).track("vide")
        assert track is not None
        assert (track.samples, track.width_px, track.height_px) == (33, WIDTH, HEIGHT), ground


async def test_an_inset_picture_is_whole_sharp_and_untinted_over_itself_blurred(own: FfmpegRenderer) -> None:
    red = own.media.put_bytes(_png((220, 20, 20)), ".png")
    ground = Photo(red, tint="#000000", tint_opacity=0.6, inset=Inset(340, 210, 600, 300, 10, "#ffffff"))
    made = await own.thumbnail(scene(30, ground), at_s=0.2, format=Format.WIDE)
    with Image.open(own.media.path(made.media)) as still:
        seen = [still.getpixel(at) for at in ((345, 215), (935, 505), (335, 300), (100, 100))]
    wanted = [(220, 20, 20), (220, 20, 20), (255, 255, 255), (88, 8, 8)]
    assert np.abs(np.array(seen) - np.array(wanted)).max() < 24, seen


async def test_equal_scenes_have_equal_keys_and_equal_bytes(own: FfmpegRenderer) -> None:
    text = Text(("Hello",), 100, 100, 60, "#ffffff", timing=Timing(enter=Enter.RISE))
    one, other = scene(30, DUSK, text), scene(30, DUSK, replace(text, lines=("Hallo",)))
    assert own.scene_key(one, **SIZES) == own.scene_key(scene(30, DUSK, text), **SIZES)
    assert own.scene_key(one, **SIZES) != own.scene_key(other, **SIZES)
    assert own.scene_key(one, **SIZES) != own.scene_key(replace(one, frames=31), **SIZES)
    first, again = await own.render_scene(one, **SIZES), await own.render_scene(one, **SIZES)
    assert first.media == again.media


HOSTILE_WORDS = (
    r"{\b1}bold{\b0}",
    r"it's: [in] 'quoted'; a,b=c",
    r"%{eif\:n\:d} %{localtime}",
    "a\\Nb\\h", "x" * 400, "']:enable='0", "\x00\x1b[2J", "🐙 émoji \u202ertl",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE_WORDS)
async def test_no_word_of_a_user_reaches_a_filter(own: FfmpegRenderer, words: str) -> None:
    text = Text((words,), 180, 200, 30, "#ffffff", timing=Timing())
    plan = own._plan(
        scene(12, DUSK, text, cues=(cue(words, 0.0, 0.4) if words.split() else cue("x", 0.0, 0.4),)), **SIZES
    )
    for part in [
        plan.graph,
        *(one.source for one in plan.inputs),
        *(option for one in plan.inputs for option in one.options),
    ]:
        assert words not in part
    made = await own.render_scene(scene(12, DUSK, text), **SIZES)
    assert own.media.has(made.media)


async def test_a_killed_ffmpeg_is_named_and_leaves_nothing(own: FfmpegRenderer) -> None:
    making = asyncio.create_task(
        own.render_scene(scene(3000, Photo(photo(own.media), Move.PAN_UP)), width=1080, height=1920, fps=FPS)
    )
    os.kill(await _encoding(), signal.SIGKILL)
    with pytest.raises(RenderFailed, match="signal 9"):
        await making
    assert left_in_scratch(own) == []
    assert list(own.media.root.glob("*/*.mp4")) == []


async def test_cancelling_kills_ffmpeg_and_cleans_up(own: FfmpegRenderer) -> None:
    making = asyncio.create_task(
        own.render_scene(scene(3000, Photo(photo(own.media), Move.PAN_UP)), width=1080, height=1920, fps=FPS)
    )
    pid = await _encoding()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert not psutil.pid_exists(pid)
    assert left_in_scratch(own) == []


async def test_a_hung_or_greedy_ffmpeg_meets_its_limits(own: FfmpegRenderer, tmp_path: Path) -> None:
    endless = ["-f", "lavfi", "-i", "testsrc2=s=640x360", "-f", "null", "-"]
    with pytest.raises(RenderFailed, match=r"longer than \d s"):
        await run(endless, cwd=tmp_path, limits=Limits(0.5, 60), what="an endless film")
    with pytest.raises(RenderFailed, match=r"more than 1 s of CPU"):
        await run(endless, cwd=tmp_path, limits=Limits(30, 1), what="an endless film")
    huge = ["-f", "lavfi", "-i", "color=s=16000x16000:d=1,format=rgba64", "-f", "null", "-"]
    with pytest.raises(RenderFailed):
        await run(huge, cwd=tmp_path, limits=Limits(30, 30, memory_bytes=300_000_000), what="a huge film")


async def test_a_full_disk_is_called_a_full_disk(own: FfmpegRenderer, tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="disk is full"):
        await run(
            ["-f", "lavfi", "-i", "testsrc2=s=640x360:d=2", "-c:v", "rawvideo", "-f", "rawvideo", "/dev/full"],
            cwd=tmp_path, limits=Limits(30, 30), what="a film",
        )  # fmt: skip


async def test_no_network_whatever_a_file_asks_for(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match=r"(?i)whitelist|not found|invalid"):
        await run(
            ["-i", "http://127.0.0.1:9/x.mp4", "-f", "null", "-"], cwd=tmp_path, limits=Limits(20, 20), what="a film"
        )


async def test_a_scene_without_frames_is_refused(own: FfmpegRenderer) -> None:
    with pytest.raises(BadInput, match="no frames"):
        await own.render_scene(scene(0), **SIZES)


async def _encoding() -> int:
    """The pid of an ffmpeg of ours that has begun to work."""
    me = psutil.Process()
    for _ in range(400):
        for child in me.children(recursive=True):
            try:
                if child.name().startswith("ffmpeg") and child.cpu_times().user > 0.3:
                    return int(child.pid)
            except psutil.NoSuchProcess:
                pass
        await asyncio.sleep(0.02)
    raise AssertionError("no ffmpeg came to work")


def _png(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(out, "PNG")
    return out.getvalue()
