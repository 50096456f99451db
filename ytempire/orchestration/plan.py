"""Verb: serve the plan: claim the slots that are due for a driver, each with its video ordered in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.kit.database import Connection
from ytempire.orchestration.order import order_video_in
from ytempire.orchestration.platform import Platform
from ytempire.planning import Claimed, claim_due
from ytempire.planning.ports import Planner
from ytempire.production import OrderWishes, new_order
from ytempire.publishing import usual_quota

BUILT_IN = "built-in"
EACH_TIME = 20
"""A worker's look at the plan claims no more at once: its other cares wait that long."""


def planner_of(platform: Platform) -> Planner:
    """The planner of this platform."""
    tools = platform.tools

    async def order(conn: Connection, channel: Channel, topic: str, publish_at: datetime, *, in_playlist: bool) -> UUID:
        wished = new_order(channel, OrderWishes(topic=topic), tools=tools)
        order = replace(wished, publish_at=publish_at, in_playlist=in_playlist)
        return (await order_video_in(conn, platform, channel, order)).id

    return Planner(tools.database, tools.ledger, order, usual_quota, platform.rehearsal)


async def serve_plan(platform: Platform, *, driver: str = BUILT_IN, most: int = EACH_TIME) -> list[Claimed]:
    """Claim what is due now and order its videos; they are on their way when this returns."""
    return await claim_due(planner_of(platform), platform.tools.clock.now(), driver, most=most)
