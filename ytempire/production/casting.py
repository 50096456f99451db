"""Which picture each scene gets: the creator's own first, then the library's, none twice, a silly one never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ytempire.production.looks.pace import bare, content_words
from ytempire.production.model import CardKind, Origin, OwnMedia, Shot
from ytempire.production.ports import Embedder, PictureChoice, PictureLibrary

OWN_ACCEPTED = 0.38
"""Likeness from which the creator's own picture belongs to a sentence; one that belongs to none fills a free scene."""
_GUESSED = 0.66
"""Words that were not written as a picture's idea need a closer match."""
_WITHOUT = frozenset({CardKind.COMPARE, CardKind.QUOTE, CardKind.END})
"""Cards full of words and shapes: no room for a library picture."""
_TELLING = frozenset({CardKind.BARS, CardKind.COMPARE, CardKind.LIST, CardKind.TIMELINE})
"""Cards that show values or a row of things: another scene loses less by showing an own picture instead."""
_TELLING_COSTS = 0.15
_ARTICLES = frozenset(["the", "a", "an", "every", "our", "your", "their", "its", "my", "his", "her"])


@dataclass(frozen=True)
class Need:
    """What a scene's picture should show."""

    idea: str
    on_screen: str
    sentence: str
    card: CardKind


@dataclass(frozen=True)
class Casting:
    """All scenes' needs, the creator's own media, and what the channel showed lately."""

    needs: tuple[Need, ...]
    own: tuple[OwnMedia, ...]
    """Given with the order: shown even where they match nothing."""
    used_lately: frozenset[str]
    prefers: str
    """`icon` or `emoji`."""
    library: tuple[OwnMedia, ...] = ()
    """The channel's: shown where they match and weren't lately."""


@dataclass(frozen=True)
class Cast:
    """A scene's picture; `own` is set where it is the creator's."""

    shot: Shot
    own: OwnMedia | None = None


def cast_pictures(casting: Casting, library: PictureLibrary, embedder: Embedder) -> list[Cast]:
    """A cast per scene, in order."""
    owned = _own(casting, embedder)
    used: set[str] = set()
    casts: list[Cast] = []
    named = names([need.sentence for need in casting.needs])
    for index, need in enumerate(casting.needs):
        if index in owned:
            media, score = owned[index]
            casts.append(Cast(Shot(index, f"own:{media.media.sha256}", score, Origin.CREATOR, media.licence), media))
            continue
        choice = None if need.card in _WITHOUT else _best(_unnamed(need, named), casting, used, library)
        if choice is None:
            casts.append(Cast(Shot(index, "", 0.0, Origin.DRAWN)))
            continue
        used.add(choice.name)
        casts.append(Cast(Shot(index, choice.name, choice.score, Origin.DRAWN, choice.licence)))
    return casts


def names(sentences: Sequence[str]) -> frozenset[str]:
    """Words that are somebody's or something's name: Mr. Bell is no bell, and Western Union no union.

    A name is written with a capital inside a sentence without an article ("the Moon" is a thing), and never without.
    """
    capital: set[str] = set()
    small: set[str] = set()
    for sentence in sentences:
        tokens = sentence.split()
        for before, token in pairwise(tokens):
            word = _bare(token)
            if not token.strip("\"“”'‘’(")[:1].isupper():
                small.add(word)
            elif not before.endswith((".", "!", "?", ":")) and before.casefold() not in _ARTICLES:
                capital.add(word)
    return frozenset(capital - small - {""})


def _unnamed(need: Need, named: frozenset[str]) -> Need:
    """The need without names, which a picture of a thing of that name would take literally."""

    def without(text: str) -> str:
        return " ".join(token for token in text.split() if _bare(token) not in named)

    return replace(need, idea=without(need.idea), on_screen=without(need.on_screen), sentence=without(need.sentence))


def _bare(token: str) -> str:
    return bare(token.replace("’", "'").rstrip('"”.,;:!?)').removesuffix("'s"))


def _best(need: Need, casting: Casting, used: set[str], library: PictureLibrary) -> PictureChoice | None:
    """The library's best picture new to this video: by the idea, else by what is on screen, else by the sentence."""
    for place, words in enumerate(dict.fromkeys((need.idea, need.on_screen, " ".join(content_words(need.sentence))))):
        choices = library.find(words, avoid=tuple(casting.used_lately), kind=casting.prefers, limit=8)
        fresh = [
            choice for choice in choices if choice.name not in used and _subject(choice.name) not in map(_subject, used)
        ]
        if fresh and (place == 0 or fresh[0].score >= _GUESSED):
            return fresh[0]
    return None


def _subject(name: str) -> str:
    """`icon:brain` and `emoji:brain` are the same picture to a viewer."""
    return name.split(":", 1)[1]


def _own(casting: Casting, embedder: Embedder) -> dict[int, tuple[OwnMedia, float]]:
    """Own media by scene: best matches first, each once; what matches nothing goes to the free scenes in order.

    What is left is shown from the channel's library, where that matches.
    """
    found = _matched(casting.own, casting, embedder, {})
    taken = _WITHOUT | _TELLING
    free = [index for index, need in enumerate(casting.needs) if index not in found and need.card not in taken]
    shown_already = {media.media.sha256 for media, _ in found.values()}
    left = [media for media in casting.own if media.media.sha256 not in shown_already]
    found |= {index: (media, 0.0) for index, media in zip(free, left, strict=False)}
    seen = casting.used_lately | {f"own:{media.media.sha256}" for media, _ in found.values()}
    fresh = [media for media in casting.library if f"own:{media.media.sha256}" not in seen]
    return found | _matched(fresh, casting, embedder, found)


def _matched(
    pool: Sequence[OwnMedia], casting: Casting, embedder: Embedder, given: Mapping[int, object]
) -> dict[int, tuple[OwnMedia, float]]:
    """Those of the pool that belong to scenes that nothing is given to yet, best matches first."""
    found: dict[int, tuple[OwnMedia, float]] = {}
    described = [media for media in pool if media.words.strip()]
    if described:
        wanted = embedder.embed([f"{need.idea} {need.on_screen} {need.sentence}" for need in casting.needs])
        shown = embedder.embed([media.words for media in described])
        pairs = sorted(
            (
                (_likeness(shown[m], wanted[s]) + _worth(media.words, casting.needs[s]), -s, m)
                for m, media in enumerate(described)
                for s in range(len(wanted))
                if casting.needs[s].card is not CardKind.END and s not in given
            ),
            reverse=True,
        )
        placed: set[int] = set()
        for score, minus, m in pairs:
            if score >= OWN_ACCEPTED and m not in placed and -minus not in found:
                found[-minus] = (described[m], round(min(1.0, score), 3))
                placed.add(m)
    return found


def _likeness(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _worth(words: str, need: Need) -> float:
    """A word of the description that is spoken counts on top of the meaning; a card that tells more counts against."""
    said = set(content_words(f"{need.idea} {need.sentence}"))
    named = 0.15 if said & set(content_words(words)) else 0.0
    return named - (_TELLING_COSTS if need.card in _TELLING else 0.0)
