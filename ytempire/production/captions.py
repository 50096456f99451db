"""The captions step: word cues for burning in, and .srt and .vtt for upload, from the voice's own times."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.kit.media_store import MediaRef
from ytempire.production.cues import cues, lines, srt, vtt
from ytempire.production.cutting import moved
from ytempire.production.model import Cue, Format, StepName, Word
from ytempire.production.step import Step, Work
from ytempire.production.visuals import VisualsResult
from ytempire.production.voice import VoiceResult

_MOST_WORDS = {Format.VERTICAL: 4, Format.WIDE: 6}
_MOST_CHARACTERS = {Format.VERTICAL: 20, Format.WIDE: 34}


@dataclass(frozen=True)
class CaptionsResult:
    """Cues per scene (times from the scene's start) and the caption files (times from the video's start)."""

    cues: tuple[tuple[Cue, ...], ...]
    srt: MediaRef
    vtt: MediaRef


def inputs(work: Work) -> object:
    """Words with their times, and when each scene and its voice begin."""
    return {
        "scenes": [[words, end_s] for words, end_s in _scenes(work)],
        "starts": _timeline(work).timeline.starts_s(),
        "format": work.video.order.format,
    }


async def run(work: Work) -> CaptionsResult:
    """Gather the words."""
    shape = work.video.order.format
    per_scene = tuple(
        cues(words, most_words=_MOST_WORDS[shape], most_characters=_MOST_CHARACTERS[shape], scene_end_s=end_s)
        for words, end_s in _scenes(work)
    )
    starts = _timeline(work).timeline.starts_s()
    blocks = [
        block
        for (words, _), start_s in zip(_scenes(work), starts, strict=True)
        for block in lines([Word(word.text, start_s + word.start_s, start_s + word.end_s) for word in words])
    ]
    media = work.tools.media
    return CaptionsResult(
        per_scene, media.put_bytes(srt(blocks).encode(), ".srt"), media.put_bytes(vtt(blocks).encode(), ".vtt")
    )


def _timeline(work: Work) -> VisualsResult:
    return work.result(StepName.VISUALS, VisualsResult)


def _scenes(work: Work) -> list[tuple[tuple[Word, ...], float]]:
    """Per scene its words, timed from the scene's start, and the scene's length."""
    timeline = _timeline(work).timeline
    speeches = iter(work.result(StepName.VOICE, VoiceResult).speeches)
    scenes = []
    for scene, spoken in zip(timeline.scenes, timeline.sound.voice, strict=True):
        end_s = scene.frames / timeline.fps
        words = moved(next(speeches).words, spoken.lead_s, within_s=end_s) if spoken else ()
        scenes.append((words, end_s))
    return scenes


STEP = Step(StepName.CAPTIONS, CaptionsResult, inputs, run)
