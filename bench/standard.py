"""The standard video of the benchmarks: about a minute, 1080×1920, spoken by the local voice, all usual cards.

Made by the same parts as a real video, without a database.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from ytempire.kit.media_store import LocalMediaStore
from ytempire.production.cues import cues
from ytempire.production.cutting import moved
from ytempire.production.looks import FONTS_DIR, Brand, ScenePlan, build_scene, look_of, palette_of
from ytempire.production.looks.backdrop import Backdrop, paint
from ytempire.production.looks.canvas import Art
from ytempire.production.looks.choose import choose_layouts
from ytempire.production.looks.pace import LEAD_S, scene_frames, sound_effects
from ytempire.production.looks.scenes import card_of
from ytempire.production.model import CardKind, Datum, Format, SceneScript
from ytempire.production.timeline import Background, Move, Photo, Scene, Soundtrack, SpokenScene, Timeline
from ytempire.providers.ffmpeg import FfmpegRenderer
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.localvoice import LocalVoice
from ytempire.providers.minilm import MiniLm
from ytempire.providers.music import Music
from ytempire.providers.pictures import Pictures

FPS = 30


def _scene(sentence: str, card: CardKind, on_screen: str, idea: str = "", *data: Datum) -> SceneScript:
    return SceneScript(sentence, card, on_screen, idea, tuple(data))


SCRIPT = (
    _scene("Why does honey from ancient tombs still taste fine?", CardKind.HOOK, "Honey that never spoils", "honey jar"),
    _scene("Archaeologists have opened pots that stood sealed for three thousand years.", CardKind.STATEMENT, "Sealed for 3,000 years", "pot"),
    _scene("What they found inside was thick, golden and good to eat.", CardKind.STATEMENT, "Golden, good to eat", "spoon"),
    _scene("Honey holds only 17 percent water, far too little for germs.", CardKind.NUMBER, "Only 17% water", "drop", Datum("water in honey", 17, "%")),
    _scene("Milk holds 87, fruit 85, and fresh bread about 38.", CardKind.BARS, "Water inside", "", Datum("Milk", 87, "%"), Datum("Fruit", 85, "%"), Datum("Bread", 38, "%")),
    _scene("Osmosis means that water moves towards the sweeter side.", CardKind.DEFINITION, "Water moves to the sweeter side", "", Datum("Osmosis")),
    _scene("So a germ that lands in honey dries out within minutes.", CardKind.STATEMENT, "Germs dry out", "bacteria"),
    _scene("Bees fan the nectar with their wings until it is almost dry.", CardKind.STATEMENT, "Bees fan it dry", "bee"),
    _scene("First they gather, then they fan, and then they seal the comb.", CardKind.LIST, "How bees do it", "", Datum("Gather"), Datum("Fan"), Datum("Seal")),
    _scene("And there is one thing more that most people never hear.", CardKind.QUESTION, "What else is inside?", "question"),
    _scene("Honey is sour, nearly as sour as orange juice.", CardKind.COMPARE, "Sour like orange juice", "", Datum("Honey", 3.9, "pH"), Datum("Juice", 3.5, "pH")),
    _scene("Bees also add an enzyme that makes a little peroxide.", CardKind.STATEMENT, "A drop of peroxide", "test tube"),
    _scene("That is why soldiers once put honey on their wounds.", CardKind.STATEMENT, "Honey on wounds", "bandage"),
    _scene("Leave the lid open, though, and it drinks water from the air.", CardKind.STATEMENT, "Keep the lid on", "cloud"),
    _scene("Then it ferments, and in the end it becomes mead.", CardKind.STATEMENT, "It becomes mead", "beer"),
    _scene("So close the jar, and it may outlive you.", CardKind.END, "Close the jar", "honey jar"),
)  # fmt: skip


def renderer(media: LocalMediaStore, scratch: Path) -> FfmpegRenderer:
    """The renderer as bootstrap builds it."""
    return FfmpegRenderer(media, fonts=FONTS_DIR, draw=scene_document, scratch=scratch)


async def standard_timeline(
    media: LocalMediaStore,
    *,
    shape: Format = Format.VERTICAL,
    seed: int = 7,
    repeat: int = 1,
    script: tuple[SceneScript, ...] = SCRIPT,
) -> Timeline:
    """The video; `repeat` says the script that many times over, each time looking different."""
    brand = Brand(palette_of("midnight"), look_of("bold"), "YT", "Sweet Facts")
    width, height = shape.size_px
    script = script * repeat
    kinds = [card_of(scene) for scene in script]
    layouts = choose_layouts(kinds, seed, ())
    grounds = [
        Photo(
            media.put_bytes(paint(Backdrop(brand.look.grounds[0], brand.palette, turn, width, height)), ".jpg"),
            Move.STILL,
        )
        for turn in range(2)
    ]
    voice, pictures = LocalVoice(), Pictures(MiniLm())
    scenes: list[Scene] = []
    spoken: list[SpokenScene] = []
    lengths: list[int] = []
    for index, scene in enumerate(script):
        speech = await voice.speak(scene.sentence, voice="heart", once=str(index))
        seconds = speech.words[-1].end_s + 0.05
        frames = scene_frames(seconds, fps=FPS, last=index == len(script) - 1, sentence=scene.sentence)
        words = moved(speech.words, LEAD_S, within_s=frames / FPS)
        plan = ScenePlan(
            script=scene,
            composition=layouts[index].split("/")[1],
            words=words,
            frames=frames,
            art=_art(scene, pictures, media),
            seed=seed * 101 + index,
            background=_ground(grounds, index),
        )
        built = build_scene(plan, brand, format=shape, fps=FPS)
        shown = cues(words, most_words=4, most_characters=20, scene_end_s=frames / FPS)
        scenes.append(replace(built, cues=shown))
        spoken.append(SpokenScene(media.put_bytes(speech.wav, ".wav"), LEAD_S))
        lengths.append(frames)
    music = Music()
    sound = Soundtrack(
        voice=tuple(spoken),
        music=media.put(music.path(music.tracks("calm")[0])),
        effects=sound_effects(kinds, lengths, fps=FPS, seed=seed),
    )
    return Timeline(width, height, FPS, tuple(scenes), sound)


def _ground(grounds: list[Photo], index: int) -> Background:
    return grounds[index % len(grounds)]


def _art(scene: SceneScript, pictures: Pictures, media: LocalMediaStore) -> Art | None:
    found = pictures.find(scene.picture_idea or scene.on_screen, kind="emoji", limit=1)
    if not found:
        return None
    name = found[0].name
    if name.startswith("icon:"):
        tone, line = pictures.icon(name)
        return Art(name, tone=tone, line=line)
    return Art(name, media=media.put(pictures.raster(name)), kind="emoji")


def photographs(media: LocalMediaStore, moves: tuple[Move, ...]) -> list[Photo]:
    """Pictures with the detail of a photograph (noise of many sizes, edges), one for each move."""
    found = []
    for number, move in enumerate(moves):
        rng = np.random.default_rng(number)
        plane = np.zeros((2208, 2208, 3))
        for size in (6, 24, 96, 368, 1104):
            small = rng.normal(128, 60, (size, size, 3)).clip(0, 255).astype(np.uint8)
            large = Image.fromarray(small).resize((2208, 2208), Image.Resampling.BICUBIC)
            plane += np.asarray(large) / 255 * (0.9 / size**0.35)
        plane = (plane - plane.min()) / (plane.max() - plane.min()) * 255
        out = io.BytesIO()
        Image.fromarray(plane.astype(np.uint8)).save(out, "JPEG", quality=92)
        found.append(Photo(media.put_bytes(out.getvalue(), ".jpg"), move, tint="#101426", tint_opacity=0.5))
    return found
