"""The picture of the README: frames of finished videos, Shorts in a row, wide ones below.

    python -m bench.build_demo_picture docs/pictures/demo.png FILE.mp4@SECONDS …

The files are what `make demo-all` leaves in `out/`.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

from ytempire.providers.ffmpeg.run import ffmpeg_path

SHORT_PX = (216, 384)
WIDES_IN_A_ROW = 3
"""Wide frames in a row."""
GAP_PX = 12
COLOURS = 256


def frame(video: str, at_s: str) -> Image.Image:
    """One frame of a video."""
    command = [
        ffmpeg_path(),
        "-v",
        "error",
        "-ss",
        at_s,
        "-i",
        video,
        "-frames:v",
        "1",
        "-f",
        "image2pipe",
        "-c:v",
        "png",
        "-",
    ]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout))


def sheet(frames: list[Image.Image]) -> Image.Image:
    """All frames, the Shorts' row as wide as the rows of wide ones."""
    shorts = [one for one in frames if one.height > one.width]
    wides = [one for one in frames if one.width >= one.height]
    width = len(shorts) * (SHORT_PX[0] + GAP_PX) - GAP_PX
    wide_px = (width - GAP_PX * (WIDES_IN_A_ROW - 1)) // WIDES_IN_A_ROW
    tall_px = wide_px * 9 // 16
    rows = -(-len(wides) // WIDES_IN_A_ROW)
    made = Image.new("RGB", (width, SHORT_PX[1] + rows * (tall_px + GAP_PX)), "#ffffff")
    for index, one in enumerate(shorts):
        made.paste(one.resize(SHORT_PX, Image.Resampling.LANCZOS), (index * (SHORT_PX[0] + GAP_PX), 0))
    for index, one in enumerate(wides):
        row, column = divmod(index, WIDES_IN_A_ROW)
        place = (column * (wide_px + GAP_PX), SHORT_PX[1] + GAP_PX + row * (tall_px + GAP_PX))
        made.paste(one.resize((wide_px, tall_px), Image.Resampling.LANCZOS), place)
    return made


def main() -> None:
    """Write the picture."""
    target, *wanted = sys.argv[1:]
    made = sheet([frame(*one.rsplit("@", 1)) for one in wanted])
    made.quantize(COLOURS, kmeans=8, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target}: {made.width} × {made.height}, {Path(target).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
