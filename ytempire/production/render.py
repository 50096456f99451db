"""The render step: scenes and sound become one file. What was rendered before under the same key is used again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from ytempire.kit.errors import BadInput
from ytempire.kit.failpoints import failpoint
from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import MediaRef
from ytempire.ledger import Category, Meters, PaidCall
from ytempire.production.artifacts import Found, find_artifacts, keep_artifacts
from ytempire.production.captions import CaptionsResult
from ytempire.production.model import StepName
from ytempire.production.ports import Rendered
from ytempire.production.step import Step, Work
from ytempire.production.timeline import Scene, Timeline
from ytempire.production.visuals import VisualsResult


@dataclass(frozen=True)
class RenderResult:
    """The finished file, the timeline it shows (captions included), and what it took."""

    video: MediaRef
    timeline: Timeline
    cpu_s: float
    """CPU of this run: all children of scenes, mix and join."""
    scenes_total: int
    scenes_reused: int
    duration_s: float


@dataclass(frozen=True)
class Made:
    """A file of this step: `cpu_ms` is what it took when it was made, in the run `run`.

    `reused`: it was there; `hit`: other work than this had made it, an interrupted try of this is none.
    """

    media: MediaRef
    cpu_ms: int
    run: str
    reused: bool
    hit: bool = False


def inputs(work: Work) -> object:
    """Keys of all scenes and of the sound."""
    return _keys(work, planned(work))


def planned(work: Work) -> Timeline:
    """The timeline of the visuals step with the cues of the captions step."""
    timeline = work.result(StepName.VISUALS, VisualsResult).timeline
    cues = work.result(StepName.CAPTIONS, CaptionsResult).cues
    if len(cues) != len(timeline.scenes):
        raise BadInput(
            f"there are captions for {len(cues)} scenes, the timeline has {len(timeline.scenes)}",
            field="captions",
            fix="Run the captions step again.",
        )
    scenes = (replace(scene, cues=own) for scene, own in zip(timeline.scenes, cues, strict=True))
    return replace(timeline, scenes=tuple(scenes))


async def run(work: Work) -> RenderResult:
    """Render what is missing, `render_processes` at a time, the mix among it; then join.

    Raises StorageFull or MemoryLow before anything is made if too little disk or memory is free. A failure keeps the
    finished scenes and books the CPU that was spent.
    """
    work.tools.media.require_space()
    timeline = planned(work)
    if work.tools.room:
        work.tools.room.enter()
    scene_keys, mix_key = _keys(work, timeline)
    this_work = f"{work.video.id}:render:{content_hash([scene_keys, mix_key])[:16]}"
    this_run = f"{this_work}:{work.attempt}"
    making = _Making(work, timeline, this_work, total=len(set(scene_keys)) + 2)
    try:
        made = await making.all(dict(zip(scene_keys, timeline.scenes, strict=True)), mix_key)
        sound = made.pop(mix_key)
        joined = await work.tools.renderer.join([made[key].media for key in scene_keys], sound.media, fps=timeline.fps)
        making.spent_s += joined.cpu_s
        failpoint("render.after_join")
    finally:
        await _book(work, this_run, making.spent_s)
    await _settle_reused(work, this_work, [*made.values(), sound])
    await work.progress(1.0)
    reused = sum(made[key].reused for key in scene_keys)
    return RenderResult(joined.media, timeline, making.spent_s, len(scene_keys), reused, timeline.duration_s)


class _Making:
    """The files of one run in the making: counts CPU and progress."""

    def __init__(self, work: Work, timeline: Timeline, this_work: str, *, total: int) -> None:
        self.work, self.timeline, self.this_work, self.total = work, timeline, this_work, total
        self.this_run = f"{this_work}:{work.attempt}"
        self.spent_s = 0.0
        self._done = 0
        self._finished: dict[str, dict[str, dict[str, Any]]] = {"scene": {}, "mix": {}}
        self._keeping = asyncio.Lock()
        self._slots = asyncio.Semaphore(work.tools.render_processes)

    async def all(self, scenes: dict[str, Scene], mix_key: str) -> dict[str, Made]:
        """Every scene and the mix, by key. The first failure stops the others."""
        renderer, timeline = self.work.tools.renderer, self.timeline
        kept = await self._kept("scene", scenes) | await self._kept("mix", [mix_key])
        makers: dict[str, Callable[[], Awaitable[Rendered]]] = {
            key: partial(renderer.render_scene, scene, width=timeline.width, height=timeline.height, fps=timeline.fps)
            for key, scene in scenes.items()
        }
        making = {mix_key: self._one("mix", mix_key, kept.get(mix_key), partial(renderer.mix, timeline))}
        making |= {key: self._one("scene", key, kept.get(key), make) for key, make in makers.items()}
        tasks = {key: asyncio.create_task(one) for key, one in making.items()}
        try:
            await asyncio.gather(*tasks.values())
        except BaseException:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
            await self._keep_finished()
            raise
        return {key: task.result() for key, task in tasks.items()}

    async def _one(self, kind: str, key: str, found: Found | None, make: Callable[[], Awaitable[Rendered]]) -> Made:
        if found:
            kept = found.value
            made = Made(MediaRef(**kept["media"]), kept["cpu_ms"], kept["run"], reused=True, hit=found.hit)
        else:
            async with self._slots:
                rendered = await make()
                self.spent_s += rendered.cpu_s
                failpoint(f"render.after_{kind}")
                made = Made(rendered.media, round(rendered.cpu_s * 1000), self.this_run, reused=False)
                self._finished[kind][key] = {"media": asdict(made.media), "cpu_ms": made.cpu_ms, "run": made.run}
            await self._keep_finished()
        self._done += 1
        await self.work.progress(self._done / self.total)
        return made

    async def _kept(self, kind: str, keys: Collection[str]) -> dict[str, Found]:
        def is_there(kept: dict[str, Any]) -> bool:
            return self.work.tools.media.has(MediaRef(**kept["media"]))

        return await find_artifacts(self.work, kind, keys, run=self.this_work, there=is_there)

    async def _keep_finished(self) -> None:
        """Keep what is finished and not kept yet: what is finished while others are being written goes together."""
        async with self._keeping:
            for kind, finished in self._finished.items():
                if values := dict(finished):
                    await keep_artifacts(self.work, kind, values, run=self.this_work)
                    for key in values:
                        del finished[key]


def _keys(work: Work, timeline: Timeline) -> tuple[list[str], str]:
    renderer = work.tools.renderer
    keys = [
        renderer.scene_key(scene, width=timeline.width, height=timeline.height, fps=timeline.fps)
        for scene in timeline.scenes
    ]
    take = work.take_of(StepName.RENDER)
    if take:
        return [content_hash([key, *take]) for key in keys], content_hash([renderer.mix_key(timeline), *take])
    return keys, renderer.mix_key(timeline)


async def _book(work: Work, run: str, cpu_s: float) -> None:
    if cpu_s > 0:
        await work.tools.ledger.processing(
            work.video.user_id, work.video.id, StepName.RENDER, run, round(cpu_s * 1000), "CPU time of rendering"
        )


async def _settle_reused(work: Work, this_work: str, made: list[Made]) -> None:
    """Book what a killed run of this video made but could not book; note what reuse saved.

    Booking is once per run, so a run that did book is not booked again.
    """
    hits = [one for one in made if one.hit]
    lost: Counter[str] = Counter()
    for one in made:
        if one.reused and one.run.startswith(f"{work.video.id}:"):
            lost[one.run] += one.cpu_ms
    for run, cpu_ms in lost.items():
        await _book(work, run, cpu_ms / 1000)
    if hits:
        call = PaidCall(
            user_id=work.video.user_id,
            video_id=work.video.id,
            step=StepName.RENDER,
            category=Category.PROCESSING,
            what=f"{len(hits)} file(s) rendered before",
            once=f"{this_work}:saved",
            estimate=Meters("local", "cpu", cpu_ms=sum(one.cpu_ms for one in hits)),
            attempt=work.attempt,
        )
        await work.tools.ledger.saved(call)


STEP = Step(StepName.RENDER, RenderResult, inputs, run, queue="render")
