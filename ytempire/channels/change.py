"""Verb: change what gives a channel its character."""

from __future__ import annotations

from ytempire.channels import store
from ytempire.channels.create import handle_taken
from ytempire.channels.model import Channel
from ytempire.channels.rules import Choices, check_autopilot, check_channel
from ytempire.kit.database import Database
from ytempire.kit.errors import NotFound, VersionConflict


async def change_channel(database: Database, channel: Channel, choices: Choices | None = None) -> Channel:
    """Make the stored channel equal to this one, if it still has the version that this one was read with.

    Backlog, sources, consent and archive have verbs of their own and stay as they are. Raises BadInput, NotFound,
    VersionConflict.
    """
    check_channel(channel, choices or Choices())
    try:
        async with database.transaction(channel.user_id) as conn:
            stored = await store.channel_by_id(conn, channel.id)
            if stored is None:
                raise NotFound(
                    f"no channel {channel.id}",
                    field="channel",
                    fix="GET /api/v1/channels and `ytempire channels` list yours.",
                )
            check_autopilot(channel.autopilot, channel.visibility, stored.consent)
            if not await store.change_channel(conn, channel):
                raise VersionConflict(
                    f"`{stored.handle}` has been changed since it was read (version {channel.version},"
                    f" now {stored.version})",
                    field="version",
                    fix="Read it again and repeat the change.",
                )
            changed = await store.channel_by_id(conn, channel.id)
    except store.HandleTaken as error:
        raise handle_taken(channel) from error
    if changed is None:
        raise RuntimeError("the channel's row is gone within its own transaction")
    return changed
