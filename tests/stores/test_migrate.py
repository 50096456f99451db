"""Migrations: once, under a lock, all or nothing, with words for what is in the way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.conftest import DatabaseUrls
from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from ytempire.kit.database import Database, DatabaseUnreachable
from ytempire.kit.errors import BadInput, NotConfigured, YtempireError
from ytempire.local import roles
from ytempire.local.migrate import MigrationFailed, migrate, newest_revision, require_migrated
from ytempire.local.postgres import Postgres

ROOT = Path(__file__).parents[2]
_numbers = count(1)


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[str]:
    """The name of a database without any schema of ours."""
    name = f"empty_{next(_numbers)}"
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as admin:
        roles.make_database(admin, name)
        yield name
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def revision(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("select version_num from alembic_version").fetchone()


async def test_three_at_once_succeed(postgres: Postgres, empty: str) -> None:
    url = postgres.url(roles.OWNER, empty)
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(3)))
    assert revision(url) == (newest_revision(),)
    require_migrated(postgres.url(roles.APP, empty))


def test_without_the_owner_an_old_schema_is_named(postgres: Postgres, empty: str) -> None:
    with pytest.raises(NotConfigured, match="DATABASE_OWNER_URL: the database is at revision none"):
        require_migrated(postgres.url(roles.APP, empty))


def test_a_schema_from_the_future_is_refused(database_urls: DatabaseUrls) -> None:
    with psycopg.connect(database_urls.owner) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(MigrationFailed, match="at revision 9999, this ytempire only knows"):
        migrate(database_urls.owner)


def test_a_failing_migration_changes_nothing(postgres: Postgres, empty: str) -> None:
    url = postgres.url(roles.OWNER, empty)
    with psycopg.connect(url) as connection:
        connection.execute("create table procrastinate_jobs ()")  # in the way of a later revision
    with pytest.raises(MigrationFailed, match='"procrastinate_jobs" already exists'):
        migrate(url)
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 2200"
        ).fetchall()
    assert tables == [("procrastinate_jobs",)]


def test_a_row_that_hangs_on_another_tenants_stops_the_migration(postgres: Postgres, empty: str) -> None:
    """FORCE hides all rows from the owner, too: the new foreign keys look at the rows all the same."""
    url = postgres.url(roles.OWNER, empty)
    migrate(url, revision="0007")
    mine, theirs = new_tenant(), new_tenant()
    with psycopg.connect(postgres.url(database=empty), autocommit=True) as admin:
        for tenant, row in product((mine, theirs), TENANT_WITH_A_VIDEO):
            admin.execute(row, tenant)
        admin.execute(
            "insert into steps (video_id, user_id, step, input_hash, state, started_at)"
            " values (%s, %s, 'voice', 'x', 'done', now())",
            (theirs["video"], mine["user"]),
        )
        with pytest.raises(MigrationFailed, match="steps_video_fkey"):
            migrate(url)
        admin.execute("update steps set user_id = %(user)s", theirs)
    migrate(url)
    assert revision(url) == (newest_revision(),)
    with psycopg.connect(postgres.url(database=empty)) as admin:
        assert admin.execute("select used_at = started_at from steps").fetchone() == (True,)  # rows that were there


@pytest.mark.parametrize(
    ("pattern", "replacement", "says"),
    [
        (r":[^:@]+@", ":wrong@", r"password authentication failed for user .* Check the role's name and its password"),
        (r"/[^/]+$", "/nope", r'database "nope" does not exist\. Check the name of the database'),
        (r":\d+/", ":1/", r"Connection refused\. Check host and port"),
        (r"@[^:]+:", "@no-such-host.invalid:", r"failed to resolve host"),
        (r"^postgresql://", "mysql://", r"not the address of a PostgreSQL\. Write postgresql://"),
    ],
    ids=["password", "database", "port", "host", "scheme"],
)
async def test_a_wrong_address_says_what_is_wrong(
    database_urls: DatabaseUrls, capfd: pytest.CaptureFixture[str], pattern: str, replacement: str, says: str
) -> None:
    """At once, with the password nowhere, and without a pool's warnings on the screen."""
    right = database_urls.app
    wrong = re.sub(pattern, replacement, right)
    password = right.split(":")[2].split("@")[0]
    for field, attempt in (("DATABASE_URL", Database(wrong).open()), ("DATABASE_OWNER_URL", migrating(wrong))):
        async with asyncio.timeout(20):  # a pool waits for 30
            with pytest.raises((DatabaseUnreachable, BadInput), match=rf"(?s)^{field}: .*{says}") as caught:
                await attempt
        assert password not in str(caught.value)
    printed = capfd.readouterr()
    assert printed.err == ""


async def migrating(url: str) -> None:
    await asyncio.to_thread(migrate, url)


async def test_a_server_without_our_roles_is_told_how_to_make_them(postgres: Postgres) -> None:
    """On a server of one's own the three roles are an administrator's to make."""
    other = {"ytempire_app": "x_app", "ytempire_dump": "x_dump"}
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as admin:
        admin.execute("create database bare")
        try:
            for name, aside in other.items():
                admin.execute(sql.SQL("alter role {} rename to {}").format(sql.Identifier(name), sql.Identifier(aside)))
            with pytest.raises(YtempireError, match=r"lacks the roles ytempire_app, ytempire_dump.*own-postgresql\.md"):
                migrate(postgres.url(database="bare"))
        finally:
            for name, aside in other.items():
                admin.execute(sql.SQL("alter role {} rename to {}").format(sql.Identifier(aside), sql.Identifier(name)))
            admin.execute("drop database bare")


def test_the_how_to_for_an_own_server_works_as_written(postgres: Postgres) -> None:
    """Its SQL, run as it stands on the page under other names, gives a database on which migrations run."""
    page = (ROOT / "docs" / "how-to" / "own-postgresql.md").read_text()
    statements = re.search(r"```sql\n(.*?)```", page, re.DOTALL).group(1)
    roles_there = {role: f"{role}_aside" for role in (roles.OWNER, roles.APP, roles.DUMP)}
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as admin:
        for name, aside in roles_there.items():
            admin.execute(sql.SQL("alter role {} rename to {}").format(sql.Identifier(name), sql.Identifier(aside)))
        try:
            for statement in filter(str.strip, statements.split(";")):
                admin.execute(statement)
            at = f"@127.0.0.1:{postgres.port}/ytempire"
            migrate(f"postgresql://ytempire_owner:OWNER-PASSWORD{at}")
            require_migrated(f"postgresql://ytempire_app:APP-PASSWORD{at}")
            with psycopg.connect(f"postgresql://ytempire_dump:DUMP-PASSWORD{at}") as dump:
                assert dump.execute("select count(*) from channels").fetchone() == (0,)
        finally:
            admin.execute("drop database if exists ytempire with (force)")
            for name, aside in roles_there.items():
                admin.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))
                admin.execute(sql.SQL("alter role {} rename to {}").format(sql.Identifier(aside), sql.Identifier(name)))
