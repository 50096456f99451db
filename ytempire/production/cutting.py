"""Pure decisions about speech: which sentences go into one call, and where one sentence ends in its recording."""

from __future__ import annotations

from collections.abc import Sequence

from ytempire.production.model import Word

_EDGE_S = 0.06
"""Kept before the first and after the last word of a sentence, so that no breath of it is cut."""


def batches(sentences: Sequence[str], *, most_characters: int) -> list[list[int]]:
    """Indexes of sentences that go into one call, in order, each call within the limit (a longer one goes alone)."""
    calls: list[list[int]] = []
    size = 0
    for index, sentence in enumerate(sentences):
        if not calls or size + 1 + len(sentence) > most_characters:
            calls.append([])
            size = -1
        calls[-1].append(index)
        size += 1 + len(sentence)
    return calls


def proportional(sentence: str, duration_s: float) -> tuple[Word, ...]:
    """Word times by share of characters: the last resort (84–125 ms off in trials)."""
    tokens = sentence.split()
    total = sum(len(token) + 1 for token in tokens)
    words, at = [], 0
    for token in tokens:
        start = at
        at += len(token) + 1
        words.append(Word(token, duration_s * start / total, duration_s * (at - 0.5) / total))
    return tuple(words)


def cuts(words_per_sentence: Sequence[Sequence[Word]], duration_s: float) -> list[tuple[float, float]]:
    """(start, end) of each sentence in a recording of several: in the middle of the pause between two."""
    bounds = [0.0]
    for before, after in zip(words_per_sentence, words_per_sentence[1:], strict=False):
        end, start = before[-1].end_s, after[0].start_s
        bounds.append((end + start) / 2)
    bounds.append(duration_s)
    spans = []
    for words, low, high in zip(words_per_sentence, bounds, bounds[1:], strict=False):
        spans.append((max(low, words[0].start_s - _EDGE_S), min(high, words[-1].end_s + _EDGE_S)))
    return spans


def moved(words: Sequence[Word], by_s: float, *, within_s: float) -> tuple[Word, ...]:
    """The words at another origin, kept between 0 and `within_s`."""
    return tuple(
        Word(word.text, min(max(0.0, word.start_s + by_s), within_s), min(max(0.0, word.end_s + by_s), within_s))
        for word in words
    )
