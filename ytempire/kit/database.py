"""PostgreSQL: one pool, short transactions, the tenant set in each.

Row-level security reads `app.user_id`, which a transaction sets locally; without it a tenant table shows no rows.
`system()` is for what belongs to no tenant: it can only call the listed SECURITY DEFINER functions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ytempire.kit.errors import NotConfigured, YtempireError

Connection = AsyncConnection[tuple[object, ...]]
Sql = LiteralString


class DatabaseUnreachable(YtempireError):  # noqa: N818
    """No connection could be had in time."""

    code = "database_unreachable"


class Database:
    """A pool of connections to one database, as the `app` role."""

    def __init__(self, url: str, *, min_size: int = 1, max_size: int = 8, timeout_s: float = 10) -> None:
        self.url = url
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=min_size,
            max_size=max_size,
            timeout=timeout_s,
            open=False,
            kwargs={"application_name": "ytempire"},
        )

    async def open(self) -> None:
        """Connect, and refuse a role that row-level security does not bind."""
        await self.pool.open()
        try:
            async with self.pool.connection() as conn:
                row = await (
                    await conn.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
                ).fetchone()
        except (PoolTimeout, OperationalError) as error:
            await self.pool.close()
            raise DatabaseUnreachable(
                f"PostgreSQL did not answer at {shown(self.url)}",
                field="DATABASE_URL",
                fix="Check the address, the password and that the server runs; `ytempire doctor` tells more.",
            ) from error
        if row and row[0]:
            await self.pool.close()
            raise NotConfigured(
                "the database role is a superuser or bypasses row-level security",
                field="DATABASE_URL",
                fix="Use the role `ytempire_app`; the owner's address belongs in DATABASE_OWNER_URL.",
            )

    async def close(self) -> None:
        """Give all connections back."""
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self, user_id: UUID) -> AsyncIterator[Connection]:
        """One transaction in which only this user's rows exist; committed on leaving, rolled back on an error."""
        async with self.pool.connection() as conn, conn.transaction():
            await conn.execute("select set_config('app.user_id', %s, true)", (str(user_id),))
            yield conn

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Connection]:
        """One transaction without a tenant."""
        async with self.pool.connection() as conn, conn.transaction():
            yield conn


def shown(url: str) -> str:
    """The address without its password."""
    parts = conninfo_to_dict(url)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
