"""The voice step with only what it needs: a real database, ledger and store, the local voice and the sandbox's.

Run as a module it speaks in a process of its own, which a failpoint may kill.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from ytempire.accounts.local_user import LOCAL_USER_ID, ensure_local_user
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import LocalMediaStore
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production import voice
from ytempire.production.model import CardKind, Order, SceneScript, Script, StepName, Video, VideoState
from ytempire.production.scripting.model import ScriptResult
from ytempire.production.step import Tools, Work
from ytempire.production.voice import VoiceResult
from ytempire.providers.elevenlabs import ElevenLabsVoice
from ytempire.providers.localvoice import LocalVoice
from ytempire.providers.pocketsphinx import SphinxAligner

VENDOR_VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"
NOTHING = cast("Any", None)
VOICE_NEEDS = ("database", "clock", "media", "ledger", "voices", "aligner")


def tools(database: Database, media: Path, sandbox_url: str = "http://127.0.0.1:9") -> Tools:
    vendor = ElevenLabsVoice(
        api_key="sk_sandbox",
        base_url=f"{sandbox_url}/elevenlabs",
        model="eleven_v4_turbo",
        stand_in=True,
        look_waits_s=(),
    )
    return Tools(
        database=database,
        clock=SystemClock(),
        media=LocalMediaStore(media, floor_bytes=0),
        ledger=Ledger(database, SystemClock(), load_prices(), Policy()),
        voices={"local": LocalVoice(), "elevenlabs": vendor},
        aligner=SphinxAligner(),
        **{field.name: NOTHING for field in fields(Tools) if field.name not in VOICE_NEEDS},
    )


async def _no_progress(_share: float) -> None:
    return


def work(
    tools: Tools,
    sentences: Sequence[str],
    *,
    voice: str = VENDOR_VOICE,
    video_id: UUID | None = None,
    attempt: int = 1,
    language: str = "en",
) -> Work:
    order = Order(voice=voice, language=language)
    scenes = tuple(SceneScript(text, CardKind.STATEMENT, "", "") for text in sentences)
    script = Script("T", ("T",), "", (), scenes, ())
    video = Video(
        video_id or new_id(), LOCAL_USER_ID, new_id(), VideoState.PRODUCING, order, "T", "", True,
        datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    channel = Channel(video.channel_id, LOCAL_USER_ID, "bees", "Bees")
    result = ScriptResult(script, "own", (), (), ())
    return Work(video, channel, {StepName.SCRIPT: result}, tools, attempt, _no_progress)


async def speak(work: Work) -> VoiceResult:
    await ensure_local_user(work.tools.database, work.tools.clock)
    return await voice.run(work)


async def main(database_url: str, media: str, sandbox_url: str, video_id: str, sentences: str) -> None:
    database = Database(database_url)
    await database.open()
    await speak(work(tools(database, Path(media), sandbox_url), json.loads(sentences), video_id=UUID(video_id)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
