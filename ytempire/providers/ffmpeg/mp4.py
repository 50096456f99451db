"""Reads what the index of an MP4 file says (ISO/IEC 14496-12), without ffprobe and without reading the media.

Bounded: the index is read whole, up to 64 MB; boxes nest at most ten deep; lengths that lie are refused.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MOST_INDEX_BYTES = 64_000_000
MOST_SAMPLES = 10_000_000
CONTAINERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl"}
AVC_CONFIGURATION_AT = 78
"""Fixed fields of a visual sample entry before its boxes."""


class NotMp4(ValueError):  # noqa: N818
    """The file's boxes can't be read."""


@dataclass(frozen=True)
class Track:
    """One track of the index."""

    kind: str
    """`vide` or `soun`."""
    codec: str
    timescale: int
    samples: int
    duration_s: float
    """Sum of the sample durations."""
    first_s: float
    """Presentation time of the first sample shown."""
    key_samples: tuple[int, ...]
    """Numbers of the sync samples, from 0."""
    edit_list: bool
    width_px: int = 0
    height_px: int = 0
    profile: int = 0
    """H.264 profile_idc: 100 is High."""
    colour: tuple[int, int, int, bool] | None = None
    """Primaries, transfer, matrix (ITU-T H.273; 1 is BT.709) and whether full range."""
    channels: int = 0
    sample_rate_hz: int = 0
    even: bool = True
    """Whether samples are shown at equal distances."""


@dataclass(frozen=True)
class Index:
    """What the file's index says."""

    tracks: tuple[Track, ...]
    moov_first: bool
    bytes: int

    def track(self, kind: str) -> Track | None:
        """The first track of a kind."""
        return next((track for track in self.tracks if track.kind == kind), None)


def read_index(path: Path) -> Index:
    """The index of an MP4 file. Raises NotMp4."""
    size = path.stat().st_size
    with path.open("rb") as file:
        order, moov = _top_level(file, size)
    if moov is None:
        raise NotMp4("there is no moov box")
    tracks = tuple(_track(body) for kind, body in _boxes(moov) if kind == b"trak")
    moov_first = b"mdat" not in order or order.index(b"moov") < order.index(b"mdat")
    return Index(tracks, moov_first, size)


def _top_level(file: BinaryIO, size: int) -> tuple[list[bytes], bytes | None]:
    order: list[bytes] = []
    moov = None
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = struct.unpack(">I4s", head[:8])
        skip = 8
        if length == 1 and len(head) == 16:
            length, skip = struct.unpack(">Q", head[8:])[0], 16
        elif length == 0:
            length = size - at
        if length < skip or at + length > size:
            raise NotMp4(f"box {kind!r} at byte {at} says it has {length} bytes, {size - at} are left")
        order.append(kind)
        if kind == b"moov":
            if length > MOST_INDEX_BYTES:
                raise NotMp4("its index is larger than 64 MB")
            file.seek(at + skip)
            moov = file.read(length - skip)
        at += length
    return order, moov


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if length == 0:
            length = len(data) - at
        if length < 8 or at + length > len(data):
            raise NotMp4(f"box {kind!r} in the index has a wrong length")
        yield kind, data[at + 8 : at + length]
        at += length


def _flat(data: bytes, depth: int = 0) -> dict[bytes, bytes]:
    """The boxes of a track by kind, containers opened."""
    found: dict[bytes, bytes] = {}
    for kind, body in _boxes(data):
        found.setdefault(kind, body)
        if kind in CONTAINERS and depth < 10:
            for inner, inner_body in _flat(body, depth + 1).items():
                found.setdefault(inner, inner_body)
    return found


def _track(data: bytes) -> Track:
    boxes = _flat(data)
    try:
        kind = boxes[b"hdlr"][8:12].decode("latin-1")
        version = boxes[b"mdhd"][0]
        timescale = struct.unpack(">I", boxes[b"mdhd"][20:24] if version else boxes[b"mdhd"][12:16])[0] or 1
        runs = _pairs(boxes[b"stts"])
        offsets = _pairs(boxes[b"ctts"], signed=True) if b"ctts" in boxes else []
        entry = boxes[b"stsd"][8:]
        codec = entry[4:8].decode("latin-1")
        samples = sum(count for count, _ in runs)
        if max(samples, sum(count for count, _ in offsets)) > MOST_SAMPLES:
            raise NotMp4(f"a track says it has {samples} samples")
        keys = (
            tuple(number - 1 for number in struct.unpack(f">{len(boxes[b'stss'][8:]) // 4}I", boxes[b"stss"][8:]))
            if b"stss" in boxes
            else tuple(range(samples if kind == "vide" else 0))
        )
        own: dict[str, Any] = _video(entry) if kind == "vide" else _sound(entry) if kind == "soun" else {}
        return Track(
            kind=kind,
            codec=codec,
            timescale=timescale,
            samples=samples,
            duration_s=sum(count * each for count, each in runs) / timescale,
            first_s=_first(runs, offsets) / timescale,
            key_samples=keys,
            edit_list=b"elst" in boxes,
            even=_even(runs, offsets),
            **own,
        )
    except (KeyError, struct.error, IndexError) as error:
        raise NotMp4(f"its index is incomplete ({error})") from error


def _pairs(box: bytes, *, signed: bool = False) -> list[tuple[int, int]]:
    count = min(struct.unpack(">I", box[4:8])[0], (len(box) - 8) // 8)
    form = ">Ii" if signed else ">II"
    return [struct.unpack(form, box[8 + 8 * index : 16 + 8 * index]) for index in range(count)]


def _first(runs: list[tuple[int, int]], offsets: list[tuple[int, int]]) -> int:
    """The earliest presentation time of the first 32 samples, in ticks."""
    if not offsets:
        return 0
    each = runs[0][1] if runs else 0
    shifts = [shift for count, shift in offsets[:32] for _ in range(min(count, 32))][:32]
    return min(number * each + shift for number, shift in enumerate(shifts))


def _even(runs: list[tuple[int, int]], offsets: list[tuple[int, int]]) -> bool:
    """Whether presentation times, in order, lie equally far apart."""
    decoded = list(itertools.accumulate((each for count, each in runs for _ in range(count)), initial=0))[:-1]
    shifts = [shift for count, shift in offsets for _ in range(count)] or [0] * len(decoded)
    shown = sorted(at + shift for at, shift in zip(decoded, shifts, strict=False))
    return len({after - before for before, after in itertools.pairwise(shown)}) <= 1


def _video(entry: bytes) -> dict[str, Any]:
    width, height = struct.unpack(">HH", entry[32:36])
    inner = dict(_boxes(entry[8 + AVC_CONFIGURATION_AT : struct.unpack(">I", entry[:4])[0]]))
    colour = None
    box = inner.get(b"colr", b"")
    if box[:4] == b"nclx":
        primaries, transfer, matrix = struct.unpack(">HHH", box[4:10])
        colour = (primaries, transfer, matrix, bool(box[10] >> 7))
    profile = inner[b"avcC"][1] if b"avcC" in inner else 0
    return {"width_px": width, "height_px": height, "profile": profile, "colour": colour}


def _sound(entry: bytes) -> dict[str, Any]:
    return {"channels": struct.unpack(">H", entry[24:26])[0], "sample_rate_hz": struct.unpack(">H", entry[32:34])[0]}
