"""Whether the channel had a subject already, and whether its sources carry one: by meaning and by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ytempire.channels.model import Source
from ytempire.production.ports import Embedder
from ytempire.production.scripting.words import content_words, stem

TOO_SAME: Final = 0.86
"""Measured with MiniLM-L6 on titles of one channel: other subjects of the niche stay below, paraphrases lie above."""
TOO_SAME_WITH_SAME_WORDS: Final = 0.75
CARRIED: Final = 0.32
"""A paragraph this near to a topic speaks of it."""
MOST_PARAGRAPHS: Final = 200


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
    return found.similarity >= TOO_SAME_WITH_SAME_WORDS and found.shared_words >= 0.6


def says_nothing(embedder: Embedder, topic: str, sources: Sequence[Source]) -> bool:
    """No source speaks of the topic, neither in its words nor in meaning."""
    told = {stem(word) for source in sources for word in content_words(f"{source.title} {source.text}")}
    own = {stem(word) for word in content_words(topic)}
    if own and len(own & told) >= max(1, len(own) - 1):
        return False
    return max((score for _, score in _scores(embedder, topic, sources)), default=0.0) < CARRIED


def carrying(embedder: Embedder, topic: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """Titles of the sources that carry a topic, best first; the best one at least."""
    ranked = sorted(_scores(embedder, topic, sources), key=lambda pair: -pair[1])
    best = ranked[0][1] if ranked else 0.0
    return tuple(title for title, score in ranked if score >= max(CARRIED, best - 0.15)) or tuple(
        title for title, _ in ranked[:1]
    )


def _scores(embedder: Embedder, topic: str, sources: Sequence[Source]) -> list[tuple[str, float]]:
    parts = [
        (source.title, f"{source.title}. {paragraph.strip()}"[:1_000])
        for source in sources
        for paragraph in source.text.split("\n\n")
        if paragraph.strip()
    ][:MOST_PARAGRAPHS]
    if not parts:
        return []
    vectors = embedder.embed([topic, *(text for _, text in parts)])
    best: dict[str, float] = {}
    for (title, _), vector in zip(parts, vectors[1:], strict=True):
        best[title] = max(best.get(title, 0.0), _dot(vectors[0], vector))
    return list(best.items())


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
