"""A day for real: ten users with five channels each, real renders, two workers of which one is killed half-way.

    python bench/day.py [--users 10]

Every user's plan is started and the workers do the rest: claim the day's slots, make each video, publish it to the
sandbox. One worker is killed with SIGKILL in the middle of a rendering; the other goes on alone. What was uploaded and
paid is read from the sandbox's own books. The baseline is the finished videos' play time: how many seconds of work a
second of video takes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from ytempire.accounts import store as accounts
from ytempire.accounts.model import User
from ytempire.bootstrap import connect, open_session
from ytempire.channels import create_channel
from ytempire.channels.demo import demo_channels
from ytempire.cli.door import Session
from ytempire.kit.ids import new_id
from ytempire.planning import resume_plan
from ytempire.production import newest_steps, select_videos
from ytempire.production.model import StepName, Video, VideoState

WITHIN_S = 1800.0
LOOK_EVERY_S = 1.0
CHANNELS = 5
RESTS = frozenset({VideoState.PUBLISHED, VideoState.FAILED, VideoState.CANCELLED, VideoState.IN_REVIEW})


@dataclass
class Watched:
    """What the process trees took: CPU of each root's tree, and the highest sum of PSS over all of them.

    A root that is itself a child of another comes before it.
    """

    roots: list[int]
    cpu_s: dict[int, float] = field(default_factory=dict)
    peak_mb: float = 0.0

    def look(self) -> None:
        """Add the state of this moment. Who has ended counts in the figure of the parent that waited for it."""
        total, seen = 0.0, set[int]()
        for root in self.roots:
            cpu_s = 0.0
            try:
                for process in [psutil.Process(root), *psutil.Process(root).children(recursive=True)]:
                    if process.pid in seen:
                        continue
                    seen.add(process.pid)
                    times = process.cpu_times()
                    cpu_s += times.user + times.system + times.children_user + times.children_system
                    total += process.memory_full_info().pss / 1e6
            except psutil.NoSuchProcess:  # ended while it was looked at; the next look sees the rest
                continue
            self.cpu_s[root] = max(self.cpu_s.get(root, 0.0), cpu_s)
        self.peak_mb = max(self.peak_mb, total)


async def ten_users(session: Session, users: int) -> list[UUID]:
    """Users with five connected channels each, whose plan is started. Which channel is first differs among them."""
    tools = session.platform.tools
    made = []
    for number in range(users):
        user = User(new_id(), f"creator {number + 1}", email=None, time_zone="UTC", created_at=tools.clock.now())
        async with tools.database.transaction(user.id) as conn:
            await accounts.add_user(conn, user)
        wanted = demo_channels(user.id)
        for at in range(CHANNELS):
            channel = await create_channel(tools.database, tools.clock, wanted[(number + at) % CHANNELS], consents=True)
            await connect(session, channel, lambda _: None)
        made.append(user.id)
    for user_id in made:
        await resume_plan(tools.database, user_id, tools.clock.now(), rehearsal=True)
    return made


def start_worker(session: Session, folder: Path, number: int) -> subprocess.Popen[bytes]:
    """One worker for all queues, as `ytempire work` starts it."""
    env = {
        **os.environ,
        "YTEMPIRE_STATE_DIR": str(session.state_dir),
        "YTEMPIRE_REHEARSAL": "true",
        "YTEMPIRE_SANDBOX_URL": session.sandbox_url,
    }
    with (folder / f"work-{number}.log").open("wb") as log:
        command = [sys.executable, "-m", "ytempire", "work", "--queues", "light,render", "--slots", "2"]
        return subprocess.Popen(command, env=env, stdout=log, stderr=log)


async def videos_of(session: Session, users: list[UUID]) -> list[Video]:
    """All videos of these users."""
    found: list[Video] = []
    for user_id in users:
        async with session.platform.tools.database.transaction(user_id) as conn:
            found += await select_videos(conn, limit=10)
    return found


async def is_rendering(session: Session, videos: list[Video]) -> bool:
    """Whether a rendering is under way."""
    for video in videos:
        async with session.platform.tools.database.transaction(video.user_id) as conn:
            row = (await newest_steps(conn, video.id)).get(StepName.RENDER)
        if row is not None and row.state == "running":
            return True
    return False


async def measure(folder: Path, users: int) -> dict[str, object]:
    """Run the day."""
    async with open_session(rehearsal=True) as session:
        them = await ten_users(session, users)
        began = time.monotonic()
        workers = [start_worker(session, folder, number) for number in (1, 2)]
        watched = Watched([*(worker.pid for worker in workers), os.getpid()])
        killed_at_s, done, told = 0.0, 0, -1
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                watched.look()
                videos = await videos_of(session, them)
                done = sum(video.state in RESTS for video in videos)
                if done != told:
                    print(f"{time.monotonic() - began:5.0f} s: {done} of {len(videos)} videos at rest", flush=True)
                    told = done
                if not killed_at_s and done >= users * 2 // 5 and await is_rendering(session, videos):
                    workers[0].kill()
                    killed_at_s = time.monotonic() - began
                    print(f"{killed_at_s:5.0f} s: one of the two workers is killed", flush=True)
                if (done == len(videos) >= users) or time.monotonic() - began > WITHIN_S:
                    break
            wall_s = time.monotonic() - began
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(60)
        return await figures(session, them, watched, wall_s, killed_at_s)


async def figures(
    session: Session, users: list[UUID], watched: Watched, wall_s: float, killed_at_s: float
) -> dict[str, object]:
    """What the day gave, by the sandbox's books and ours."""
    ledger = session.platform.tools.ledger
    videos = await videos_of(session, users)
    states = Counter(video.state.value for video in videos)
    async with httpx.AsyncClient(timeout=60) as client:
        books = (await client.get(f"{session.sandbox_url}/_books")).raise_for_status().json()
    costs = [(await ledger.video_cost(video.user_id, video.id)).spent_microusd / 1e6 for video in videos]
    play_s = sum([await play_time_s(session, video) for video in videos])
    audit = await ledger.audit()
    for video in videos:
        if video.state is not VideoState.PUBLISHED:
            print(f"{video.title}: {video.state}: {video.reason}")
    cpu_s = sum(watched.cpu_s.values())
    return {
        "bench": "day",
        "users": len(users),
        "channels": len(users) * CHANNELS,
        "videos": dict(states),
        "uploads": len(books["uploads"]),
        "uploaded_twice": len(books["uploaded_twice"]),
        "paid_twice": len(books["paid_twice"]),
        "ledger_differences": len(audit),
        "most_usd": round(max(costs), 4),
        "sum_usd": round(sum(costs), 4),
        "worker_killed_at_s": round(killed_at_s, 1),
        "wall_s": round(wall_s, 1),
        "cpu_s": round(cpu_s, 1),
        "play_time_s": round(play_s, 1),
        "cpu_s_per_second_of_video": round(cpu_s / play_s, 2) if play_s else None,
        "peak_mb": round(watched.peak_mb),
        "met": states == {"published": len(users)}
        and len(books["uploads"]) == len(users)
        and not books["uploaded_twice"]
        and not books["paid_twice"]
        and not audit
        and killed_at_s > 0,
    }


async def play_time_s(session: Session, video: Video) -> float:
    """How long the video is."""
    async with session.platform.tools.database.transaction(video.user_id) as conn:
        row = (await newest_steps(conn, video.id)).get(StepName.RENDER)
    return float(row.result["duration_s"]) if row and row.result else 0.0


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=10, choices=range(1, 51), metavar="1-50")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-day-"))
    folder.chmod(0o755)
    os.environ["YTEMPIRE_STATE_DIR"] = str(folder / "state")
    try:
        found = asyncio.run(measure(folder, given.users))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found))
    sys.exit(0 if found["met"] else 1)


if __name__ == "__main__":
    main()
