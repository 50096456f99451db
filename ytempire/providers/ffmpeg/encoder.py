"""How pictures are encoded, as a value. A scene's file depends on it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import BadInput, RenderFailed
from ytempire.providers.ffmpeg.run import Limits, run

GOP_S = 1
"""Seconds between key frames. YouTube's advice is half a second (support.google.com/youtube/answer/1722171); it encodes
whatever it gets anew, and on pictures that mostly stand still a key frame costs as much as 20 others
(docs/decisions/0012)."""

SHORTEST_WITH_B_FRAMES = 8
FINER_MOVING = 2
"""Steps of CRF; VMAF of a zoom over a photograph is 94.4 without and 95.3 with them."""


@dataclass(frozen=True)
class Encoder:
    """One of ffmpeg's encoders, with how it was found."""

    name: str = "libx264"
    crf: int = 19
    found: str = "setting"
    """`setting`, or why another one than the setting's is used."""

    def arguments(self, fps: int, frames: int = 1_000_000, *, moving: bool = False) -> tuple[str, ...]:
        """Output options: High profile, closed GOPs, two B-frames, 4:2:0.

        A ground that moves on each frame (`moving`) is encoded finer: what is not seen twice gains nothing from
        macroblock-tree. A file of few frames gets no B-frames: ffmpeg's MP4 reader misses negative offsets in the last
        two samples.
        """
        gop = fps * GOP_S
        crf = self.crf - FINER_MOVING if moving else self.crf
        b_frames = 2 if frames >= SHORTEST_WITH_B_FRAMES else 0
        if self.name == "h264_nvenc":
            own: tuple[str, ...] = (
                *("-preset", "p4", "-tune", "hq", "-rc", "vbr", "-cq", str(crf + 2), "-b:v", "0"),
                *("-bf", str(b_frames), "-g", str(gop), "-forced-idr", "1", "-strict_gop", "1"),
            )
        else:
            # `ultrafast` searches motion by whole pixels in whole blocks, which is all that flat graphics need. What it
            # also leaves out and they need is turned on again: aq keeps dark gradients free of blocks.
            x264 = (
                "cabac=1:8x8dct=1:deblock=0,0:aq-mode=1:mbtree=1:rc-lookahead=3:chroma-me=0"
                f":bframes={b_frames}:b-adapt=0:b-pyramid=none:weightb=0:keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0"
            )
            own = ("-threads", "1", "-preset", "ultrafast", "-crf", str(crf), "-x264-params", x264)
        return ("-c:v", self.name, *own, "-profile:v", "high", "-pix_fmt", "yuv420p")


async def choose_encoder(wanted: str) -> Encoder:
    """The encoder of the setting if a one-second trial with it succeeds, else libx264, saying why.

    Raises BadInput for a name that the platform has no settings for.
    """
    if wanted not in {"libx264", "h264_nvenc"}:
        raise BadInput(
            f"there is no encoder {wanted!r}", field="YTEMPIRE_VIDEO_ENCODER", fix="Use libx264 or h264_nvenc."
        )
    if wanted == "libx264":
        return Encoder()
    encoder = Encoder(wanted)
    trial = ("-loglevel", "error", "-f", "lavfi", "-i", "testsrc=s=640x360:r=30:d=1", *encoder.arguments(30))
    with tempfile.TemporaryDirectory(prefix="ytempire-trial-") as folder:
        try:
            await run(
                [*trial, "-f", "null", "-"],
                cwd=Path(folder),
                limits=Limits(deadline_s=20, cpu_s=20, memory_bytes=8_000_000_000),
                what=f"a trial second with {wanted}",
            )
        except RenderFailed as error:
            return Encoder("libx264", found=f"{wanted} does not work here ({error.message}); libx264 is used")
    return encoder
