"""The captions step: word cues for burning in, and .srt and .vtt for upload, from the voice's own times."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.kit.media_store import MediaRef
from ytempire.production.cues import cues
from ytempire.production.cutting import moved
from ytempire.production.looks.typeface import without_missing
from ytempire.production.model import Cue, Format, StepName, Word
from ytempire.production.step import Step, Work
from ytempire.production.subtitles import srt, subtitles, vtt
from ytempire.production.visuals import VisualsResult
from ytempire.production.voice import VoiceResult

VERSION = 2
"""Raised when the same words should be gathered otherwise."""
_MOST_WORDS = 4
_MOST_CHARACTERS = {Format.VERTICAL: 20, Format.WIDE: 30}


@dataclass(frozen=True)
class CaptionsResult:
    """Cues per scene (times from the scene's start) and the caption files (times from the video's start)."""

    cues: tuple[tuple[Cue, ...], ...]
    srt: MediaRef
    vtt: MediaRef


def inputs(work: Work) -> object:
    """Words with their times, what they are drawn with, and when each scene and its voice begin."""
    return {
        "version": VERSION,
        "scenes": _scenes(work),
        "starts": _timeline(work).timeline.starts_s(),
        "format": work.video.order.format,
    }


async def run(work: Work) -> CaptionsResult:
    """Gather the words."""
    shape, timeline = work.video.order.format, _timeline(work).timeline
    per_scene = tuple(
        cues(
            _drawable(words, font),
            most_words=_MOST_WORDS,
            most_characters=_MOST_CHARACTERS[shape],
            scene_end_s=end_s,
        )
        for words, end_s, font in _scenes(work)
    )
    spoken = [
        [Word(word.text, start_s + word.start_s, start_s + word.end_s) for word in words]
        for (words, _, _), start_s in zip(_scenes(work), timeline.starts_s(), strict=True)
    ]
    blocks = subtitles(spoken, video_end_s=timeline.duration_s)
    media = work.tools.media
    return CaptionsResult(
        per_scene, media.put_bytes(srt(blocks).encode(), ".srt"), media.put_bytes(vtt(blocks).encode(), ".vtt")
    )


def _drawable(words: tuple[Word, ...], font: str) -> list[Word]:
    """The words as the typeface can draw them: an emoji is left to the caption files."""
    return [Word(without_missing(word.text, font), word.start_s, word.end_s) for word in words]


def _timeline(work: Work) -> VisualsResult:
    return work.result(StepName.VISUALS, VisualsResult)


def _scenes(work: Work) -> list[tuple[tuple[Word, ...], float, str]]:
    """Per scene its words, timed from the scene's start, the scene's length, and the captions' typeface."""
    timeline = _timeline(work).timeline
    speeches = iter(work.result(StepName.VOICE, VoiceResult).speeches)
    scenes = []
    for scene, spoken in zip(timeline.scenes, timeline.sound.voice, strict=True):
        end_s = scene.frames / timeline.fps
        words = moved(next(speeches).words, spoken.lead_s, within_s=end_s) if spoken else ()
        scenes.append((words, end_s, scene.captions.font))
    return scenes


STEP = Step(StepName.CAPTIONS, CaptionsResult, inputs, run)
