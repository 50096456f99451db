"""The three database roles and the database itself (docs/how-to/own-postgresql.md shows the same for own servers).

`ytempire_owner` owns the schema and runs migrations, `ytempire_app` is bound by row-level security, `ytempire_dump`
passes it but can only read. The owner may hand a function to `ytempire_dump`: that is how the listed cross-tenant
look-ups are made (see `cross_tenant` in migration 0001).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import LiteralString

import psycopg
from psycopg import sql

OWNER = "ytempire_owner"
APP = "ytempire_app"
DUMP = "ytempire_dump"

_TRAITS: dict[str, LiteralString] = {
    OWNER: "nosuperuser nobypassrls nocreaterole nocreatedb",
    APP: "nosuperuser nobypassrls nocreaterole nocreatedb",
    DUMP: "nosuperuser bypassrls nocreaterole nocreatedb",
}


def ensure_roles(admin_url: str, password_of: Callable[[str], str], *, database: str = "ytempire") -> None:
    """Create what is missing of roles and database; `admin_url` belongs to a superuser."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        present = {row[0] for row in admin.execute("select rolname from pg_roles")}
        for role, traits in _TRAITS.items():
            if role not in present:
                admin.execute(
                    sql.SQL("create role {} login {} password {}").format(
                        sql.Identifier(role), sql.SQL(traits), sql.Literal(password_of(role))
                    )
                )
        if DUMP not in present:
            admin.execute(f"alter role {DUMP} set default_transaction_read_only = on")
            admin.execute(f"grant {DUMP} to {OWNER} with inherit false, set true")
        if not admin.execute("select 1 from pg_database where datname = %s", (database,)).fetchone():
            make_database(admin, database)


def ensure_own_database(admin_url: str, role: str, password: str) -> bool:
    """A role and a database of its own for a program beside ours, which can enter no other; True if it was made now.

    `admin_url` belongs to a superuser. Ours admit only our roles (`make_database`); this one admits only its owner.
    """
    name = sql.Identifier(role)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if not admin.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone():
            admin.execute(
                sql.SQL("create role {} login password {} nosuperuser nobypassrls nocreaterole nocreatedb").format(
                    name, sql.Literal(password)
                )
            )
        if admin.execute("select 1 from pg_database where datname = %s", (role,)).fetchone():
            return False
        admin.execute(sql.SQL("create database {} owner {} template template0").format(name, name))
        admin.execute(sql.SQL("revoke connect, temporary on database {} from public").format(name))
        # Ours admits nobody else already; what the server brings along does until it is told.
        for other in ("postgres", "template1"):
            admin.execute(sql.SQL("revoke connect on database {} from public").format(sql.Identifier(other)))
        return True


def remake_database(admin_url: str, *, database: str = "ytempire") -> None:
    """An empty database without a schema in place of one that holds nothing worth keeping."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
        make_database(admin, database)


def make_database(
    admin: psycopg.Connection, database: str, *, template: str = "template0", copy_files: bool = False
) -> None:
    """Create a database that the owner owns and only our roles may enter.

    `copy_files` is quicker for a small template on a server that does not sync to disk (tests).
    """
    name = sql.Identifier(database)
    admin.execute(
        sql.SQL("create database {} owner {} template {} strategy {}").format(
            name,
            sql.Identifier(OWNER),
            sql.Identifier(template),
            sql.SQL("file_copy" if copy_files else "wal_log"),
        )
    )
    admin.execute(sql.SQL("revoke connect, temporary on database {} from public").format(name))
    admin.execute(
        sql.SQL("grant connect, temporary on database {} to {}, {}").format(
            name, sql.Identifier(APP), sql.Identifier(DUMP)
        )
    )
