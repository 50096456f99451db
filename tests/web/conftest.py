"""The web room on a real PostgreSQL and Valkey, asked over ASGI.

`stage` is the application's parts with a clock that stands where it is put; `stage.signed_in()` makes a user and gives
a client that asks as them. `routes` may be replaced: an application with other routers, to try the frame itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import structlog
import uvicorn
from fastapi import APIRouter

from tests.web.listening import web_process
from ytempire.accounts import Desk, Passwords, TenantKeys, make_api_key
from ytempire.accounts.model import SCOPES, Principal, Role
from ytempire.accounts.signing_in import open_session
from ytempire.channels import Credentials
from ytempire.events import Followers
from ytempire.kit import crypto
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Database
from ytempire.kit.http import Fetcher
from ytempire.kit.ids import new_id
from ytempire.kit.live import Live
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.rates import Rates
from ytempire.orchestration import Platform, Queue
from ytempire.providers.youtube import youtube_side
from ytempire.web import Cursors, Parts, create_app
from ytempire.web.envelope import Envelope
from ytempire.webhooks import Courier


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> Iterator[None]:
    """As a server logs: structlog's own default draws every local variable of a fault, which takes 20 s of CPU."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        cache_logger_on_first_use=False,
    )
    yield
    structlog.reset_defaults()


@dataclass
class Stage:
    """The parts, the application on them, and who is known."""

    parts: Parts
    app: Envelope
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def clock(self) -> SetClock:
        assert isinstance(self.parts.clock, SetClock)
        return self.parts.clock

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """Nobody's client."""
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://127.0.0.1",
            headers=headers,
        )
        self.clients.append(made)
        return made

    async def signed_in(
        self, role: Role = "creator", *, scopes: Sequence[str] = SCOPES, user_id: UUID | None = None
    ) -> tuple[UUID, httpx.AsyncClient]:
        """A user with an API key, and a client that asks with it."""
        user_id = user_id or await make_user(self.parts.database, role)
        everything = Principal(user_id, role, "session", "", frozenset(SCOPES))
        async with self.parts.database.transaction(user_id) as conn:
            _, key = await make_api_key(self.parts.desk, conn, everything, name="test", scopes=scopes, expires_at=None)
        return user_id, self.client({"Authorization": f"Bearer {key}"})

    async def session(self, user_id: UUID) -> str:
        """A session's token."""
        async with self.parts.database.transaction(user_id) as conn:
            return await open_session(self.parts.desk, conn, user_id, "test")

    def with_routes(self, *routers: APIRouter) -> Stage:
        """The same parts under an application that has these routers beside its own."""
        return Stage(self.parts, create_app(self.parts, more=routers), self.clients)


async def make_user(database: Database, role: Role = "creator") -> UUID:
    user_id = new_id()
    async with database.transaction(user_id) as conn:
        await conn.execute(
            "insert into users (id, name, time_zone, role, created_at) values (%s, 'x', 'UTC', %s, now())",
            (user_id, role),
        )
    return user_id


@pytest.fixture
async def stage(database: Database, valkey_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    clock = SetClock(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    rates, live = Rates(valkey_url), Live(valkey_url)
    tools = _Tools(database, clock, LocalMediaStore(tmp_path))
    keys = TenantKeys(crypto.new_key(), clock)
    followers = Followers(database, live, most_each=20)
    courier = Courier(database, keys, clock, Fetcher(permits=lambda address: address.is_loopback), plain_http=True)
    parts = Parts(
        platform=Platform(tools, (), Queue(database, stalled_after_s=6), live, rehearsal=True, courier=courier),
        desk=Desk(database, clock, keys, Passwords(), rates),
        authoriser=youtube_side(
            "http://127.0.0.1:9/google/", ("", ""), Credentials(database, keys, clock), clock
        ).consent,
        credentials=Credentials(database, keys, clock),
        followers=followers,
        cursors=Cursors(crypto.new_key()),
        public_url="http://127.0.0.1",
        requests_per_minute=1000,
    )
    made = Stage(parts, create_app(parts))
    yield made
    for client in made.clients:
        await client.aclose()
    await rates.close()
    await live.close()


@pytest.fixture
async def web(stage: Stage) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The stage's application on a socket, its address and its server."""
    async with web_process(stage) as address_and_server:
        yield address_and_server


@pytest.fixture
def at(web: tuple[str, uvicorn.Server]) -> str:
    """Where it answers."""
    return web[0]


@dataclass(frozen=True)
class _Tools:
    """The tools of production that routes use without making a video."""

    database: Database
    clock: SetClock
    media: LocalMediaStore
