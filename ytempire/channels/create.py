"""Verb: make a channel."""

from __future__ import annotations

from ytempire.channels import store
from ytempire.channels.model import Channel
from ytempire.channels.rules import Choices, check_channel
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput


async def create_channel(database: Database, clock: Clock, channel: Channel, choices: Choices | None = None) -> Channel:
    """Store a new channel (`id` from kit.ids) with backlog and sources. Raises BadInput."""
    check_channel(channel, choices or Choices())
    async with database.transaction(channel.user_id) as conn:
        if not await store.add_channel(conn, channel, clock.now()):
            raise BadInput(
                f"you have a channel `{channel.handle}` already", field="handle", fix="Choose another handle."
            )
        await store.add_topics(conn, user_id=channel.user_id, channel_id=channel.id, topics=channel.topics)
        await store.replace_sources(conn, user_id=channel.user_id, channel_id=channel.id, sources=channel.sources)
    return channel
