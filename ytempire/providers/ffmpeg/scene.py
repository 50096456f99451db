"""A scene as a plan: inputs, documents, one filter graph. A pure value; equal plans give equal files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ytempire.kit.errors import BadInput
from ytempire.kit.media_store import MediaRef
from ytempire.production.timeline import Layer, Picture, Scene
from ytempire.providers.ffmpeg import changes, picture
from ytempire.providers.ffmpeg.background import TAGS, ground
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
    # A step draws the frames in which it or what lies below it changes; what it gets is repeated up to there. Sources
    # have to end by themselves: no more frames come after the last selected one.
    end = f"trim=end_frame={scene.frames},"
    drawn = frozenset({0, scene.frames - 1, *range(0, scene.frames, base.changes_every or scene.frames)})
    parts = [f"[0:v]{base.chain},{TAGS}[v0]".replace("{select}", end + _only(drawn))]
    for step, (what, index) in enumerate(order):
        if what == "document":
            drawn |= changes.changing_frames(documents[index], frames=scene.frames, fps=fps)
            lay = f"ass=drawing{index}.ass:fontsdir=fonts"
        else:
            own = picture.changing_frames(pictures[index], frames=scene.frames, fps=fps) | {0, scene.frames - 1}
            drawn |= own
            chain = picture.picture_chain(pictures[index], fps=fps, length_s=length_s)
            parts.append(f"[{index + 1}:v]{chain}[p{index}]".replace("{select}", end + _only(own)))
            lay = f"null[under{index}];[under{index}][p{index}]{picture.overlay(pictures[index], length_s=length_s)}"
        parts.append(f"[v{step}]fps={fps},{_only(drawn)}{lay}[v{step + 1}]")
    parts.append(f"[v{len(order)}]fps={fps},{TAGS}[out]")
    output = encoder.arguments(fps, scene.frames, moving=base.changes_every == 1)
    return ScenePlan(tuple(inputs), tuple(documents), ";".join(parts), scene.frames, fps, output)


def _only(frames: frozenset[int]) -> str:
    """A filter that lets these frames through."""
    return f"select={changes.as_expression(frames)},"


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
