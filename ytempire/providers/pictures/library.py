"""Finding a picture for an idea: likeness of meaning and of words, and no picture rather than a silly one."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytempire.production.ports import Embedder, PictureChoice

_DATA = Path(__file__).parent / "data"
ACCEPTED = 0.44
"""Below this a picture has nothing to do with the idea (found by reading the best matches of 120 sentences)."""
_UNNAMED = 0.57
"""A picture whose name is not said has to be as near in meaning alone: a wrong picture is worse than none."""
_HALF_NAMED = 0.40
"""The name's last word is said (`dollar banknote` for a banknote)."""
_TOLD = 0.45
"""A word is said that hardly another picture has (`bacteria` for a microbe)."""
_NAMED = 0.22
"""Added when the idea says the picture's very name; a word of its tags counts less."""
_TAGGED = 0.09
_SAME = 0.95
"""The idea is the picture's name and nothing else."""
_RARE = 3
"""A word that at most so many pictures have."""
_USED_LATELY = 0.15
_PREFERRED = 0.10
"""Added to the kind of picture that suits the look."""
_LICENCES = {"icon": "MIT (Phosphor Icons)", "emoji": "MIT (Fluent Emoji)"}
_SIGNS = re.compile(
    r"-(plus|minus|slash|x|z|broken|square|in-picture|heart|hand|chip|button|simple|medium|symbol)$"
    r"|:(number-|empty$|placeholder|selection|keycap|call-bell|gender|hand-|arrow|caret|text-|align|resize|scan"
    r"|shapes|percent|divide|plus|minus|equals|union|exclude|intersect|subtract|unite|circle|square|triangle"
    r"|rectangle|cursor|list|rows|columns|steps|stack|dots|sign-|cardholder|swap|spiral$|file|folder|link"
    r"|check(s|-|$)|heavy-|funnel|sliders|toggle|frame-|layout|grid-|table$|tag|slideshow|sort-|vector|lasso"
    r"|skip-|play(-|$|list)|pause|stop(-circle|$)|record|rewind|repeat|shuffle|queue|line-|split-|user|identification"
    r"|bounding)"
)
"""Buttons, badges, gestures, tools of programs: near many words, but they show nothing of what is said."""
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "with",
        "and",
        "or",
        "for",
        "to",
        "from",
        "by",
        "into",
        "over",
        "under",
        "is",
        "are",
        "one",
        "some",
        "big",
        "small",
        "two",
    ]
)
_VAGUE = frozenset(
    [
        "face",
        "hand",
        "person",
        "people",
        "man",
        "woman",
        "sign",
        "symbol",
        "button",
        "arrow",
        "thing",
        "animal",
        "food",
        "object",
        "new",
    ]
)


@dataclass(frozen=True)
class _Library:
    names: tuple[str, ...]
    name_words: tuple[frozenset[str], ...]
    heads: tuple[str, ...]
    """The last word of each name."""
    vague: tuple[bool, ...]
    """Names of somebody or something that does a thing (`person running`): the doing alone is not the picture."""
    tag_words: tuple[frozenset[str], ...]
    rare_words: tuple[frozenset[str], ...]
    """Words of name and tags that hardly any other picture has: `bacteria` tells a microbe, `food` tells nothing."""
    drawings: dict[str, tuple[str, str]]
    vectors: NDArray[np.float32]
    of_word: dict[str, tuple[int, ...]]
    """The pictures that have a word, in name, head or tags."""
    signs: NDArray[np.bool_]
    """Which are signs and symbols."""
    index_of: dict[str, int]


_MOST_SCORED = 1_000


class Pictures:
    """The port `PictureLibrary`; the data are read at the first question (about 60 ms, 12 MB)."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._scored: dict[tuple[str, str], NDArray[np.float32]] = {}

    def find(self, idea: str, *, avoid: Collection[str] = (), limit: int = 5, kind: str = "") -> list[PictureChoice]:
        """Best first, none below `ACCEPTED`.

        `avoid` are names used lately: they come only where nothing else fits nearly as well. `kind` (`icon`, `emoji`)
        is preferred among equals.
        """
        if not idea.strip():
            return []
        library, scores = _library(), self._scores(idea, kind).copy()
        if avoid:
            scores[[library.index_of[name] for name in set(avoid) if name in library.index_of]] -= _USED_LATELY
        best = np.argsort(-scores)[:limit]
        return [
            PictureChoice(name, round(min(1.0, float(scores[i])), 3), _LICENCES[name.split(":")[0]])
            for i in best
            if scores[i] - (_PREFERRED if kind and library.names[i].startswith(kind) else 0.0) >= ACCEPTED
            for name in (library.names[i],)
        ]

    def _scores(self, idea: str, kind: str) -> NDArray[np.float32]:
        """Every picture's score for the idea, whatever was used lately; an idea is asked about again and again."""
        kept = self._scored.get((idea, kind))
        if kept is not None:
            return kept
        library = _library()
        idea_vector = np.array(self._embedder.embed([idea])[0], dtype=np.float32)
        scores = library.vectors @ idea_vector
        said = _stems(idea)
        alone = scores.copy()
        # Most pictures share no word with the idea: for them the meaning alone decides.
        scores[(alone < _UNNAMED) | library.signs] = 0.0
        for index in {index for word in said for index in library.of_word.get(word, ())}:
            name, scores[index] = library.names[index], alone[index]
            own = library.name_words[index]
            if own and own == said:
                scores[index] = max(scores[index], _SAME)
            elif own and own <= said:
                scores[index] += _NAMED
            elif (own | library.tag_words[index]) & said:
                scores[index] += _TAGGED
            if own and own <= said:
                least = 0.0
            elif library.heads[index] in said and not library.vague[index]:
                least = _HALF_NAMED
            else:
                least = _TOLD if library.rare_words[index] & said else _UNNAMED
            if alone[index] < least or (_SIGNS.search(name) and own != said):
                scores[index] = 0.0
        if kind:
            scores[[name.startswith(kind) for name in library.names]] += _PREFERRED
        if len(self._scored) >= _MOST_SCORED:
            self._scored.pop(next(iter(self._scored)))
        self._scored[idea, kind] = scores
        return scores

    def path(self, name: str, size_px: float) -> str:
        """An icon's lines at a size. Raises KeyError for a name that is no icon."""
        scale = size_px / 256
        return " ".join(
            part if part in "mlb" else f"{float(part) * scale:.1f}" for part in _library().drawings[name][1].split()
        )

    def icon(self, name: str) -> tuple[str, str]:
        """Surface and lines of an icon. Raises KeyError for a name that is no icon."""
        return _library().drawings[name]

    def raster(self, name: str) -> Path:
        """An emoji's file, 256 × 256 px. Raises KeyError for a name that is none."""
        file = _DATA / "emoji" / f"{name.removeprefix('emoji:')}.webp"
        if not name.startswith("emoji:") or "/" in name or not file.exists():
            raise KeyError(name)
        return file


def _stem(word: str) -> str:
    """A word without case and common endings; rough, but the same for both sides."""
    bare = "".join(c for c in word.casefold().replace("’", "'").removesuffix("'s") if c.isalnum())
    for ending in ("ies", "es", "s"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare[: -len(ending)] + ("y" if ending == "ies" else "")
    return bare.removesuffix("e") if len(bare) > 4 else bare


def _stems(text: str) -> frozenset[str]:
    words = text.replace("-", " ").replace("/", " ").split()
    return frozenset(_stem(word) for word in words if word.casefold() not in _EMPTY) - {""}


@functools.cache
def _library() -> _Library:
    with gzip.open(_DATA / "pictures.json.gz") as file:
        items = json.load(file)
    vectors = np.load(_DATA / "vectors.npy").astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    told = [frozenset().union(*(_stems(word) for word in item["words"])) - _VAGUE for item in items]
    shared = Counter(word for words in told for word in words)
    names = tuple(str(item["name"]) for item in items)
    name_words = tuple(_stems(item["words"][0]) for item in items)
    heads = tuple(_stem(item["words"][0].replace("-", " ").split()[-1]) for item in items)
    of_word: dict[str, list[int]] = {}
    for index, words in enumerate(told):
        for word in words | name_words[index] | {heads[index]}:
            of_word.setdefault(word, []).append(index)
    return _Library(
        names=names,
        name_words=name_words,
        heads=heads,
        vague=tuple(bool(_stems(item["words"][0]) & _VAGUE) for item in items),
        tag_words=tuple(frozenset().union(*(_stems(word) for word in item["words"][1:])) - _VAGUE for item in items),
        rare_words=tuple(frozenset(word for word in words if shared[word] <= _RARE) for words in told),
        drawings={item["name"]: (item["tone"], item["line"]) for item in items if "line" in item},
        vectors=vectors,
        of_word={word: tuple(indexes) for word, indexes in of_word.items()},
        signs=np.array([_SIGNS.search(name) is not None for name in names]),
        index_of={name: index for index, name in enumerate(names)},
    )
