"""The render step: what was made is used again, after an edit and after a death; its CPU is booked once."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from tests.conftest import DatabaseUrls
from tests.stories.rendering_stage import WORDS, rendered, tools, work
from ytempire.accounts.local_user import LOCAL_USER_ID
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, MemoryLow, StorageFull
from ytempire.kit.ids import new_id
from ytempire.kit.room import Room
from ytempire.ledger import Receipt
from ytempire.production import render
from ytempire.production.captions import CaptionsResult
from ytempire.production.model import StepName
from ytempire.production.render import RenderResult
from ytempire.production.step import Tools
from ytempire.providers.ffmpeg.mp4 import read_index


async def receipt(tools: Tools, video_id: UUID) -> Receipt:
    return await tools.ledger.receipt(LOCAL_USER_ID, video_id)


async def test_an_edited_sentence_renders_one_scene_again(database: Database, tmp_path: Path) -> None:
    own = tools(database, tmp_path)
    video = new_id()
    first = await rendered(work(own, video_id=video))
    assert (first.scenes_total, first.scenes_reused) == (4, 0)
    assert first.duration_s == pytest.approx(80 / 30)
    track = read_index(own.media.path(first.video)).track("vide")
    assert track is not None
    assert track.samples == 80
    again = await rendered(work(own, video_id=video, attempt=2))
    assert (again.video, again.scenes_reused) == (first.video, 4)
    edited = await rendered(work(own, words=("one two", "THREE four", *WORDS[2:]), video_id=video, attempt=3))
    assert edited.scenes_reused == 3
    assert edited.video != first.video
    assert edited.cpu_s < first.cpu_s
    lines = (await receipt(own, video)).lines
    assert sum(line.actual_microusd > 0 for line in lines) == 3
    assert sum(line.saved_microusd for line in lines) > 0
    assert RenderResult(**vars(first)) == render.STEP.load(render.STEP.dump(first))


# Two files are made at a time: the second scene and the mix may be done before any scene was kept.
@pytest.mark.parametrize(
    ("point", "reused"), [("render.after_scene:3", 1), ("render.after_mix", 0), ("render.after_join", 4)]
)
async def test_a_killed_worker_leaves_no_half_file_and_its_scenes_are_used(
    database: Database, database_urls: DatabaseUrls, tmp_path: Path, point: str, reused: int
) -> None:
    own, video = tools(database, tmp_path), new_id()
    command = [sys.executable, "-m", "tests.stories.rendering_stage", database_urls.app, str(tmp_path), str(video), "1"]
    died = await asyncio.create_subprocess_exec(*command, env={**os.environ, "YTEMPIRE_FAILPOINT": point})
    assert await asyncio.wait_for(died.wait(), 60) == -9
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(one.info["cmdline"] or [])]
    for file in own.media.root.glob("*/*"):
        assert own.media.put(file).sha256 == file.stem, "a stored file is not what its name says"
    done = await rendered(work(own, video_id=video, attempt=2))
    assert done.scenes_reused >= reused
    assert list((tmp_path / "scratch").iterdir()) == [], "the dead worker's scratch was not swept"
    booked = [line for line in (await receipt(own, video)).lines if line.actual_microusd > 0]
    assert booked
    assert await own.ledger.audit() == []


async def test_too_little_disk_is_said_before_anything_is_made(database: Database, tmp_path: Path) -> None:
    own = tools(database, tmp_path, floor_bytes=10**18)
    with pytest.raises(StorageFull, match="floor"):
        await rendered(work(own))
    assert not list(own.media.root.glob("*/*.mp4"))


async def test_captions_for_other_scenes_are_refused(database: Database, tmp_path: Path) -> None:
    one = work(tools(database, tmp_path))
    captions = one.result(StepName.CAPTIONS, CaptionsResult)
    one = replace(one, results={**one.results, StepName.CAPTIONS: replace(captions, cues=captions.cues[:2])})
    with pytest.raises(BadInput, match="2 scenes, the timeline has 4"):
        await rendered(one)


async def test_too_little_memory_is_said_before_anything_is_made(database: Database, tmp_path: Path) -> None:
    own = replace(tools(database, tmp_path), room=Room(10**15, 400_000_000))
    with pytest.raises(MemoryLow, match="stay free"):
        await rendered(work(own))
    assert not list(own.media.root.glob("*/*.mp4"))
