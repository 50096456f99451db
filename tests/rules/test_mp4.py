"""The index of an MP4, read from boxes built here, and boxes that lie."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ytempire.providers.ffmpeg.mp4 import NotMp4, read_index


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def picture_track(*, edit_list: bool = False, delta: int = 20, offsets: tuple[int, ...] = (0, 40, -20, -20)) -> bytes:
    avc = box(b"avcC", bytes([1, 100, 0, 40])) + box(b"colr", b"nclx", struct.pack(">HHHB", 1, 1, 1, 0))
    entry = bytes(24) + struct.pack(">HH", 1080, 1920) + bytes(50) + avc
    stbl = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), box(b"avc1", entry)),
        box(b"stts", struct.pack(">IIII", 0, 1, 4, delta)),
        box(b"ctts", struct.pack(">II", 0, len(offsets)), *(struct.pack(">Ii", 1, shift) for shift in offsets)),
        box(b"stss", struct.pack(">III", 0, 1, 1)),
    )
    mdhd = box(b"mdhd", bytes(12), struct.pack(">II", 600, 80), bytes(4))
    hdlr = box(b"hdlr", bytes(8), b"vide", bytes(12))
    edits = box(b"edts", box(b"elst", bytes(8))) if edit_list else b""
    return box(b"trak", edits, box(b"mdia", mdhd, hdlr, box(b"minf", stbl)))


def written(folder: Path, data: bytes) -> Path:
    file = folder / "a.mp4"
    file.write_bytes(data)
    return file


def test_what_the_index_says(tmp_path: Path) -> None:
    index = read_index(written(tmp_path, box(b"ftyp") + box(b"moov", picture_track()) + box(b"mdat", bytes(99))))
    track = index.track("vide")
    assert track is not None
    assert index.moov_first
    assert (track.codec, track.samples, track.timescale) == ("avc1", 4, 600)
    assert (track.width_px, track.height_px, track.profile, track.colour) == (1080, 1920, 100, (1, 1, 1, False))
    assert track.duration_s == pytest.approx(80 / 600)
    assert (track.key_samples, track.edit_list, track.first_s, track.even) == ((0,), False, 0.0, True)


def test_an_edit_list_a_late_index_and_uneven_frames_are_seen(tmp_path: Path) -> None:
    track = picture_track(edit_list=True, offsets=(0, 41, -20, -20))
    index = read_index(written(tmp_path, box(b"ftyp") + box(b"mdat", bytes(9)) + box(b"moov", track)))
    assert not index.moov_first
    assert index.tracks[0].edit_list
    assert not index.tracks[0].even


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a film at all, but long enough for a box",
        box(b"ftyp") + box(b"mdat", bytes(9)),
        box(b"moov", picture_track())[:-30],
        struct.pack(">I4s", 4, b"moov"),
        struct.pack(">I4sQ", 1, b"moov", 2**60),
        box(b"moov", struct.pack(">I4s", 9999, b"trak")),
        box(b"moov", box(b"trak", b"")),
        box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", bytes(3))))),
        struct.pack(">I4s", 2**32 - 1, b"mdat"),
    ],
)
def test_boxes_that_lie_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NotMp4):
        read_index(written(tmp_path, data))


def test_a_run_of_a_billion_samples_takes_no_memory(tmp_path: Path) -> None:
    track = picture_track().replace(struct.pack(">IIII", 0, 1, 4, 20), struct.pack(">IIII", 0, 1, 2**31, 20))
    with pytest.raises(NotMp4, match="samples"):
        read_index(written(tmp_path, box(b"moov", track)))
