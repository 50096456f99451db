"""Fixtures for everyone: one embedded PostgreSQL for the whole process, a fresh database for each test that asks.

`database` is what most tests want: a `kit.database.Database` as the app role, on a database of its own with all
migrations applied. `owner` and `admin` are plain connections to the same database: the owner is under row-level
security like everybody, `admin` is a superuser that sees all rows (to look behind the scenes, never to test with).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.side_by_side import (
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    pytest_xdist_auto_num_workers,
)
from ytempire.kit.database import Database
from ytempire.local import roles
from ytempire.local.folder import secret_in
from ytempire.local.migrate import migrate
from ytempire.local.postgres import Postgres, start_postgres
from ytempire.local.valkey import start_valkey

__all__ = [
    "pytest_collection_modifyitems", "pytest_sessionfinish", "pytest_terminal_summary",
    "pytest_testnodedown", "pytest_xdist_auto_num_workers",
]  # fmt: skip
_TEMPLATE = "ytempire_template"
_PLENTY = 4_000_000_000
_numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--kills N`: how many times the kill campaign kills a worker (`make chaos`); 0 is the sample of every run."""
    parser.addoption("--kills", default="0", help="kills of the kill campaign; 0: a sample")


@dataclass(frozen=True)
class DatabaseUrls:
    """The same database as each role."""

    app: str
    owner: str
    dump: str
    admin: str


@contextmanager
def _enterable_folder(where: Path | None = None) -> Iterator[Path]:
    """A folder that an unprivileged account may enter, which pytest's own is not when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="ytempire-tests-", dir=where))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def services_dir() -> Iterator[Path]:
    """A folder for services that a test starts."""
    with _enterable_folder() as folder:
        yield folder


def _in_memory() -> Path | None:
    """Where files lie in memory, if there is plenty of it and programs may be run from there; else None."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        return None
    facts = os.statvfs(shared)
    plenty = facts.f_bavail * facts.f_frsize > _PLENTY
    return shared if plenty and not facts.f_flag & os.ST_NOEXEC else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The process's PostgreSQL, with a migrated template database: in memory, as each test copies its 10 MB."""
    with _enterable_folder(_in_memory()) as folder:
        server = start_postgres(folder, durable=False, options={"autovacuum": "off", "max_connections": "200"})
        try:
            roles.ensure_roles(
                server.url(database="postgres"),
                lambda role: secret_in(server.secrets_dir / f"{role}.password"),
                database=_TEMPLATE,
            )
            migrate(server.url(roles.OWNER, _TEMPLATE))
            yield server
        finally:
            server.stop()


@pytest.fixture
def database_urls(postgres: Postgres) -> Iterator[DatabaseUrls]:
    """Addresses of a database of this test's own."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as admin:
        roles.make_database(admin, name, template=_TEMPLATE, copy_files=True)
    yield DatabaseUrls(
        app=postgres.url(roles.APP, name),
        owner=postgres.url(roles.OWNER, name),
        dump=postgres.url(roles.DUMP, name),
        admin=postgres.url(database=name),
    )
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """An open `Database` as the app role."""
    opened = Database(database_urls.app)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def owner(database_urls: DatabaseUrls) -> AsyncIterator[psycopg.AsyncConnection]:
    """A connection as the schema's owner, committing each statement."""
    async with await psycopg.AsyncConnection.connect(database_urls.owner, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def admin(database_urls: DatabaseUrls) -> AsyncIterator[psycopg.AsyncConnection]:
    """A connection as superuser, committing each statement: sees every tenant's rows."""
    async with await psycopg.AsyncConnection.connect(database_urls.admin, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def valkey_url(services_dir: Path) -> Iterator[str]:
    """The address of the run's Valkey; tests keep apart by the names of their keys."""
    server = start_valkey(services_dir)
    yield server.url()
    server.stop()
