"""Row-level security holds for every tenant table there is, whatever the code does.

The tables are read from the catalogue and filled with invented rows, so a table added tomorrow is tried as well.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from tests.conftest import DatabaseUrls
from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import NotConfigured
from ytempire.kit.ids import new_id

ROOT = Path(__file__).parents[2]
ROWS_EACH = 3

# Tables with a tenant's rows, and the column that says whose. `users` is a tenant by its own id.
TENANT_TABLES = """
    select c.relname, a.attname
    from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and (a.attname = 'user_id' or (c.relname = 'users' and a.attname = 'id'))
    order by 1
"""
# Any value of a type: `n` makes it differ from row to row.
VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "'x' || {n}",
    "character varying": "'x' || {n}",
    "integer": "{n}",
    "bigint": "{n}",
    "smallint": "{n}",
    "numeric": "{n}",
    "double precision": "{n}",
    "real": "{n}",
    "boolean": "false",
    "timestamp with time zone": "'2030-01-01Z'::timestamptz + {n} * interval '1 day'",
    "date": "'2030-01-01'::date + {n}",
    "interval": "interval '1 day'",
    "jsonb": "'{{}}'",
    "bytea": "convert_to('x' || {n}, 'UTF8')",
}


async def tenant_tables(admin: psycopg.AsyncConnection) -> list[tuple[str, str]]:
    return [(str(name), str(column)) for name, column in await (await admin.execute(TENANT_TABLES)).fetchall()]


async def fill(admin: psycopg.AsyncConnection, users: list[UUID]) -> dict[str, str]:
    """Three invented rows of each user in each tenant table; the tables with their tenant column.

    What the rows say is of no interest here, so the throwaway database first loses its checks and foreign keys.
    """
    tables = await tenant_tables(admin)
    await admin.execute("set session_replication_role = replica")
    await admin.execute("""
        do $$ declare one record; begin
            for one in select conrelid::regclass as t, conname from pg_constraint
                       where contype in ('c', 'f') and connamespace = 'public'::regnamespace and conislocal loop
                execute format('alter table %s drop constraint if exists %I cascade', one.t, one.conname);
            end loop;
        end $$
    """)
    n = 0
    for table, tenant_column in tables:
        columns = await (
            await admin.execute(
                "select attname, format_type(atttypid, null),"
                " (select min(enumlabel) from pg_enum where enumtypid = atttypid)"
                " from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
                " and (attnotnull or attname = %s) and attgenerated = '' and attidentity = ''",
                (table, tenant_column),
            )
        ).fetchall()
        for user in users:
            for _ in range(ROWS_EACH):
                n += 1
                # a table keyed by its tenant alone holds one row of each
                row = {
                    name: f"'{user}'" if name == tenant_column else _value(str(kind), label, n)
                    for name, kind, label in columns
                }
                places, values = ", ".join(row), ", ".join(row.values())
                await admin.execute(f'insert into "{table}" ({places}) values ({values}) on conflict do nothing')
    return dict(tables)


def _value(kind: str, label: str | None, n: int) -> str:
    if label is not None:
        return f"'{label}'"
    if kind.endswith("[]"):
        return "'{}'"
    return VALUES[kind].format(n=n)


@pytest.fixture
async def two_tenants(database: Database, admin: psycopg.AsyncConnection) -> tuple[list[UUID], dict[str, str]]:
    users = [new_id(), new_id()]
    return users, await fill(admin, users)


async def owners_seen(connection: Connection, table: str, column: str) -> set[object]:
    query = sql.SQL("select {} from {}").format(sql.Identifier(column), sql.Identifier(table))
    return {owner for (owner,) in await (await connection.execute(query)).fetchall()}


async def test_no_session_sees_another_tenant(
    database: Database, two_tenants: tuple[list[UUID], dict[str, str]]
) -> None:
    """400 interleaved sessions on one pool of eight connections, each reading every tenant table."""
    users, tables = two_tenants
    assert len(tables) >= 5
    leaks: list[tuple[str, UUID]] = []

    async def session(number: int) -> None:
        user = users[number % 2]
        async with database.transaction(user) as connection:
            for table, column in tables.items():
                seen = await owners_seen(connection, table, column)
                await asyncio.sleep(0)  # let another session have its turn
                if seen != {user}:
                    leaks.append((table, user))

    await asyncio.gather(*(session(number) for number in range(400)))
    assert not leaks


async def test_without_a_tenant_there_are_no_rows(
    database: Database, two_tenants: tuple[list[UUID], dict[str, str]], owner: psycopg.AsyncConnection
) -> None:
    """Also on a connection that has just served a tenant, and for the owner, whom FORCE binds."""
    users, tables = two_tenants
    for table, column in tables.items():
        async with database.transaction(users[0]):
            pass
        async with database.system() as connection:
            assert await owners_seen(connection, table, column) == set(), table
        assert await owners_seen(owner, table, column) == set(), table


async def test_nothing_can_be_written_for_another_tenant(
    database: Database, two_tenants: tuple[list[UUID], dict[str, str]], database_urls: DatabaseUrls
) -> None:
    (me, other), tables = two_tenants
    untouched = await counts(database_urls.dump, tables)
    for table, column in tables.items():
        names = {"table": sql.Identifier(table), "column": sql.Identifier(column), "other": sql.Literal(other)}
        for attempt in (
            "update {table} set {column} = {column} where {column} = {other}",
            "delete from {table} where {column} = {other}",
        ):
            async with database.transaction(me) as connection:
                try:
                    changed = (await connection.execute(sql.SQL(attempt).format(**names))).rowcount
                except psycopg.errors.InsufficientPrivilege:
                    break  # this table gives the app no such right at all
                assert changed == 0, table
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.transaction(me) as connection:  # giving one's own rows away
                await connection.execute(sql.SQL("update {table} set {column} = {other}").format(**names))
    assert await counts(database_urls.dump, tables) == untouched


async def counts(url: str, tables: dict[str, str]) -> dict[str, int]:
    """Rows as the dump role sees them: all tenants'."""
    found = {}
    async with await psycopg.AsyncConnection.connect(url) as connection:
        for table in tables:
            row = await (
                await connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table)))
            ).fetchone()
            found[table] = int(row[0])
    assert all(count >= 2 for count in found.values()), "each table holds rows of both tenants"
    return found


async def test_every_tenant_table_forces_row_level_security(admin: psycopg.AsyncConnection) -> None:
    rows = await (
        await admin.execute(
            f"select t.relname from ({TENANT_TABLES}) t join pg_class c on c.relname = t.relname"
            " and c.relnamespace = 'public'::regnamespace"
            " where not (c.relrowsecurity and c.relforcerowsecurity)"
            " or not exists (select from pg_policy where polrelid = c.oid)"
            " or exists (select from pg_policy where polrelid = c.oid and (polqual is null"
            "    or pg_get_expr(polqual, polrelid) not like '%app_user()%'"
            "    or pg_get_expr(coalesce(polwithcheck, polqual), polrelid) not like '%app_user()%'))"
        )
    ).fetchall()
    assert rows == []


async def test_the_app_role_is_bound(database: Database) -> None:
    """It is no superuser, owns nothing, is a member of nothing, and can make nothing."""
    async with database.system() as connection:
        row = await (
            await connection.execute(
                "select current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
                " exists (select from pg_class where relowner = pg_roles.oid)"
                " or exists (select from pg_proc where proowner = pg_roles.oid)"
                " or exists (select from pg_auth_members where member = pg_roles.oid)"
                " or has_schema_privilege('public', 'create')"
                " from pg_roles where rolname = current_user"
            )
        ).fetchone()
    assert row == ("ytempire_app", False, False, False, False, False)
    for forbidden in (
        "set role ytempire_owner",
        "set role ytempire_dump",
        "create table mine ()",
        "select protect_tenant('channels')",
        "select cross_tenant('app_user()')",
        "alter table channels disable row level security",
        "update alembic_version set version_num = '0'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.system() as connection:
                await connection.execute(forbidden)


@pytest.mark.parametrize("role", ["owner", "admin", "dump"])
async def test_open_refuses_a_role_that_is_not_bound(database_urls: DatabaseUrls, role: str) -> None:
    with pytest.raises(NotConfigured, match=r"DATABASE_URL: .*Use the role `ytempire_app`"):
        await Database(getattr(database_urls, role)).open()


async def test_the_dump_role_reads_all_and_writes_nothing(database_urls: DatabaseUrls) -> None:
    async with await psycopg.AsyncConnection.connect(database_urls.dump, autocommit=True) as connection:
        await connection.execute("set default_transaction_read_only = off")
        for table, _column in await tenant_tables(connection):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("create table mine ()")


async def test_the_ways_across_tenants_are_listed_and_read_only(admin: psycopg.AsyncConnection) -> None:
    rows = await (
        await admin.execute(
            "select proname, pg_get_userbyid(proowner), provolatile, coalesce(proconfig::text, ''),"
            " exists (select from aclexplode(proacl) where grantee = 0)"
            " from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
        )
    ).fetchall()
    listed = set(re.findall(r"^- `(\w+)\(", (ROOT / "SECURITY.md").read_text(), re.MULTILINE))
    assert {name for name, *_ in rows} == listed, "SECURITY.md lists the functions that look across tenants"
    for name, owner_name, volatility, config, public in rows:
        assert (owner_name, public) == ("ytempire_dump", False), name
        assert volatility in {"s", "i"}, f"{name} must be stable: a volatile one could write"
        assert "search_path=" in config, name


async def test_every_reference_between_tenants_rows_names_the_tenant(admin: psycopg.AsyncConnection) -> None:
    """A foreign key passes row-level security, so one by the id alone could hang a row on another tenant's.

    Budgets may be nobody's: who may name which parent is a check of their own.
    """
    crossing = await (
        await admin.execute(
            f"with tenants as ({TENANT_TABLES})"
            " select conrelid::regclass::text, conname from pg_constraint f"
            " join tenants mine on mine.relname = f.conrelid::regclass::text"
            " join tenants theirs on theirs.relname = f.confrelid::regclass::text"
            " where f.contype = 'f' and not exists ("
            "   select from unnest(f.conkey, f.confkey) as pair (from_column, to_column)"
            "   join pg_attribute a on a.attrelid = f.conrelid and a.attnum = from_column"
            "   join pg_attribute b on b.attrelid = f.confrelid and b.attnum = to_column"
            "   where a.attname = mine.attname and b.attname = theirs.attname)"
            " and exists (select from pg_attribute a where a.attrelid = f.conrelid and a.attname = mine.attname"
            "   and a.attnotnull)"
        )
    ).fetchall()
    assert crossing == []


ROWS_OF_A_VIDEO = {
    "steps": "insert into steps (video_id, user_id, step, input_hash, state, started_at, used_at)"
    " values (%(video)s, %(user)s, 'voice', 'x', 'running', now(), now())",
    "uploads": "insert into uploads (video_id, user_id, channel_id, marker, state, session_no, platform_id,"
    " file_sha256, created_at) values (%(video)s, %(user)s, %(channel)s, 'm', 'planned', 0, '', '', now())",
    "publications": "insert into publications (video_id, user_id, channel_id, platform, platform_id, url, visibility,"
    " disclosure, read_back, published_at, checked_at)"
    " values (%(video)s, %(user)s, %(channel)s, 'sandbox', 'x', '', 'private', false, '[]', now(), now())",
    "videos": "insert into videos (id, user_id, channel_id, orders, rehearsal, created_at, updated_at)"
    " values (gen_random_uuid(), %(user)s, %(their_channel)s, '{}', true, now(), now())",
    "transfers": "insert into transfers (id, user_id, call_id, hold_id, kind, budgets, held, spent, overrun, attempt,"
    " at) values (gen_random_uuid(), %(user)s, %(call)s, gen_random_uuid(), 'hold', '{}', 0, 0, 0, 1, now())",
}


async def tenant_with_a_video(database: Database) -> dict[str, UUID]:
    ids = new_tenant()
    async with database.transaction(ids["user"]) as connection:
        for row in TENANT_WITH_A_VIDEO:
            await connection.execute(row, ids)
    return ids


@pytest.mark.parametrize("table", ROWS_OF_A_VIDEO)
async def test_a_row_cannot_hang_on_another_tenants(database: Database, table: str) -> None:
    mine, theirs = await tenant_with_a_video(database), await tenant_with_a_video(database)
    row = ROWS_OF_A_VIDEO[table]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        async with database.transaction(mine["user"]) as connection:
            await connection.execute(
                row, mine | {name: theirs[name] for name in ("video", "call")} | {"their_channel": theirs["channel"]}
            )
    async with database.transaction(mine["user"]) as connection:
        await connection.execute(row, mine | {"their_channel": mine["channel"]})
