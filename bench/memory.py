"""Memory of one render slot: PSS of the process tree, sampled every 50 ms, for a minute and for ten.

    python bench/memory.py [--minutes 1 10]

A render worker is this process: it renders two scenes at once with the mix among them, then joins.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from ytempire.kit.media_store import LocalMediaStore
from ytempire.production.looks import FONTS_DIR
from ytempire.providers.ffmpeg import FfmpegRenderer
from ytempire.providers.ffmpeg.ass import scene_document

GOAL_MB = 600


def watch(pid: int, stop: threading.Event, peaks: dict[str, float]) -> None:
    """Keep the highest sum of PSS over the tree, and how it was made up."""
    root = psutil.Process(pid)
    while not stop.is_set():
        total, parts = 0.0, []
        try:
            for process in [root, *root.children(recursive=True)]:
                pss = _pss_mb(process.pid)
                total += pss
                parts.append(round(pss))
        except psutil.NoSuchProcess:
            pass
        if total > peaks.get("mb", 0.0):
            peaks["mb"] = total
            peaks["processes"] = len(parts)
            peaks["largest_mb"] = max(parts)
        peaks["samples"] = peaks.get("samples", 0) + 1
        time.sleep(0.05)


def _pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    except (OSError, ProcessLookupError):
        pass
    return 0.0


async def prepare(folder: Path, repeat: int) -> None:
    """Write the timeline and its media, in a process of its own: voice and pictures are not the render worker's."""

    from bench.standard import standard_timeline  # noqa: PLC0415 - not in the render worker

    timeline = await standard_timeline(LocalMediaStore(folder / "media", floor_bytes=0), repeat=repeat)
    (folder / "timeline.pickle").write_bytes(pickle.dumps(timeline))


async def render(folder: Path) -> None:
    """What a slot of a render worker does with a timeline."""

    timeline = pickle.loads((folder / "timeline.pickle").read_bytes())
    media = LocalMediaStore(folder / "media", floor_bytes=0)
    own = FfmpegRenderer(media, fonts=FONTS_DIR, draw=scene_document, scratch=folder / "scratch")
    slots = asyncio.Semaphore(2)

    async def one(scene: object) -> object:
        async with slots:
            return await own.render_scene(scene, width=timeline.width, height=timeline.height, fps=timeline.fps)

    async def mixed() -> object:
        async with slots:
            return await own.mix(timeline)

    sound, *scenes = await asyncio.gather(mixed(), *(one(scene) for scene in timeline.scenes))
    joined = await own.join([scene.media for scene in scenes], sound.media, fps=timeline.fps)
    print(
        json.dumps({"video_s": round(timeline.duration_s, 1), "scenes": len(scenes), "bytes": joined.media.size_bytes})
    )


def main() -> None:
    """Render in a child process per length, watching its tree."""
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=int, nargs="+", default=[1, 10])
    options.add_argument("--prepare", nargs=2)
    options.add_argument("--render")
    chosen = options.parse_args()
    if chosen.prepare:
        asyncio.run(prepare(Path(chosen.prepare[0]), int(chosen.prepare[1])))
        return
    if chosen.render:
        asyncio.run(render(Path(chosen.render)))
        return
    results = []
    for minutes in chosen.minutes:
        with tempfile.TemporaryDirectory(prefix="ytempire-memory-") as folder:
            again = [sys.executable, "-m", "bench.memory"]
            subprocess.run([*again, "--prepare", folder, str(minutes)], check=True)
            began = time.perf_counter()
            worker = subprocess.Popen([*again, "--render", folder], stdout=subprocess.PIPE, text=True)
            stop, peaks = threading.Event(), {}
            watcher = threading.Thread(target=watch, args=(worker.pid, stop, peaks))
            watcher.start()
            said, _ = worker.communicate()
            stop.set()
            watcher.join()
            if worker.returncode:
                raise SystemExit("the render failed")
            made = json.loads(said.splitlines()[-1])
            result = {"minutes": minutes, **made, **{key: round(value) for key, value in peaks.items()}}
            result["wall_s"] = round(time.perf_counter() - began, 1)
            print(json.dumps(result))
            results.append(result)
    figures = {f"peak_pss_mb_{one['minutes']}_min": one["mb"] for one in results}
    print(json.dumps({**figures, "goal_mb": GOAL_MB, "met": all(one["mb"] <= GOAL_MB for one in results)}))


if __name__ == "__main__":
    main()
