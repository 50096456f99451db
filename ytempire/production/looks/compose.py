"""What all cards need to know of a scene's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.figures import after_figure, figure_of
from ytempire.production.model import SceneScript

Composition = Callable[[Canvas], None]


def headline_of(script: SceneScript) -> str:
    """The words on screen; without any, the sentence's first six."""
    if script.on_screen.strip():
        return script.on_screen.strip()
    words = script.sentence.split()
    return " ".join(words[:6]).rstrip(",;:") + ("…" if len(words) > 6 else "")


def label_of_figure(script: SceneScript) -> str:
    """What stands under a counted figure: what the screen says after the number, else the datum's label and unit."""
    figure = figure_of(script)
    if figure is None:
        return ""
    if words := after_figure(script.on_screen, figure):
        return words
    label = script.data[0].label if script.data else ""
    said = script.on_screen if figure_of(replace(script, data=(), sentence="")) is None else ""
    words = said or label
    return (
        words
        if not figure.unit or figure.unit.casefold() in words.casefold()
        else f"{figure.unit} · {words}".rstrip(" ·")
    )


def capital(text: str) -> str:
    """A label beginning with a capital."""
    return text[:1].upper() + text[1:]
