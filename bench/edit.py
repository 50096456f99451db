"""CPU of editing one sentence of a finished minute, against the first render's.

    python bench/edit.py

What an edit makes again: that sentence's scene, the sound, the join. Everything else is found under its key.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.standard import FPS, SCRIPT, renderer, standard_timeline
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.production.timeline import Timeline
from ytempire.providers.ffmpeg import FfmpegRenderer

GOAL_SHARE = 0.25
EDITED = 5
SENTENCE = "Osmosis means that water always wanders towards the sweeter side of a skin."


async def rendered(own: FfmpegRenderer, timeline: Timeline, kept: dict[str, MediaRef]) -> tuple[float, int]:
    """CPU seconds of what has no kept file, and how many scenes that were."""
    sizes = {"width": timeline.width, "height": timeline.height, "fps": FPS}
    spent_s, made = 0.0, 0
    for scene in timeline.scenes:
        key = own.scene_key(scene, **sizes)
        if key not in kept:
            done = await own.render_scene(scene, **sizes)
            kept[key], spent_s, made = done.media, spent_s + done.cpu_s, made + 1
    key = own.mix_key(timeline)
    if key not in kept:
        done = await own.mix(timeline)
        kept[key], spent_s = done.media, spent_s + done.cpu_s
    parts = [kept[own.scene_key(scene, **sizes)] for scene in timeline.scenes]
    joined = await own.join(parts, kept[key], fps=FPS)
    return spent_s + joined.cpu_s, made


async def main() -> None:
    """Render, edit, render what changed."""
    with tempfile.TemporaryDirectory(prefix="ytempire-edit-") as name:
        media = LocalMediaStore(Path(name) / "media", floor_bytes=0)
        own = renderer(media, Path(name) / "scratch")
        kept: dict[str, MediaRef] = {}
        first_s, first_scenes = await rendered(own, await standard_timeline(media), kept)
        changed = tuple(
            replace(scene, sentence=SENTENCE) if index == EDITED else scene for index, scene in enumerate(SCRIPT)
        )
        edit_s, edit_scenes = await rendered(own, await standard_timeline(media, script=changed), kept)
    share = edit_s / first_s
    figures = {
        "first_cpu_s": round(first_s, 2),
        "first_scenes": first_scenes,
        "edit_cpu_s": round(edit_s, 2),
        "edit_scenes": edit_scenes,
        "share": round(share, 3),
        "share_goal": GOAL_SHARE,
        "met": share <= GOAL_SHARE,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
