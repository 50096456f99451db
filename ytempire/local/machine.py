"""One machine's services: what has no address of its own is started here and stopped with its last user."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import NotConfigured
from ytempire.kit.settings import Settings
from ytempire.local.folder import secret_in
from ytempire.local.keeper import kept
from ytempire.local.migrate import migrate, require_migrated
from ytempire.local.postgres import Postgres
from ytempire.local.roles import APP, DUMP, OWNER, ensure_roles
from ytempire.local.valkey import Valkey


@dataclass(frozen=True)
class ServiceAddresses:
    """Where PostgreSQL (as the app role, the owner, the dump role) and Valkey answer; the schema is up to date.

    `owner_url` is None on an own server whose migrations somebody else runs, `dump_url` where it isn't told. All carry
    their passwords: never log them.
    """

    database_url: str
    owner_url: str | None
    redis_url: str
    dump_url: str | None = None


@asynccontextmanager
async def local_services(settings: Settings) -> AsyncIterator[ServiceAddresses]:
    """Addresses of running services, as long as this is open.

    Raises what a person can act on: BadInput, NotConfigured, StorageFull, DatabaseUnreachable, MigrationFailed.
    """
    with ExitStack() as running:
        addresses = await asyncio.to_thread(_enter, settings, running)
        try:
            yield addresses
        finally:
            await asyncio.to_thread(running.close)


def _enter(settings: Settings, running: ExitStack) -> ServiceAddresses:
    database_url, owner_url, dump_url = _own_database(settings) or running.enter_context(
        _embedded_database(settings.state_dir, settings.postgres_port)
    )
    if settings.redis_url is not None:
        redis_url = settings.redis_url.get_secret_value()
    else:
        redis_url = running.enter_context(_embedded_valkey(settings.state_dir, settings.valkey_port))
    return ServiceAddresses(database_url, owner_url, redis_url, dump_url)


_Urls = tuple[str, str | None, str | None]
"""As the app role, the owner, the dump role."""


def _own_database(settings: Settings) -> _Urls | None:
    if settings.database_url is None:
        if settings.database_owner_url is not None:
            raise NotConfigured(
                "the owner's address is set, the app's is not",
                field="DATABASE_URL",
                fix="Set both, or neither for the embedded PostgreSQL.",
            )
        return None
    database_url = settings.database_url.get_secret_value()
    dump_url = settings.database_dump_url.get_secret_value() if settings.database_dump_url else None
    if settings.database_owner_url is None:
        require_migrated(database_url)
        return database_url, None, dump_url
    owner_url = settings.database_owner_url.get_secret_value()
    migrate(owner_url)
    return database_url, owner_url, dump_url


@contextmanager
def _embedded_database(state_dir: Path, port: int) -> Iterator[_Urls]:
    with kept("postgres", state_dir, port=port) as at:
        server = Postgres(at, 0, state_dir / "secrets")
        ensure_roles(
            server.url(database="postgres"),
            lambda role: secret_in(state_dir / "secrets" / f"{role}.password"),
        )
        migrate(server.url(OWNER))
        yield server.url(APP), server.url(OWNER), server.url(DUMP)


@contextmanager
def _embedded_valkey(state_dir: Path, port: int) -> Iterator[str]:
    with kept("valkey", state_dir, port=port) as at:
        yield Valkey(at, 0, state_dir / "secrets").url()
