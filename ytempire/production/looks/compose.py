"""What all cards need to know of a scene's words."""

from __future__ import annotations

from collections.abc import Callable

from ytempire.production.looks.canvas import Canvas
from ytempire.production.looks.figures import figure_of, without_figure
from ytempire.production.model import SceneScript

Composition = Callable[[Canvas], None]


def headline_of(script: SceneScript) -> str:
    """The words on screen; without any, the sentence's first six."""
    if script.on_screen.strip():
        return script.on_screen.strip()
    words = script.sentence.split()
    return " ".join(words[:6]).rstrip(",;:") + ("…" if len(words) > 6 else "")


def label_without_figure(script: SceneScript) -> str:
    """What stands under a counted figure: its label and unit, or the screen's words without the number."""
    words = without_figure(script.on_screen)
    figure = figure_of(script)
    unit = figure.unit if figure else ""
    if words:
        return words
    if script.data and script.data[0].label:
        return f"{unit} {script.data[0].label}".strip()
    return unit
