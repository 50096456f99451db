"""The gate hears each captioned word in the finished file, under music, and nothing else than that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import localvoice
from tests.stories.rendering import RATE, renderer, scene, sound, timeline, tone, whole
from ytempire.production.model import Check, Cue, Word
from ytempire.production.quality import cues_from_start
from ytempire.production.timeline import SpokenScene, Timeline
from ytempire.providers.ffmpeg import FfmpegInspector, FfmpegRenderer
from ytempire.providers.ffmpeg.recordings import begins_s
from ytempire.providers.pocketsphinx.aligner import SphinxAligner

SENTENCES = (
    "In 1945, Percy Spencer stood next to a running radar tube at the company Raytheon.",
    "Popcorn pops because every kernel is a tiny pressure cooker.",
)
LEAD_S = 0.3


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> FfmpegRenderer:
    return renderer(tmp_path_factory.mktemp("sync"))


@pytest.fixture(scope="module")
async def spoken(own: FfmpegRenderer) -> tuple[Timeline, Path]:
    """Two sentences over music that is as loud as it gets in a pause."""
    scenes, voice = [], []
    for text in SENTENCES:
        speech = localvoice.speak(text, voice="bram")
        words = tuple(Word(word.text, word.start_s + LEAD_S, word.end_s + LEAD_S) for word in speech.words)
        frames = round((speech.duration_s + 2 * LEAD_S) * 30)
        scenes.append(scene(frames, cues=(Cue(words, words[0].start_s, words[-1].end_s),)))
        voice.append(SpokenScene(sound(own.media, speech.pcm, speech.sample_rate_hz), LEAD_S))
    beat = (np.arange(20 * RATE) % (RATE // 3)) < RATE // 8
    music = sound(own.media, (tone(20, 220) + tone(20, 1760, 0.2)) * beat)
    planned = timeline(scenes, voice, music)
    return planned, await whole(own, planned)


async def sync(own: FfmpegRenderer, planned: Timeline, video: Path) -> Check:
    found = await FfmpegInspector(own.media).inspect(
        video,
        planned=planned,
        starts_s=planned.starts_s(),
        cues=cues_from_start(planned),
        aligner=SphinxAligner(),
    )
    return next(check for check in found if check.name == "caption sync")


def moved(planned: Timeline, by_s: float, scenes: Sequence[int]) -> Timeline:
    """The plan with the captions of these scenes so much later."""
    changed = []
    for number, one in enumerate(planned.scenes):
        later = tuple(
            replace(cue, words=tuple(replace(w, start_s=w.start_s + by_s, end_s=w.end_s + by_s) for w in cue.words))
            for cue in one.cues
        )
        changed.append(replace(one, cues=later) if number in scenes else one)
    return replace(planned, scenes=tuple(changed))


async def test_words_are_heard_where_they_are_shown_also_under_music(
    own: FfmpegRenderer, spoken: tuple[Timeline, Path]
) -> None:
    found = await sync(own, *spoken)
    assert found.passed, found
    assert found.note == "25 of 25 words found"


@pytest.mark.parametrize("by_s", [-0.2, 0.15])
async def test_captions_that_come_early_or_late_are_refused(
    own: FfmpegRenderer, spoken: tuple[Timeline, Path], by_s: float
) -> None:
    found = await sync(own, moved(spoken[0], by_s, [1]), spoken[1])
    assert found.passed is False, found
    assert "p95" in found.figure


async def test_a_voice_that_lies_elsewhere_in_the_finished_sound_is_refused(
    own: FfmpegRenderer, spoken: tuple[Timeline, Path]
) -> None:
    """The captions fit the recording, but the file has it 0.2 s later; and a file that lacks it."""
    planned, video = spoken
    voice = tuple(one and replace(one, lead_s=LEAD_S - 0.2) for one in planned.sound.voice)
    earlier = moved(replace(planned, sound=replace(planned.sound, voice=voice)), -0.2, [0, 1])
    assert (await sync(own, earlier, video)).passed is False
    swapped = replace(planned, sound=replace(planned.sound, voice=planned.sound.voice[::-1]))
    found = await sync(own, swapped, video)
    assert found.passed is False
    assert found.figure.startswith("the voice put at 0.30 s is not heard")


def test_a_recording_is_found_to_the_sample_at_the_sound_s_ends_too() -> None:
    rng = np.random.default_rng(1)
    recording = (rng.standard_normal(8_000) * 3_000).astype(np.int16)
    heard = (rng.standard_normal(32_000) * 300).astype(np.int16)
    for at in (0, 10_001, 24_000):
        sounding = heard.copy()
        sounding[at : at + 8_000] += recording
        for expected in (at - 7_000, at, at + 7_000):
            assert begins_s(sounding, recording, 16_000, expected / 16_000) == at / 16_000
        assert begins_s(sounding, recording, 16_000, (at + 20_000) / 16_000) is None
    assert begins_s(np.zeros(100, np.int16), recording, 16_000, 0.0) is None
    assert begins_s(heard, np.zeros(100, np.int16), 16_000, 0.0) is None
