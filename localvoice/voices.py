"""Which voices are on this machine."""

from pathlib import Path

from localvoice.model import UnknownVoice, Voice

DEFAULT = "heart"


def _registry() -> dict[str, tuple[Voice, Path, bool]]:
    from hibari import voices as vendor  # noqa: PLC0415

    found = {}
    for name, entry in vendor.VOICES.items():
        folder = vendor.ASSETS if entry.get("bundled") else vendor.cache_dir()
        description = f"{entry['accent']} English, {entry['gender']}, calm narrator"
        described = Voice(name, entry["accent"], description)
        found[name] = (described, Path(folder) / entry["file"], bool(entry["british"]))
    return found


def voices() -> tuple[Voice, ...]:
    """The voices that can speak now: the bundled one and those whose model file has been put in place."""
    return tuple(voice for voice, path, _ in _registry().values() if path.exists())


def find(voice: str) -> tuple[Path, bool]:
    """The voice's model file, and whether it speaks British English. Raises UnknownVoice; never downloads."""
    registry = _registry()
    names = ", ".join(v.id for v in voices())
    if voice not in registry:
        raise UnknownVoice(f"voice {voice!r} does not exist: choose one of {names}")
    _, path, british = registry[voice]
    if not path.exists():
        raise UnknownVoice(f"voice {voice!r} is not installed: put its model file at {path}, or choose one of {names}")
    return path, british
