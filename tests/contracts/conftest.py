"""The sandbox as a process of its own for the whole run; every test finds it calm."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from tests.conftest import DatabaseUrls
from tests.contracts.relay_stage import Run, driven, relay_stage
from tests.contracts.running_sandbox import RunningSandbox
from tests.side_by_side import tell
from tests.web.conftest import Stage
from tests.web.listening import web_process


@pytest.fixture(scope="session")
def sandbox_process(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    try:
        yield running
    finally:
        running.calm()
        tell(request.session, running.get("/_books")["calls"], running.struck)
        running.stop()


@pytest.fixture
def sandbox(sandbox_process: RunningSandbox) -> Iterator[RunningSandbox]:
    """The run's sandbox, calm."""
    sandbox_process.calm()
    yield sandbox_process
    sandbox_process.calm()


@pytest.fixture
def youtube(sandbox: RunningSandbox) -> Any:
    return sandbox.youtube(sandbox.credentials("Bee Facts"))


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vertical two-second video of about 900 kB."""
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    make_clip(path, "360x640", 2)
    return path


def make_clip(path: Path, size: str, seconds: int) -> None:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    noisy = f"testsrc2=s={size}:d={seconds}:r=25,noise=alls=40:allf=t"
    encoding = "-pix_fmt yuv420p -preset ultrafast -b:v 3500k -movflags +faststart"
    sound = f"sine=f=300:d={seconds}"
    subprocess.run(
        [
            ffmpeg,
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            noisy,
            "-f",
            "lavfi",
            "-i",
            sound,
            *encoding.split(),
            str(path),
        ],
        check=True,
    )


@pytest.fixture
async def relaying(
    database_urls: DatabaseUrls, valkey_url: str, sandbox: RunningSandbox, tmp_path: Path
) -> AsyncIterator[Stage]:
    """The web server's parts with the relay to the sandbox, whose voice hums."""
    sandbox.post("/_settings", elevenlabs_sound="hum")
    async with relay_stage(database_urls.app, valkey_url, sandbox.url, tmp_path) as made:
        yield made


@pytest.fixture
async def run(relaying: Stage) -> Run:
    """A video that a run drives."""
    return await driven(relaying)


@pytest.fixture
async def live_run(run: Run) -> AsyncIterator[Run]:
    """The same on a socket."""
    async with web_process(run.stage) as (at, _):
        run.at = at
        yield run
        for client in run.opened:
            await client.aclose()
