"""The simulator's stage: services of its own that keep nothing, vendors in the sandbox, media that stand in.

Everything else is what an installation has: planner, ledger, driver, steps, vendors' clients.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import stamina

from ytempire.accounts import Desk, Passwords, TenantKeys
from ytempire.bootstrap import vendors as vendors_of
from ytempire.channels import Credentials
from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Channel
from ytempire.kit.clock import SetClock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.live import Live
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.ledger import Ledger, Policy, load_prices, permit_caps
from ytempire.local.folder import make_folder, secret_in
from ytempire.local.migrate import migrate
from ytempire.local.postgres import Postgres, start_postgres
from ytempire.local.roles import APP, DUMP, OWNER, ensure_roles
from ytempire.local.sandbox import sandbox_url, start_sandbox
from ytempire.local.valkey import start_valkey
from ytempire.orchestration import Platform
from ytempire.orchestration.simulation import CommitTelling, Schedule, SignIn
from ytempire.production.finished import finished_video
from ytempire.production.scripting.sameness import Remembering
from ytempire.production.step import Tools
from ytempire.production.steps import STEPS
from ytempire.providers.chosen import stand_in_vendors
from ytempire.providers.music import Music
from ytempire.providers.standin import (
    StandInAligner,
    StandInInspector,
    StandInPictures,
    StandInRenderer,
    StandInVoice,
    stand_in_ground,
)
from ytempire.publishing import make_release_step

_MOST_TRIES = 100
_VOICES = ("elevenlabs:21m00Tcm4TlvDq8ikWAM", "elevenlabs:JBFqnCBsd6RMkjVDRZzb", "local:heart")
"""As a creator who pays for voices would have them: two of three channels speak with the vendor's."""


_SAMPLES = "pcm_8000"
"""Nobody hears them: a third of the usual bytes."""


@dataclass(frozen=True)
class Services:
    """Where the simulation's own services answer."""

    database_url: str
    dump_url: str
    redis_url: str
    sandbox_at: str


@asynccontextmanager
async def own_services(folder: Path, policy: Policy) -> AsyncIterator[Services]:
    """PostgreSQL that syncs nothing to disk, Valkey and sandbox below `folder`, ended with this."""
    async with AsyncExitStack() as stack:
        postgres = start_postgres(folder, durable=False, options={"max_connections": "60"})
        stack.push_async_callback(asyncio.to_thread, postgres.stop)
        valkey = start_valkey(folder)
        stack.push_async_callback(asyncio.to_thread, valkey.stop)
        sandbox = start_sandbox(folder)
        stack.push_async_callback(asyncio.to_thread, sandbox.stop)
        await asyncio.to_thread(_prepare, postgres)
        await permit_caps(postgres.url(OWNER), policy)
        yield Services(postgres.url(APP), postgres.url(DUMP), valkey.url(), sandbox_url(sandbox.port))


def _prepare(postgres: Postgres) -> None:
    ensure_roles(postgres.url(database="postgres"), lambda role: secret_in(postgres.secrets_dir / f"{role}.password"))
    migrate(postgres.url(OWNER))


@dataclass(frozen=True)
class SimulatedPlatform:
    """A platform with stand-in media, and what of it the simulator sets."""

    platform: Platform
    clock: SetClock
    schedule: Schedule
    desk: Desk
    sign_in: SignIn


@asynccontextmanager
async def simulated_platform(
    settings: Settings, services: Services, policy: Policy, clock: SetClock
) -> AsyncIterator[SimulatedPlatform]:
    """Everything put together and connected."""
    folder = settings.state_dir
    vendors = stand_in_vendors(services.sandbox_at)
    media = LocalMediaStore(folder / "media", floor_bytes=0)
    database = CommitTelling(services.database_url, max_size=8)
    live, rates = Live(services.redis_url), Rates(services.redis_url)
    schedule = Schedule(database, clock)
    async with AsyncExitStack() as stack:
        # Waits between two tries of a call are not the play's time: they are not waited for.
        stack.enter_context(stamina.set_testing(True, attempts=_MOST_TRIES, cap=True))
        await database.open()
        stack.push_async_callback(database.close)
        stack.push_async_callback(live.close)
        stack.push_async_callback(rates.close)
        keys = TenantKeys(wrapping_key(folder / "wrapping.key"), clock)
        credentials = Credentials(database, keys, clock)
        youtube = vendors_of.youtube(vendors, credentials, clock)
        writer = vendors_of.writer(settings, vendors, clock)
        stack.push_async_callback(writer.close)
        embedder = Remembering(vendors_of.embedder())
        tools = Tools(
            database=database,
            clock=clock,
            media=media,
            ledger=Ledger(database, clock, load_prices(folder.parent / "prices.json"), policy),
            writer=writer,
            voices={
                "local": StandInVoice(),
                "elevenlabs": vendors_of.vendor_voice(settings, vendors, samples=_SAMPLES),
            },
            aligner=StandInAligner(),
            embedder=embedder,
            pictures=StandInPictures(),
            music=Music(),
            renderer=StandInRenderer(media, make_folder(folder / "scratch")),
            inspector=StandInInspector(),
            render_processes=settings.render_processes,
            paint=stand_in_ground,
        )
        release = make_release_step(platforms=youtube.platforms, keys=keys, finished=finished_video)
        platform = Platform(tools, (*STEPS, release), schedule, live, rehearsal=True)

        async def sign_in(channel: Channel) -> None:
            # the sandbox knows channels by their titles, and this name is every user's
            titled = replace(channel, name=f"{channel.name} {channel.id.hex[-8:]}")
            await youtube.sign_in(titled, lambda _: None)

        yield SimulatedPlatform(platform, clock, schedule, Desk(database, clock, keys, Passwords(), rates), sign_in)


def channels_of(user_id: UUID, how_many: int) -> Sequence[Channel]:
    """The demo's channels, as this user's own: with voices that are paid for."""
    made: list[Channel] = []
    while len(made) < how_many:
        made += demo_channels(user_id)
    return [
        replace(
            channel,
            handle=f"{channel.handle}-{number}",
            voice=_VOICES[number % len(_VOICES)],
        )
        for number, channel in enumerate(made[:how_many])
    ]
