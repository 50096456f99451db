"""The only file that names concrete classes and reads settings: it puts the platform together.

Rehearsal has a state folder of its own below the installation's, so nothing made with stand-ins can meet what is real.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ytempire.accounts import TenantKeys, ensure_local_user
from ytempire.channels import (
    Credentials,
    connect_channel,
    create_channel,
    disconnect_channel,
    find_connection,
    list_channels,
)
from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Channel
from ytempire.cli.door import Door, Finding, Session
from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.database import Database
from ytempire.kit.errors import NotFound, YtempireError
from ytempire.kit.live import Live
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.settings import Settings, read_settings
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.local.keeper import kept
from ytempire.local.machine import ServiceAddresses, local_services
from ytempire.local.processes import Processes, Program
from ytempire.local.sandbox import sandbox_url
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.queue import Queue
from ytempire.orchestration.work import has_workers, work
from ytempire.production.finished import finished_video
from ytempire.production.looks import FONTS_DIR
from ytempire.production.model import OwnMedia
from ytempire.production.ports import Voice
from ytempire.production.step import Tools
from ytempire.production.steps import STEPS
from ytempire.providers.ffmpeg import Encoder, FfmpegInspector, FfmpegRenderer, choose_encoder
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.localvoice import LocalVoice
from ytempire.providers.minilm import MiniLm
from ytempire.providers.music import Music
from ytempire.providers.openai import OpenAiWriter
from ytempire.providers.pictures import Pictures
from ytempire.providers.pocketsphinx import SphinxAligner
from ytempire.providers.youtube import (
    REHEARSAL_CLIENT_ID,
    REHEARSAL_CLIENT_SECRET,
    Endpoints,
    GoogleConsent,
    YouTubeChannels,
    connect_stand_in,
)
from ytempire.publishing import make_release_step

_SANDBOX_KEY = "sandbox"  # the sandbox takes any key; this one shows up in its books
_LIGHT_SLOTS = 4


def door() -> Door:
    """What the command line calls on."""
    return Door(
        settings=read_settings,
        open_session=open_session,
        run_worker=run_worker,
        run_sandbox=run_sandbox,
        run_everything=run_everything,
        diagnose=diagnose,
        connect=connect,
        disconnect=disconnect,
        take_in=take_in,
        ensure_demo_channels=ensure_demo_channels,
    )


@dataclass(frozen=True)
class _Vendors:
    """Where each vendor answers for this process."""

    sandbox_url: str
    openai_key: str
    openai_url: str
    openai_stand_in: bool
    elevenlabs_key: str
    elevenlabs_url: str
    elevenlabs_stand_in: bool
    youtube_root: str
    google_client: tuple[str, str]


def _vendors(settings: Settings, sandbox_at: str) -> _Vendors:
    """Settings decide each vendor; in rehearsal what has no key is the sandbox, and YouTube always is."""
    rehearsal = settings.rehearsal
    openai_key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    eleven_key = settings.elevenlabs_api_key.get_secret_value() if settings.elevenlabs_api_key else ""
    secret = settings.google_client_secret.get_secret_value() if settings.google_client_secret else ""
    openai_stands_in = rehearsal and not openai_key
    eleven_stands_in = rehearsal and not eleven_key
    return _Vendors(
        sandbox_url=sandbox_at,
        openai_key=_SANDBOX_KEY if openai_stands_in else openai_key,
        openai_url=f"{sandbox_at}/openai/v1" if openai_stands_in else settings.openai_base_url,
        openai_stand_in=openai_stands_in,
        elevenlabs_key=_SANDBOX_KEY if eleven_stands_in else eleven_key,
        elevenlabs_url=f"{sandbox_at}/elevenlabs" if eleven_stands_in else settings.elevenlabs_base_url,
        elevenlabs_stand_in=eleven_stands_in,
        youtube_root=f"{sandbox_at}/google/" if rehearsal else settings.youtube_root_url,
        google_client=(REHEARSAL_CLIENT_ID, REHEARSAL_CLIENT_SECRET)
        if rehearsal
        else (settings.google_client_id or "", secret),
    )


def _settings(rehearsal: bool) -> Settings:
    settings = read_settings()
    if settings.rehearsal or not rehearsal:
        return settings
    return settings.model_copy(update={"rehearsal": True, "state_dir": settings.state_dir / "rehearsal"})


@dataclass(frozen=True)
class _Built:
    """A platform and the parts of it that the door's own verbs need."""

    platform: Platform
    credentials: Credentials
    endpoints: Endpoints
    vendors: _Vendors
    renderer: FfmpegRenderer


@asynccontextmanager
async def _built(settings: Settings, database_url: str, redis_url: str, sandbox_at: str) -> AsyncIterator[_Built]:
    """Everything put together and connected."""
    clock = SystemClock()
    vendors = _vendors(settings, sandbox_at)
    media = LocalMediaStore(settings.state_dir / "media", floor_bytes=settings.disk_floor_bytes)
    database = Database(database_url, max_size=settings.database_connections)
    live = Live(redis_url)
    await database.open()
    try:
        keys = TenantKeys(
            wrapping_key(settings.wrapping_key_file or settings.state_dir / "secrets" / "wrapping.key"), clock
        )
        credentials = Credentials(database, keys, clock)
        endpoints = Endpoints.at(vendors.youtube_root)
        platforms = YouTubeChannels(
            credentials=credentials,
            client_id=vendors.google_client[0],
            client_secret=vendors.google_client[1],
            endpoints=endpoints,
            clock=clock,
        )
        tools = _tools(settings, vendors, database, clock, media)
        queue = Queue(database, stalled_after_s=settings.stalled_after_s)
        await queue.open()
        platform = Platform(
            tools=tools,
            steps=(*STEPS, make_release_step(platforms=platforms, keys=keys, finished=finished_video)),
            queue=queue,
            live=live,
            rehearsal=settings.rehearsal,
        )
        yield _Built(platform, credentials, endpoints, vendors, tools.renderer)  # type: ignore[arg-type]
    finally:
        await live.close()
        await database.close()


def _tools(settings: Settings, vendors: _Vendors, database: Database, clock: Clock, media: LocalMediaStore) -> Tools:
    ledger = Ledger(
        database,
        clock,
        load_prices(settings.state_dir / "prices.json"),
        Policy.in_dollars(
            video=settings.video_cap_usd,
            platform_day=settings.platform_day_cap_usd,
            cpu_hour=settings.processing_usd_per_cpu_hour,
            money_day_zone=settings.money_day_zone,
        ),
    )
    voices: dict[str, Voice] = {"local": LocalVoice()}
    if vendors.elevenlabs_key:
        # Its SDK takes a second and 60 MB to import: only who has the vendor pays for it.
        from ytempire.providers.elevenlabs import ElevenLabsVoice  # noqa: PLC0415

        voices["elevenlabs"] = ElevenLabsVoice(
            api_key=vendors.elevenlabs_key,
            base_url=vendors.elevenlabs_url,
            model=settings.elevenlabs_model,
            stand_in=vendors.elevenlabs_stand_in,
        )
    embedder = MiniLm()
    return Tools(
        database=database,
        clock=clock,
        media=media,
        ledger=ledger,
        writer=_writer(settings, vendors, clock),
        voices=voices,
        aligner=SphinxAligner(),
        embedder=embedder,
        pictures=Pictures(embedder),
        music=Music(),
        renderer=FfmpegRenderer(
            media,
            fonts=FONTS_DIR,
            draw=scene_document,
            scratch=settings.state_dir / "scratch",
            encoder=Encoder(settings.video_encoder),
        ),
        inspector=FfmpegInspector(),
        render_processes=settings.render_processes,
    )


def _writer(settings: Settings, vendors: _Vendors, clock: Clock) -> OpenAiWriter | None:
    if not vendors.openai_key:
        return None
    return OpenAiWriter(
        key=vendors.openai_key,
        base_url=vendors.openai_url,
        models={"cheap": settings.model_cheap, "strong": settings.model_strong},
        stand_in=vendors.openai_stand_in,
        clock=clock,
    )


@asynccontextmanager
async def _services(settings: Settings) -> AsyncIterator[tuple[ServiceAddresses, str]]:
    """PostgreSQL, Valkey and, in rehearsal, the sandbox: started if nobody has, stopped after their last user."""
    async with AsyncExitStack() as stack:
        sandbox = asyncio.create_task(_sandbox(settings, stack))
        try:
            addresses = await stack.enter_async_context(local_services(settings))
        except BaseException:
            with suppress(Exception):
                await sandbox
            raise
        yield addresses, await sandbox


async def _sandbox(settings: Settings, stack: AsyncExitStack) -> str:
    if not settings.rehearsal:
        return ""
    if settings.sandbox_url:
        return settings.sandbox_url.rstrip("/")
    shared = kept("sandbox", settings.state_dir, port=0)
    port = await asyncio.to_thread(shared.__enter__)
    stack.push_async_callback(asyncio.to_thread, shared.__exit__, None, None, None)
    return sandbox_url(port)


@asynccontextmanager
async def open_session(*, rehearsal: bool, workers: bool = False) -> AsyncIterator[Session]:
    """The platform as its local owner sees it; see `cli.door.OpenSession`."""
    settings = _settings(rehearsal)
    async with AsyncExitStack() as stack:
        addresses, sandbox_at = await stack.enter_async_context(_services(settings))
        built = await stack.enter_async_context(
            _built(settings, addresses.database_url, addresses.redis_url, sandbox_at)
        )
        if workers and not await has_workers(built.platform):
            await stack.enter_async_context(_workers(settings, addresses, sandbox_at))
        user = await ensure_local_user(built.platform.tools.database, built.platform.tools.clock)
        session = Session(built.platform, user.id, settings.rehearsal, sandbox_at, settings.state_dir)
        _open_sessions[user.id] = built
        try:
            yield session
        finally:
            _open_sessions.pop(user.id, None)


_open_sessions: dict[UUID, _Built] = {}
"""The parts behind an open session, for the door's verbs (one command opens one session)."""


@asynccontextmanager
async def _workers(
    settings: Settings, addresses: ServiceAddresses, sandbox_at: str, say: Callable[[str], None] = lambda _: None
) -> AsyncIterator[None]:
    """One worker process for light work and one for rendering, watched and restarted."""
    env = {
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "YTEMPIRE_STATE_DIR": str(settings.state_dir),
        "YTEMPIRE_REHEARSAL": str(settings.rehearsal).lower(),
        "YTEMPIRE_SANDBOX_URL": sandbox_at,
    }
    async with Processes(settings.state_dir, tell=say) as processes:
        for queue, slots in (("light", _LIGHT_SLOTS), ("render", settings.render_slots)):
            arguments = ("-m", "ytempire", "work", "--queues", queue, "--slots", str(slots))
            await processes.start(Program(f"work-{queue}", arguments, env))
        yield


async def run_worker(queues: list[str], slots: int) -> None:
    """`ytempire work`: one worker on the database of DATABASE_URL, or on the running installation's own."""
    settings = read_settings()
    async with AsyncExitStack() as stack:
        addresses, sandbox_at = await stack.enter_async_context(_services(settings))
        opening = _built(settings, addresses.database_url, addresses.redis_url, sandbox_at)
        built = await stack.enter_async_context(opening)
        await work(built.platform, queues, slots=slots)


async def run_sandbox(port: int) -> None:
    """`ytempire sandbox`: the rehearsal's stand-ins until interrupted."""
    settings = _settings(True)
    with kept("sandbox", settings.state_dir, port=port) as at:
        print(f"{sandbox_url(at)}/  (Ctrl-C stops it)", flush=True)  # noqa: T201
        await asyncio.Event().wait()


async def run_everything(rehearsal: bool, say: Callable[[str], None]) -> None:
    """`ytempire up`: services and workers until interrupted."""
    settings = _settings(rehearsal)
    async with _services(settings) as (addresses, sandbox_at), _workers(settings, addresses, sandbox_at, say):
        say(f"PostgreSQL and Valkey run; state in {settings.state_dir}")
        say("workers run: light, render")
        if sandbox_at:
            say(f"rehearsal: stand-ins for vendors without a key at {sandbox_at}/")
        say("Ctrl-C stops everything")
        await asyncio.Event().wait()


async def connect(session: Session, channel: Channel, say: Callable[[str], None]) -> str:
    """Sign a channel in at YouTube; in rehearsal its owner consents by themselves."""
    built = _open_sessions[session.user_id]
    if session.rehearsal:
        return (await connect_stand_in(channel, built.credentials, built.endpoints)).title
    return (await connect_channel(channel, _consent(built), built.credentials, say)).title


async def disconnect(session: Session, channel: Channel) -> None:
    """Revoke and forget a channel's authorisation."""
    built = _open_sessions[session.user_id]
    if not await disconnect_channel(channel, _consent(built), built.credentials):
        raise NotFound(f"{channel.handle} is not connected", field="channel", fix="There is nothing to do.")


def _consent(built: _Built) -> GoogleConsent:
    return GoogleConsent(
        client_id=built.vendors.google_client[0],
        client_secret=built.vendors.google_client[1],
        endpoints=built.endpoints,
        clock=built.platform.tools.clock,
    )


async def take_in(session: Session, file: Path) -> OwnMedia:
    """A creator's picture or clip, checked, made clean and stored; its name says what it shows."""
    media, probe = await session.platform.tools.renderer.take_in(file)
    words = file.stem.replace("-", " ").replace("_", " ")
    return OwnMedia(media, probe.kind, words, probe.width_px, probe.height_px, probe.duration_s)


async def ensure_demo_channels(session: Session) -> list[Channel]:
    """The demo's five channels, made and connected to the sandbox on first use."""
    built = _open_sessions[session.user_id]
    tools = built.platform.tools
    known = {channel.handle: channel for channel in await list_channels(tools.database, session.user_id)}
    channels = []
    for wanted in demo_channels(session.user_id):
        channel = known.get(wanted.handle) or await create_channel(tools.database, tools.clock, wanted)
        await connect_stand_in(channel, built.credentials, built.endpoints)
        channels.append(channel)
    return channels


async def diagnose(rehearsal: bool) -> list[Finding]:
    """Look at every part; see `cli.doctor`."""
    settings = _settings(rehearsal)
    findings = [*_findings_of_keys(settings), await _finding_of_ffmpeg(settings), _finding_of_disk(settings)]
    try:
        async with open_session(rehearsal=settings.rehearsal) as session:
            findings += await _findings_of_session(session)
    except YtempireError as error:
        findings.append(Finding(error.field or "services", "wrong", error.message, error.fix or ""))
    return findings


def _findings_of_keys(settings: Settings) -> list[Finding]:
    found = []
    for part, key, name in (
        ("model", settings.openai_api_key, "OPENAI_API_KEY"),
        ("voice vendor", settings.elevenlabs_api_key, "ELEVENLABS_API_KEY"),
        ("YouTube", settings.google_client_id, "YTEMPIRE_GOOGLE_CLIENT_ID"),
    ):
        if settings.rehearsal and (part == "YouTube" or not key):
            found.append(Finding(part, "stand-in", "the sandbox answers in its place"))
        elif key:
            found.append(Finding(part, "ok", f"{name} is set"))
        else:
            says = "without it only your own scripts become videos" if part == "model" else "not configured"
            found.append(Finding(part, "off", says, f"Set {name}."))
    found.append(Finding("local voice", "ok", "English, on this machine, free of charge"))
    return found


async def _finding_of_ffmpeg(settings: Settings) -> Finding:
    try:
        encoder = await choose_encoder(settings.video_encoder)
    except YtempireError as error:
        return Finding("ffmpeg", "wrong", error.message, error.fix or "")
    return Finding("ffmpeg", "ok", f"encodes with {encoder.name}")


def _finding_of_disk(settings: Settings) -> Finding:
    store = LocalMediaStore(settings.state_dir / "media", floor_bytes=settings.disk_floor_bytes)
    try:
        store.require_space()
    except (YtempireError, OSError) as error:
        return Finding("disk", "wrong", str(error), "Free some disk, or choose another YTEMPIRE_STATE_DIR.")
    return Finding("disk", "ok", f"{store.free_bytes() // 1_000_000_000} GB free in {settings.state_dir}")


async def _findings_of_session(session: Session) -> list[Finding]:
    database = session.platform.tools.database
    found = [
        Finding("PostgreSQL", "ok", "answers, schema up to date, role under row-level security"),
        Finding("Valkey", "ok", "answers") if await session.platform.live.answers() else
        Finding("Valkey", "wrong", "does not answer: progress is not shown", "Check REDIS_URL."),
    ]  # fmt: skip
    for channel in await list_channels(database, session.user_id):
        connection = await find_connection(database, session.user_id, channel.id)
        if connection is None:
            mend = f"ytempire connect {channel.handle}"
            found.append(Finding(channel.handle, "off", "not connected: its videos can't be published", mend))
        elif connection.broken:
            mend = f"ytempire connect {channel.handle}"
            found.append(Finding(channel.handle, "wrong", connection.broken, mend))
        else:
            found.append(Finding(channel.handle, "ok", f"connected to “{connection.title}”"))
    for budget in await session.platform.tools.ledger.budgets_today(session.user_id):
        left = budget.cap - budget.held - budget.spent
        if left * 5 < budget.cap:
            found.append(Finding(budget.name, "ok" if left > 0 else "wrong", f"{left} of {budget.cap} left today"))
    return found
