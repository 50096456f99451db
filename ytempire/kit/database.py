"""PostgreSQL: one pool, short transactions, the tenant set in each.

Row-level security reads `app.user_id`, which a transaction sets locally; without it a tenant table shows no rows.
`system()` is for what belongs to no tenant: it can only call the listed SECURITY DEFINER functions.
"""

from __future__ import annotations

import logging
import select
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, DataError, IsolationLevel, OperationalError, ProgrammingError, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from ytempire.kit.errors import BadInput, NotConfigured, YtempireError

# The pool warns on every failed try; our one error says it better. Whoever configures logging still gets them.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())

Connection = AsyncConnection[tuple[object, ...]]
Sql = LiteralString
ConnectionLost = OperationalError
"""What a broken connection raises; whether its transaction was committed is not known."""
NotStorable = DataError
"""What a value raises that no column takes: a NUL in a text, a number out of range."""


_EXAMPLE = "postgresql://ytempire_app:PASSWORD@HOST:5432/ytempire"
_MENDS = {
    "password authentication failed": "Check the role's name and its password.",
    "does not exist": "Check the name of the database and of the role; docs/how-to/own-postgresql.md makes both.",
    "Connection refused": "Check host and port, and that the server runs and listens there.",
    "failed to resolve host": "Check the host's name.",
    "timeout expired": "Check host and port, and whether a firewall stands between.",
    "too many clients": "Raise max_connections of the server, or lower YTEMPIRE_DATABASE_CONNECTIONS.",
    "no pg_hba.conf entry": "Allow this machine, role and database in the server's pg_hba.conf.",
    "the database system is": "The server is starting, recovering or stopping: try again in a moment.",
    "permission denied for database": "Grant the role CONNECT: docs/how-to/own-postgresql.md.",
}
# Bound by row-level security: no superuser, no BYPASSRLS, not the owner of the schema's tables.
_BINDING = """
    select rolsuper or rolbypassrls or exists (
        select from pg_class where relnamespace = 'public'::regnamespace and relowner = pg_roles.oid and relkind = 'r'
    )
    from pg_roles where rolname = current_user
"""


_BEGIN_AS = sql.SQL("begin; select set_config('app.user_id', {}, true)")


class DatabaseUnreachable(YtempireError):  # noqa: N818
    """No connection could be had in time."""

    code = "database_unreachable"


class Database:
    """A pool of connections to one database, as the `app` role."""

    def __init__(self, url: str, *, min_size: int = 1, max_size: int = 8, timeout_s: float = 10) -> None:
        self.url = url
        self.timeout_s = timeout_s
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=min_size,
            max_size=max_size,
            timeout=timeout_s,
            open=False,
            kwargs={"application_name": "ytempire"},
            configure=_autocommitting,
            check=self._require_server,
        )

    async def _require_server(self, conn: Connection) -> None:
        """Raise if the server has left this idle connection; then it has left others too, as when it restarts.

        It said so, or closed the socket: either way there is something to read. Only then a question is worth its way.
        The pool would try the others one after the other, with longer and longer pauses in between.
        """
        waiting = select.poll()
        waiting.register(conn.fileno(), select.POLLIN)
        if not waiting.poll(0):
            return
        try:
            await AsyncConnectionPool.check_connection(conn)
        except OperationalError:
            await self.pool.check()
            raise

    async def open(self) -> None:
        """Connect, and refuse a role that row-level security does not bind.

        Raises BadInput (not an address), DatabaseUnreachable (with what the server said) or NotConfigured. One plain
        connection goes first: a pool would try again and again until its time is up and then not say why.
        """
        try:
            async with await AsyncConnection.connect(self.url, connect_timeout=max(2, int(self.timeout_s))) as conn:
                row = await (await conn.execute(_BINDING)).fetchone()
            await self.pool.open()
        except (ProgrammingError, OperationalError) as error:
            raise no_session(self.url, error, field="DATABASE_URL") from error
        if row and row[0]:
            await self.pool.close()
            raise NotConfigured(
                "the database role is a superuser, owns the schema or bypasses row-level security",
                field="DATABASE_URL",
                fix="Use the role `ytempire_app`; the owner's address belongs in DATABASE_OWNER_URL.",
            )

    async def close(self) -> None:
        """Give all connections back."""
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self, user_id: UUID) -> AsyncIterator[Connection]:
        """One transaction in which only this user's rows exist; committed on leaving, rolled back on an error.

        It begins and names its tenant in one round trip; the pool's own block commits or rolls back.
        """
        async with self.pool.connection() as conn:
            await conn.execute(_BEGIN_AS.format(sql.Literal(str(user_id))))
            yield conn

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Connection]:
        """One transaction without a tenant."""
        async with self.pool.connection() as conn, conn.transaction():
            yield conn

    @asynccontextmanager
    async def single(self) -> AsyncIterator[Connection]:
        """A connection for one statement without a tenant, which is a transaction by itself: one round trip."""
        async with self.pool.connection() as conn:
            yield conn

    async def notices(self, *channels: str) -> AsyncGenerator[tuple[str, str] | None]:
        """(channel, payload) of what is notified on these channels, over a connection of its own.

        None comes first, when it listens. Raises ConnectionLost, also when the other side is gone without a word.
        """
        alive: dict[str, Any] = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
        async with await AsyncConnection.connect(
            self.url, autocommit=True, connect_timeout=10, application_name="ytempire-listener", **alive
        ) as conn:
            for channel in channels:
                await conn.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            yield None
            async for notice in conn.notifies():
                yield notice.channel, notice.payload


async def _autocommitting(conn: Connection) -> None:
    """A transaction begins where one is opened. Not among the pool's arguments: the queue's listener adds its own."""
    await conn.set_autocommit(True)


async def become(conn: Connection, user_id: UUID) -> None:
    """From here to the transaction's end it is this user's rows that exist."""
    await conn.execute("select set_config('app.user_id', %s, true)", (str(user_id),))


@asynccontextmanager
async def as_owner(url: str) -> AsyncIterator[Connection]:
    """One transaction of the schema's owner, for what the app may not write. Raises as `Database.open` does."""
    try:
        conn = await AsyncConnection.connect(url, connect_timeout=10, application_name="ytempire-owner")
    except (ProgrammingError, OperationalError) as error:
        raise no_session(url, error, field="DATABASE_OWNER_URL") from error
    async with conn:
        yield conn


@asynccontextmanager
async def read_only(url: str, *, field: str) -> AsyncIterator[Connection]:
    """One transaction that sees the database as it is at its first query and writes nothing. Raises as `Database.open`.

    With the dump role's address it sees every tenant's rows.
    """
    try:
        conn = await AsyncConnection.connect(url, connect_timeout=10, application_name="ytempire-read-only")
    except (ProgrammingError, OperationalError) as error:
        raise no_session(url, error, field=field) from error
    async with conn:
        await conn.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await conn.set_read_only(True)
        yield conn


def no_session(url: str, error: psycopg.Error, *, field: str) -> YtempireError:
    """Why no session came about, in words that name the mend and never the password."""
    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return BadInput("this is not the address of a PostgreSQL", field=field, fix=f"Write {_EXAMPLE}")
    first_line = (str(error).strip() or "no answer").splitlines()[0]
    said = first_line.rsplit("FATAL:", 1)[-1].removeprefix("connection failed: ").strip()
    fix = next((mend for sign, mend in _MENDS.items() if sign in str(error)), "Check the address and the server.")
    return DatabaseUnreachable(f"no session at {shown(url)}: {said}", field=field, fix=fix)


def shown(url: str) -> str:
    """The address without its password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "an address that can't be read"
    user = f"{parts['user']}@" if parts.get("user") else ""
    return f"{user}{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
