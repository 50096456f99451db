"""The nouns of the script step."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.production.model import CardKind, Datum, Script


@dataclass(frozen=True)
class Trace:
    """What one spoken sentence rests on."""

    scene_index: int
    source_title: str
    """Empty for a line that states no fact of its own (a question, the promise, the last line)."""
    quote: str
    """The source's own words, found there verbatim."""


@dataclass(frozen=True)
class ScriptResult:
    """The script and how it was made."""

    script: Script
    route: str
    """`model`, `own` or `article`."""
    roles: tuple[str, ...]
    """The model's roles that were asked, in order: `cheap`, `strong`."""
    traced: tuple[Trace, ...]
    """One entry per scene (routes `model` and `article`)."""
    notes: tuple[str, ...]
    """What was changed, left out or decided, in plain words."""


@dataclass(frozen=True)
class Beat:
    """One sentence as a model drafts it."""

    sentence: str
    card: CardKind | None
    on_screen: str
    picture_idea: str
    data: tuple[Datum, ...] = ()
    chapter: str = ""
    source_index: int | None = None
    quote: str = ""
    role: str = "beat"
    """`hook`, `beat` or `end`."""


@dataclass(frozen=True)
class Draft:
    """A model's answer, read into nouns but not yet checked against the sources."""

    beats: tuple[Beat, ...]
    """Hook first, call to action last."""
    titles: tuple[str, ...]
    description: str
    tags: tuple[str, ...]
    thumbnail_texts: tuple[str, ...]


@dataclass(frozen=True)
class Spoken:
    """A sentence of the creator's own script."""

    sentence: str
    chapter: str = ""
