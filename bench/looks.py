"""Contact sheets of every card, composition and look, and what each costs to draw.

    python bench/looks.py --out DIR [--look bold] [--palette midnight] [--format 9:16] [--card hook] [--time]

One PNG per card and look: compositions side by side, three moments each. `--time` measures milliseconds a frame of the
vector pass over the bare background instead.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from bench.looks_samples import ART_IDEAS, SAMPLES, sample_art, spoken
from ytempire.kit.media_store import LocalMediaStore
from ytempire.production.looks import FONTS_DIR, LOOKS, Brand, ScenePlan, build_scene, look_of, palette_of
from ytempire.production.looks.backdrop import Backdrop, paint
from ytempire.production.looks.cards import CARDS
from ytempire.production.model import CardKind, Cue, Format
from ytempire.production.timeline import Gradient, Move, Photo, Picture, Scene
from ytempire.providers.ffmpeg.ass import scene_document

FPS = 30
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def background_filter(scene: Scene, width: int, height: int, media: LocalMediaStore) -> tuple[list[str], str]:
    """ffmpeg's input and filter for a scene's ground."""
    ground = scene.background
    length = scene.frames / FPS
    if isinstance(ground, Gradient):
        colours = ":".join(f"c{i}=0x{c[1:]}" for i, c in enumerate(ground.colours))
        source = (
            f"gradients=s={width // 8}x{height // 8}:{colours}:n={len(ground.colours)}:speed={ground.speed}:"
            f"seed={ground.seed % 1000}:r={FPS}:d={length}"
        )
        return ["-f", "lavfi", "-i", source], f"scale={width}:{height}:flags=bicubic"
    assert isinstance(ground, Photo)
    return (
        ["-framerate", str(FPS), "-loop", "1", "-t", str(length), "-i", str(media.path(ground.media))],
        f"scale={width}:{height}",
    )


def stills(
    scene: Scene, moments: list[float], size: tuple[int, int], media: LocalMediaStore, folder: Path
) -> list[Image.Image]:
    """The scene's frames at some seconds."""
    width, height = size
    ass = folder / "scene.ass"
    ass.write_text(scene_document(scene, width=width, height=height, fps=FPS), encoding="utf-8")
    source, ground = background_filter(scene, width, height, media)
    picks = "+".join(f"eq(n,{min(scene.frames - 1, round(m * FPS))})" for m in moments)
    tags = "format=yuv420p,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    chain = (
        f"[0:v]select='{picks}',{ground}:out_color_matrix=bt709:out_range=tv,{tags},ass={ass}:fontsdir={FONTS_DIR}[v0]"
    )
    inputs = list(source)
    pictures = [layer for layer in scene.layers if isinstance(layer, Picture)]
    for index, picture in enumerate(pictures):
        inputs += ["-i", str(media.path(picture.media))]
        live = f"between(t,{picture.timing.start_s},{picture.timing.end_s or 999})"
        chain += (
            f";[{index + 1}:v]scale={round(picture.width)}:{round(picture.height)}:flags=lanczos[p{index}];"
            f"[v{index}][p{index}]overlay={round(picture.x)}:{round(picture.y)}:enable='{live}'[v{index + 1}]"
        )
    chain += f";[v{len(pictures)}]scale={width // 3}:{height // 3}:flags=area,format=rgb24[out]"
    target = folder / "still%d.png"
    subprocess.run(
        [
            FFMPEG,
            "-y",
            "-loglevel",
            "error",
            *inputs,
            "-filter_complex",
            chain,
            "-map",
            "[out]",
            "-fps_mode",
            "passthrough",
            str(target),
        ],
        check=True,
    )
    return [Image.open(folder / f"still{i + 1}.png").convert("RGB") for i in range(len(moments))]


def cost_ms(scene: Scene, size: tuple[int, int], folder: Path) -> float:
    """CPU milliseconds a frame that the vector pass adds."""
    width, height = size
    ass = folder / "scene.ass"
    ass.write_text(scene_document(scene, width=width, height=height, fps=FPS), encoding="utf-8")

    def run(extra: str) -> float:
        import resource  # noqa: PLC0415

        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [
                FFMPEG,
                "-loglevel",
                "error",
                "-filter_threads",
                "1",
                "-f",
                "lavfi",
                "-i",
                f"color=c=0x202040:s={width}x{height}:r={FPS}:d={scene.frames / FPS},format=yuv420p",
                "-vf",
                extra,
                "-f",
                "null",
                "-",
            ],
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    with_ass = run(f"ass={ass}:fontsdir={FONTS_DIR}")
    return (with_ass - run("null")) / scene.frames * 1000


def plan_for(
    kind: CardKind, composition: str, look: str, palette: str, shape: Format, media: LocalMediaStore, seed: int
) -> ScenePlan:
    """A sample scene of a card."""
    script = SAMPLES[kind][seed % len(SAMPLES[kind])]
    words = spoken(script.sentence)
    frames = round((words[-1].end_s + 0.4) * FPS)
    art = sample_art(ART_IDEAS[kind][seed % len(ART_IDEAS[kind])], look_of(look).art, media)
    grounds = look_of(look).grounds
    width, height = shape.size_px
    backdrop = Backdrop(grounds[seed % len(grounds)], palette_of(palette), seed, width, height)
    photo = Photo(media.put_bytes(paint(backdrop), ".jpg"), Move.STILL)
    return ScenePlan(script, composition, words, frames, art, seed, background=photo)


def with_captions(scene: Scene, words: tuple) -> Scene:  # type: ignore[type-arg]
    """Plain three-word cues."""
    from dataclasses import replace  # noqa: PLC0415

    groups = [words[i : i + 3] for i in range(0, len(words), 3)]
    cues = tuple(
        Cue(tuple(g), g[0].start_s, groups[i + 1][0].start_s if i + 1 < len(groups) else g[-1].end_s + 0.2)
        for i, g in enumerate(groups)
    )
    return replace(scene, cues=cues)


def main() -> None:
    """Draw the sheets, or measure."""
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=Path, default=Path("bench-looks"))
    options.add_argument("--look", choices=list(LOOKS))
    options.add_argument("--palette", default="")
    options.add_argument("--format", default="9:16", choices=[f.value for f in Format])
    options.add_argument("--card", choices=[k.value for k in CardKind])
    options.add_argument("--time", action="store_true")
    options.add_argument("--moments", default="0.25,1.2,-0.1")
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    shape = Format(chosen.format)
    began = time.perf_counter()
    media = LocalMediaStore(Path(tempfile.gettempdir()) / "ytempire-bench-media", floor_bytes=0)
    costs: dict[str, float] = {}
    usual = {"bold": "midnight", "editorial": "paper", "playful": "grape", "technical": "carbon"}
    with tempfile.TemporaryDirectory() as scratch:
        for look in [chosen.look] if chosen.look else list(LOOKS):
            palette = chosen.palette or usual[look]
            brand = Brand(palette_of(palette), look_of(look), "YT", "Deep Sea Daily")
            for kind in [CardKind(chosen.card)] if chosen.card else list(CardKind):
                rows = []
                for index, composition in enumerate(CARDS[kind]):
                    plan = plan_for(kind, composition, look, palette, shape, media, index)
                    scene = with_captions(build_scene(plan, brand, format=shape, fps=FPS), plan.words)
                    if chosen.time:
                        costs[f"{look}/{kind.value}/{composition}"] = round(
                            cost_ms(scene, shape.size_px, Path(scratch)), 2
                        )
                        continue
                    length = scene.frames / FPS
                    moments = [length + float(m) if float(m) < 0 else float(m) for m in chosen.moments.split(",")]
                    rows.append(stills(scene, moments, shape.size_px, media, Path(scratch)))
                if rows:
                    _sheet(rows, shape).save(chosen.out / f"{look}-{kind.value}-{chosen.format.replace(':', 'x')}.png")
    figures: dict[str, object] = {"wall_s": round(time.perf_counter() - began, 1)}
    if costs:
        figures |= {
            "median_ms": statistics.median(costs.values()),
            "worst": max(costs.items(), key=lambda c: c[1]),
            "goal_ms": 3.0,
        }
        figures["each"] = costs
        figures["met"] = statistics.mean(costs.values()) <= 3.0
    print(json.dumps(figures))


def _sheet(rows: list[list[Image.Image]], shape: Format) -> Image.Image:
    tiles = [still for row in rows for still in row]
    width, height = tiles[0].size
    per_row = len(rows[0]) * (2 if shape is Format.VERTICAL else 1)
    count = -(-len(tiles) // per_row)
    sheet = Image.new("RGB", (per_row * (width + 8), count * (height + 8)), "#777777")
    for index, tile in enumerate(tiles):
        sheet.paste(tile, ((index % per_row) * (width + 8), (index // per_row) * (height + 8)))
    return sheet


if __name__ == "__main__":
    main()
