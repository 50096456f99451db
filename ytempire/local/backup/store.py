"""All SQL of backups, as the dump role, which sees every tenant's rows and can write none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ytempire.kit.database import Connection, Sql, read_only
from ytempire.local.backup.model import TableSum

TABLES: Sql = """
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by 1"""

# Sums, because they ask for no order, of two halves that fit a bigint. The text of a row depends on these settings of
# the session, so they are fixed.
SUM_OF_ROWS: Sql = """
    select count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0)::text,
        coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0)::text
    from (select md5(t::text) as h from {} t) as hashed"""
_AS_TEXT: tuple[Sql, ...] = (
    "set timezone = 'UTC'", "set datestyle = 'ISO, YMD'", "set intervalstyle = 'postgres'", "set bytea_output = 'hex'",
    "set extra_float_digits = 1", "set search_path = public",
)  # fmt: skip

# What must not be there in a fresh state, most telling first.
TELLING = ("users", "channels", "videos", "paid_calls", "uploads", "publications")


@asynccontextmanager
async def reading(url: str, *, field: str) -> AsyncIterator[Connection]:
    """A read-only snapshot in which a row's text is always the same. Raises as Database.open."""
    async with read_only(url, field=field) as conn:
        for setting in _AS_TEXT:
            await conn.execute(setting)
        yield conn


def parted(url: str) -> tuple[str, str]:
    """An address without its password, and the password."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", None) or "")
    return make_conninfo("", **parts), password


async def export_snapshot(conn: Connection) -> str:
    """A name under which pg_dump sees the same rows as this transaction, as long as it is open."""
    row = await (await conn.execute("select pg_export_snapshot()")).fetchone()
    return str(row[0]) if row else ""


async def revision(conn: Connection) -> str:
    """The schema's revision."""
    row = await (await conn.execute("select version_num from alembic_version")).fetchone()
    return str(row[0]) if row else ""


async def table_sums(conn: Connection) -> dict[str, TableSum]:
    """Every table's content in figures."""
    sums = {}
    for (table,) in await (await conn.execute(TABLES)).fetchall():
        query = sql.SQL(SUM_OF_ROWS).format(sql.Identifier(str(table)))
        row = await (await conn.execute(query)).fetchone()
        if row:
            sums[str(table)] = TableSum(int(str(row[0])), (str(row[1]), str(row[2])))
    return sums


async def audit(conn: Connection) -> tuple[str, ...]:
    """What the ledger's audit says; nothing if the books balance."""
    return tuple(sorted(str(row[0]) for row in await (await conn.execute("select * from audit_budgets()")).fetchall()))


async def tenants_with_keys(conn: Connection) -> list[UUID]:
    """All tenants that have a data key."""
    cursor = await conn.execute("select user_id from tenant_keys order by user_id")
    return [UUID(str(row[0])) for row in await cursor.fetchall()]


async def sealed_tokens(conn: Connection) -> list[tuple[UUID, UUID, bytes]]:
    """(user, channel, sealed refresh token) of all connected channels."""
    cursor = await conn.execute("select user_id, channel_id, refresh_token from channel_connections")
    rows = await cursor.fetchall()
    return [(UUID(str(row[0])), UUID(str(row[1])), bytes(row[2])) for row in rows]  # type: ignore[call-overload]


async def what_is_there(conn: Connection, tables: Sequence[str] = TELLING) -> dict[str, int]:
    """How many rows these tables have, of those that exist and have any."""
    present = {str(row[0]) for row in await (await conn.execute(TABLES)).fetchall()}
    counts = {}
    for table in tables:
        if table in present:
            query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            row = await (await conn.execute(query)).fetchone()
            if row and row[0]:
                counts[table] = int(str(row[0]))
    return counts
