"""What the publishing stories stand on: a connected channel, a finished video, the real client, a real sandbox."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import imageio_ffmpeg
import pytest
from PIL import Image

from tests.contracts.running_sandbox import RunningSandbox
from ytempire.accounts import TenantKeys, ensure_local_user
from ytempire.channels import Credentials, create_channel, find_channel
from ytempire.channels.model import Channel
from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production import insert_video, select_video
from ytempire.production.model import (
    CardKind,
    FinishedVideo,
    Format,
    Order,
    Origin,
    SceneScript,
    Script,
    Video,
    VideoState,
)
from ytempire.production.ports import Progress
from ytempire.production.step import Tools, Work
from ytempire.providers.youtube import Endpoints, YouTubeChannels, connect_stand_in
from ytempire.providers.youtube.rehearsal import REHEARSAL_CLIENT_ID, REHEARSAL_CLIENT_SECRET
from ytempire.publishing import release
from ytempire.publishing.model import PublishResult
from ytempire.publishing.store import Sessions

PIECE_BYTES = 256 * 1024
KEY = b"k" * 32


def make_file(path: Path, *, size_bytes: int = 600_000) -> Path:
    """A vertical second of video, padded (an MP4 `free` box) to several pieces."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run(
        [
            *(ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", "color=c=teal:s=72x128:d=1:r=10"),
            *("-pix_fmt", "yuv420p", "-preset", "ultrafast", "-movflags", "+faststart", str(path)),
        ],
        check=True,
    )
    padding = size_bytes - path.stat().st_size
    with path.open("ab") as out:
        out.write(padding.to_bytes(4, "big") + b"free" + b"\0" * (padding - 8))
    return path


def script_of(**said: Any) -> Script:
    scene = SceneScript("Squid are fast.", CardKind.HOOK, "fast", "squid")
    plain: dict[str, Any] = {
        "title": "Why squid are fast",
        "title_candidates": (),
        "description": "How a squid swims.\nIn one minute.",
        "tags": ("squid", "deep sea"),
        "scenes": (scene,),
        "thumbnail_texts": (),
        "origin": Origin.STAND_IN,
    }
    return Script(**(plain | said))


@dataclass
class Stage:
    """One channel and one video on it; `publish` runs the step as one worker's attempt."""

    database: Database
    media: LocalMediaStore
    sandbox_url: str
    clock: Clock = field(default_factory=SystemClock)
    deadline_s: float = 20.0
    channel: Channel | None = None
    finished: FinishedVideo | None = None
    attempts: int = 0
    policy: Policy = field(default_factory=Policy)
    progress: Progress | None = None

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints.at(f"{self.sandbox_url}/google/")

    @property
    def keys(self) -> TenantKeys:
        return TenantKeys(KEY, self.clock)

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.database, self.keys, self.clock)

    @property
    def platforms(self) -> YouTubeChannels:
        return YouTubeChannels(
            credentials=self.credentials,
            client_id=REHEARSAL_CLIENT_ID,
            client_secret=REHEARSAL_CLIENT_SECRET,
            endpoints=self.endpoints,
            clock=self.clock,
            call_deadline_s=self.deadline_s,
            piece_bytes=PIECE_BYTES,
        )

    async def set_up(self, file: Path, **channel_fields: Any) -> Stage:
        user = await ensure_local_user(self.database, self.clock)
        fields = {"handle": f"c{new_id().hex[-12:]}", "name": f"Channel {new_id().hex[-12:]}"} | channel_fields
        self.channel = await create_channel(self.database, self.clock, Channel(id=new_id(), user_id=user.id, **fields))
        await connect_stand_in(self.channel, self.credentials, self.endpoints)
        self.finished = FinishedVideo(
            video_id=new_id(),
            media=self.media.put(file),
            thumbnails=(_picture(self.media),),
            captions_srt=self.media.put_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nSquid are fast.\n", ".srt"),
            captions_vtt=self.media.put_bytes(b"WEBVTT\n", ".vtt"),
            script=script_of(),
            duration_s=1.0,
            format=Format.VERTICAL,
            origins=(Origin.DRAWN, Origin.LOCAL_VOICE),
        )
        await self.new_video()
        return self

    async def new_video(self, **ordered: Any) -> None:
        """Another video of the same channel."""
        assert self.channel is not None
        assert self.finished is not None
        self.finished = replace(self.finished, video_id=new_id())
        video = Video(
            id=self.finished.video_id,
            user_id=self.channel.user_id,
            channel_id=self.channel.id,
            state=VideoState.APPROVED,
            order=Order(topic="squid", **ordered),
            title="",
            reason="",
            rehearsal=True,
            created_at=self.clock.now(),
        )
        async with self.database.transaction(video.user_id) as conn:
            await insert_video(conn, video, self.clock.now())

    def ledger(self) -> Ledger:
        return Ledger(self.database, self.clock, load_prices(), self.policy)

    async def work(self, attempt: int) -> Work:
        assert self.channel is not None
        assert self.finished is not None
        channel = await find_channel(self.database, self.channel.user_id, self.channel.id)
        async with self.database.transaction(channel.user_id) as conn:
            video = await select_video(conn, self.finished.video_id)
        assert video is not None
        unused: Any = None
        tools = Tools(**(dict.fromkeys(Tools.__dataclass_fields__, unused)
                         | {"database": self.database, "clock": self.clock, "media": self.media,
                            "ledger": self.ledger()}))  # fmt: skip

        async def quiet(_share: float) -> None:
            """Nobody watches."""

        return Work(
            video=video, channel=channel, results={}, tools=tools, attempt=attempt, progress=self.progress or quiet
        )

    async def publish(self, *, attempt: int | None = None) -> PublishResult:
        """One run of the step."""
        self.attempts = attempt or self.attempts + 1
        assert self.finished is not None
        return await release(
            await self.work(self.attempts), self.finished, platforms=self.platforms, sessions=Sessions(self.keys)
        )

    def marked(self, books: dict[str, Any]) -> list[dict[str, Any]]:
        """The sandbox's uploads that carry this video's marker."""
        from ytempire.publishing.rules import marker_of

        assert self.finished is not None
        marker = marker_of(self.finished.video_id)
        return [upload for upload in books["uploads"] if marker in upload["tags"]]

    def as_json(self) -> dict[str, Any]:
        """What another process needs to run the same step."""
        assert self.finished is not None
        assert self.channel is not None
        return {
            "database": self.database.url, "media": str(self.media.root), "sandbox": self.sandbox_url,
            "channel": str(self.channel.id), "user": str(self.channel.user_id), "video": str(self.finished.video_id),
            "files": [vars(ref) for ref in (self.finished.media, self.finished.thumbnails[0],
                                            self.finished.captions_srt, self.finished.captions_vtt)],
        }  # fmt: skip


async def run_from_json(said: dict[str, Any], attempt: int) -> PublishResult:
    """The same step in this process, by what `as_json` said."""
    database = Database(said["database"], max_size=2)
    await database.open()
    stage = Stage(database, LocalMediaStore(Path(said["media"])), said["sandbox"])
    stage.channel = await find_channel(database, UUID(said["user"]), said["channel"])
    film, picture, srt, vtt = (MediaRef(**ref) for ref in said["files"])
    stage.finished = FinishedVideo(
        UUID(said["video"]), film, (picture,), srt, vtt, script_of(), 1.0, Format.VERTICAL,
        (Origin.DRAWN, Origin.LOCAL_VOICE),
    )  # fmt: skip
    result = await stage.publish(attempt=attempt)
    await database.close()
    return result


async def eventually(run: Callable[[], Awaitable[PublishResult]], most: int) -> PublishResult:
    """Run until it works, as the driver would; the last error is raised."""
    for left in reversed(range(most)):
        try:
            return await run()
        except Exception:
            if not left:
                raise
            await asyncio.sleep(0.05)
    raise AssertionError


def _picture(media: LocalMediaStore) -> MediaRef:
    target = media.root / "thumbnail.jpg"
    media.root.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (1280, 720), "#0b3954").save(target)
    return media.put(target, move=True)


@pytest.fixture(scope="module")
def sandbox_process(tmp_path_factory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    running.post("/_settings", processing_s=0.1)
    yield running
    running.stop()


@pytest.fixture
def sandbox(sandbox_process) -> Iterator[RunningSandbox]:
    sandbox_process.calm()
    sandbox_process.post("/_settings", processing_s=0.1)
    return sandbox_process


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_file(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture
async def stage(database, tmp_path, sandbox) -> Stage:
    return Stage(database, LocalMediaStore(tmp_path / "media"), sandbox.url)
