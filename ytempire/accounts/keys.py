"""Verb: a tenant's data key, wrapped by the installation's key, which never enters the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from ytempire.accounts import store
from ytempire.kit import crypto
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection


@dataclass(frozen=True)
class TenantKeys:
    """Seals and unseals cells of a tenant's rows. `wrapping_key` is 32 bytes (kit.crypto.wrapping_key)."""

    wrapping_key: bytes = field(repr=False)
    clock: Clock

    async def seal(
        self, conn: Connection, plain: bytes, *, user_id: UUID, table: str, column: str, row: object
    ) -> bytes:
        """Encrypt one cell, bound to its place."""
        key = await self._key(conn, user_id)
        return crypto.seal(key, plain, crypto.place(tenant=user_id, table=table, column=column, row=row))

    async def unseal(
        self, conn: Connection, sealed: bytes, *, user_id: UUID, table: str, column: str, row: object
    ) -> bytes:
        """Decrypt one cell. Raises Undecryptable: it was changed or moved, or the key is another."""
        key = await self._key(conn, user_id)
        return crypto.unseal(key, sealed, crypto.place(tenant=user_id, table=table, column=column, row=row))

    async def require_readable(self, conn: Connection, user_id: UUID) -> None:
        """Raise Undecryptable unless this wrapping key opens the user's data key."""
        await self._key(conn, user_id)

    async def _key(self, conn: Connection, user_id: UUID) -> bytes:
        wrapped = await store.wrapped_key(conn, user_id)
        if wrapped is None:
            fresh = crypto.seal(self.wrapping_key, crypto.new_key(), _place(user_id))
            await store.add_key(conn, user_id, fresh, self.clock.now())
            # another process may have been first: the row decides
            wrapped = await store.wrapped_key(conn, user_id)
        if wrapped is None:
            raise RuntimeError(f"user {user_id} is not the tenant of this transaction")
        return crypto.unseal(self.wrapping_key, wrapped, _place(user_id))


def _place(user_id: UUID) -> bytes:
    return crypto.place(tenant=user_id, table="tenant_keys", column="wrapped_key", row=user_id)
