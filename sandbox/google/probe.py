"""What is in an uploaded file, read by ffmpeg, as YouTube's own processing would find out."""

import dataclasses
import re
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg

_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d\.\d+)")
_VIDEO = re.compile(r"Stream #.*Video: (\w+).*?, (\d{2,5})x(\d{2,5})")
_AUDIO = re.compile(r"Stream #.*Audio: (\w+)")
_RATE = re.compile(r"([\d.]+) fps")


@dataclasses.dataclass(frozen=True)
class Probe:
    """Facts of a video file; `failure` is YouTube's failureReason, or empty."""

    failure: str
    duration_s: float = 0.0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    codec: str = ""
    audio_codec: str = ""

    @property
    def short(self) -> bool:
        """Square or vertical and at most three minutes."""
        return not self.failure and self.height >= self.width and self.duration_s <= 180.0


def probe(path: Path) -> Probe:
    """Read a file's headers; a file that is no video gets a failure, never an exception."""
    if path.stat().st_size == 0:
        return Probe("emptyFile")
    try:
        done = subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-protocol_whitelist", "file,pipe", "-i", str(path)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=20,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Probe("conversion")
    length, video = _DURATION.search(done.stderr), _VIDEO.search(done.stderr)
    if not length or not video:
        return Probe("invalidFile")
    hours, minutes, seconds = length.groups()
    audio, rate = _AUDIO.search(done.stderr), _RATE.search(done.stderr)
    return Probe(
        "",
        int(hours) * 3600 + int(minutes) * 60 + float(seconds),
        int(video[2]),
        int(video[3]),
        float(rate[1]) if rate else 0.0,
        video[1],
        audio[1] if audio else "",
    )


def of_json(value: dict[str, Any]) -> Probe:
    """A Probe that was stored."""
    return Probe(**value)
