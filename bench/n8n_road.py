"""What n8n's road costs over the built-in one: videos from claim to watch page, in turn, each without its vendors' time.

    python bench/n8n_road.py [--rounds 3]

`ytempire up --rehearsal --n8n` runs everything. In each round a new creator's due video is led by n8n and another one of
the same channel by the built-in driver, which is the baseline. Of both the time inside our steps and inside calls to
vendors is taken away; what is left is what leading costs. The first round warms up and is reported by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.n8n_stage import Driven, Up, up_with_n8n
from ytempire.channels.model import Channel
from ytempire.kit.database import Sql
from ytempire.orchestration import order_video
from ytempire.production import OrderWishes, new_order

GOAL_OVERHEAD_S = 3.0

IN_STEPS: Sql = """
    select coalesce(sum(extract(epoch from ended_at - started_at)), 0)::float from steps where video_id = %s"""
IN_CALLS: Sql = """
    select coalesce(sum(extract(epoch from ended_at - begun_at)), 0)::float from paid_calls
    where video_id = %s and starts_with(once, video_id || ':relay:')"""
"""The relay's: calls of our own steps are inside of these."""


async def published(up: Up, channel: Channel) -> Driven:
    """The channel's newest video, once it is published."""
    found = await up.rested(channel)
    if found.state != "published":
        raise RuntimeError(f"{found.title}: {found.state}, {found.reason}")
    return found


async def parts_s(up: Up, driven: Driven) -> dict[str, float]:
    """Wall time from claim to rest, and what of it passed in steps, in a driver's calls to vendors, and in leading."""
    if driven.rested_at is None:
        raise RuntimeError(f"{driven.title} has no step")
    found = {"wall_s": (driven.rested_at - driven.made_at).total_seconds()}
    async with up.session.platform.tools.database.transaction(driven.user_id) as conn:
        for name, query in (("in_steps_s", IN_STEPS), ("in_calls_s", IN_CALLS)):
            row = await (await conn.execute(query, (driven.video_id,))).fetchone()
            found[name] = float(row[0]) if row else 0.0  # type: ignore[arg-type]
    found["leading_s"] = found["wall_s"] - found["in_steps_s"] - found["in_calls_s"]
    return {name: round(value, 2) for name, value in found.items()}


async def measure(folder: Path, rounds: int) -> dict[str, object]:
    """Make the videos in turn."""
    by_n8n, built_in = [], []
    async with up_with_n8n(folder) as up:
        for number in range(rounds + 1):
            (channel,) = await up.creators(1)
            first = await published(up, channel)
            if first.run_state != "published":
                raise RuntimeError(f"n8n did not lead {first.title}: {first.run_state}, {first.why}")
            by_n8n.append(await parts_s(up, first))
            await order_video(
                up.session.platform, channel, new_order(channel, OrderWishes(), tools=up.session.platform.tools)
            )
            built_in.append(await parts_s(up, await published(up, channel)))
            print(f"round {number}: n8n {by_n8n[-1]}, built-in {built_in[-1]}", flush=True)
    over = [a["leading_s"] - b["leading_s"] for a, b in zip(by_n8n, built_in, strict=True)]
    overhead_s = statistics.median(over[1:])
    walls = [statistics.median(one["wall_s"] for one in road[1:]) for road in (by_n8n, built_in)]
    return {
        "bench": "n8n_road",
        "rounds": rounds,
        "n8n_wall_s": round(walls[0], 2),
        "built_in_wall_s": round(walls[1], 2),
        "wall_ratio": round(walls[0] / walls[1], 2),
        "overhead_s": round(overhead_s, 2),
        "goal_overhead_s": GOAL_OVERHEAD_S,
        "first_round_overhead_s": round(over[0], 2),
        "load": [round(one, 1) for one in os.getloadavg()],
        "met": overhead_s <= GOAL_OVERHEAD_S,
    }


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 11), metavar="1-10")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-n8n-road-"))
    folder.chmod(0o755)
    try:
        found = asyncio.run(measure(folder, given.rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found))
    sys.exit(0 if found["met"] else 1)


if __name__ == "__main__":
    main()
