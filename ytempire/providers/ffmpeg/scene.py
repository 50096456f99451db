"""A scene as a plan: inputs, documents, one filter graph. A pure value; equal plans give equal files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ytempire.kit.errors import BadInput
from ytempire.kit.media_store import MediaRef
from ytempire.production.timeline import Gradient, Layer, Picture, Scene
from ytempire.providers.ffmpeg import changes, picture
from ytempire.providers.ffmpeg.background import GRADIENT_TICK, TAGS, ground
from ytempire.providers.ffmpeg.encoder import Encoder
from ytempire.providers.ffmpeg.join import TICKS_PER_FRAME

Draw = Callable[..., str]
"""`draw(scene, width=, height=, fps=)` gives an ASS document."""


@dataclass(frozen=True)
class Input:
    """One ffmpeg input: its options, and the media or the generator behind it."""

    options: tuple[str, ...]
    media: MediaRef | None
    source: str


@dataclass(frozen=True)
class ScenePlan:
    """Everything a scene's file depends on but the versions of ffmpeg and fonts."""

    inputs: tuple[Input, ...]
    documents: tuple[str, ...]
    graph: str
    frames: int
    fps: int
    output: tuple[str, ...]


def plan_scene(scene: Scene, *, width: int, height: int, fps: int, encoder: Encoder, draw: Draw) -> ScenePlan:
    """How a scene is made. Raises BadInput for a scene without frames."""
    if scene.frames < 1:
        raise BadInput("a scene has no frames", field="timeline.scenes", fix="Give every scene at least one frame.")
    length_s = scene.frames / fps
    base = ground(scene.background, frames=scene.frames, width=width, height=height, fps=fps)
    inputs = [Input(base.options, base.media, base.source)]
    documents: list[str] = []
    pictures: list[Picture] = []
    order: list[tuple[str, int]] = []
    for group in _groups(scene):
        if isinstance(group, Picture):
            order.append(("picture", len(pictures)))
            pictures.append(group)
            still = ("-f", "image2", "-pattern_type", "none", "-framerate", str(fps), "-threads", "1")
            inputs.append(Input(still, group.media, ""))
        else:
            order.append(("document", len(documents)))
            documents.append(draw(group, width=width, height=height, fps=fps))
    select = f"trim=end_frame={scene.frames},"
    if not base.moves_each_frame:
        drawn = {0, scene.frames - 1}
        if isinstance(scene.background, Gradient):
            drawn |= set(range(0, scene.frames, GRADIENT_TICK))
        for document in documents:
            drawn |= changes.changing_frames(document, frames=scene.frames, fps=fps)
        for one in pictures:
            drawn |= picture.changing_frames(one, frames=scene.frames, fps=fps)
        select += f"select={changes.as_expression(frozenset(drawn))},"
    # No more frames come after the last selected one, so the source has to end by itself.
    parts = [f"[0:v]{base.chain},{TAGS}[v0]".replace("{select}", select)]
    for step, (what, index) in enumerate(order):
        if what == "document":
            parts.append(f"[v{step}]ass=drawing{index}.ass:fontsdir=fonts[v{step + 1}]")
        else:
            chain = picture.picture_chain(pictures[index], fps=fps, length_s=length_s).replace("{select}", select)
            parts.append(f"[{index + 1}:v]{chain}[p{index}]")
            parts.append(f"[v{step}][p{index}]{picture.overlay(pictures[index], length_s=length_s)}[v{step + 1}]")
    parts.append(f"[v{len(order)}]fps={fps},{TAGS}[out]")
    return ScenePlan(
        tuple(inputs), tuple(documents), ";".join(parts), scene.frames, fps, encoder.arguments(fps, scene.frames)
    )


def _groups(scene: Scene) -> list[Scene | Picture]:
    """The scene cut where a picture lies between drawn layers, so that everything is laid in order."""
    groups: list[Scene | Picture] = []
    drawn: list[Layer] = []
    for layer in scene.layers:
        if isinstance(layer, Picture):
            if drawn:
                groups.append(replace(scene, layers=tuple(drawn), cues=()))
                drawn = []
            groups.append(layer)
        else:
            drawn.append(layer)
    if drawn or scene.cues or not groups:
        groups.append(replace(scene, layers=tuple(drawn)))
    return groups


def input_arguments(plan: ScenePlan, names: list[str]) -> list[str]:
    """ffmpeg's arguments up to the graph; `names` are the files' names in the scratch folder, empty for generators."""
    arguments = ["-loglevel", "error", "-filter_complex_threads", "1", "-filter_threads", "1"]
    for one, name in zip(plan.inputs, names, strict=True):
        arguments += [*one.options, "-i", name or one.source]
    return [*arguments, "-filter_complex", plan.graph]


def scene_command(plan: ScenePlan, names: list[str], *, output: str) -> list[str]:
    """The arguments that make a scene's MP4."""
    return [
        *input_arguments(plan, names),
        *("-map", "[out]", "-an", "-frames:v", str(plan.frames), *plan.output),
        *(
            "-video_track_timescale",
            str(TICKS_PER_FRAME * plan.fps),
            "-map_metadata",
            "-1",
            "-fflags",
            "+bitexact",
            "-flags:v",
            "+bitexact",
        ),
        *("-use_editlist", "0", "-movflags", "negative_cts_offsets", output),
    ]
