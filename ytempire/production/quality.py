"""The quality gate: reads the finished file and refuses to hand on what does not hold up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ytempire.kit.errors import QualityRefused
from ytempire.production.looks.typeface import without_missing
from ytempire.production.mending import maker_of
from ytempire.production.model import Check, Cue, QualityReport, Speech, StepName
from ytempire.production.phrases import is_silent
from ytempire.production.render import RenderResult
from ytempire.production.step import Step, Work
from ytempire.production.thumbnail import ThumbnailResult
from ytempire.production.timeline import Timeline
from ytempire.production.voice import VoiceResult

ALIGNED_LANGUAGES = ("en",)


@dataclass(frozen=True)
class QualityResult:
    """The report of a file that passed: no check failed; what was not measured says why."""

    report: QualityReport


def inputs(work: Work) -> object:
    """The finished files and what was planned."""
    rendered = work.result(StepName.RENDER, RenderResult)
    return {
        "video": rendered.video.sha256,
        "thumbnails": [ref.sha256 for ref in work.result(StepName.THUMBNAIL, ThumbnailResult).candidates],
        "starts": rendered.timeline.starts_s(),
        "language": work.video.order.language,
    }


async def run(work: Work) -> QualityResult:
    """Measure, then judge. Raises QualityRefused listing each failed check with its figure and limit."""
    rendered = work.result(StepName.RENDER, RenderResult)
    thumbnails = work.result(StepName.THUMBNAIL, ThumbnailResult)
    media, inspector = work.tools.media, work.tools.inspector
    language = work.video.order.language.partition("-")[0].lower()
    checks, *stills = await asyncio.gather(
        inspector.inspect(
            media.path(rendered.video),
            planned=rendered.timeline,
            starts_s=rendered.timeline.starts_s(),
            cues=cues_from_start(rendered.timeline),
            aligner=work.tools.aligner if language in ALIGNED_LANGUAGES else None,
        ),
        *(
            inspector.inspect_thumbnail(media.path(ref), scene)
            for ref, scene in zip(thumbnails.candidates, thumbnails.scenes, strict=True)
        ),
    )
    checks.append(coverage(work.result(StepName.VOICE, VoiceResult).speeches, rendered.timeline))
    for number, found in enumerate(stills, start=1):
        checks += [replace(check, name=f"{check.name} {number}") for check in found]
    report = QualityReport(tuple(checks))
    refuse_failed(report)
    return QualityResult(report)


def refuse_failed(report: QualityReport) -> None:
    """Raise QualityRefused if a check failed."""
    failed = [check for check in report.checks if check.passed is False]
    if failed:
        listed = "; ".join(
            f"{check.name}: {check.figure}, wanted {check.limit}{f' ({check.note})' if check.note else ''}"
            for check in failed
        )
        raise QualityRefused(
            f"the finished video fails {len(failed)} of {len(report.checks)} checks: {listed}",
            fix="Nothing was published; the file is kept to look at. A retry (POST /api/v1/videos/{id}/retry, or"
            " `ytempire retry`) makes anew what decided this.",
            remake=maker_of(failed),
        )


def cues_from_start(timeline: Timeline) -> tuple[Cue, ...]:
    """All cues with times from the video's start."""
    return tuple(
        Cue(
            tuple(replace(word, start_s=word.start_s + start, end_s=word.end_s + start) for word in cue.words),
            cue.start_s + start,
            cue.end_s + start,
        )
        for scene, start in zip(timeline.scenes, timeline.starts_s(), strict=True)
        for cue in scene.cues
    )


def coverage(speeches: Sequence[Speech], timeline: Timeline) -> Check:
    """Whether each spoken word stands in a caption of its scene, in order, and is shown while it is spoken."""
    spoken = iter(speeches)
    words, uncovered = 0, []
    for scene, sound in zip(timeline.scenes, timeline.sound.voice, strict=True):
        if sound is None:
            continue
        # Sign by sign: captions join what makes no sound to its neighbour, show a very wide word in pieces, and leave
        # out what their typeface can't draw (an emoji).
        shown = [(sign, cue) for cue in scene.cues for word in cue.words for sign in "".join(word.text.split())]
        at = 0
        for word in next(spoken).words:
            drawn = "".join(without_missing(word.text, scene.captions.font).split())
            if not drawn:
                continue
            words += 1
            own, at = shown[at : at + len(drawn)], at + len(drawn)
            there = "".join(sign for sign, _ in own) == drawn
            if not there or not _in_time(own[0][1], word.start_s + sound.lead_s, silent=is_silent(word.text)):
                uncovered.append(word.text)
    note = f"not covered: {' '.join(uncovered[:8])}" if uncovered else ""
    return Check("captions cover every word", f"{words - len(uncovered)} of {words}", "all", not uncovered, note)


def _in_time(cue: Cue, start_s: float, *, silent: bool) -> bool:
    return silent or cue.start_s - 0.12 <= start_s <= cue.end_s + 0.12


STEP = Step(StepName.QUALITY, QualityResult, inputs, run)
