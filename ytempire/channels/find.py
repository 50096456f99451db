"""Verb: find channels."""

from __future__ import annotations

from uuid import UUID

from ytempire.channels import store
from ytempire.channels.model import Channel, Connection
from ytempire.kit.database import Database
from ytempire.kit.errors import NotFound


async def find_channel(database: Database, user_id: UUID, name: str | UUID) -> Channel:
    """The user's channel of this id or handle. Raises NotFound, naming the handles there are."""
    async with database.transaction(user_id) as conn:
        wanted = _as_id(name)
        found = await store.channel_by_id(conn, wanted) if wanted else None
        if found is None and isinstance(name, str):
            found = await store.channel_by_handle(conn, name)
        if found:
            return found
        handles = [channel.handle for channel in await store.all_channels(conn)]
    raise NotFound(
        f"no channel {str(name)[:80]!r}",
        field="channel",
        fix=f"You have: {', '.join(handles)}." if handles else "`ytempire channel add HANDLE` makes one.",
    )


async def list_channels(database: Database, user_id: UUID) -> list[Channel]:
    """The user's channels, oldest first."""
    async with database.transaction(user_id) as conn:
        return await store.all_channels(conn)


async def find_connection(database: Database, user_id: UUID, channel_id: UUID) -> Connection | None:
    """How the channel is connected, or None."""
    async with database.transaction(user_id) as conn:
        return await store.connection_of(conn, channel_id)


def _as_id(name: str | UUID) -> UUID | None:
    if isinstance(name, UUID):
        return name
    try:
        return UUID(name)
    except ValueError:
        return None
