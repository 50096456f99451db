"""Writes docs/reference/settings.md from the settings themselves: `make docs`. A test compares the two."""

from __future__ import annotations

import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from ytempire.kit.settings import Settings, variable_of

_HEAD = """# Settings

Environment variables; every one has a default that works. Made from `ytempire/kit/settings.py` by `make docs`.
An unknown variable that begins with `YTEMPIRE_` is an error, so that a slip of the pen doesn't go unseen.
Those marked *secret* are never shown, and belong in a file that only the service can read.

| Variable | Default | Meaning |
|---|---|---|
"""


def settings_page() -> str:
    """The page in Markdown."""
    rows = [_row(name, info) for name, info in Settings.model_fields.items()]
    return _HEAD + "\n".join(rows) + "\n"


def _row(name: str, info: FieldInfo) -> str:
    meaning = info.description or ""
    bounds = [
        f"{word} {getattr(rule, attr)}" for rule in info.metadata for attr, word in _BOUNDS if hasattr(rule, attr)
    ]
    if bounds:
        meaning += f" ({', '.join(bounds)})"
    if SecretStr in _kinds(info.annotation):
        meaning += " — *secret*"
    return f"| `{variable_of(name)}` | {_default(name, info)} | {meaning} |"


_BOUNDS = (("ge", "at least"), ("le", "at most"))


def _kinds(annotation: object) -> tuple[object, ...]:
    return get_args(annotation) if get_origin(annotation) is UnionType else (annotation, NoneType)


def _default(name: str, info: FieldInfo) -> str:
    if name == "state_dir":
        return "`/var/lib/ytempire` for root, else `~/.local/share/ytempire`"
    if name == "n8n_dir":
        return "`/var/cache/ytempire/n8n` for root, else `~/.cache/ytempire/n8n`"
    if info.is_required() or info.default is None:
        return "–"
    return f"`{str(info.default).lower() if isinstance(info.default, bool) else info.default}`"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(settings_page())
