"""Verb: delete what the platform told of a channel's videos, once the owner has taken the authorisation back.

Google gives seven days for it; it takes one statement a table, so it is done at once. The ids of what we uploaded stay:
they are the promise that a video is uploaded once, and the owner's way to it.
"""

from __future__ import annotations

from ytempire.channels.model import Channel
from ytempire.kit.database import Database
from ytempire.publishing import store


async def forget_api_data(database: Database, channel: Channel) -> None:
    """Delete what was read back, the channel's playlists as listed, and open upload sessions."""
    async with database.transaction(channel.user_id) as conn:
        await store.forget_read_backs(conn, channel.id)
        await store.forget_playlists(conn, channel.id)
        await store.forget_sessions(conn, channel.id)
