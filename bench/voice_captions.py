"""Voice and captions of a 60 s script with the local voice, as the steps do them, on a real database and ledger.

Run with `make bench-voice_captions`. The baseline is the same sentences spoken one after another by the bare voice,
in the same call, in turn. The first round also loads the model and is reported by itself; medians are of the others.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import localvoice
from ytempire.accounts.local_user import LOCAL_USER_ID, ensure_local_user
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import LocalMediaStore
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.local import roles
from ytempire.local.folder import secret_in
from ytempire.local.migrate import migrate
from ytempire.local.postgres import Postgres, start_postgres
from ytempire.production import captions, voice
from ytempire.production.model import CardKind, Format, Order, SceneScript, Script, StepName, Video, VideoState
from ytempire.production.scripting.model import ScriptResult
from ytempire.production.step import Tools, Work
from ytempire.production.timeline import CaptionStyle, Gradient, Scene, Soundtrack, SpokenScene, Timeline
from ytempire.production.visuals import VisualsResult
from ytempire.production.voice import VoiceResult
from ytempire.providers.localvoice import LocalVoice
from ytempire.providers.pocketsphinx import SphinxAligner

ROUNDS = 4
GOAL_S = 3.0
FPS = 30
LEAD_S, TAIL_S = 0.12, 0.25
SENTENCES = (
    "Honey is the only food in your kitchen that never goes bad.",
    "Jars of it were found in Egyptian tombs, three thousand years old, and still good to eat.",
    "So what is the trick?",
    "First, there is almost no water in it.",
    "Bees fan the nectar with their wings until less than 18% of it is water.",
    "Any germ that lands in there is dried out at once.",
    "Honey simply pulls the water out of it, as salt does with ham.",
    "Second, honey is sour: about as sour as orange juice.",
    "You don't taste that, because sugar hides it — but a germ does notice.",
    "And third, bees add an enzyme from their stomachs.",
    "It slowly makes hydrogen peroxide, the very thing that people once put on wounds.",
    "That is why soldiers in ancient Rome carried honey with them.",
    "Modern hospitals use it too, on burns that refuse to heal.",
    "There is one catch: leave the lid open, and honey drinks water from the air.",
    "Then the magic is gone, and it begins to ferment.",
    "So screw it shut, put it in the dark, and forget about it.",
    "Keep it closed, and your grandchildren's grandchildren can finish the jar.",
)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ytempire-bench-"))
    folder.chmod(0o755)
    server = start_postgres(folder)
    try:
        figures = asyncio.run(measure(database_of(server), folder))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))


def database_of(server: Postgres) -> Database:
    roles.ensure_roles(
        server.url(database="postgres"),
        lambda role: secret_in(server.secrets_dir / f"{role}.password"),
        database="bench",
    )
    migrate(server.url(roles.OWNER, "bench"))
    return Database(server.url(roles.APP, "bench"))


async def measure(database: Database, folder: Path) -> dict[str, object]:
    await database.open()
    await ensure_local_user(database, SystemClock())
    bare, voices, captioned, again, spoken_s = [], [], [], [], 0.0
    for index in range(ROUNDS + 1):
        tools = tools_on(database, folder / f"media-{index}")
        async with database.transaction(LOCAL_USER_ID) as conn:
            await conn.execute("delete from artifacts")
        work = work_of(tools)
        began = time.perf_counter()
        result = await voice.run(work)
        voices.append(time.perf_counter() - began)
        spoken_s = sum(speech.duration_s for speech in result.speeches)
        began = time.perf_counter()
        await captions.run(with_timeline(work, result))
        captioned.append(time.perf_counter() - began)
        began = time.perf_counter()
        await voice.run(work)
        again.append(time.perf_counter() - began)
        began = time.perf_counter()
        for sentence in SENTENCES:
            localvoice.speak(sentence)
        bare.append(time.perf_counter() - began)
        print(f"round {index}: voice {voices[-1]:.2f} s, captions {captioned[-1]:.3f} s, bare voice {bare[-1]:.2f} s")
    await database.close()
    both_s = statistics.median(v + c for v, c in zip(voices[1:], captioned[1:], strict=True))
    bare_s = statistics.median(bare[1:])
    return {
        "sentences": len(SENTENCES),
        "spoken_s": round(spoken_s, 1),
        "voice_and_captions_s": round(both_s, 2),
        "goal_voice_and_captions_s": GOAL_S,
        "first_round_s": round(voices[0] + captioned[0], 2),
        "captions_s": round(statistics.median(captioned[1:]), 3),
        "all_from_cache_s": round(statistics.median(again[1:]), 3),
        "bare_voice_s": round(bare_s, 2),
        "ratio_to_bare_voice": round(both_s / bare_s, 2),
        "met": both_s <= GOAL_S,
    }


def tools_on(database: Database, media: Path) -> Tools:
    needed: dict[str, Any] = {
        "database": database,
        "clock": SystemClock(),
        "media": LocalMediaStore(media, floor_bytes=0),
        "ledger": Ledger(database, SystemClock(), load_prices(), Policy()),
        "voices": {"local": LocalVoice()},
        "aligner": SphinxAligner(),
    }
    nothing = {field.name: cast("Any", None) for field in fields(Tools)}
    return Tools(**(nothing | needed))


def work_of(tools: Tools) -> Work:
    scenes = tuple(SceneScript(sentence, CardKind.STATEMENT, "", "") for sentence in SENTENCES)
    script = ScriptResult(Script("Honey", ("Honey",), "", (), scenes, ()), "own", (), (), ())
    video = Video(
        new_id(), LOCAL_USER_ID, new_id(), VideoState.PRODUCING, Order(), "Honey", "", True,
        datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    channel = Channel(video.channel_id, LOCAL_USER_ID, "bees", "Bees")
    return Work(video, channel, {StepName.SCRIPT: script}, tools, 1, no_progress)


def with_timeline(work: Work, spoken: VoiceResult) -> Work:
    width, height = Format.VERTICAL.size_px
    style = CaptionStyle("Manrope ExtraBold", 80, "#ffffff", "#ffcc00", width / 2, height * 0.66, 860, 4, "#000000")
    background = Gradient(("#101020", "#203050"), 1)
    scenes = tuple(
        Scene(round((LEAD_S + speech.duration_s + TAIL_S) * FPS), background, (), (), style)
        for speech in spoken.speeches
    )
    sound = Soundtrack(tuple(SpokenScene(speech.media, LEAD_S) for speech in spoken.speeches), None)
    visuals = VisualsResult((), Timeline(width, height, FPS, scenes, sound), "", (), ())
    return Work(
        work.video, work.channel, {**work.results, StepName.VOICE: spoken, StepName.VISUALS: visuals},
        work.tools, work.attempt, work.progress,
    )  # fmt: skip


async def no_progress(_share: float) -> None:
    return


if __name__ == "__main__":
    main()
