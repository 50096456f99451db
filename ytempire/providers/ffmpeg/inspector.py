"""The Inspector port by ffmpeg: reads the finished file itself, pictures, sound and captions at the same time."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ytempire.kit.errors import YtempireError
from ytempire.kit.media_store import MediaStore
from ytempire.production.looks import FONTS_DIR
from ytempire.production.model import Check, Cue
from ytempire.production.ports import Aligner
from ytempire.production.timeline import CaptionStyle, Gradient, Scene, Timeline
from ytempire.providers.ffmpeg import checks, mp4
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.ffmpeg.legible import thumbnail_checks
from ytempire.providers.ffmpeg.recordings import begins_s, read_recording
from ytempire.providers.ffmpeg.run import Ended, Limits, run
from ytempire.providers.ffmpeg.scene import Draw

CAPTIONS_PER_S = 2
HEARD_HZ = 16_000
_BOX = re.compile(r"x1:(\d+) x2:(\d+) y1:(\d+) y2:(\d+)")


class FfmpegInspector:
    """Measures finished files."""

    def __init__(self, media: MediaStore, *, fonts: Path = FONTS_DIR, draw: Draw = scene_document) -> None:
        self.media = media
        self.fonts = fonts
        self.draw = draw

    async def inspect(
        self,
        video: Path,
        *,
        planned: Timeline,
        starts_s: Sequence[float],
        cues: Sequence[Cue],
        aligner: Aligner | None,
    ) -> list[Check]:
        """Every check of the gate on the finished file; cue times are from the video's start.

        Without an aligner for the video's language the sync is "not measured".
        """
        try:
            index = mp4.read_index(video)
        except (mp4.NotMp4, OSError) as error:
            return [Check("readable", str(error), "an MP4 file", passed=False)]
        with tempfile.TemporaryDirectory(prefix="ytempire-gate-") as name:
            folder = Path(name)
            self._lay_out(video, folder)
            has_sound = index.track("soun") is not None
            try:
                async with asyncio.TaskGroup() as together:
                    seen = together.create_task(self._watch(folder, planned))
                    boxes = together.create_task(self._caption_boxes(folder, planned))
                    heard = await self._listen(folder, planned) if has_sound else None
                    sync = await self._sync(folder, planned, starts_s, aligner)
            except* YtempireError as failed:
                raise failed.exceptions[0] from None
        measured = checks.read_passes(seen.result(), heard, length_s=planned.duration_s)
        area = checks.caption_area_check(boxes.result(), planned.width, planned.height)
        return [
            *checks.picture_checks(measured, planned),
            *checks.container_checks(index, planned),
            *checks.sound_checks(measured, planned, cues),
            area,
            sync,
        ]

    async def inspect_thumbnail(self, image: Path, scene: Scene) -> list[Check]:
        """Size, words, legibility and contrast of a finished thumbnail, the scene it shows given."""
        return await asyncio.to_thread(thumbnail_checks, image, scene)

    def _lay_out(self, video: Path, folder: Path) -> None:
        (folder / "video.mp4").symlink_to(video.resolve())
        (folder / "fonts").symlink_to(self.fonts.resolve())

    async def _watch(self, folder: Path, planned: Timeline) -> Ended:
        """Decode every frame; look for black and frozen stretches."""
        look = (
            f"[0:v]split[all][some];[some]select='not(mod(n\\,{checks.SAMPLED_EVERY}))',scale=270:-2:flags=area"
            ",blackdetect=d=0.1:pix_th=0.05:pic_th=0.99,freezedetect=n=-60dB:d=1.0,nullsink"
        )
        whole = ["-map", "[all]", "-fps_mode", "passthrough", "-c:v", "wrapped_avframe", "-f", "null", "-"]
        return await self._read(["-threads", "2"], [*("-filter_complex", look), *whole], folder, planned)

    async def _listen(self, folder: Path, planned: Timeline) -> Ended:
        """Decode all sound: loudness, peaks, silence, and `heard.wav` for the aligner."""
        hear = (
            "[0:a]asplit=3[loud][quiet][low];[loud]ebur128=peak=true:framelog=quiet,anullsink"
            f";[quiet]silencedetect=n=-50dB:d=1.0,anullsink;[low]aresample={HEARD_HZ},pan=mono|c0=0.5*c0+0.5*c1[heard]"
        )
        into = ["-filter_complex", hear, "-map", "[heard]", "-c:a", "pcm_s16le", "heard.wav"]
        return await self._read(["-vn"], into, folder, planned)

    async def _read(self, before: list[str], after: list[str], folder: Path, planned: Timeline) -> Ended:
        strict = ["-stats_period", "3600", "-xerror", "-err_detect", "crccheck+bitstream+buffer+explode"]
        limits = Limits(deadline_s=120 + 3 * planned.duration_s, cpu_s=120 + int(3 * planned.duration_s))
        arguments = [*strict, *before, "-i", "video.mp4", *after]
        return await run(arguments, cwd=folder, limits=limits, what="reading the finished file", allow_failure=True)

    async def _caption_boxes(self, folder: Path, planned: Timeline) -> list[tuple[float, float, float, float]]:
        """Where captions are drawn: the same documents, white on black without anything else, measured."""
        found: list[tuple[float, float, float, float]] = []
        for number, (style, cues) in enumerate(_by_style(planned).items()):
            document = self.draw(
                _captions_only(planned, style, cues), width=planned.width, height=planned.height, fps=planned.fps
            )
            (folder / f"captions{number}.ass").write_text(document, encoding="utf-8")
            source = f"color=black:s={planned.width}x{planned.height}:r={CAPTIONS_PER_S}:d={planned.duration_s:.3f}"
            ended = await run(
                [
                    *("-nostats", "-filter_threads", "1", "-f", "lavfi", "-i", source),
                    *("-vf", f"format=gray,ass=captions{number}.ass:fontsdir=fonts,bbox=min_val=40"),
                    *("-c:v", "wrapped_avframe", "-f", "null", "-"),
                ],
                cwd=folder,
                limits=Limits(deadline_s=60 + planned.duration_s, cpu_s=60 + int(planned.duration_s)),
                what="measuring the captions",
            )
            for left, right, top, bottom in (map(float, match) for match in _BOX.findall(ended.said)):
                found.append((left, top, right, bottom))
        return found

    async def _sync(self, folder: Path, planned: Timeline, starts_s: Sequence[float], aligner: Aligner | None) -> Check:
        """Each captioned word against where it is heard: in its recording, and that in the finished sound.

        Forced alignment of the finished sound itself takes music in a pause for a part of the next word.
        """
        count = sum(len(cue.words) for scene in planned.scenes for cue in scene.cues)
        if count == 0:
            return checks.sync_check([], 0)
        if aligner is None:
            return checks.caption_sync("not measured", passed=None, note="there is no aligner for this language")
        if not (folder / "heard.wav").is_file():
            return checks.caption_sync("no sound", passed=False)
        heard = await asyncio.to_thread(read_recording, folder / "heard.wav", HEARD_HZ)
        errors: list[float] = []
        for scene, scene_s, spoken in zip(planned.scenes, starts_s, planned.sound.voice, strict=True):
            words = [word for cue in scene.cues for word in cue.words]
            if not words or spoken is None:
                continue
            speech, put_s = self.media.path(spoken.speech), scene_s + spoken.lead_s
            recording = await asyncio.to_thread(read_recording, speech, HEARD_HZ)
            begun_s = await asyncio.to_thread(begins_s, heard, recording, HEARD_HZ, put_s)
            if begun_s is None:
                return checks.caption_sync(f"the voice put at {put_s:.2f} s is not heard there", passed=False)
            span = (words[0].start_s - spoken.lead_s, words[-1].end_s - spoken.lead_s, [word.text for word in words])
            try:
                (aligned,) = await aligner.align(speech, [span])
            except YtempireError as error:
                return checks.caption_sync("not measured", passed=None, note=error.message)
            errors += [
                begun_s + found.start_s - (scene_s + shown.start_s)
                for found, shown in zip(aligned, words, strict=True)
                if found is not None
            ]
        return checks.sync_check(errors, count)


def _by_style(planned: Timeline) -> dict[CaptionStyle, list[Cue]]:
    """All cues, from the video's start, by how they look."""
    found: dict[CaptionStyle, list[Cue]] = {}
    for scene, begin in zip(planned.scenes, planned.starts_s(), strict=True):
        for cue in scene.cues:
            words = tuple(replace(word, start_s=word.start_s + begin, end_s=word.end_s + begin) for word in cue.words)
            found.setdefault(scene.captions, []).append(Cue(words, cue.start_s + begin, cue.end_s + begin))
    return found


def _captions_only(planned: Timeline, style: CaptionStyle, cues: Sequence[Cue]) -> Scene:
    # The outline stays, in white: words that are made smaller to fit leave room for it.
    white = replace(style, colour="#ffffff", accent="#ffffff", outline_colour="#ffffff")
    if white.box_colour:
        white = replace(white, box_colour="#ffffff", box_opacity=1.0)
    frames = sum(scene.frames for scene in planned.scenes)
    return Scene(frames, Gradient(("#000000",), 0), (), tuple(cues), white)
