"""What production hands on: the finished, checked video, gathered from the steps' results."""

from __future__ import annotations

from ytempire.production.captions import CaptionsResult
from ytempire.production.model import FinishedVideo, StepName
from ytempire.production.render import RenderResult
from ytempire.production.script import ScriptResult
from ytempire.production.step import Work
from ytempire.production.thumbnail import ThumbnailResult
from ytempire.production.visuals import VisualsResult
from ytempire.production.voice import VoiceResult


def finished_video(work: Work) -> FinishedVideo:
    """The finished video of a walk that has passed the quality gate."""
    script = work.result(StepName.SCRIPT, ScriptResult).script
    voice = work.result(StepName.VOICE, VoiceResult)
    visuals = work.result(StepName.VISUALS, VisualsResult)
    captions = work.result(StepName.CAPTIONS, CaptionsResult)
    rendered = work.result(StepName.RENDER, RenderResult)
    thumbnails = work.result(StepName.THUMBNAIL, ThumbnailResult)
    origins = [speech.origin for speech in voice.speeches] + [shot.origin for shot in visuals.shots]
    return FinishedVideo(
        video_id=work.video.id,
        media=rendered.video,
        thumbnails=thumbnails.candidates,
        captions_srt=captions.srt,
        captions_vtt=captions.vtt,
        script=script,
        duration_s=rendered.duration_s,
        format=work.video.order.format,
        origins=tuple(sorted(set(origins))),
        credits=visuals.credits,
        scene_starts_s=rendered.timeline.starts_s(),
    )
