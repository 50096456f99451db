"""What people hand in, by mistake or on purpose: a clear error that names the file and the mend, or a clean file."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.stories.rendering import renderer
from ytempire.kit.errors import BadInput
from ytempire.production.ports import Probe
from ytempire.providers.ffmpeg import FfmpegRenderer
from ytempire.providers.ffmpeg.mp4 import read_index
from ytempire.providers.ffmpeg.run import ffmpeg_path

MOST_S = 25


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files that the bad ones are made from."""
    folder = tmp_path_factory.mktemp("samples")
    _ffmpeg(folder, "-f", "lavfi", "-i", "testsrc2=s=320x240:d=2:r=25", "-f", "lavfi", "-i", "sine=d=2", "clip.mp4")
    _ffmpeg(folder, "-i", "clip.mp4", "-c", "copy", "-movflags", "+faststart", "fast.mp4")
    _ffmpeg(folder, "-i", "clip.mp4", "-vn", "sound.m4a")
    _ffmpeg(folder, "-i", "clip.mp4", "-vn", "sound.wav")
    _ffmpeg(folder, "-i", "clip.mp4", "-vn", "-f", "mp4", "soundonly.mp4")
    _ffmpeg(folder, "-i", "clip.mp4", "-c:v", "libvpx", "-b:v", "300k", "-deadline", "realtime", "-an", "clip.webm")
    _ffmpeg(folder, "-i", "clip.mp4", "-vf", "fps=10,scale=160:-2", "clip.gif")
    _ffmpeg(folder, "-f", "lavfi", "-i", "testsrc2=s=8400x96:d=0.2", "giant.mp4")
    _ffmpeg(folder, "-i", "clip.mp4", "-c:v", "mpeg2video", "clip.ts")  # "[2][0][0][0] / 0x0002" is no size
    _ffmpeg(folder, "-i", "clip.mp4", "-f", "lavfi", "-i", "sine=d=6", "-c:v", "copy", "-map", "0:v", "-map", "1:a",
            "-movflags", "+faststart", "song.mp4")  # fmt: skip
    Image.effect_noise((400, 300), 60).convert("RGB").save(folder / "photo.jpg")
    return folder


def _ffmpeg(folder: Path, *arguments: str) -> None:
    subprocess.run([ffmpeg_path(), "-nostdin", "-y", "-loglevel", "error", *arguments], cwd=folder, check=True)


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head promises this size with next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 5000)) + chunk(b"IEND", b"")
    )


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


def _giant_clip(samples: Path) -> bytes:
    """A real clip whose index says 65,000 × 65,000."""
    data = bytearray((samples / "fast.mp4").read_bytes())
    at = data.find(b"avc1", data.find(b"stsd"))
    data[at + 28 : at + 32] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
SUBTITLES = b"[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,{\\p1}m 0 0"

REFUSED: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "nothing": ("empty.jpg", lambda _: b"", "0 bytes"),
    "text named jpg": ("photo.jpg", lambda _: b"hello, I am a photo\n" * 9, "is text"),
    "playlist named mp4": ("clip.mp4", lambda _: PLAYLIST, "playlist"),
    "playlist": ("clip.m3u8", lambda _: PLAYLIST, "playlist"),
    "concat list": ("clip.mp4", lambda _: CONCAT, "list of files"),
    "svg": ("logo.svg", lambda _: SVG, "SVG"),
    "svg named png": ("logo.png", lambda _: b"\n\n<?xml version='1.0'?>" + SVG, "SVG"),
    "html": ("page.jpg", lambda _: b"<!DOCTYPE html><img src=x>", "HTML"),
    "pdf": ("poster.pdf", lambda _: b"%PDF-1.7\n" + os.urandom(500), "PDF"),
    "zip": ("photos.jpg", lambda _: b"PK\x03\x04" + os.urandom(500), "archive"),
    "heic": ("IMG_0001.HEIC", lambda _: b"\0\0\0\x18ftypheic" + bytes(300), "HEIC"),
    "subtitles": ("clip.ass", lambda _: SUBTITLES, "text"),
    "noise": ("noise.mp4", lambda _: b"\x01" + os.urandom(5000), "nothing that is known"),
    "noise with a head of mp4": (
        "noise.mp4",
        lambda _: b"\0\0\0\x18ftypisom" + os.urandom(5000),
        "no readable picture",
    ),
    "noise with a head of jpeg": (
        "noise.jpg",
        lambda _: b"\xff\xd8\xff\xe0" + os.urandom(5000),
        "could not be decoded",
    ),
    "noise with a head of webm": ("noise.webm", lambda _: b"\x1aE\xdf\xa3" + os.urandom(5000), "no readable picture"),
    "noise with a head of gif": (
        "noise.gif",
        lambda _: b"GIF89a\x40\x01\xf0\x00" + os.urandom(300),
        "no readable picture|decoded",
    ),
    "half a jpeg": ("half.jpg", lambda s: (s / "photo.jpg").read_bytes()[:9000], "could not be decoded"),
    "clip without its index": ("cut.mp4", lambda s: (s / "clip.mp4").read_bytes()[:20_000], "no readable picture"),
    "clip cut off": ("cut.mp4", lambda s: (s / "fast.mp4").read_bytes()[:60_000], "cut off"),
    "png bomb": ("bomb.png", lambda _: png_of(60_000, 60_000), "60 million pixels"),
    "lying png": ("lie.png", lambda _: png_of(5000, 5000), "could not be decoded"),
    "one pixel": ("dot.png", lambda _: _png(1, 1), "1 × 1 pixels"),
    "a line": ("line.png", lambda _: _png(2000, 1), "2000 × 1 pixels"),
    "giant clip": ("giant.mp4", lambda s: (s / "giant.mp4").read_bytes(), "8400 × 96 pixels"),
    "sound": ("song.wav", lambda s: (s / "sound.wav").read_bytes(), "sound"),
    "m4a": ("song.m4a", lambda s: (s / "sound.m4a").read_bytes(), "sound"),
    "sound named clip": ("song.mp4", lambda s: (s / "soundonly.mp4").read_bytes(), "no picture"),
}


@pytest.fixture
def own(tmp_path: Path) -> FfmpegRenderer:
    return renderer(tmp_path / "state")


@pytest.mark.parametrize("case", list(REFUSED))
async def test_refused_with_the_file_and_the_mend(
    own: FfmpegRenderer, tmp_path: Path, samples: Path, case: str
) -> None:
    name, make, said = REFUSED[case]
    file = tmp_path / name
    file.write_bytes(make(samples))
    began = time.perf_counter()
    with pytest.raises(BadInput, match=said) as refused:
        await own.take_in(file)
    assert name in refused.value.message
    assert refused.value.field == "media"
    assert refused.value.fix
    assert time.perf_counter() - began < MOST_S
    assert not list(own.media.root.glob("*/*"))
    assert not list(own.scratch.iterdir())


async def test_what_is_no_file_is_refused(own: FfmpegRenderer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.jpg").mkdir()
    for name in ("pipe.mp4", "folder.jpg", "missing.jpg"):
        with pytest.raises(BadInput, match=name):
            await own.take_in(tmp_path / name)


async def test_names_of_any_kind_are_only_names(own: FfmpegRenderer, tmp_path: Path, samples: Path) -> None:
    for name in ("a b'c[in]:d,e;f%d.mp4", "-y.mp4", "concat:x|y.mp4", "ünï 🐝.mp4", "photo.txt"):
        file = tmp_path / name
        file.write_bytes((samples / "clip.mp4").read_bytes())
        assert (await own.probe(file)).kind == "clip"


async def test_a_photo_comes_upright_in_rgb_without_its_data(own: FfmpegRenderer, tmp_path: Path) -> None:
    picture = Image.new("RGB", (300, 200), "blue")
    picture.paste("red", (0, 0, 150, 200))
    tags = Image.Exif()
    tags[0x0112] = 6  # turn by 90° clockwise
    tags[0x010E] = "secret place"
    picture.save(tmp_path / "phone.jpg", exif=tags, quality=95)
    media, probe = await own.take_in(tmp_path / "phone.jpg")
    assert probe == Probe("image", 200, 300, 0.0, has_sound=False)
    clean = own.media.path(media)
    assert b"secret" not in clean.read_bytes()
    with Image.open(clean) as still:
        top, bottom = still.getpixel((100, 20)), still.getpixel((100, 280))
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
async def test_pictures_of_any_mode_become_rgb(own: FfmpegRenderer, tmp_path: Path, mode: str) -> None:
    suffix = ".jpg" if mode == "CMYK" else ".png"
    source = Image.fromarray(np.full((120, 160), 30_000, np.uint16)) if mode == "I;16" else Image.new(mode, (160, 120))
    source.save(tmp_path / f"picture{suffix}")
    media, probe = await own.take_in(tmp_path / f"picture{suffix}")
    assert (probe.width_px, probe.height_px) == (160, 120)
    with Image.open(own.media.path(media)) as still:
        assert still.mode in {"RGB", "RGBA"}


async def test_grey_of_16_bits_keeps_its_shades(own: FfmpegRenderer, tmp_path: Path) -> None:
    shades = np.linspace(0, 65_535, 160, dtype=np.uint16)
    Image.fromarray(np.tile(shades, (120, 1))).save(tmp_path / "scan.png")
    media, _ = await own.take_in(tmp_path / "scan.png")
    with Image.open(own.media.path(media)) as still:
        assert [still.getpixel((at, 60)) for at in (0, 80, 159)] == [(grey, grey, grey) for grey in (0, 128, 255)]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm", "clip.gif", "clip.ts"])
async def test_clips_come_out_as_our_own_silent_mp4(own: FfmpegRenderer, samples: Path, name: str) -> None:
    media, probe = await own.take_in(samples / name)
    assert probe.kind == "clip"
    assert probe.duration_s == pytest.approx(2, abs=0.15)
    assert probe.has_sound is (name in {"clip.mp4", "clip.ts"})
    index = read_index(own.media.path(media))
    assert [track.kind for track in index.tracks] == ["vide"]


async def test_a_sound_that_goes_on_after_the_picture_is_no_clip_cut_off(
    own: FfmpegRenderer, samples: Path, tmp_path: Path
) -> None:
    _, probe = await own.take_in(samples / "song.mp4")
    assert (probe.has_sound, round(probe.duration_s)) == (True, 2)
    whole = (samples / "song.mp4").read_bytes()
    (tmp_path / "half.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="cut off"):
        await own.take_in(tmp_path / "half.mp4")


async def test_a_clip_that_lies_about_its_size_is_taken_for_what_it_is(
    own: FfmpegRenderer, tmp_path: Path, samples: Path
) -> None:
    (tmp_path / "lie.mp4").write_bytes(_giant_clip(samples))
    assert (await own.probe(tmp_path / "lie.mp4")).width_px == 320


async def test_a_huge_photo_is_scaled_down(own: FfmpegRenderer, tmp_path: Path) -> None:
    Image.new("RGB", (9000, 3000), "green").save(tmp_path / "wide.jpg")
    _, probe = await own.take_in(tmp_path / "wide.jpg")
    assert max(probe.width_px, probe.height_px) == 4096
