"""The visuals step on a real database: from a script and its speech to a timeline that depends on nothing else."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from ytempire.accounts.local_user import LOCAL_USER_ID, ensure_local_user
from ytempire.channels import archive_media, create_channel, keep_media
from ytempire.channels.model import Channel, ChannelMedia
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.production import visuals
from ytempire.production.model import (
    CardKind,
    Format,
    Order,
    OwnMedia,
    SceneScript,
    Script,
    Speech,
    StepName,
    Video,
    VideoState,
    Word,
)
from ytempire.production.script import ScriptResult
from ytempire.production.scripting import director
from ytempire.production.step import Tools, Work
from ytempire.production.timeline import Photo
from ytempire.production.voice import VoiceResult
from ytempire.providers.minilm import MiniLm
from ytempire.providers.music import Music
from ytempire.providers.pictures import Pictures

SENTENCES = (
    "Honey can wait three thousand years for you.",
    "Bees fan the nectar with their wings, until almost all of the water in it has quietly gone into the warm air.",
    "Only 17 percent of honey is water.",
    "Germs need flour, water, salt and time.",
    "So why does it never spoil?",
    "Follow for one small wonder a day.",
)
NOTHING = cast("Any", None)


async def _no_progress(_share: float) -> None:
    return


def _speech(sentence: str) -> Speech:
    words, at = [], 0.0
    for token in sentence.split():
        words.append(Word(token, round(at, 3), round(at + 0.3, 3)))
        at += 0.36
    return Speech(MediaRef("ab" * 32, 100, ".wav"), at, tuple(words), "model")


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> Work:
    await ensure_local_user(database, SystemClock())
    embedder = MiniLm()
    given = {
        "database": database,
        "clock": SystemClock(),
        "media": LocalMediaStore(tmp_path, floor_bytes=0),
        "embedder": embedder,
        "pictures": Pictures(embedder),
        "music": Music(),
    }
    usual = {field.name for field in fields(Tools) if field.default is not MISSING}
    tools = Tools(**{field.name: given.get(field.name, NOTHING) for field in fields(Tools) if field.name not in usual})
    return _work(tools, SENTENCES)


def _work(tools: Tools, sentences: tuple[str, ...], **order: Any) -> Work:
    scenes = director.direct(sentences)
    script = Script("T", ("T",), "", (), scenes, ())
    video = Video(
        new_id(),
        LOCAL_USER_ID,
        new_id(),
        VideoState.PRODUCING,
        Order(**order),
        "T",
        "",
        True,
        datetime(2026, 11, 23, tzinfo=UTC),
    )
    channel = Channel(video.channel_id, LOCAL_USER_ID, "bees", "Bee Facts")
    results = {
        StepName.SCRIPT: ScriptResult(script, "own", (), (), ()),
        StepName.VOICE: VoiceResult(tuple(_speech(s) for s in sentences), 0),
    }
    return Work(video, channel, results, tools, 1, _no_progress)


async def test_a_script_becomes_a_timeline_that_can_be_kept_and_read_back(stage: Work) -> None:
    result = await visuals.run(stage)
    timeline = result.timeline
    assert (timeline.width, timeline.height, timeline.fps) == (1080, 1920, 30)
    assert (
        len(timeline.scenes) == len(result.shots) == len(result.layouts) == len(timeline.sound.voice) == len(SENTENCES)
    )
    spoken = sum(_speech(s).duration_s for s in SENTENCES)
    assert spoken + 6 * 0.3 < timeline.duration_s < spoken + 6 * 0.45 + 1
    assert result.layouts[0].startswith("hook/")
    assert result.layouts[-1].startswith("end/")
    assert result.music_name
    assert any("Music" in line for line in result.credits)
    assert all(
        isinstance(scene.background, Photo) and stage.tools.media.has(scene.background.media)
        for scene in timeline.scenes
    )
    assert timeline.scenes[0].background != timeline.scenes[1].background
    assert visuals.STEP.load(visuals.STEP.dump(result)) == result
    assert await visuals.run(stage) == result


async def test_editing_one_sentence_leaves_the_other_scenes_as_they_are(stage: Work) -> None:
    before = (await visuals.run(stage)).timeline.scenes
    edited = (*SENTENCES[:1], "Bees fan the sweet nectar with strong wings.", *SENTENCES[2:])
    results = {**stage.results, StepName.VOICE: VoiceResult(tuple(_speech(s) for s in edited), 0)}
    old = stage.result(StepName.SCRIPT, ScriptResult)
    scenes = (old.script.scenes[0], director.redirect(old.script.scenes[1], edited[1]), *old.script.scenes[2:])
    results[StepName.SCRIPT] = replace(old, script=replace(old.script, scenes=scenes))
    after = (await visuals.run(replace(stage, results=results))).timeline.scenes
    assert [a == b for a, b in zip(after, before, strict=True)] == [True, False, True, True, True, True]


async def test_the_creators_own_picture_is_the_scene_where_it_belongs(stage: Work) -> None:
    own = OwnMedia(MediaRef("cd" * 32, 9, ".jpg"), "image", "honey jar on a shelf", 1600, 900)
    work = replace(stage, video=replace(stage.video, order=Order(own_media=(own,), format=Format.WIDE)))
    result = await visuals.run(work)
    mine = [
        scene
        for scene in result.timeline.scenes
        if isinstance(scene.background, Photo) and scene.background.media == own.media
    ]
    assert len(mine) == 1
    assert mine[0].layout.startswith("picture/")
    assert isinstance(mine[0].background, Photo)
    assert (mine[0].background.tint_opacity, mine[0].background.inset) == (0.0, None), "it fits: untinted and filling"
    assert result.timeline.width == 1920


async def test_letters_without_a_typeface_are_refused_before_anything_is_made(stage: Work) -> None:
    work = _work(stage.tools, ("Привет, мир, как дела сегодня?", "Hello there, you."))
    with pytest.raises(BadInput, match="sentence 1 has letters that can't be drawn: П р и в е т"):
        await visuals.run(work)
    emoji = _work(stage.tools, ("Bees are great 🐝 they say.", "Hello there, you."))
    await visuals.run(emoji)


@pytest.mark.parametrize("field", ["look", "palette"])
async def test_an_unknown_look_is_named(stage: Work, field: str) -> None:
    work = replace(stage, video=replace(stage.video, order=Order(**{field: "neon"})))
    with pytest.raises(BadInput, match=f"{field}: there is no {field} 'neon'"):
        await visuals.run(work)


def test_cards_the_director_makes_can_all_be_drawn() -> None:
    assert {scene.card for scene in director.direct(SENTENCES)} >= {CardKind.HOOK, CardKind.NUMBER, CardKind.END}
    assert all(isinstance(scene, SceneScript) for scene in director.direct(SENTENCES))


async def test_a_video_draws_from_its_channels_library(stage: Work, database: Database) -> None:
    drawn = Channel(new_id(), LOCAL_USER_ID, "bees", "Bee Facts")
    await create_channel(database, stage.tools.clock, drawn)
    file, away = (stage.tools.media.put_bytes(data, ".png") for data in (b"one", b"other"))
    for ref, at in ((file, None), (away, stage.tools.clock.now())):
        said = ("bees", "bees fan nectar with their wings", ("honey",), "CC BY 4.0", "Ada")
        kept = ChannelMedia(new_id(), ref, "image", 800, 600, 0.0, *said, stage.tools.clock.now())
        async with database.transaction(LOCAL_USER_ID) as conn:
            await keep_media(conn, drawn, kept)
            await archive_media(conn, kept, at)
    video = replace(stage.video, channel_id=drawn.id)
    result = await visuals.run(replace(stage, channel=drawn, video=video))
    assert f"own:{file.sha256}" in [shot.picture for shot in result.shots]
    assert f"own:{away.sha256}" not in [shot.picture for shot in result.shots]
    assert "Pictures: Ada – CC BY 4.0" in result.credits
