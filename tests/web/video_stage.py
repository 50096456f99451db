"""What the tests of videos over REST stand on: the application with a ledger and an open queue, and rows of videos."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import psycopg
from psycopg.types.json import Jsonb

from tests.stores.driver_stage import staged
from tests.web.conftest import Stage
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import MediaRef
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production.model import CardKind, SceneScript, Script, Speech, StepName, Word
from ytempire.production.script import ScriptResult
from ytempire.production.topic import TopicResult
from ytempire.providers.localvoice import LocalVoice
from ytempire.web import create_app

VIDEOS = "/api/v1/videos"


@asynccontextmanager
async def with_videos(stage: Stage, valkey_url: str, database: Database | None = None) -> AsyncIterator[Stage]:
    """The stage with what ordering and looking at videos takes; a model is only said to be there."""
    database = database or stage.parts.database
    async with staged(database, valkey_url) as driver:
        tools = replace(
            driver.platform.tools,
            clock=stage.clock,
            media=stage.parts.platform.tools.media,
            ledger=Ledger(database, stage.clock, load_prices(), Policy()),
            writer=cast("Any", object()),
            voices=cast("Any", {"local": LocalVoice()}),
        )
        platform = replace(driver.platform, tools=tools)
        parts = replace(stage.parts, platform=platform, desk=replace(stage.parts.desk, database=database))
        yield Stage(parts, create_app(parts), stage.clients)


@dataclass
class Creator:
    """A user with a channel, asking."""

    stage: Stage
    id: UUID
    channel: Channel
    client: httpx.AsyncClient

    async def order(self, **wanted: Any) -> dict[str, Any]:
        """An ordered video as the API shows it."""
        given = {"channel_id": str(self.channel.id), "topic": "squid"} | wanted
        made = await self.client.post(VIDEOS, json=given)
        assert made.status_code == 201, made.text
        return cast("dict[str, Any]", made.json())


async def creator(stage: Stage) -> Creator:
    user, client = await stage.signed_in()
    database, clock = stage.parts.database, stage.clock
    channel = await create_channel(database, clock, Channel(new_id(), user, f"c{user.hex[-8:]}", "Deep sea"))
    return Creator(stage, user, channel, client)


async def fill(
    admin: psycopg.AsyncConnection, who: Creator, count: int, *, newest: datetime, state: str = "published"
) -> None:
    """So many videos, a minute between them."""
    await admin.execute(
        "insert into videos (id, user_id, channel_id, state, orders, title, topic, rehearsal, created_at, updated_at)"
        " select gen_random_uuid(), %(user)s, %(channel)s, %(state)s, '{}', 'Video ' || n, '', true, at, at"
        " from generate_series(1, %(count)s) n cross join lateral (select %(newest)s - n * interval '1 minute') t (at)",
        {"user": who.id, "channel": who.channel.id, "state": state, "count": count, "newest": newest},
    )


SENTENCES = ("Squid glow in the dark.", "They do it to hide.", "Nobody sees them from below.")


@dataclass(frozen=True)
class Finished:
    """A video whose steps left what they leave."""

    id: str
    film: MediaRef
    thumbnails: tuple[MediaRef, ...]
    srt: MediaRef
    vtt: MediaRef


async def finish(who: Creator, film: Path, *, state: str = "in_review") -> Finished:
    """An ordered video brought to its review, with real files in the store."""
    video_id = (await who.order())["id"]
    parts = who.stage.parts
    media = parts.platform.tools.media
    made = Finished(
        id=video_id,
        film=media.put(film),
        thumbnails=tuple(media.put_bytes(f"picture {n} of {video_id}".encode(), ".jpg") for n in range(3)),
        srt=media.put_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nSquid glow.\n", ".srt"),
        vtt=media.put_bytes(b"WEBVTT\n", ".vtt"),
    )
    sounds = [media.put_bytes(said.encode(), ".wav") for said in SENTENCES]
    said = tuple(zip(SENTENCES, sounds, strict=True))
    who.stage.clock.at += timedelta(minutes=1)
    now = who.stage.clock.at
    await record(parts.database, who.id, made, said, now, title="Why squid glow", state=state)
    return made


async def record(
    database: Database, user_id: UUID, made: Finished, said: Sequence[tuple[str, MediaRef]], now: datetime, *,
    title: str, state: str,
) -> None:  # fmt: skip
    """What the driver writes down on the way to the review."""
    scenes = tuple(SceneScript(sentence, CardKind.STATEMENT, sentence[:20], "squid") for sentence, _ in said)
    script = Script(title, (title,), "How squid glow.", ("squid",), scenes, ())
    words = (Word("Squid", 0.1, 0.4), Word("glow", 0.4, 0.8))
    speeches = [Speech(sound, 1.0, words, "aligned") for _, sound in said]
    results: dict[StepName, dict[str, Any]] = {
        StepName.TOPIC: asdict(TopicResult("squid", (), 0.0, "", "order")),
        StepName.SCRIPT: asdict(ScriptResult(script, "model", ("cheap",), (), ())),
        StepName.VOICE: {"speeches": [asdict(speech) for speech in speeches], "reused": 0, "note": ""},
        StepName.VISUALS: {},
        StepName.CAPTIONS: {"cues": [], "srt": asdict(made.srt), "vtt": asdict(made.vtt)},
        StepName.RENDER: {"video": asdict(made.film), "duration_s": 1.0},
        StepName.THUMBNAIL: {"candidates": [asdict(one) for one in made.thumbnails]},
        StepName.QUALITY: {},
    }
    rows = [
        (made.id, user_id, step, Jsonb(result), *[now + timedelta(milliseconds=turn)] * 3)
        for turn, (step, result) in enumerate(results.items())
    ]
    async with database.transaction(user_id) as conn, conn.cursor() as cursor:
        await cursor.executemany(
            "insert into steps (video_id, user_id, step, input_hash, state, result, started_at, ended_at, used_at)"
            " values (%s, %s, %s, 'first', 'done', %s, %s, %s, %s)",
            rows,
        )
        await cursor.execute(
            "update videos set state = %s, title = %s, reason = 'waits for your review', attempt = attempt + 1"
            " where id = %s",
            (state, title, made.id),
        )
