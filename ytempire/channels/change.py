"""Verb: change a channel, its backlog and its sources."""

from __future__ import annotations

from ytempire.channels import store
from ytempire.channels.model import Channel
from ytempire.channels.rules import Choices, check_channel
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound


async def change_channel(database: Database, channel: Channel, choices: Choices | None = None) -> Channel:
    """Make the stored channel equal to this one. Raises BadInput, NotFound.

    `topics` is the backlog in its new order; topics that videos have taken stay taken.
    """
    check_channel(channel, choices or Choices())
    try:
        async with database.transaction(channel.user_id) as conn:
            if not await store.change_channel(conn, channel):
                raise NotFound(f"no channel {channel.id}", fix="`ytempire channels` lists yours.")
            await store.drop_unused_topics(conn, channel.id, keep=channel.topics)
            await store.add_topics(conn, user_id=channel.user_id, channel_id=channel.id, topics=channel.topics)
            await store.order_topics(conn, channel.id, channel.topics)
            await store.replace_sources(conn, user_id=channel.user_id, channel_id=channel.id, sources=channel.sources)
            changed = await store.channel_by_id(conn, channel.id)
    except store.HandleTaken as error:
        raise BadInput(
            f"you have a channel `{channel.handle}` already", field="handle", fix="Choose another handle."
        ) from error
    if changed is None:
        raise RuntimeError("the channel's row is gone within its own transaction")
    return changed
