"""Which voices are on this machine."""

from dataclasses import dataclass
from pathlib import Path

from localvoice.model import UnknownVoice, Voice
from localvoice.timbre import OWN, Timbre

DEFAULT = "heart"


@dataclass(frozen=True, slots=True)
class Narrator:
    """A voice, the model file that speaks it, and what is changed of that model's own speaker."""

    voice: Voice
    path: Path
    british: bool
    timbre: Timbre = OWN
    pace: float = 1.0
    """Times the pace that is asked for: a deep voice hurries less."""


_OF_HEART = (
    ("june", "American English, female, low and unhurried", Timbre(0.8, 0.93), 0.88),
    ("wren", "American English, female, bright and lively", Timbre(1.1, 1.015, 1.15), 1.0),
    ("rowan", "American English, male, light and clear", Timbre(0.66, 0.89), 0.94),
    ("bram", "American English, male, deep and calm", Timbre(0.53, 0.84), 0.86),
)
"""Narrators made from the bundled model (docs/decisions/0011): name, description, timbre, pace."""


def _registry() -> dict[str, Narrator]:
    from hibari import voices as vendor  # noqa: PLC0415

    found = {}
    for name, entry in vendor.VOICES.items():
        folder = vendor.ASSETS if entry.get("bundled") else vendor.cache_dir()
        described = Voice(name, entry["accent"], f"{entry['accent']} English, {entry['gender']}, warm and calm")
        found[name] = Narrator(described, Path(folder) / entry["file"], bool(entry["british"]))
    own = found[DEFAULT]
    for name, description, timbre, pace in _OF_HEART:
        found[name] = Narrator(Voice(name, own.voice.accent, description), own.path, own.british, timbre, pace)
    return found


def voices() -> tuple[Voice, ...]:
    """The voices that can speak now: those in the package and those whose model file has been put in place."""
    return tuple(narrator.voice for narrator in _registry().values() if narrator.path.exists())


def find(voice: str) -> Narrator:
    """The narrator of this name. Raises UnknownVoice naming the choices; never downloads."""
    registry = _registry()
    names = ", ".join(v.id for v in voices())
    if voice not in registry:
        raise UnknownVoice(f"voice {voice!r} does not exist: choose one of {names}")
    narrator = registry[voice]
    if not narrator.path.exists():
        raise UnknownVoice(
            f"voice {voice!r} is not installed: put its model file at {narrator.path}, or choose one of {names}"
        )
    return narrator
