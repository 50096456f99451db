"""Verbs: archive a channel, restore it, and ask that it be live.

An archived channel makes no videos and keeps all that it had: its videos, backlog, sources, consent, connection.
"""

from __future__ import annotations

from datetime import datetime

from ytempire.channels import store
from ytempire.channels.model import Channel
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput, NotFound


async def archive_channel(database: Database, clock: Clock, channel: Channel) -> Channel:
    """Put the channel away; one that is archived already keeps its date. Raises NotFound."""
    return await _set(database, channel, clock.now())


async def restore_channel(database: Database, channel: Channel) -> Channel:
    """Bring the channel back as it was. Raises NotFound."""
    return await _set(database, channel, None)


async def require_live(conn: Connection, channel: Channel) -> None:
    """Raise BadInput if the channel is archived; until the transaction ends nobody can archive it."""
    if not await store.lock_live(conn, channel.id):
        raise BadInput(
            f"`{channel.handle}` is archived and makes no videos",
            field="channel",
            fix=f"Bring it back: POST /api/v1/channels/{{id}}/restore, or `ytempire channel restore {channel.handle}`.",
        )


async def _set(database: Database, channel: Channel, archived_at: datetime | None) -> Channel:
    async with database.transaction(channel.user_id) as conn:
        await store.set_archived(conn, channel.id, archived_at)
        found = await store.channel_by_id(conn, channel.id)
    if found is None:
        raise NotFound(
            f"no channel {channel.id}", field="channel", fix="GET /api/v1/channels and `ytempire channels` list yours."
        )
    return found
