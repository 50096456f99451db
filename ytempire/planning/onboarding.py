"""Verbs: begin with a first channel, the consent to its autopilot and the plan in one go; what is left to do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.channels import Choices, add_channel, on_autopilot
from ytempire.channels.model import Channel, ListedChannel
from ytempire.kit.database import Connection
from ytempire.planning import store
from ytempire.planning.model import Left, Plan, ToDo


async def onboard(
    conn: Connection,
    now: datetime,
    channel: Channel,
    choices: Choices,
    *,
    consents: bool,
    starts: bool,
    rehearsal: bool,
) -> None:
    """Store the channel, with its owner's consent of today if they consent, and start the plan. Raises BadInput.

    All of it or nothing: `conn` is the transaction.
    """
    await add_channel(conn, now, channel, choices, consents=consents)
    if starts:
        await store.start_plan(conn, channel.user_id, now, rehearsal=rehearsal)


async def left_to_do(conn: Connection, user_id: UUID, channel: ListedChannel | None) -> list[ToDo]:
    """What this channel (None: there is none) needs before the plan makes its videos, what is needed first."""
    return _left(channel, await store.plan_of(conn, user_id))


def _left(channel: ListedChannel | None, plan: Plan | None) -> list[ToDo]:
    if channel is None:
        return [ToDo(Left.CHANNEL, "Make your first channel.", needed=True)]
    name, left = channel.channel.name, []
    if not channel.connected_to or channel.broken:
        left.append(ToDo(Left.CONNECT, f"Let YTEMPIRE publish on YouTube for “{name}”.", needed=True))
    if not channel.has_sources:
        words = f"Give “{name}” a text or a feed: facts come from these only, a topic alone has none."
        left.append(ToDo(Left.SOURCES, words, needed=True))
    if plan is None or plan.pause:
        left.append(ToDo(Left.PLAN, "Start the plan: a video a day, on your channels in turn.", needed=True))
    if not on_autopilot(channel.channel):
        words = f"The videos of “{name}” wait for your review; consent, and they are published without it."
        left.append(ToDo(Left.CONSENT, words, needed=False))
    return left
