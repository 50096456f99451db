"""Verb: make a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ytempire.channels import store
from ytempire.channels.backlog import store as backlog
from ytempire.channels.model import AutopilotConsent, Channel, NewTopic
from ytempire.channels.rules import DISCLOSURE, Choices, check_autopilot, check_channel
from ytempire.channels.sources import store as sources
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput


async def create_channel(
    database: Database, clock: Clock, channel: Channel, choices: Choices | None = None, *, consents: bool = False
) -> Channel:
    """Store a new channel in a transaction of its own; see `add_channel`."""
    async with database.transaction(channel.user_id) as conn:
        return await add_channel(conn, clock.now(), channel, choices, consents=consents)


async def add_channel(
    conn: Connection, now: datetime, channel: Channel, choices: Choices | None = None, *, consents: bool = False
) -> Channel:
    """Store a new channel (`id` from kit.ids) with backlog and sources. Raises BadInput.

    `consents`: its owner agrees, today, to publishing unseen as the channel's visibility says.
    """
    consent = AutopilotConsent(now, channel.visibility, DISCLOSURE) if consents else None
    channel = replace(channel, consent=consent, version=1, archived_at=None)
    check_channel(channel, choices or Choices())
    check_autopilot(channel.autopilot, channel.visibility, consent)
    if not await store.add_channel(conn, channel, now):
        raise handle_taken(channel)
    of = {"user_id": channel.user_id, "channel_id": channel.id}
    if consent:
        await store.add_consent(conn, consent, **of)
    await backlog.add_topics(conn, [NewTopic(topic) for topic in channel.topics], **of, now=now)
    await sources.add_sources(conn, channel.sources, **of, kind="text", now=now)
    return channel


def handle_taken(channel: Channel) -> BadInput:
    """What to say when the user has another channel of this handle."""
    return BadInput(
        f"you have a channel `{channel.handle}` already",
        field="handle",
        fix="Choose another handle; if that channel is archived, it can be restored.",
    )
