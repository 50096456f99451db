"""Takes in a creator's own picture or clip: decoded under limits, and only what we encoded ourselves is kept."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import BadInput, RenderFailed
from ytempire.production.ports import Probe
from ytempire.providers.ffmpeg import mp4
from ytempire.providers.ffmpeg.encoder import Encoder
from ytempire.providers.ffmpeg.run import Ended, Limits, run, run_script
from ytempire.providers.ffmpeg.sniff import Kind, sniff

MOST_PIXELS = 60_000_000
MOST_BYTES = 4_000_000_000
LEAST_PX = 64
LONGEST_SIDE_PX = 8192
LONGEST_CLIP_S = 600
STILL = Path(__file__).with_name("still.py")
GOOD = "Give a JPEG, PNG, WebP, GIF, MP4, MOV or WebM file."
LIMITS = Limits(deadline_s=20, cpu_s=20, memory_bytes=1_000_000_000, file_bytes=400_000_000)

_STREAM = re.compile(r"Stream #0:\d+.*?: (Video|Audio): (.*)")
_SIZE = re.compile(r"\b([1-9]\d{0,5})x([1-9]\d{0,5})\b")
"""Not the `0x0002` of a stream's tag."""
_DURATION = re.compile(r"Duration: (\d+):(\d+):(\d+(?:\.\d+)?)")
_REACHED = re.compile(r"time=(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Taken:
    """The clean file inside the scratch folder, what it holds, and the CPU it took."""

    file: Path
    probe: Probe
    cpu_s: float


async def take_in(source: Path, folder: Path) -> Taken:
    """A clean PNG, or an MP4 of at most ten minutes without sound. Raises BadInput naming the file and the mend."""
    kind = _known(source, folder)
    if kind.what == "sound":
        raise _bad(source, f"is sound ({kind.name}), not a picture or clip", GOOD)
    if kind.what == "image":
        return await _still(source, kind, folder)
    return await _clip(source, kind, folder)


def _known(source: Path, folder: Path) -> Kind:
    """What the file is by its first bytes; ffmpeg will know it as `given.bin`."""
    try:
        about = source.stat()
        if not stat.S_ISREG(about.st_mode):
            raise _bad(source, "is not a file", GOOD)
        if about.st_size == 0:
            raise _bad(source, "is empty (0 bytes)", "Copy or export it again.")
        if about.st_size > MOST_BYTES:
            raise _bad(source, f"has {about.st_size // 1_000_000} MB", f"Keep it below {MOST_BYTES // 1_000_000} MB.")
        with source.open("rb") as file:
            kind = sniff(file.read(400))
        (folder / "given.bin").symlink_to(source.resolve())
    except OSError as error:
        raise _bad(source, f"can't be read ({error.strerror})", "Check the path and its permissions.") from error
    if kind.what == "refused":
        raise _bad(source, f"is {kind.name}, not a picture or clip", GOOD)
    return kind


async def _still(source: Path, kind: Kind, folder: Path) -> Taken:
    ended = await run_script(
        [str(STILL), "given.bin", "clean.png", str(MOST_PIXELS)], cwd=folder, limits=LIMITS, what="reading a picture"
    )
    if ended.code != 0:
        if "too many pixels" in ended.said:
            raise _bad(source, f"has more than {MOST_PIXELS // 1_000_000} million pixels", "Scale it down.")
        why = "could not be decoded" if ended.code > 0 else "took too much time or memory to decode"
        raise _bad(source, f"says it is {kind.name} but {why}", "Open it in an image editor and export it again.")
    width, height = (int(number) for number in ended.said.split()[-2:])
    _large_enough(source, width, height)
    return Taken(folder / "clean.png", Probe("image", width, height, 0.0, has_sound=False), ended.cpu_s)


async def _clip(source: Path, kind: Kind, folder: Path) -> Taken:
    given = ("-f", kind.demuxer, "-threads", "1", "-i", "given.bin")
    again = "Export it again as MP4 (H.264)."
    looked = await _run(["-t", "0.2", *given, "-t", "0.2", "-map", "0:v:0?", "-f", "null", "-"], folder)
    streams = _STREAM.findall(looked.said.partition("Output #0")[0])
    video = next((about for what, about in streams if what == "Video" and "attached pic" not in about), None)
    sound = any(what == "Audio" for what, _ in streams)
    if video is None:
        if sound:
            raise _bad(source, "has sound but no picture", GOOD)
        raise _bad(source, f"says it is {kind.name} but holds no readable picture", again)
    size = _SIZE.search(video)
    width, height = (int(size[1]), int(size[2])) if size else (0, 0)
    if max(width, height) > LONGEST_SIDE_PX or width * height > MOST_PIXELS:
        raise _bad(source, f"is {width} × {height} pixels", f"Keep both sides below {LONGEST_SIDE_PX}.")
    _large_enough(source, width, height)
    says = _DURATION.search(looked.said)
    said_s = _seconds(says.groups()) if says else 0.0
    fit = "w='if(gt(iw,ih),min(1920,iw),-2)':h='if(gt(iw,ih),-2,min(1920,ih))'"
    graph = f"[0:v:0]fps=30,scale={fit}:flags=bicubic:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p"
    made = await _run(
        [
            *(*given, "-t", str(LONGEST_CLIP_S), "-filter_complex_threads", "1", "-filter_complex", f"{graph}[v]"),
            *("-map", "[v]", *Encoder(crf=18).arguments(30), "-map_metadata", "-1", "clean.mp4"),
        ],
        folder,
        Limits(
            deadline_s=60 + 3 * min(said_s, LONGEST_CLIP_S),
            cpu_s=60 + int(3 * min(said_s, LONGEST_CLIP_S)),
            file_bytes=4_000_000_000,
        ),
    )
    try:
        track = mp4.read_index(folder / "clean.mp4").track("vide")
    except (mp4.NotMp4, OSError):
        track = None
    if track is None or track.samples < 2:
        why = "could not be decoded" if made.code >= 0 else "took too much time or memory to decode"
        raise _bad(source, f"says it is {kind.name} but {why}", again)
    whole_s = 0.9 * min(said_s, LONGEST_CLIP_S) - 0.2
    # A sound that goes on after the picture's end makes a file longer, too.
    if track.duration_s < whole_s and not (sound and await _heard_s(given, folder) >= whole_s):
        raise _bad(
            source, f"is cut off: it says {said_s:.1f} s, and {track.duration_s:.1f} s could be read", "Copy it again."
        )
    probe = Probe("clip", track.width_px, track.height_px, track.duration_s, has_sound=sound)
    return Taken(folder / "clean.mp4", probe, looked.cpu_s + made.cpu_s)


async def _heard_s(given: Sequence[str], folder: Path) -> float:
    """How much of the clip's sound can be decoded."""
    heard = await _run([*given, "-map", "0:a:0", "-t", str(LONGEST_CLIP_S), "-f", "null", "-"], folder)
    return max(map(_seconds, _REACHED.findall(heard.said)), default=0.0)


def _seconds(clock: Sequence[str]) -> float:
    hours, minutes, seconds = clock
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


async def _run(arguments: list[str], folder: Path, limits: Limits = LIMITS) -> Ended:
    try:
        return await run(arguments, cwd=folder, limits=limits, what="reading a clip", allow_failure=True)
    except RenderFailed as error:  # its deadline
        return Ended(-9, 0.0, str(error))


def _large_enough(source: Path, width: int, height: int) -> None:
    if min(width, height) < LEAST_PX:
        raise _bad(source, f"is {width} × {height} pixels", f"Give one of at least {LEAST_PX} pixels each way.")


def _bad(source: Path, what: str, fix: str) -> BadInput:
    return BadInput(f"{source.name} {what}.", field="media", fix=fix)
