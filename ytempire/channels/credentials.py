"""Verbs around a channel's authorisation: the refresh token is sealed here and nowhere shown."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ytempire.accounts import TenantKeys
from ytempire.channels import store
from ytempire.channels.model import Channel, Connection
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.kit.errors import NotConfigured

_TABLE, _COLUMN = "channel_connections", "refresh_token"


@dataclass(frozen=True)
class Credentials:
    """The sealed refresh tokens of connected channels."""

    database: Database
    keys: TenantKeys
    clock: Clock

    async def keep(self, channel: Channel, connection: Connection, refresh_token: str) -> None:
        """Store a connection and its token, in place of an earlier one."""
        async with self.database.transaction(channel.user_id) as conn:
            sealed = await self.keys.seal(
                conn,
                refresh_token.encode(),
                user_id=channel.user_id,
                table=_TABLE,
                column=_COLUMN,
                row=channel.id,
            )
            await store.save_connection(conn, connection, user_id=channel.user_id, sealed_refresh_token=sealed)

    async def reveal(self, channel: Channel) -> tuple[Connection, str]:
        """The connection and its token. Raises NotConfigured if the channel is not connected."""
        async with self.database.transaction(channel.user_id) as conn:
            connection = await store.connection_of(conn, channel.id)
            sealed = await store.sealed_refresh_token(conn, channel.id)
            if connection is None or sealed is None:
                raise NotConfigured(
                    f"channel `{channel.handle}` is not connected to YouTube",
                    field="channel",
                    fix=f"Connect it: POST /api/v1/channels/{{id}}/connection, or `ytempire connect {channel.handle}`.",
                    code="not_connected",
                )
            token = await self.keys.unseal(
                conn, sealed, user_id=channel.user_id, table=_TABLE, column=_COLUMN, row=channel.id
            )
        return connection, token.decode()

    async def tokens_of(self, user_id: UUID) -> list[tuple[Connection, str]]:
        """The connections of all the user's channels and their tokens."""
        found = []
        async with self.database.transaction(user_id) as conn:
            for connection in await store.all_connections(conn):
                sealed = await store.sealed_refresh_token(conn, connection.channel_id)
                if sealed is not None:
                    token = await self.keys.unseal(
                        conn, sealed, user_id=user_id, table=_TABLE, column=_COLUMN, row=connection.channel_id
                    )
                    found.append((connection, token.decode()))
        return found

    async def checked(self, user_id: UUID, channel_id: UUID, *, broken: str = "") -> None:
        """Note that the token was just used; `broken` says in plain words why it failed."""
        async with self.database.transaction(user_id) as conn:
            await store.set_checked(conn, channel_id, now=self.clock.now(), broken=broken)

    async def forget(self, channel: Channel) -> None:
        """Delete the connection, token included."""
        async with self.database.transaction(channel.user_id) as conn:
            await store.delete_connection(conn, channel.id)
