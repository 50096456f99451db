"""The Renderer port by ffmpeg: plans become files in the media store, nothing half-made stays behind."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import psutil

from ytempire.kit.errors import RenderFailed
from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.production.model import Format
from ytempire.production.ports import Probe, Rendered
from ytempire.production.timeline import Scene, Timeline
from ytempire.providers.ffmpeg import join, mix, mp4
from ytempire.providers.ffmpeg.encoder import Encoder
from ytempire.providers.ffmpeg.run import Limits, ffmpeg_path, run
from ytempire.providers.ffmpeg.scene import Draw, ScenePlan, plan_scene, scene_command
from ytempire.providers.ffmpeg.stems import write_stems
from ytempire.providers.ffmpeg.take_in import take_in
from ytempire.providers.ffmpeg.thumbnail import THUMBNAIL_FPS, THUMBNAIL_PX, still_command, write_jpeg

HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
_SAFE_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$")
_TAKEN_IN_AT_ONCE = 2
"""Each may take a gigabyte of memory and a core."""


class FfmpegRenderer:
    """Turns timelines into files.

    `fonts` is a folder of font files; `draw` writes a scene's ASS document; `scratch` is on the same disk as the
    store, so that a finished file is moved into it in one step.
    """

    def __init__(
        self, media: LocalMediaStore, *, fonts: Path, draw: Draw, scratch: Path, encoder: Encoder | None = None
    ) -> None:
        self.media = media
        self.fonts = fonts.resolve()
        self.draw = draw
        self.scratch = scratch
        self.encoder = encoder or Encoder()
        self._swept = False
        self._music_lufs: dict[str, float | None] = {}
        self._taking_in = asyncio.Semaphore(_TAKEN_IN_AT_ONCE)

    @cached_property
    def versions(self) -> str:
        """Hash of what every file depends on: the ffmpeg binary's name and size, and the fonts."""
        binary = Path(ffmpeg_path()).resolve()
        parts: list[object] = [binary.name, binary.stat().st_size]
        fonts = [font for font in sorted(self.fonts.iterdir()) if font.is_file()]
        parts += [(font.name, hashlib.sha256(font.read_bytes()).hexdigest()) for font in fonts]
        return content_hash(parts)

    def scene_key(self, scene: Scene, *, width: int, height: int, fps: int) -> str:
        """Hash of the plan (graph, documents, media, encoder), the fonts and ffmpeg: equal keys, equal files."""
        plan = self._plan(scene, width=width, height=height, fps=fps)
        return content_hash([asdict(plan), self.versions])

    def mix_key(self, timeline: Timeline) -> str:
        """Hash of everything that the sound depends on."""
        lengths = [scene.frames for scene in timeline.scenes]
        first = mix.mix_graph(voice_gain_db=0, music_gain_db=0, samples=0, fade_at_s=0, effects=True)
        second = mix.encode_command(0.0, 0, "")
        return content_hash([lengths, timeline.fps, asdict(timeline.sound), first, second, self.versions])

    async def render_scene(self, scene: Scene, *, width: int, height: int, fps: int) -> Rendered:
        """One scene as a silent MP4 that can be joined without encoding."""
        plan = self._plan(scene, width=width, height=height, fps=fps)
        async with self.folder() as folder:
            cpu_s = await self._run_plan(plan, folder, output="scene.mp4", seconds=scene.frames / fps)
            made = mp4.read_index(folder / "scene.mp4").track("vide")
            if made is None or made.samples != scene.frames:
                raise RenderFailed(
                    f"a scene of {scene.frames} frames came out with {made.samples if made else 0}",
                    fix="Run the same command again.",
                )
            return Rendered(self.media.put(folder / "scene.mp4", move=True), cpu_s)

    async def mix(self, timeline: Timeline) -> Rendered:
        """The whole sound, ducked, at −14 LUFS, AAC in MP4."""
        limits = Limits(deadline_s=120 + timeline.duration_s, cpu_s=60 + int(timeline.duration_s))
        async with self.folder() as folder:
            stems = await asyncio.to_thread(write_stems, folder / "stems.raw", timeline, self.media)
            arguments = [*("-nostats", "-f", "s16le", "-ar", str(mix.RATE_HZ), "-ch_layout", "2.1", "-i", "stems.raw")]
            cpu_s, music_gain_db = 0.0, None
            if timeline.sound.music is not None:
                name = self._link(timeline.sound.music, folder, "music")
                lufs, cpu_s = await self._music_loudness(timeline.sound.music, name, folder)
                if lufs is not None:
                    music_gain_db = mix.VOICE_DB - mix.MUSIC_UNDER_VOICE_DB - lufs
                    arguments += ["-stream_loop", "-1", "-i", name]
            graph = mix.mix_graph(
                voice_gain_db=0.0 if stems.voice_db is None else mix.VOICE_DB - stems.voice_db,
                music_gain_db=music_gain_db,
                samples=stems.samples,
                fade_at_s=max(0.0, min(stems.spoken_until_s, timeline.duration_s) - 0.6),
                effects=bool(timeline.sound.effects),
            )
            arguments += ["-filter_complex_threads", "1", "-filter_complex", graph, "-map", "[mix]"]
            first = await run(
                [*arguments, "-c:a", "pcm_f32le", "-rf64", "auto", "mix.wav"],
                cwd=folder,
                limits=limits,
                what="the sound mix",
            )
            (folder / "stems.raw").unlink()
            cpu_s += first.cpu_s
            lufs = mix.loudness(first.said)
            gain_db = 0.0 if lufs is None else mix.TARGET_LUFS - lufs
            for _ in range(4):  # the limiter takes some loudness away: give it back and look again
                heard = await run(mix.level_command(gain_db), cwd=folder, limits=limits, what="measuring the sound")
                cpu_s += heard.cpu_s
                reached = mix.loudness(heard.said)
                if reached is None or abs(reached - mix.TARGET_LUFS) <= 0.1:
                    break
                gain_db += mix.TARGET_LUFS - reached
            last = await run(
                mix.encode_command(gain_db, stems.samples, "sound.mp4"), cwd=folder, limits=limits, what="the sound"
            )
            cpu_s += last.cpu_s
            return Rendered(self.media.put(folder / "sound.mp4", move=True), cpu_s)

    async def join(self, scenes: Sequence[MediaRef], sound: MediaRef, *, fps: int) -> Rendered:
        """The finished file: faststart, no edit list."""
        async with self.folder() as folder:
            frames = []
            for index, ref in enumerate(scenes):
                part = folder / self._link(ref, folder, f"part{index}")
                track = mp4.read_index(part).track("vide")
                frames.append(track.samples if track else 0)
            self._link(sound, folder, "sound")
            (folder / "parts.ffconcat").write_text(join.concat_list(frames, fps), encoding="ascii")
            ended = await run(
                join.command(fps=fps, output="video.mp4"),
                cwd=folder,
                limits=Limits(deadline_s=300, cpu_s=120),
                what="joining the scenes",
            )
            made = mp4.read_index(folder / "video.mp4").track("vide")
            if made is None or made.samples != sum(frames):
                raise RenderFailed(
                    f"the joined video has {made.samples if made else 0} frames, its scenes {sum(frames)}",
                    fix="Run the same command again.",
                )
            return Rendered(self.media.put(folder / "video.mp4", move=True), ended.cpu_s)

    async def thumbnail(self, scene: Scene, *, at_s: float, format: Format) -> Rendered:  # noqa: A002
        """A still of a scene at 1280×720, JPEG below 2 MB (YouTube's limit).

        A scene composed for another size is drawn at the format's own size and cut to the middle.
        """
        width, height = THUMBNAIL_PX if format is Format.WIDE else format.size_px
        plan = self._plan(scene, width=width, height=height, fps=THUMBNAIL_FPS)
        async with self.folder() as folder:
            names = self._lay_out(plan, folder)
            arguments = still_command(
                plan, names, at_s=min(at_s, (scene.frames - 1) / THUMBNAIL_FPS), size=THUMBNAIL_PX
            )
            ended = await run(arguments, cwd=folder, limits=Limits(60, 60), what="a thumbnail")
            await asyncio.to_thread(write_jpeg, folder / "still.png", folder / "thumbnail.jpg")
            return Rendered(self.media.put(folder / "thumbnail.jpg", move=True), ended.cpu_s)

    async def probe(self, file: Path) -> Probe:
        """What a creator's file holds, found by decoding it. Raises BadInput naming the file and the mend."""
        async with self.folder() as folder:
            return (await take_in(file, folder)).probe

    async def take_in(self, file: Path) -> tuple[MediaRef, Probe]:
        """A creator's picture or clip as a clean file of our own encoding. Raises BadInput naming file and mend."""
        self.media.require_space()
        async with self._taking_in, self.folder() as folder:
            taken = await take_in(file, folder)
            return self.media.put(taken.file, move=True), taken.probe

    def _plan(self, scene: Scene, *, width: int, height: int, fps: int) -> ScenePlan:
        return plan_scene(scene, width=width, height=height, fps=fps, encoder=self.encoder, draw=self.draw)

    async def _run_plan(self, plan: ScenePlan, folder: Path, *, output: str, seconds: float) -> float:
        names = self._lay_out(plan, folder)
        limits = Limits(deadline_s=60 + 60 * seconds, cpu_s=60 + int(10 * seconds))
        ended = await run(scene_command(plan, names, output=output), cwd=folder, limits=limits, what="a scene")
        return ended.cpu_s

    def _lay_out(self, plan: ScenePlan, folder: Path) -> list[str]:
        """Put what a plan names into the folder; the inputs' names there."""
        for index, document in enumerate(plan.documents):
            (folder / f"drawing{index}.ass").write_text(document, encoding="utf-8")
        (folder / "fonts").symlink_to(self.fonts)
        return [
            self._link(one.media, folder, f"in{index}") if one.media else "" for index, one in enumerate(plan.inputs)
        ]

    async def _music_loudness(self, music: MediaRef, name: str, folder: Path) -> tuple[float | None, float]:
        """Loudness of the track's first minute, remembered; and the CPU it took."""
        if music.sha256 in self._music_lufs:
            return self._music_lufs[music.sha256], 0.0
        ended = await run(
            ["-nostats", "-t", "60", "-i", name, "-map", "0:a:0", "-af", "ebur128=framelog=quiet", "-f", "null", "-"],
            cwd=folder,
            limits=Limits(deadline_s=60, cpu_s=30),
            what="reading the music",
        )
        self._music_lufs[music.sha256] = mix.loudness(ended.said)
        return self._music_lufs[music.sha256], ended.cpu_s

    def _link(self, ref: MediaRef, folder: Path, name: str) -> str:
        """A media file under a name of ours: ffmpeg sees no path that could mean something to it."""
        suffix = ref.suffix if _SAFE_SUFFIX.match(ref.suffix) else ".bin"
        (folder / f"{name}{suffix}").symlink_to(self.media.path(ref).resolve())
        return f"{name}{suffix}"

    @contextlib.asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A scratch folder that is gone afterwards, whatever happens; those of dead workers go as well."""
        await asyncio.to_thread(self._sweep)
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix=f"{HOST}-{os.getpid()}-") as name:
            yield Path(name)

    def _sweep(self) -> None:
        """Once per renderer: remove what killed workers of this machine left behind."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        if self._swept:
            return
        self._swept = True
        for folder in self.scratch.glob(f"{HOST}-*-*"):
            pid = folder.name.split("-")[1]
            if pid.isdigit() and not psutil.pid_exists(int(pid)):
                shutil.rmtree(folder, ignore_errors=True)
