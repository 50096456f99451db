"""Whether the channel had a subject already, and whether its sources carry one: by meaning and by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ytempire.channels.model import Source
from ytempire.production.ports import Embedder
from ytempire.production.scripting.words import content_words, stem

TOO_SAME: Final = 0.78
"""Measured with MiniLM-L6: different subjects of one channel reach 0.62, paraphrases of one begin at 0.70."""
TOO_SAME_WITH_SAME_WORDS: Final = 0.68
CARRIED: Final = 0.42
"""A paragraph this near to a topic speaks of it."""
CARRIED_WITH_ALL_WORDS: Final = 0.25
MOST_PARAGRAPHS: Final = 200


class Remembering:
    """An Embedder that embeds each text once: a step asks about the same paragraphs several times."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, list[float]] = {}

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector per text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, self._embedder.embed(new), strict=True)
        return [self._known[text] for text in texts]


@dataclass(frozen=True)
class Nearest:
    """The earlier video nearest to a subject."""

    similarity: float
    title: str
    shared_words: float
    """Share of the subject's content words that the title has too."""


def nearest(embedder: Embedder, topic: str, past: Sequence[str]) -> Nearest:
    """The past title most like the topic; similarity 0 if there is none."""
    if not past:
        return Nearest(0.0, "", 0.0)
    vectors = embedder.embed([topic, *past])
    best = max(range(len(past)), key=lambda at: _dot(vectors[0], vectors[at + 1]))
    own, other = ({stem(word) for word in content_words(text)} for text in (topic, past[best]))
    shared = len(own & other) / len(own | other) if own | other else 0.0
    return Nearest(max(0.0, min(1.0, _dot(vectors[0], vectors[best + 1]))), past[best], shared)


def is_too_same(found: Nearest) -> bool:
    """A paraphrase, or nearly the same words."""
    if found.similarity >= TOO_SAME:
        return True
    return found.similarity >= TOO_SAME_WITH_SAME_WORDS and found.shared_words >= 0.5


def says_nothing(embedder: Embedder, topic: str, sources: Sequence[Source]) -> bool:
    """No source speaks of the topic, neither in its words nor in meaning."""
    told = {stem(word) for source in sources for word in content_words(f"{source.title} {source.text}")}
    own = {stem(word) for word in content_words(topic)}
    near = max((score for _, score in _scores(embedder, topic, sources)), default=0.0)
    return near < (CARRIED_WITH_ALL_WORDS if own and own <= told else CARRIED)


def carrying(embedder: Embedder, topic: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """Titles of the sources that carry a topic, best first; the best one at least."""
    ranked = sorted(_scores(embedder, topic, sources), key=lambda pair: -pair[1])
    best = ranked[0][1] if ranked else 0.0
    return tuple(title for title, score in ranked if score >= max(CARRIED, best - 0.15)) or tuple(
        title for title, _ in ranked[:1]
    )


def paragraphs(sources: Sequence[Source]) -> list[tuple[str, str]]:
    """(title, paragraph as it is compared) of the sources."""
    return [
        (source.title, f"{source.title}. {paragraph.strip()}"[:600])
        for source in sources
        for paragraph in source.text.split("\n\n")
        if paragraph.strip()
    ][:MOST_PARAGRAPHS]


def _scores(embedder: Embedder, topic: str, sources: Sequence[Source]) -> list[tuple[str, float]]:
    parts = paragraphs(sources)
    if not parts:
        return []
    vectors = embedder.embed([topic, *(text for _, text in parts)])
    best: dict[str, float] = {}
    for (title, _), vector in zip(parts, vectors[1:], strict=True):
        best[title] = max(best.get(title, 0.0), _dot(vectors[0], vector))
    return list(best.items())


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
