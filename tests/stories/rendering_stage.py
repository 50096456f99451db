"""The render step with only what it needs: a real database, ledger and store, and the renderer.

Run as a module it renders in a process of its own, which a failpoint may kill.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import numpy as np

from tests.stories.rendering import RATE, cue, renderer, scene, sound, timeline
from ytempire.accounts.local_user import LOCAL_USER_ID, ensure_local_user
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production import render
from ytempire.production.captions import CaptionsResult
from ytempire.production.model import Order, StepName, Video, VideoState
from ytempire.production.render import RenderResult
from ytempire.production.step import Tools, Work
from ytempire.production.timeline import Gradient, SpokenScene
from ytempire.production.visuals import VisualsResult

NOTHING = cast("Any", None)
NEEDS = ("database", "clock", "media", "ledger", "renderer", "render_processes")
WORDS = ("one two", "three four", "five six", "seven eight")


def tools(database: Database, folder: Path, *, floor_bytes: int = 0) -> Tools:
    own = renderer(folder)
    own.media.floor_bytes = floor_bytes
    return Tools(
        database=database,
        clock=SystemClock(),
        media=cast("LocalMediaStore", own.media),
        ledger=Ledger(database, SystemClock(), load_prices(), Policy()),
        renderer=own,
        render_processes=2,
        **{field.name: NOTHING for field in fields(Tools) if field.name not in NEEDS},
    )


def work(tools: Tools, *, words: tuple[str, ...] = WORDS, video_id: UUID | None = None, attempt: int = 1) -> Work:
    """Four scenes of two thirds of a second, each with its own ground, voice and caption."""
    voice = sound(tools.media, np.random.default_rng(5).standard_normal(RATE // 2) * 0.1)
    colours = ("#102030", "#302010", "#203010", "#301030")
    planned = timeline(
        [scene(20, Gradient((colour, "#808080"), index)) for index, colour in enumerate(colours)],
        [SpokenScene(voice, 0.1)] * 4,
    )
    nothing = MediaRef("0" * 64, 0, ".srt")
    video = Video(
        video_id or new_id(), LOCAL_USER_ID, new_id(), VideoState.PRODUCING, Order(), "T", "", True,
        datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    results = {
        StepName.VISUALS: VisualsResult((), planned, "", (), ()),
        StepName.CAPTIONS: CaptionsResult(tuple((cue(text, 0.1, 0.6),) for text in words), nothing, nothing),
    }
    return Work(video, Channel(video.channel_id, LOCAL_USER_ID, "bees", "Bees"), results, tools, attempt, _no_progress)


async def _no_progress(_share: float) -> None:
    return


async def rendered(work: Work) -> RenderResult:
    await ensure_local_user(work.tools.database, work.tools.clock)
    return await render.run(work)


async def main(database_url: str, folder: str, video_id: str, attempt: str) -> None:
    database = Database(database_url)
    await database.open()
    await rendered(work(tools(database, Path(folder)), video_id=UUID(video_id), attempt=int(attempt)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
