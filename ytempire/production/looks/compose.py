"""What all cards need to know of a scene's words."""

from __future__ import annotations

from collections.abc import Callable

from ytempire.production.looks.canvas import Canvas
from ytempire.production.model import SceneScript

Composition = Callable[[Canvas], None]


def headline_of(script: SceneScript) -> str:
    """The words on screen; without any, the sentence's first six."""
    if script.on_screen.strip():
        return script.on_screen.strip()
    words = script.sentence.split()
    return " ".join(words[:6]).rstrip(",;:") + ("…" if len(words) > 6 else "")


def capital(text: str) -> str:
    """A label beginning with a capital."""
    return text[:1].upper() + text[1:]
