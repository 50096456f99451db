"""The thumbnail step: three candidates that differ in idea, drawn here, in the channel's brand."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import MediaRef
from ytempire.production.looks.backdrop import Backdrop, tint_for
from ytempire.production.looks.canvas import Art
from ytempire.production.looks.thumbnails import HEIGHT, SHOWN_AT_S, WIDTH, ThumbnailPlan, thumbnail_scenes
from ytempire.production.model import Format, Shot, StepName
from ytempire.production.ports import Rendered
from ytempire.production.script import ScriptResult
from ytempire.production.step import Step, Work
from ytempire.production.timeline import Background, Move, Photo, Scene
from ytempire.production.visuals import VisualsResult, brand_of

VERSION = 3
"""Raised when the same inputs should give other drawings."""
CANDIDATES = 3


@dataclass(frozen=True)
class ThumbnailResult:
    """Candidates as JPEG of 1280×720 that hold up, the first to be used, and the scenes they show."""

    candidates: tuple[MediaRef, ...]
    scenes: tuple[Scene, ...]
    cpu_s: float


def inputs(work: Work) -> object:
    """Everything the drawings depend on."""
    brand = brand_of(work)
    return {
        "version": VERSION,
        "texts": work.result(StepName.SCRIPT, ScriptResult).script.thumbnail_texts,
        "pictures": [[shot.picture, shot.score] for shot in work.result(StepName.VISUALS, VisualsResult).shots],
        "brand": asdict(brand),
    }


async def run(work: Work) -> ThumbnailResult:
    """Draw the candidates."""
    work.tools.media.require_space()
    scenes = thumbnail_scenes(_plans(work), brand_of(work))
    drawn = await asyncio.gather(*(_candidate(work, scene) for scene in scenes))
    cpu_s = sum(still.cpu_s for still, _ in drawn)
    once = f"{work.video.id}:thumbnail:{content_hash(inputs(work))[:16]}:{work.attempt}"
    await work.tools.ledger.processing(
        work.video.user_id, work.video.id, StepName.THUMBNAIL, once, round(cpu_s * 1000), "CPU time of thumbnails"
    )
    # What the gate would refuse is left out; if it would refuse all, it says why.
    kept = [index for index, (_, good) in enumerate(drawn) if good] or range(len(scenes))
    return ThumbnailResult(
        tuple(drawn[index][0].media for index in kept), tuple(scenes[index] for index in kept), cpu_s
    )


async def _candidate(work: Work, scene: Scene) -> tuple[Rendered, bool]:
    """One drawing, and whether the gate would let it through."""
    still = await work.tools.renderer.thumbnail(scene, at_s=SHOWN_AT_S, format=Format.WIDE)
    found = await work.tools.inspector.inspect_thumbnail(work.tools.media.path(still.media), scene)
    return still, all(check.passed is not False for check in found)


def _plans(work: Work) -> list[ThumbnailPlan]:
    """Each idea with a picture of its own, the best first; a creator's photograph fills the frame."""
    texts = work.result(StepName.SCRIPT, ScriptResult).script.thumbnail_texts[:CANDIDATES]
    shots = sorted(work.result(StepName.VISUALS, VisualsResult).shots, key=lambda shot: -shot.score)
    shots = [shot for shot in shots if shot.picture]
    brand, seed = brand_of(work), work.seed(StepName.THUMBNAIL)
    plans = []
    for index, text in enumerate(texts):
        shot = shots[index % len(shots)] if shots else None
        own = _own_photo(work, shot)
        if own is not None:
            tint, opacity = tint_for(brand.palette)
            plans.append(
                ThumbnailPlan(text, None, Photo(own, Move.STILL, tint=tint, tint_opacity=opacity), seed + index)
            )
            continue
        kind = brand.look.grounds[(seed + index) % len(brand.look.grounds)]
        painted = work.tools.paint(Backdrop(kind, brand.palette, seed % 5 * 10 + index, WIDTH, HEIGHT))
        ground: Background = Photo(work.tools.media.put_bytes(painted, ".jpg"), Move.STILL)
        plans.append(ThumbnailPlan(text, _art(work, shot), ground, seed + index))
    return plans


def _own_photo(work: Work, shot: Shot | None) -> MediaRef | None:
    wanted = shot.picture.removeprefix("own:") if shot is not None and shot.picture.startswith("own:") else ""
    found = (own.media for own in work.video.order.own_media if own.kind == "image" and own.media.sha256 == wanted)
    return next(found, None) if wanted else None


def _art(work: Work, shot: Shot | None) -> Art | None:
    if shot is None or shot.picture.startswith("own:"):
        return None
    if shot.picture.startswith("icon:"):
        tone, line = work.tools.pictures.icon(shot.picture)
        return Art(shot.picture, tone=tone, line=line)
    return Art(shot.picture, media=work.tools.media.put(work.tools.pictures.raster(shot.picture)), kind="emoji")


STEP = Step(StepName.THUMBNAIL, ThumbnailResult, inputs, run)
