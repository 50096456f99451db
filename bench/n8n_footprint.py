"""The whole platform with n8n: its memory at rest, while it makes one video, and while it makes four.

    python bench/n8n_footprint.py [--within-s 1800]

`ytempire up --rehearsal --n8n` runs everything: PostgreSQL, Valkey, web, two workers, the sandbox, n8n. Told is the
highest sum of PSS over all of its processes (memory shared between them counts once), and that sum without the ffmpeg that
renders, which is there for seconds only. The voice is a vendor's; with `--own-voice` it is ours, whose model the worker
holds. The baseline is the same platform at rest, before anybody was there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.footprint import pss_mb
from bench.n8n_stage import RESTS, VENDOR_VOICE, Up, up_with_n8n
from ytempire.channels.demo import demo_channels
from ytempire.kit.ids import new_id

GOAL_MB = 2_500
LOOK_EVERY_S = 0.5
VIDEOS = (1, 4)


async def measure(folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """Start it, let it rest, let it make videos."""
    async with up_with_n8n(folder) as up:
        await asyncio.sleep(10)
        calm = pss_mb(up.commands[0].pid)
        peaks = {videos: await _peak(up, videos, given) for videos in VIDEOS}
    most = max(sum(peak.values()) for peak in peaks.values())
    at_rest = sum(calm.values())
    return {
        "bench": "n8n_footprint",
        "memory_mb": round(most),
        "memory_goal_mb": GOAL_MB,
        "at_rest_mb": round(at_rest),
        **{f"{videos}_at_once_mb": round(sum(peak.values())) for videos, peak in peaks.items()},
        **{
            f"{videos}_at_once_without_ffmpeg_mb": round(sum(peak.values()) - peak.get("ffmpeg", 0))
            for videos, peak in peaks.items()
        },
        "ratio_to_rest": round(most / at_rest, 2),
        "at_rest_by_part_mb": _rounded(calm),
        **{f"{videos}_at_once_by_part_mb": _rounded(peak) for videos, peak in peaks.items()},
        "met": most <= GOAL_MB,
    }


async def _peak(up: Up, videos: int, given: argparse.Namespace) -> dict[str, float]:
    """Memory by part at the moment when it was most, until so many new videos are made."""
    voice = demo_channels(new_id())[0].voice if given.own_voice else VENDOR_VOICE
    channels = await up.creators(videos, voice=voice)
    peak: dict[str, float] = {}
    began = time.monotonic()
    while sum(run.state in RESTS for run in await up.runs(channels)) < videos:
        if time.monotonic() - began > given.within_s:
            raise TimeoutError(f"{videos} videos were not made within {given.within_s:.0f} s")
        now = await asyncio.to_thread(pss_mb, up.commands[0].pid)
        peak = max(peak, now, key=lambda parts: sum(parts.values()))
        await asyncio.sleep(LOOK_EVERY_S)
    return peak


def _rounded(parts: dict[str, float]) -> dict[str, int]:
    return {name: round(size) for name, size in sorted(parts.items(), key=lambda part: -part[1])}


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--within-s", type=float, default=1_800.0)
    parser.add_argument("--own-voice", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-n8n-footprint-"))
    folder.chmod(0o755)
    try:
        figures = asyncio.run(measure(folder, given))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))
    sys.exit(0 if figures["met"] else 1)


if __name__ == "__main__":
    main()
