"""The only room that names concrete classes and reads settings: it puts the platform together.

A vendor's client is imported and built when it is first used: the SDKs take seconds of CPU and 150 MB between them, and
a worker that renders, or a command that lists, needs none.

Rehearsal has a state folder of its own below the installation's, so nothing made with stand-ins can meet what is real.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import SecretStr

from ytempire.accounts import TenantKeys, ensure_local_user, operator_link
from ytempire.bootstrap import vendors as vendors_of
from ytempire.bootstrap.web import desk_of, web_parts
from ytempire.channels import (
    Credentials,
    consent_to_autopilot,
    create_channel,
    disconnect_channel,
    find_connection,
    list_channels,
)
from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Autopilot, Channel
from ytempire.cli.doctor import findings_of_settings
from ytempire.cli.door import Door, Finding, Session
from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.database import Database
from ytempire.kit.deferred import deferred
from ytempire.kit.errors import NotFound, YtempireError
from ytempire.kit.live import Live
from ytempire.kit.logs import hide, log_for_machines
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.metrics import PROCESS, served
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings, read_settings
from ytempire.ledger import Ledger, Policy, load_prices, require_permitted
from ytempire.local import care
from ytempire.local.folder import make_folder, make_state_folder
from ytempire.local.installation import only_one, services, web_process, worker_processes, workers_while_needed
from ytempire.local.keeper import kept
from ytempire.local.sandbox import sandbox_url
from ytempire.orchestration import Platform, Queue, idle_queues, work
from ytempire.production.finished import finished_video
from ytempire.production.looks import FONTS_DIR
from ytempire.production.model import OwnMedia
from ytempire.production.ports import Voice
from ytempire.production.step import Tools
from ytempire.production.steps import STEPS
from ytempire.providers.chosen import Vendors, chosen_vendors
from ytempire.providers.feeds import Feeds
from ytempire.providers.ffmpeg import FfmpegInspector, FfmpegRenderer, choose_encoder
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.music import Music
from ytempire.publishing import forget_api_data, make_release_step
from ytempire.web import address_of, create_app, last_port, link, listen, serve

if TYPE_CHECKING:
    from ytempire.providers.youtube import YouTubeSide


def door() -> Door:
    """What the command line calls on."""
    return Door(
        settings=read_settings,
        open_session=open_session,
        run_worker=run_worker,
        run_web=run_web,
        create_operator=create_operator,
        run_sandbox=run_sandbox,
        run_everything=run_everything,
        backup=lambda place, rehearsal: care.backup_told(s := _settings(rehearsal), _policy(s), place),
        restore=lambda folder, key, rehearsal: care.restore_told(_settings(rehearsal), folder, key),
        run_care=lambda say: care.care(s := _settings(False), _policy(s), say),
        collect_garbage=lambda dry, rehearsal: care.gc_told(s := _settings(rehearsal), _policy(s), dry_run=dry),
        diagnose=diagnose,
        connect=connect,
        disconnect=disconnect,
        take_in=take_in,
        ensure_demo_channels=ensure_demo_channels,
    )


def _read() -> Settings:
    """The settings, whose secrets no log line may contain from here on."""
    settings = read_settings()
    given = (getattr(settings, name) for name in Settings.model_fields)
    hide(secret.get_secret_value() for secret in given if isinstance(secret, SecretStr))
    return settings


def _settings(rehearsal: bool) -> Settings:
    settings = _read()
    if settings.rehearsal or not rehearsal:
        return settings
    return settings.model_copy(update={"rehearsal": True, "state_dir": settings.state_dir / "rehearsal"})


@dataclass(frozen=True)
class _Built:
    """A platform and the parts of it that the door's own verbs need."""

    platform: Platform
    keys: TenantKeys
    credentials: Credentials
    youtube: YouTubeSide


@asynccontextmanager
async def _built(settings: Settings, database_url: str, redis_url: str, sandbox_at: str) -> AsyncIterator[_Built]:
    """Everything put together and connected."""
    clock = SystemClock()
    vendors = chosen_vendors(settings, sandbox_at)
    media = care.media_of(settings)
    database = Database(database_url, max_size=settings.database_connections)
    live = Live(redis_url)
    await database.open()
    try:
        await require_permitted(database, _policy(settings))
        keys = TenantKeys(wrapping_key(care.key_file(settings)), clock)
        credentials = Credentials(database, keys, clock)
        youtube = deferred(lambda: vendors_of.youtube(vendors, credentials, clock))
        tools = await _tools(settings, vendors, database, clock, media)
        queue = Queue(database, stalled_after_s=settings.stalled_after_s)
        await queue.open()
        platform = Platform(
            tools=tools,
            steps=(
                *STEPS,
                make_release_step(platforms=deferred(lambda: youtube.platforms), keys=keys, finished=finished_video),
            ),
            queue=queue,
            live=live,
            rehearsal=settings.rehearsal,
            feeds=Feeds(),
        )
        yield _Built(platform, keys, credentials, youtube)
    finally:
        await live.close()
        await database.close()


def _policy(settings: Settings) -> Policy:
    return Policy.in_dollars(
        video=settings.video_cap_usd,
        platform_day=settings.platform_day_cap_usd,
        cpu_hour=settings.processing_usd_per_cpu_hour,
        money_day_zone=settings.money_day_zone,
    )


async def _tools(
    settings: Settings, vendors: Vendors, database: Database, clock: Clock, media: LocalMediaStore
) -> Tools:
    ledger = Ledger(database, clock, load_prices(settings.state_dir / "prices.json"), _policy(settings))
    voices: dict[str, Voice] = {"local": deferred(vendors_of.local_voice)}
    if vendors.elevenlabs_key:
        voices["elevenlabs"] = deferred(lambda: vendors_of.vendor_voice(settings, vendors))
    embedder = deferred(vendors_of.embedder)
    return Tools(
        database=database,
        clock=clock,
        media=media,
        ledger=ledger,
        writer=deferred(lambda: vendors_of.writer(settings, vendors, clock)) if vendors.openai_key else None,
        voices=voices,
        aligner=deferred(vendors_of.aligner),
        embedder=embedder,
        pictures=deferred(lambda: vendors_of.pictures(embedder)),
        music=Music(),
        renderer=FfmpegRenderer(
            media,
            fonts=FONTS_DIR,
            draw=scene_document,
            scratch=make_folder(settings.state_dir / "scratch"),
            encoder=await choose_encoder(settings.video_encoder),
        ),
        inspector=FfmpegInspector(),
        render_processes=settings.render_processes,
    )


@asynccontextmanager
async def open_session(*, rehearsal: bool, workers: bool = False) -> AsyncIterator[Session]:
    """The platform as its local owner sees it; see `cli.door.OpenSession`."""
    settings = _settings(rehearsal)
    async with AsyncExitStack() as stack:
        addresses, sandbox_at = await stack.enter_async_context(services(settings, _policy(settings)))
        built = await stack.enter_async_context(
            _built(settings, addresses.database_url, addresses.redis_url, sandbox_at)
        )
        if workers:
            await stack.enter_async_context(
                workers_while_needed(
                    lambda: idle_queues(built.platform),
                    lambda queues: worker_processes(settings, addresses, sandbox_at, queues),
                )
            )
        user = await ensure_local_user(built.platform.tools.database, built.platform.tools.clock)
        session = Session(built.platform, user.id, settings.rehearsal, sandbox_at, settings.state_dir)
        _open_sessions[user.id] = built
        try:
            yield session
        finally:
            _open_sessions.pop(user.id, None)


_open_sessions: dict[UUID, _Built] = {}
"""The parts behind an open session, for the door's verbs (one command opens one session)."""


async def run_worker(queues: list[str], slots: int) -> None:
    """`ytempire work`: one worker on the database of DATABASE_URL, or on the running installation's own."""
    log_for_machines()
    settings = _read()
    async with AsyncExitStack() as stack:
        stack.enter_context(served(PROCESS, settings.metrics_port))
        addresses, sandbox_at = await stack.enter_async_context(services(settings, _policy(settings)))
        opening = _built(settings, addresses.database_url, addresses.redis_url, sandbox_at)
        built = await stack.enter_async_context(opening)
        await work(built.platform, queues, slots=slots)


async def create_operator(email: str, rehearsal: bool) -> str:
    """A one-time link for an operator of this installation: to join, or to choose a new password."""
    settings = _settings(rehearsal)
    async with open_session(rehearsal=rehearsal) as session, AsyncExitStack() as stack:
        addresses, _ = await stack.enter_async_context(services(settings, _policy(settings)))
        rates = Rates(addresses.redis_url)
        stack.push_async_callback(rates.close)
        built = _open_sessions[session.user_id]
        kind, token = await operator_link(desk_of(built.platform, built.keys, rates), email)
    port = last_port(settings.state_dir / "web" / "last_port")
    return link(kind, token, (settings.web_url or f"http://127.0.0.1:{port or 'PORT'}").rstrip("/"))


async def run_web(port: int | None, ready_file: Path | None, say: Callable[[str], None]) -> None:
    """`ytempire web`: the REST API until interrupted."""
    log_for_machines()
    settings = _read()
    home = make_folder(make_state_folder(settings.state_dir) / "web")
    with listen(settings.web_host, settings.web_port if port is None else port, home / "last_port") as listening:
        async with AsyncExitStack() as stack:
            stack.enter_context(served(PROCESS, settings.metrics_port))
            addresses, sandbox_at = await stack.enter_async_context(services(settings, _policy(settings)))
            opening = _built(settings, addresses.database_url, addresses.redis_url, sandbox_at)
            built = await stack.enter_async_context(opening)
            rates = Rates(addresses.redis_url)
            stack.push_async_callback(rates.close)
            url = (settings.web_url or address_of(listening)).rstrip("/")
            app = create_app(web_parts(settings, built.platform, built.keys, rates, url=url))
            await serve(app, listening, proxies=settings.web_proxies, url=url, ready_file=ready_file, say=say)


async def run_sandbox(port: int) -> None:
    """`ytempire sandbox`: the rehearsal's stand-ins until interrupted."""
    settings = _settings(True)
    with kept("sandbox", settings.state_dir, port=port) as at:
        print(f"{sandbox_url(at)}/  (Ctrl-C stops it)", flush=True)  # noqa: T201
        await asyncio.Event().wait()


async def run_everything(rehearsal: bool, say: Callable[[str], None]) -> None:
    """`ytempire up`: services and workers until interrupted."""
    settings = _settings(rehearsal)
    async with (
        only_one(settings.state_dir),
        services(settings, _policy(settings)) as (addresses, sandbox_at),
        worker_processes(settings, addresses, sandbox_at, say=say),
        care.cared_for(settings, _policy(settings), addresses, SystemClock(), say),
        web_process(settings, addresses, sandbox_at, say) as web_at,
    ):
        say(f"PostgreSQL and Valkey run; state in {settings.state_dir}")
        say("workers run: light, render")
        say(f"the web server answers at {web_at}/")
        if sandbox_at:
            say(f"rehearsal: stand-ins for vendors without a key at {sandbox_at}/")
        say("Ctrl-C stops everything")
        await asyncio.Event().wait()


async def connect(session: Session, channel: Channel, say: Callable[[str], None]) -> str:
    """Sign a channel in at YouTube; in rehearsal its owner consents by themselves."""
    return await _open_sessions[session.user_id].youtube.sign_in(channel, say)


async def disconnect(session: Session, channel: Channel) -> None:
    """Revoke and forget a channel's authorisation."""
    built = _open_sessions[session.user_id]
    forget = partial(forget_api_data, built.platform.tools.database)
    if not await disconnect_channel(channel, built.youtube.consent, built.credentials, forget):
        raise NotFound(f"{channel.handle} is not connected", field="channel", fix="There is nothing to do.")


async def take_in(session: Session, file: Path) -> OwnMedia:
    """A creator's picture or clip, checked, made clean and stored; its name says what it shows."""
    media, probe = await session.platform.tools.renderer.take_in(file)
    words = file.stem.replace("-", " ").replace("_", " ")
    return OwnMedia(media, probe.kind, words, probe.width_px, probe.height_px, probe.duration_s)


async def ensure_demo_channels(session: Session) -> list[Channel]:
    """The demo's five channels, made, connected to the sandbox and put on autopilot on first use."""
    built = _open_sessions[session.user_id]
    tools = built.platform.tools
    mine = await list_channels(tools.database, session.user_id, archived=None)
    known = {channel.handle: channel for channel in mine}
    channels = []
    for wanted in demo_channels(session.user_id):
        channel = known.get(wanted.handle) or await create_channel(tools.database, tools.clock, wanted, consents=True)
        if channel.autopilot is Autopilot.AUTO and not channel.consent:  # made before consents were written down
            channel = await consent_to_autopilot(tools.database, tools.clock, channel)
        connection = await find_connection(tools.database, session.user_id, channel.id)
        if connection is None or connection.broken:
            await built.youtube.sign_in(channel, lambda _: None)
        channels.append(channel)
    return channels


async def diagnose(rehearsal: bool) -> list[Finding]:
    """What can be said of this machine and its settings before anything is started."""
    settings = _settings(rehearsal)
    try:
        encoder = await choose_encoder(settings.video_encoder)
        drawing = Finding("ffmpeg", "ok", f"encodes with {encoder.name}")
    except YtempireError as error:
        drawing = Finding("ffmpeg", "wrong", error.message, error.fix or "")
    return [*findings_of_settings(settings), drawing]
