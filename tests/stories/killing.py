"""The kill campaign: a real worker process is killed with SIGKILL at one named point after another.

Every point of a video's life is tried in the order in which it comes: a worker is started that dies there, then the
next one takes the video over and dies at the next point. What was promised is read from the sandbox's own books.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ytempire.cli.door import Session
from ytempire.production import select_video
from ytempire.production.model import Video, VideoState

PAID = ("script", "voice")
STEPS = ("topic", "script", "voice", "visuals", "captions", "render", "thumbnail", "quality", "review", "publish")
_WITHIN_S = 90.0
_LAST_POINT_S = 0.5


def points() -> list[str]:
    """All points in the order in which a video passes them."""
    found = []
    for step in STEPS:
        found.append(f"{step}.begin")
        if step in PAID:
            found += [f"{step}.before_call", f"{step}.after_call", f"{step}.after_commit"]
        if step == "render":
            found += ["render.after_scene", "render.after_scene:2", "render.after_join"]
        if step == "publish":
            found += ["publish.before_call", "publish.started", "publish.after_call", "publish.uploaded"]
            found += ["publish.after_commit", "publish.after_commit:2", "publish.after_commit:3"]
        found += [f"{step}.made", f"{step}.recorded"]
    return found


@dataclass
class Campaign:
    """Kills so far: the points where a worker died, and those that a video never passed again."""

    session: Session
    env: dict[str, str]
    logs: Path
    killed: list[str] = field(default_factory=list)
    not_passed: list[str] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)

    async def run(self, video: Video, wanted: Sequence[str]) -> int:
        """Drive one video to its end through workers that die; how many of the points were tried.

        A point that is not passed (its work was kept from before) lets the video run to its end.
        """
        self.videos.append(video)
        for tried, point in enumerate(wanted, 1):
            if await self._worker(video, point):
                self.killed.append(point)
                continue
            self.not_passed.append(point)
            if (await self.now(video)).state is VideoState.PUBLISHED:
                return tried
        await self._worker(video, "")
        return len(wanted)

    async def now(self, video: Video) -> Video:
        """The video as it stands."""
        async with self.session.platform.tools.database.transaction(video.user_id) as conn:
            found = await select_video(conn, video.id)
        assert found
        return found

    async def _worker(self, video: Video, point: str) -> bool:
        """Run one worker until it dies at the point or the video rests; whether it was killed there."""
        with (self.logs / "workers.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "ytempire", "work"],
                env={**os.environ, **self.env, "YTEMPIRE_FAILPOINT": point},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _WITHIN_S
        try:
            while worker.poll() is None:
                if (await self.now(video)).state in {VideoState.PUBLISHED, VideoState.FAILED, VideoState.CANCELLED}:
                    await asyncio.sleep(_LAST_POINT_S)  # the last point lies behind the last commit
                    if worker.poll() is None:
                        return False
                    break
                assert time.monotonic() < deadline, f"nothing happened at {point!r}; see {log.name}"
                await asyncio.sleep(0.05)
            assert worker.returncode == -signal.SIGKILL, (self.logs / "workers.log").read_text()[-3000:]
            return True
        finally:
            if worker.poll() is None:
                worker.terminate()
            worker.wait(30)
