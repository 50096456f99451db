"""A channel's own first and last line, laid around a script. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ytempire.production.model import CardKind, SceneScript
from ytempire.production.scripting import director
from ytempire.production.scripting.model import ScriptResult, Trace
from ytempire.production.scripting.words import spoken_words

_ENDS: Final = ".!?…。！？\"'”’»)"


def with_lines(result: ScriptResult, intro: str, outro: str) -> ScriptResult:
    """The script with the channel's lines as its first and last sentence; one that stands there already is not doubled.

    The end card goes to the line that is last; what it showed before gets the card that its sentence asks for.
    """
    scenes, traced = list(result.script.scenes), result.traced
    intro, outro = sentence(intro), sentence(outro)
    if intro and _said(scenes[0].sentence) != _said(intro):
        scenes.insert(0, director.redirect(SceneScript(intro, CardKind.STATEMENT, "", ""), intro))
        traced = tuple(replace(trace, scene_index=trace.scene_index + 1) for trace in traced)
        traced = (Trace(0, "", ""), *traced) if traced else ()
    if outro and _said(scenes[-1].sentence) != _said(outro):
        if scenes[-1].card is CardKind.END:
            scenes[-1] = _card_anew(scenes[-1])
        scenes.append(director.redirect(SceneScript(outro, CardKind.END, "", ""), outro))
        traced = (*traced, Trace(len(scenes) - 1, "", "")) if traced else ()
    return replace(result, script=replace(result.script, scenes=tuple(scenes)), traced=traced)


def sentence(line: str) -> str:
    """A line as it is spoken: one blank between words, and an end."""
    line = " ".join(line.split())
    return line if not line or line[-1] in _ENDS else f"{line}."


def words_of(*lines: str) -> int:
    """Words that these lines take of a video's length."""
    return sum(spoken_words(line) for line in lines if line)


def _card_anew(scene: SceneScript) -> SceneScript:
    anew = director.redirect(replace(scene, card=CardKind.STATEMENT), scene.sentence)
    return replace(anew, source_index=scene.source_index, source_quote=scene.source_quote)


def _said(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())
