"""The platform put together.

A vendor's client is imported and built when it is first used: the SDKs take seconds of CPU and 150 MB between them, and
a worker that renders, or a command that lists, needs none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytempire.accounts import TenantKeys
from ytempire.bootstrap import vendors as vendors_of
from ytempire.bootstrap.given import policy_of
from ytempire.channels import Credentials
from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.database import Database
from ytempire.kit.deferred import deferred
from ytempire.kit.http import Fetcher, is_public
from ytempire.kit.live import Live
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.room import Room
from ytempire.kit.settings import Settings
from ytempire.ledger import Ledger, load_prices, require_permitted
from ytempire.local import care
from ytempire.local.folder import make_folder
from ytempire.local.n8n.address import known_url
from ytempire.orchestration import Platform, Queue, tell_alert
from ytempire.production.finished import finished_video
from ytempire.production.looks import FONTS_DIR
from ytempire.production.ports import Voice
from ytempire.production.step import Tools
from ytempire.production.steps import STEPS
from ytempire.providers.chosen import Vendors, chosen_vendors
from ytempire.providers.feeds import Feeds
from ytempire.providers.ffmpeg import FfmpegInspector, FfmpegRenderer, choose_encoder
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.music import Music
from ytempire.providers.n8n import HttpTeller
from ytempire.publishing import make_release_step
from ytempire.webhooks import Courier

if TYPE_CHECKING:
    from ytempire.providers.openai import OpenAiRelay, OpenAiWriter
    from ytempire.providers.youtube import YouTubeSide


@dataclass(frozen=True)
class Built:
    """A platform and the parts of it that the door's own verbs need."""

    platform: Platform
    keys: TenantKeys
    credentials: Credentials
    youtube: YouTubeSide


@asynccontextmanager
async def built_on(settings: Settings, database_url: str, redis_url: str, sandbox_at: str) -> AsyncIterator[Built]:
    """Everything put together and connected."""
    clock = SystemClock()
    vendors = chosen_vendors(settings, sandbox_at)
    media = care.media_of(settings)
    database = Database(database_url, max_size=settings.database_connections)
    live = Live(redis_url)
    await database.open()
    async with AsyncExitStack() as closing:
        closing.push_async_callback(database.close)
        closing.push_async_callback(live.close)
        await require_permitted(database, policy_of(settings))
        keys = TenantKeys(wrapping_key(care.key_file(settings)), clock)
        credentials = Credentials(database, keys, clock)
        youtube = deferred(lambda: vendors_of.youtube(vendors, credentials, clock))

        def writer() -> OpenAiWriter:
            made = vendors_of.writer(settings, vendors, clock)
            closing.push_async_callback(made.close)
            return made

        def openai_relay() -> OpenAiRelay:
            made = vendors_of.openai_relay(settings, vendors, clock)
            closing.push_async_callback(made.close)
            return made

        tools = await _tools(settings, vendors, database, clock, media, writer)
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
            courier=_courier(settings, database, keys, clock),
            feeds=Feeds(),
            teller=HttpTeller(known_url(settings)),
            runs_at_once=settings.runs_at_once,
            silent_after_s=settings.silent_after_s,
            others_first_s=settings.others_first_s,
            relays={
                "openai": deferred(openai_relay),
                "elevenlabs": deferred(lambda: vendors_of.elevenlabs_relay(settings, vendors)),
            },
        )
        yield Built(platform, keys, credentials, youtube)


def _courier(settings: Settings, database: Database, keys: TenantKeys, clock: Clock) -> Courier:
    here = settings.rehearsal or settings.webhooks_to_this_machine
    permits = (lambda address: is_public(address) or address.is_loopback) if here else is_public
    return Courier(database, keys, clock, Fetcher(permits=permits, deadline_s=15), plain_http=here)


async def _tools(
    settings: Settings,
    vendors: Vendors,
    database: Database,
    clock: Clock,
    media: LocalMediaStore,
    writer: Callable[[], OpenAiWriter],
) -> Tools:
    prices = load_prices(settings.state_dir / "prices.json")
    ledger = Ledger(database, clock, prices, policy_of(settings), announce=tell_alert)
    voices: dict[str, Voice] = {"local": deferred(vendors_of.local_voice)}
    if vendors.elevenlabs_key:
        voices["elevenlabs"] = deferred(lambda: vendors_of.vendor_voice(settings, vendors))
    embedder = deferred(vendors_of.embedder)
    return Tools(
        database=database,
        clock=clock,
        media=media,
        ledger=ledger,
        writer=deferred(writer) if vendors.openai_key else None,
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
        inspector=FfmpegInspector(media),
        render_processes=settings.render_processes,
        room=Room(settings.memory_floor_bytes, settings.render_memory_bytes),
    )
