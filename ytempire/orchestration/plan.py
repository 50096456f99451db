"""Verb: serve the plan: claim the slots that are due for a driver, each with its video ordered in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.kit.database import Connection
from ytempire.orchestration.order import order_video_in
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.rules import queue_name
from ytempire.orchestration.runs.begin import Begun, began_one, begin_run, has_room
from ytempire.orchestration.store import worked_queues, worker_seen
from ytempire.planning import Claimed, claim_due
from ytempire.planning.ports import Planner
from ytempire.production import OrderWishes, new_order
from ytempire.production.model import Order
from ytempire.publishing import usual_quota

BUILT_IN = "built-in"
ASKS_WITHIN = timedelta(minutes=3)
"""A driver that hasn't asked for so long has gone: n8n's schedule asks every minute."""
BUSY_FOR = timedelta(hours=4)
"""So long due work waits for a driver that takes other work meanwhile; after it, nobody's day is to be lost."""
EACH_TIME = 20
"""A worker's look at the plan claims no more at once: its other cares wait that long."""


@dataclass(frozen=True)
class Given:
    """A slot given to another driver, with the token for its video."""

    claimed: Claimed
    begun: Begun


def planner_of(platform: Platform) -> Planner:
    """The planner of this platform."""
    tools = platform.tools

    async def order(conn: Connection, channel: Channel, topic: str, publish_at: datetime, *, in_playlist: bool) -> UUID:
        wanted = _order(platform, channel, topic, publish_at, in_playlist=in_playlist)
        return (await order_video_in(conn, platform, channel, wanted)).id

    return Planner(tools.database, tools.ledger, order, usual_quota, platform.rehearsal)


async def serve_plan(platform: Platform, *, most: int = EACH_TIME) -> list[Claimed]:
    """Claim what is due now for our own driver and order its videos; they are on their way when this returns.

    While another driver asks for work it comes first: ours takes what that one left lying for long. One that took a
    video in that time is busy, and is left more of it: what waits may need what only its workflow does.
    """
    tools = platform.tools
    now = tools.clock.now()
    patience = timedelta(seconds=platform.others_first_s)
    async with tools.database.system() as conn:
        others = _driving(platform) in await worked_queues(conn, now - ASKS_WITHIN)
        busy = others and await began_one(conn, platform, patience)
    overdue = max(patience, BUSY_FOR) if busy else patience if others else timedelta()
    return await claim_due(planner_of(platform), now, BUILT_IN, most=most, overdue=overdue)


async def expect_driver(platform: Platform, driver: str) -> None:
    """Another driver is being started: what is due waits for it as if it had asked just now."""
    async with platform.tools.database.system() as conn:
        await worker_seen(conn, driver, [_driving(platform)], platform.tools.clock.now())


async def give_due(
    platform: Platform, driver: str, *, most: int, workflow: str = "", execution: str = ""
) -> list[Given]:
    """Claim what is due for another driver, each video with a run that begins; no more than may be led at once."""
    tools = platform.tools
    begun: dict[UUID, Begun] = {}

    async def order(conn: Connection, channel: Channel, topic: str, publish_at: datetime, *, in_playlist: bool) -> UUID:
        wanted = _order(platform, channel, topic, publish_at, in_playlist=in_playlist)
        video = await order_video_in(conn, platform, channel, wanted, led_by_another=True)
        now = tools.clock.now()
        begun[video.id] = await begin_run(conn, video, now, driver=driver, workflow=workflow, execution=execution)
        return video.id

    async def room(conn: Connection) -> bool:
        return await has_room(conn, platform)

    await expect_driver(platform, driver)
    planner = Planner(tools.database, tools.ledger, order, usual_quota, platform.rehearsal, room)
    return [Given(one, begun[one.video_id]) for one in await claim_due(planner, tools.clock.now(), driver, most=most)]


def _driving(platform: Platform) -> str:
    """The name under which other drivers stand among the workers."""
    return queue_name("driver", rehearsal=platform.rehearsal)


def _order(platform: Platform, channel: Channel, topic: str, publish_at: datetime, *, in_playlist: bool) -> Order:
    wished = new_order(channel, OrderWishes(topic=topic), tools=platform.tools)
    return replace(wished, publish_at=publish_at, in_playlist=in_playlist)
