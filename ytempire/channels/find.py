"""Verb: find channels."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.channels import store
from ytempire.channels.model import Channel, Connection, ListedChannel, ReadyChannel
from ytempire.kit import database as db
from ytempire.kit.database import Database
from ytempire.kit.errors import NotFound


async def find_channel(
    database: Database, user_id: UUID, name: str | UUID, *, as_of: datetime | None = None
) -> Channel:
    """The user's channel of this id or handle, an archived one too. Raises NotFound, naming the handles there are.

    With `as_of` it has of its feeds' items those that it had then.
    """
    async with database.transaction(user_id) as conn:
        wanted = _as_id(name)
        found = await store.channel_by_id(conn, wanted, as_of=as_of) if wanted else None
        if found is None and isinstance(name, str):
            found = await store.channel_by_handle(conn, name, as_of=as_of)
        if found:
            return found
        handles = [channel.handle for channel in await store.all_channels(conn, archived=False)]
    raise NotFound(
        f"no channel {str(name)[:80]!r}",
        field="channel",
        fix=f"You have: {', '.join(handles)}."
        if handles
        else "Make one: POST /api/v1/channels, or `ytempire channel add HANDLE`.",
    )


async def list_channels(database: Database, user_id: UUID, *, archived: bool | None = False) -> list[Channel]:
    """The user's live channels, the archived ones, or (None) all, oldest first."""
    async with database.transaction(user_id) as conn:
        return await store.all_channels(conn, archived=archived)


async def page_of_channels(
    database: Database, user_id: UUID, *, archived: bool, after: tuple[datetime, UUID] | None, limit: int
) -> list[ListedChannel]:
    """The user's live or archived channels that were made after a place in the list."""
    async with database.transaction(user_id) as conn:
        return await store.listed_channels(conn, archived=archived, after=after, limit=limit)


async def look_at_channel(database: Database, user_id: UUID, channel_id: UUID) -> ListedChannel:
    """One channel as lists show it, an archived one too. Raises NotFound."""
    async with database.transaction(user_id) as conn:
        return await channel_in(conn, channel_id)


async def channel_in(conn: db.Connection, channel_id: UUID) -> ListedChannel:
    """The same within a transaction of the user's. Raises NotFound."""
    found = await store.listed_channels(conn, channel_id=channel_id)
    if not found:
        raise NotFound(f"no channel {channel_id}", field="channel", fix="List yours: GET /api/v1/channels.")
    return found[0]


async def first_channel(conn: db.Connection) -> ListedChannel | None:
    """The user's oldest live channel."""
    return next(iter(await store.listed_channels(conn, archived=False)), None)


async def ready_channels(database: Database, user_id: UUID) -> list[ReadyChannel]:
    """The user's live channels with a working connection, oldest first: what a plan chooses from."""
    async with database.transaction(user_id) as conn:
        return await store.ready_channels(conn)


async def find_connection(database: Database, user_id: UUID, channel_id: UUID) -> Connection | None:
    """How the channel is connected, or None."""
    async with database.transaction(user_id) as conn:
        return await store.connection_of(conn, channel_id)


async def connections_of(conn: db.Connection) -> dict[UUID, Connection]:
    """The connections of the user's channels by channel; one that isn't connected is missing."""
    return {connection.channel_id: connection for connection in await store.all_connections(conn)}


def _as_id(name: str | UUID) -> UUID | None:
    if isinstance(name, UUID):
        return name
    try:
        return UUID(name)
    except ValueError:
        return None
