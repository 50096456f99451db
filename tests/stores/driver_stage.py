"""A platform whose steps are toys of three lines, on a real database and queue."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from ytempire.accounts import ensure_local_user
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.live import Live
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.orchestration.drive import drive
from ytempire.orchestration.order import order_video
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.queue import Queue
from ytempire.production import select_video
from ytempire.production.model import Order, StepName, Video
from ytempire.production.step import Step, Tools, Work


@dataclass(frozen=True)
class Said:
    text: str


class Script:
    """Toy steps that note their runs; what one does can be replaced."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.instead: dict[StepName, Callable[[Work], Awaitable[Said]]] = {}

    def steps(self) -> tuple[Step, ...]:
        return (
            self._step(StepName.TOPIC, "light"),
            self._step(StepName.SCRIPT, "light", tells=lambda said: {"title": said.text}),
            self._step(StepName.RENDER, "render"),
            self._step(StepName.QUALITY, "light"),
            self._step(StepName.PUBLISH, "light"),
        )

    def _step(self, name: StepName, queue: str, **more: Any) -> Step:
        async def run(work: Work) -> Said:
            self.runs.append(name)
            if name in self.instead:
                return await self.instead[name](work)
            take = work.video.order.take(name)
            return Said(f"{name} of {work.video.order.topic}" + (f", take {take}" if take else ""))

        def inputs(work: Work) -> object:
            return [work.video.order.topic, *map(str, work.results.values())]

        return Step(name, Said, inputs, run, queue, **more)


@dataclass
class Stage:
    platform: Platform
    script: Script
    channel: Channel

    async def order(self, topic: str = "squid") -> Video:
        return await order_video(self.platform, self.channel, Order(topic=topic))

    async def now(self, video: Video) -> Video:
        async with self.platform.tools.database.transaction(video.user_id) as conn:
            found = await select_video(conn, video.id)
        assert found
        return found

    async def jobs(self, admin: Any) -> list[tuple[str, str]]:
        rows = await (
            await admin.execute("select queue_name, status::text from procrastinate_jobs order by id")
        ).fetchall()
        return [(row[0], row[1]) for row in rows]


@asynccontextmanager
async def staged(database: Database, valkey_url: str) -> AsyncIterator[Stage]:
    """A rehearsal's platform with a channel."""
    clock = SystemClock()
    user = await ensure_local_user(database, clock)
    channel = await create_channel(database, clock, Channel(new_id(), user.id, "deep-sea", "Deep sea"))
    books = Ledger(database, clock, load_prices(), Policy())
    nothing = dict.fromkeys(Tools.__dataclass_fields__, None) | {"database": database, "clock": clock, "ledger": books}
    queue = Queue(database, stalled_after_s=6)
    await queue.open()
    script = Script()
    live = Live(valkey_url)
    yield Stage(Platform(Tools(**cast("Any", nothing)), script.steps(), queue, live, rehearsal=True), script, channel)
    await live.close()


async def walk(stage: Stage, video: Video, *queues: str) -> None:
    for queue in queues:
        await drive(stage.platform, video.id, video.user_id, queue)
