"""The port `Renderer` without rendering: one small, valid film stands for every file, and the CPU it would have cost
is told all the same, so that processing is priced as usual.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from ytempire.kit.errors import BadInput
from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import MediaRef, MediaStore
from ytempire.production.model import Format
from ytempire.production.ports import Probe, Rendered
from ytempire.production.timeline import Scene, Timeline

CPU_S_PER_FILM_S = 1.6
"""Measured with the real renderer at 1080×1920 (`make bench-render`): CPU seconds for a second of film."""
MIX_CPU_S = 1.5
THUMBNAIL_CPU_S = 0.4
_FILM = (
    *("-v", "error", "-f", "lavfi", "-i", "color=c=teal:s=72x128:d=1:r=10", "-pix_fmt", "yuv420p"),
    *("-preset", "ultrafast", "-movflags", "+faststart", "-y"),
)
_THUMBNAIL_PX = (1280, 720)


def stand_in_ground(backdrop: object) -> bytes:  # noqa: ARG001 - what is painted is what stands in
    """The ground behind scenes: one colour, small."""
    still = io.BytesIO()
    Image.new("RGB", (90, 160), "#0b3954").save(still, "JPEG")
    return still.getvalue()


class StandInRenderer:
    """Says what the real one would say, with the same two files each time."""

    def __init__(self, media: MediaStore, scratch: Path) -> None:
        self._media, self._scratch = media, scratch
        target = scratch / "stand-in.mp4"
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *_FILM, str(target)], check=True, capture_output=True)
        self._film = media.put(target, move=True)
        still = io.BytesIO()
        Image.new("RGB", _THUMBNAIL_PX, "#0b3954").save(still, "JPEG")
        self._still = media.put_bytes(still.getvalue(), ".jpg")

    def scene_key(self, scene: Scene, *, width: int, height: int, fps: int) -> str:
        """Everything that the scene holds."""
        return content_hash(["stand-in scene", repr(scene), width, height, fps])

    def mix_key(self, timeline: Timeline) -> str:
        """Everything that is heard."""
        return content_hash(
            ["stand-in mix", [scene.frames for scene in timeline.scenes], timeline.fps, asdict(timeline.sound)]
        )

    async def render_scene(self, scene: Scene, *, width: int, height: int, fps: int) -> Rendered:  # noqa: ARG002
        """The film, at the usual price."""
        return Rendered(self._film, scene.frames / fps * CPU_S_PER_FILM_S)

    async def mix(self, timeline: Timeline) -> Rendered:  # noqa: ARG002
        """The film, at the usual price."""
        return Rendered(self._film, MIX_CPU_S)

    async def join(self, scenes: object, sound: MediaRef, *, fps: int) -> Rendered:  # noqa: ARG002
        """The film."""
        return Rendered(self._film, 0.1)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A scratch folder that is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as made:
            yield Path(made)

    async def probe(self, file: Path) -> Probe:
        """Nothing is taken in. Raises BadInput."""
        raise _nothing_taken_in(file)

    async def take_in(self, file: Path) -> tuple[MediaRef, Probe]:
        """Nothing is taken in. Raises BadInput."""
        raise _nothing_taken_in(file)

    async def thumbnail(self, scene: Scene, *, at_s: float, format: Format) -> Rendered:  # noqa: A002, ARG002
        """The still."""
        return Rendered(self._still, THUMBNAIL_CPU_S)


def _nothing_taken_in(file: Path) -> BadInput:
    return BadInput(f"{file.name}: a simulation takes in no media", field="media", fix="Use a rehearsal instead.")
