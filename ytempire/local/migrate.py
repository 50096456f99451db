"""Brings a database's schema up to date: Alembic revisions in plain SQL, as the owner, under one lock.

Runs by itself on every start. Several at once are fine: they queue on an advisory lock, and the later ones find
nothing to do. A database that is up to date costs one query and does not even load Alembic.
"""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from psycopg.errors import UndefinedTable

from ytempire.kit.database import no_session
from ytempire.kit.errors import NotConfigured, YtempireError

_REVISIONS = Path(__file__).parents[2] / "migrations"
_LOCK = 0x79_74_65_6D  # "ytem": any constant that nobody else uses
_NUMBER = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_PREVIOUS = re.compile(r'^down_revision = (?:None|"(\w+)")', re.MULTILINE)


class MigrationFailed(YtempireError):  # noqa: N818
    """A revision could not be applied; everything was rolled back and the schema is as before."""

    code = "migration_failed"


def migrate(owner_url: str, *, revision: str = "head") -> None:
    """Apply what is missing. Raises DatabaseUnreachable, NotConfigured or MigrationFailed; all or nothing."""
    head = newest_revision()
    try:
        with psycopg.connect(owner_url, connect_timeout=10, application_name="ytempire-migrate") as connection:
            current = _current(connection)
            if current == head and revision == "head":
                return
            _require_roles(connection)
            if current is not None and current not in revisions():
                raise MigrationFailed(
                    f"the database is at revision {current}, this ytempire only knows {head}",
                    field="DATABASE_OWNER_URL",
                    fix="Run the newer ytempire that made it, or restore a backup from before.",
                )
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise no_session(owner_url, error, field="DATABASE_OWNER_URL") from error
    _upgrade(owner_url, revision)


def require_migrated(app_url: str) -> None:
    """For a server whose owner's address we don't have: raise NotConfigured unless its schema is up to date."""
    head = newest_revision()
    try:
        with psycopg.connect(app_url, connect_timeout=10, application_name="ytempire-migrate") as connection:
            current = _current(connection)
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise no_session(app_url, error, field="DATABASE_URL") from error
    if current != head:
        raise NotConfigured(
            f"the database is at revision {current or 'none'}, this ytempire needs {head}",
            field="DATABASE_OWNER_URL",
            fix="Set it to the address of the role `ytempire_owner`: migrations then run by themselves.",
        )


def revisions() -> list[str]:
    """All revisions, oldest first, as each names the one before it: a number says nothing of the order."""
    texts = [file.read_text() for file in (_REVISIONS / "versions").glob("[0-9]*.py")]
    after = {_PREVIOUS.findall(text)[0]: _NUMBER.findall(text)[0] for text in texts}
    chain, last = [], ""
    while last in after:
        last = after[last]
        chain.append(last)
    if not chain or len(chain) != len(texts):
        raise NotConfigured(
            f"the migrations at {_REVISIONS} are missing, or no single line",
            fix="Install ytempire from a checkout (`make`), or copy them there.",
        )
    return chain


def newest_revision() -> str:
    """The last one."""
    return revisions()[-1]


def _current(connection: psycopg.Connection) -> str | None:
    try:
        row = connection.execute("select version_num from public.alembic_version").fetchone()
    except UndefinedTable:
        connection.rollback()
        return None
    return str(row[0]) if row else None


def _require_roles(connection: psycopg.Connection) -> None:
    missing = connection.execute(
        "select string_agg(name, ', ') from unnest(array['ytempire_app', 'ytempire_dump']) as name"
        " where not exists (select from pg_roles where rolname = name)"
    ).fetchone()
    if missing and missing[0]:
        raise NotConfigured(
            f"the server lacks the roles {missing[0]}",
            field="DATABASE_OWNER_URL",
            fix="Create them once as an administrator: docs/how-to/own-postgresql.md.",
        )


def _upgrade(owner_url: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that only a migration has to pay
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import create_engine, text  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise MigrationFailed(
            f"a migration failed: {cause}", fix="Nothing was changed. Report this with the output above."
        ) from error
    finally:
        engine.dispose()
