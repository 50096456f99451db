"""From a checked draft to the script: what is seen with each sentence, and the texts around the video. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ytempire.channels.model import Source
from ytempire.production.model import CardKind, SceneScript, Script, SourceNote
from ytempire.production.scripting import director, listing, rules
from ytempire.production.scripting.model import Beat, Trace


def written(
    checked: rules.Checked, topic: str, sources: Sequence[Source], past: Sequence[str], language: str
) -> tuple[Script, tuple[Trace, ...], list[str]]:
    """The script of a checked draft, what each sentence rests on, and what was mended. Pure."""
    draft, notes = checked.draft, []
    scenes: list[SceneScript] = []
    for at, beat in enumerate(draft.beats):
        scene, wrong = director.mend(
            _scene(beat, topic), first=at == 0, last=at == len(draft.beats) - 1 and beat.role == "end"
        )
        scenes.append(director.varied(scene, scenes))
        if wrong:
            notes.append(f"scene {at + 1}: {wrong}")
    candidates = listing.titles(draft.titles, scenes, topic)
    title = listing.pick_title(candidates, past)
    used = sorted({scene.source_index for scene in scenes if scene.source_index is not None})
    traced = tuple(
        Trace(at, "" if scene.source_index is None else sources[scene.source_index].title, scene.source_quote)
        for at, scene in enumerate(scenes)
    )
    # the script names only the sources it rests on, so indexes are counted anew
    scenes = [
        scene if scene.source_index is None else replace(scene, source_index=used.index(scene.source_index))
        for scene in scenes
    ]
    script = Script(
        title=title,
        title_candidates=candidates,
        description=listing.description(draft.description, scenes),
        tags=listing.tags(draft.tags, scenes, topic),
        scenes=tuple(scenes),
        thumbnail_texts=listing.thumbnail_texts(draft.thumbnail_texts, scenes, title),
        language=language,
        sources=tuple(SourceNote(sources[at].title, sources[at].url) for at in used),
    )
    return script, traced, notes


def _scene(beat: Beat, topic: str) -> SceneScript:
    return SceneScript(
        sentence=beat.sentence,
        card=beat.card or CardKind.STATEMENT,
        on_screen=beat.on_screen,
        picture_idea=beat.picture_idea or director.picture_idea(beat.sentence, topic),
        data=beat.data,
        chapter=beat.chapter,
        source_index=beat.source_index,
        source_quote=beat.quote if beat.source_index is not None else "",
    )
