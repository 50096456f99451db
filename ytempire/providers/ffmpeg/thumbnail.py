"""A still of a scene as YouTube wants it: 1280×720, JPEG, at most 2 MB."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from ytempire.providers.ffmpeg.scene import ScenePlan, input_arguments

THUMBNAIL_PX = (1280, 720)
THUMBNAIL_FPS = 30
MOST_BYTES = 2_000_000


def still_command(plan: ScenePlan, names: list[str], *, at_s: float, size: tuple[int, int]) -> list[str]:
    """The arguments that write one frame as `still.png`."""
    width, height = size
    cut = (
        f"[out]trim=start={max(0.0, at_s - 0.001):.4f},scale={width}:{height}:force_original_aspect_ratio=increase"
        f":flags=lanczos:in_color_matrix=bt709,crop={width}:{height},format=rgb24[still]"
    )
    arguments = input_arguments(plan, names)
    arguments[-1] = f"{plan.graph};{cut}"
    return [*arguments, "-map", "[still]", "-frames:v", "1", "-update", "1", "still.png"]


def write_jpeg(source: Path, target: Path) -> None:
    """The best quality that stays below the limit."""
    with Image.open(source) as still:
        for quality in (93, 88, 80, 70, 55):
            still.save(target, "JPEG", quality=quality, subsampling=0, optimize=True)
            if target.stat().st_size < MOST_BYTES:
                return
