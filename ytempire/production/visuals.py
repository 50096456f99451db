"""The visuals step: a picture and a card for every sentence, laid out as one timeline. No paid call, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from ytempire.channels import library_of
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import MediaRef
from ytempire.production.artifacts import find_artifacts, keep_artifacts
from ytempire.production.casting import Cast, Casting, Need, cast_pictures
from ytempire.production.cutting import moved
from ytempire.production.looks import Brand, ScenePlan, build_scene, look_of, palette_of
from ytempire.production.looks.backdrop import VERSION as BACKDROP_VERSION
from ytempire.production.looks.backdrop import Backdrop
from ytempire.production.looks.canvas import Art
from ytempire.production.looks.choose import choose_layouts, choose_other, choose_track
from ytempire.production.looks.frame import FRAMES
from ytempire.production.looks.own import own_ground
from ytempire.production.looks.pace import LEAD_S, scene_frames, sound_effects, turn_of
from ytempire.production.looks.scenes import SPEAKING_CARDS, card_of, second_words, shown_card
from ytempire.production.looks.typeface import missing
from ytempire.production.model import CardKind, OwnMedia, SceneScript, Script, Shot, Speech, StepName
from ytempire.production.order import own_media
from ytempire.production.past import recent_visuals
from ytempire.production.script import ScriptResult
from ytempire.production.step import Step, Work
from ytempire.production.timeline import Background, Move, Photo, Soundtrack, SpokenScene, Timeline
from ytempire.production.voice import VoiceResult

FPS = 30
VERSION = 4
"""Raised when the same inputs should give another timeline."""
_FROM_LIBRARY = 300
"""The channel's latest media that are compared with the scenes: about a second's work."""
_GROUNDS = 2
"""Backdrops of one video; neighbours have different ones."""


@dataclass(frozen=True)
class VisualsResult:
    """The timeline without captions, what is seen in it, and what has to be named for it."""

    shots: tuple[Shot, ...]
    timeline: Timeline
    music_name: str
    credits: tuple[str, ...]
    layouts: tuple[str, ...]


def inputs(work: Work) -> object:
    """Script, speech, and how the channel looks."""
    order, channel = work.video.order, work.channel
    return {
        "version": [VERSION, BACKDROP_VERSION],
        "script": [asdict(scene) for scene in _script(work).scenes],
        "speech": [asdict(speech) for speech in _speeches(work)],
        "look": [
            order.look,
            order.palette,
            order.format,
            order.music_mood,
            channel.brand.colours,
            channel.brand.mark,
            channel.name,
        ],
        "own_media": [asdict(own) for own in order.own_media],
    }


async def run(work: Work) -> VisualsResult:
    """Cast pictures, choose layouts, lay out scenes.

    Raises BadInput for an unknown look or palette, and for words that no typeface of ours can draw.
    """
    order, script = work.video.order, _script(work)
    brand = brand_of(work)
    check_letters(script, brand)
    recent_shots, recent_layouts, recent_music = await recent_visuals(work)
    seed = work.seed(StepName.VISUALS)
    kinds = [card_of(scene) for scene in script.scenes]
    casting = Casting(
        needs=tuple(_need(scene, kind) for scene, kind in zip(script.scenes, kinds, strict=True)),
        own=order.own_media,
        used_lately=frozenset(shot.picture for shot in recent_shots if shot.picture),
        prefers=brand.look.art,
        library=await _library(work),
    )
    casts = cast_pictures(casting, work.tools.pictures, work.tools.embedder)
    await work.progress(0.4)
    kinds = [
        shown_card(scene, own=cast.own is not None, pictured=bool(cast.shot.picture))
        for scene, cast in zip(script.scenes, casts, strict=True)
    ]
    layouts = choose_layouts(kinds, seed, recent_layouts)
    grounds = await _grounds(work, brand, seed)
    plans = [
        _plan(work, index, layouts[index], casts[index], brand, grounds[index % len(grounds)], seed)
        for index in range(len(kinds))
    ]
    scenes = tuple(build_scene(plan, brand, format=order.format, fps=FPS) for plan in plans)
    await work.progress(0.8)
    music_name = choose_track(work.tools.music.tracks(order.music_mood), seed, recent_music)
    width, height = order.format.size_px
    sound = Soundtrack(
        voice=tuple(SpokenScene(speech.media, LEAD_S) for speech in _speeches(work)),
        music=work.tools.media.put(work.tools.music.path(music_name)) if music_name else None,
        effects=sound_effects(kinds, [plan.frames for plan in plans], fps=FPS, seed=seed),
    )
    timeline = Timeline(width, height, FPS, scenes, sound)
    shots = tuple(cast.shot for cast in casts)
    return VisualsResult(shots, timeline, music_name, _credits(shots, music_name), layouts)


def brand_of(work: Work) -> Brand:
    """The look of the order in the colours of the channel. Raises BadInput for unknown names."""
    order, channel = work.video.order, work.channel
    own = channel.brand.colours if order.palette == channel.brand.palette else ()
    mark = channel.brand.mark or "".join(word[0] for word in channel.name.split()[:2]).upper()
    return Brand(palette_of(order.palette, own), look_of(order.look), mark, channel.name)


def check_letters(script: Script, brand: Brand) -> None:
    """Raise BadInput (field `script`) if words have letters that no face can draw; emoji are left out on screen."""
    for index, scene in enumerate(script.scenes):
        for text in (scene.sentence, scene.on_screen, *(datum.label for datum in scene.data)):
            lost = [c for font in (brand.look.display, brand.look.body) for c in missing(text, font) if c.isalpha()]
            if lost:
                raise BadInput(
                    f"sentence {index + 1} has letters that can't be drawn: {' '.join(dict.fromkeys(lost))[:60]}",
                    field="script",
                    fix="Write it in Latin letters; other alphabets have no typeface here yet.",
                )


def _plan(work: Work, index: int, layout: str, cast: Cast, brand: Brand, ground: Background, seed: int) -> ScenePlan:
    """One scene: how long, which words when, with which picture on which ground."""
    kind, composition = CardKind(layout.split("/")[0]), layout.split("/")[1]
    script, speech = replace(_script(work).scenes[index], card=kind), _speeches(work)[index]
    last = index == len(_speeches(work)) - 1
    frames = scene_frames(speech.duration_s, fps=FPS, last=last, sentence=script.sentence)
    words = moved(speech.words, LEAD_S, within_s=frames / FPS)
    art = _art(work, cast)
    if cast.own is not None:
        ground = own_ground(cast.own, FRAMES[work.video.order.format], brand.palette, seed + index)
    turn = turn_of(words, frames / FPS) if kind in SPEAKING_CARDS else None
    second = CardKind.PICTURE if cast.own is not None else CardKind.STATEMENT
    return ScenePlan(
        script=script,
        composition=composition,
        words=words,
        frames=frames,
        art=art,
        seed=seed * 101 + index,
        background=ground,
        second_composition=choose_other(second, composition, seed + index) if turn else "",
        second_script=replace(script, on_screen=second_words(words, turn)) if turn else None,
        turn_s=turn or 0.0,
        opens=index == 0,
    )


def _art(work: Work, cast: Cast) -> Art | None:
    """The picture as layers: drawings, or a raster in the store."""
    name = cast.shot.picture
    if not name:
        return None
    if cast.own is not None:
        return Art(
            name, media=cast.own.media, width_px=cast.own.width_px, height_px=cast.own.height_px, kind=cast.own.kind
        )
    if name.startswith("icon:"):
        tone, line = work.tools.pictures.icon(name)
        return Art(name, tone=tone, line=line)
    return Art(name, media=work.tools.media.put(work.tools.pictures.raster(name)), kind="emoji")


async def _library(work: Work) -> tuple[OwnMedia, ...]:
    """What the channel's library holds now; a later addition makes no finished video anew."""
    async with work.tools.database.transaction(work.video.user_id) as conn:
        kept = await library_of(conn, work.channel.id, most=_FROM_LIBRARY)
    return tuple(own_media(one) for one in kept if work.tools.media.has(one.file))


async def _grounds(work: Work, brand: Brand, seed: int) -> list[Photo]:
    """The video's backdrops, painted or found from an earlier time."""
    media, run = work.tools.media, f"{work.video.id}:visuals:{seed}"
    width, height = work.video.order.format.size_px
    kind = brand.look.grounds[seed % len(brand.look.grounds)]
    backdrops = [Backdrop(kind, brand.palette, seed % 5 * 10 + turn, width, height) for turn in range(_GROUNDS)]
    wanted = {content_hash(["backdrop", BACKDROP_VERSION, asdict(backdrop)]): backdrop for backdrop in backdrops}
    found = await find_artifacts(work, "backdrop", wanted, run=run, there=lambda ref: media.has(MediaRef(**ref)))
    refs = {key: MediaRef(**kept.value) for key, kept in found.items()}
    painted = {
        key: media.put_bytes(work.tools.paint(backdrop), ".jpg") for key, backdrop in wanted.items() if key not in refs
    }
    if painted:
        await keep_artifacts(work, "backdrop", {key: asdict(ref) for key, ref in painted.items()}, run=run)
    return [Photo((refs | painted)[key], Move.STILL) for key in wanted]


def _need(scene: SceneScript, kind: CardKind) -> Need:
    return Need(scene.picture_idea, scene.on_screen, scene.sentence, kind)


def _credits(shots: Sequence[Shot], music_name: str) -> tuple[str, ...]:
    """What the description names: licences of what is seen and heard."""
    licences = {shot.licence for shot in shots if shot.licence}
    named = [f"Pictures: {licence}" for licence in sorted(licences)]
    if music_name:
        named.append(f"Music: “{music_name}”, immich-memories-music (MIT)")
    return tuple(named)


def _script(work: Work) -> Script:
    return work.result(StepName.SCRIPT, ScriptResult).script


def _speeches(work: Work) -> tuple[Speech, ...]:
    return work.result(StepName.VOICE, VoiceResult).speeches


STEP = Step(StepName.VISUALS, VisualsResult, inputs, run)
