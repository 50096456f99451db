"""CPU of rendering against the limit of MEDIA.md: the finished frames, given raw, through one plain x264.

    python bench/render.py [--rounds 3] [--moves still|pan|zoom]

Ours counts every child of all scenes, the mix and the join. The limit is one `libx264 superfast crf 19 threads=1` that
reads the very same frames; making them is not counted for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.standard import FPS, photographs, renderer, standard_timeline
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.production.timeline import Move, Scene, Timeline
from ytempire.providers.ffmpeg import FfmpegRenderer
from ytempire.providers.ffmpeg.background import TAGS
from ytempire.providers.ffmpeg.encoder import Encoder
from ytempire.providers.ffmpeg.run import NICE, ffmpeg_path
from ytempire.providers.ffmpeg.scene import input_arguments, plan_scene

GOALS = {"still": 1.3, "pan": 1.3, "zoom": 2.0}
VMAF_GOAL = 95.0
MOVES = {
    "still": (Move.STILL,),
    "pan": (Move.PAN_UP, Move.PAN_LEFT, Move.PAN_DOWN, Move.PAN_RIGHT),
    "zoom": (Move.ZOOM_IN, Move.ZOOM_OUT),
}


async def ours(own: FfmpegRenderer, timeline: Timeline) -> tuple[float, list[MediaRef]]:
    """Child CPU seconds of everything, one process after the other, and the scenes' files."""
    sizes = {"width": timeline.width, "height": timeline.height, "fps": FPS}
    scenes = [await own.render_scene(scene, **sizes) for scene in timeline.scenes]
    sound = await own.mix(timeline)
    joined = await own.join([scene.media for scene in scenes], sound.media, fps=FPS)
    return sum(scene.cpu_s for scene in scenes) + sound.cpu_s + joined.cpu_s, [scene.media for scene in scenes]


def raw_frames(own: FfmpegRenderer, scene: Scene, timeline: Timeline, folder: Path, target: int | Path) -> None:
    """A scene's finished frames as raw 4:2:0, into a pipe or a file."""
    plan = plan_scene(scene, width=timeline.width, height=timeline.height, fps=FPS, encoder=Encoder(), draw=own.draw)
    folder.mkdir()
    names = own._lay_out(plan, folder)  # noqa: SLF001
    end = ["-map", "[out]", "-frames:v", str(plan.frames), "-c:v", "rawvideo", "-f", "rawvideo"]
    where = "pipe:1" if isinstance(target, int) else str(target)
    subprocess.run(
        [ffmpeg_path(), "-y", "-nostdin", *input_arguments(plan, names), *end, where],
        cwd=folder,
        stdout=target if isinstance(target, int) else None,
        check=True,
    )


def limit(own: FfmpegRenderer, timeline: Timeline, scratch: Path) -> float:
    """CPU seconds of the plain encoder on all frames."""
    read_end, write_end = os.pipe()
    size = f"{timeline.width}x{timeline.height}"
    encoder = subprocess.Popen(
        [
            *(ffmpeg_path(), "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size),
            *("-r", str(FPS), "-i", "pipe:0", "-c:v", "libx264", "-threads", "1", "-preset", "superfast", "-crf", "19"),
            *("-f", "mp4", str(scratch / "limit.mp4")),
        ],
        stdin=read_end,
    )
    os.close(read_end)
    os.setpriority(os.PRIO_PROCESS, encoder.pid, NICE)  # as ours: on a busy machine that changes what a CPU second does
    for number, scene in enumerate(timeline.scenes):
        raw_frames(own, scene, timeline, scratch / f"raw{number}", write_end)
    os.close(write_end)
    _, status, usage = os.wait4(encoder.pid, 0)
    encoder.returncode = os.waitstatus_to_exitcode(status)
    if encoder.returncode:
        raise RuntimeError("the limit's encoder failed")
    return usage.ru_utime + usage.ru_stime


def vmaf(own: FfmpegRenderer, timeline: Timeline, scenes: list[MediaRef], scratch: Path) -> float:
    """Mean VMAF of our scenes against their raw frames: every fourth scene, every sixth frame."""
    found = []
    for number in range(0, len(scenes), 4):
        raw = scratch / "frames.yuv"
        raw_frames(own, timeline.scenes[number], timeline, scratch / f"vmaf{number}", raw)
        size = f"{timeline.width}x{timeline.height}"
        # Both tagged alike: raw frames carry no tags, and ffmpeg would convert one side's colours to the other's.
        same = f"setpts=PTS-STARTPTS,{TAGS}"
        compare = f"[0:v]{same}[a];[1:v]{same}[b];[a][b]libvmaf=n_subsample=6:n_threads=2"
        done = subprocess.run(
            [
                *(ffmpeg_path(), "-nostdin", "-i", str(own.media.path(scenes[number]))),
                *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", str(FPS), "-i", str(raw)),
                *("-lavfi", compare, "-f", "null", "-"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(float(re.findall(r"VMAF score: ([\d.]+)", done.stderr)[-1]))
    return statistics.mean(found)


async def main() -> None:
    """Measure in turn, several rounds, medians."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--moves", choices=list(MOVES), default="still")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ytempire-bench-") as name:
        folder = Path(name)
        media = LocalMediaStore(folder / "media", floor_bytes=0)
        timeline = await standard_timeline(media)
        if chosen.moves != "still":
            grounds = photographs(media, MOVES[chosen.moves])
            scenes = (
                replace(scene, background=grounds[index % len(grounds)]) for index, scene in enumerate(timeline.scenes)
            )
            timeline = replace(timeline, scenes=tuple(scenes))
        own = renderer(media, folder / "scratch")
        rounds = []
        for number in range(chosen.rounds):
            spent_s, scenes_made = await ours(own, timeline)
            (folder / f"round{number}").mkdir()
            limit_s = await asyncio.to_thread(limit, own, timeline, folder / f"round{number}")
            rounds.append((spent_s, limit_s, spent_s / limit_s))
            print(
                f"round {number + 1}: ours {spent_s:.2f} CPU s, limit {limit_s:.2f} CPU s, {spent_s / limit_s:.3f} times"
            )
        quality = await asyncio.to_thread(vmaf, own, timeline, scenes_made, folder)
    ratio = statistics.median(one[2] for one in rounds)
    figures = {
        "moves": chosen.moves,
        "video_s": round(timeline.duration_s, 2),
        "ours_cpu_s": round(statistics.median(one[0] for one in rounds), 2),
        "limit_cpu_s": round(statistics.median(one[1] for one in rounds), 2),
        "ratio": round(ratio, 3),
        "ratio_goal": GOALS[chosen.moves],
        "vmaf": round(quality, 1),
        "vmaf_goal": VMAF_GOAL,
        "met": ratio <= GOALS[chosen.moves] and quality >= VMAF_GOAL,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
