"""When things happen: how long a scene lasts, and at which word a number, an item or a bar comes in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ytempire.production.model import CardKind, Word

LEAD_S = 0.12
"""Picture before the voice."""
PAUSE_S = 0.30
"""Silence between beats (LOOKS: 250–400 ms)."""
SHORT_PAUSE_S = 0.25
LAST_PAUSE_S = 0.9
"""The end card stays a moment after the last word."""
LONG_SCENE_S = 4.4
"""A longer one changes its card half way (LOOKS: a card lives 2.5–5 s)."""
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "for",
        "from",
        "had",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "not",
        "of",
        "on",
        "or",
        "our",
        "so",
        "than",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)


def scene_frames(speech_s: float, *, fps: int, last: bool = False, sentence: str = "") -> int:
    """Frames of one sentence's scene: lead-in, speech and the pause that follows; never under half a second."""
    open_ended = sentence.rstrip().endswith((",", ";", ":", "–", "—"))
    pause = LAST_PAUSE_S if last else SHORT_PAUSE_S if open_ended else PAUSE_S
    return max(fps // 2, round((LEAD_S + speech_s + pause) * fps))


def bare(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def content_words(text: str) -> list[str]:
    """The words that carry meaning, bare, in order."""
    return [bare(word) for word in text.split() if bare(word) and bare(word) not in _STOP]


def spoken_at(text: str, words: Sequence[Word], *, after_s: float = 0.0) -> float | None:
    """When the voice begins to say `text`: its first meaningful word, or a number with the same digits."""
    wanted = content_words(text)
    digits = re.sub(r"\D", "", text)
    for word in words:
        if word.start_s < after_s:
            continue
        here = bare(word.text)
        if not here:
            continue
        if digits and re.sub(r"\D", "", here) == digits:
            return word.start_s
        if any(here == one or (len(one) > 4 and len(here) > 4 and here[:5] == one[:5]) for one in wanted):
            return word.start_s
    return None


def entrances(labels: Sequence[str], words: Sequence[Word], *, first_s: float, last_s: float) -> list[float]:
    """When each of several things comes in: at its word where the voice names it, else evenly between, in order.

    A thing enters a little before its word, so that eye and ear agree; none later than `last_s`.
    """
    count = len(labels)
    heard: list[float | None] = []
    after = 0.0
    for label in labels:
        at = spoken_at(label, words, after_s=after)
        heard.append(at)
        if at is not None:
            after = at + 0.05
    step = min(0.7, (last_s - first_s) / max(1, count))
    times: list[float] = []
    for index, at in enumerate(heard):
        earliest = first_s if not times else times[-1] + 0.18
        wished = at - 0.1 if at is not None else first_s + index * step
        times.append(min(max(wished, earliest), last_s + index * 0.12))
    return times


def stressed(text: str) -> tuple[str, ...]:
    """Which words of a headline deserve the accent: those with figures, else the last weighty one."""
    words = text.split()
    numbers = [word for word in words if any(c.isdigit() for c in word)]
    if numbers:
        return tuple(numbers)
    weighty = [word for word in words if bare(word) not in _STOP and len(bare(word)) > 2]
    if not weighty or len(words) < 2:
        return ()
    return (max(reversed(weighty), key=lambda word: min(len(bare(word)), 7)),)


def turn_of(words: Sequence[Word], length_s: float) -> float | None:
    """Where a long sentence's scene turns to another composition: at a phrase near its middle; None if it is short."""
    if length_s <= LONG_SCENE_S or len(words) < 6:
        return None
    middle = length_s * 0.52
    starts = [
        (abs(word.start_s - middle) - (1.0 if before.text.endswith((",", ";", ":", "–", "—")) else 0.0), word.start_s)
        for before, word in itertools.pairwise(words)
        if length_s * 0.35 < word.start_s < length_s * 0.7
    ]
    return max(0.1, min(starts)[1] - 0.1) if starts else None


def sound_effects(
    kinds: Sequence[CardKind], frames: Sequence[int], *, fps: int, seed: int
) -> tuple[tuple[float, str], ...]:
    """A soft whoosh or tick where a card changes the subject: at most one in three cards, never on the first."""
    found: list[tuple[float, str]] = []
    at, since = 0, 3
    telling = {
        CardKind.NUMBER: "tick",
        CardKind.BARS: "tick",
        CardKind.COMPARE: "whoosh",
        CardKind.LIST: "tick",
        CardKind.END: "whoosh",
    }
    for index, (kind, length) in enumerate(zip(kinds, frames, strict=True)):
        if index and since >= 3 and (kind in telling or (index + seed) % 3 == 0):
            found.append((round(at / fps, 3), telling.get(kind, "whoosh")))
            since = 0
        since += 1
        at += length
    return tuple(found)
