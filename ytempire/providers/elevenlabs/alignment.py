"""From the vendor's times per character to a time for every written token."""

from __future__ import annotations

import math

from ytempire.production import is_silent
from ytempire.production.model import Word


def words_of(text: str, alignment: object) -> tuple[Word, ...]:
    """The time of every whitespace-separated token of `text`, in order; () if the alignment doesn't fit the text.

    `alignment` has `characters`, `character_start_times_seconds` and `character_end_times_seconds`, equally long
    (elevenlabs.types.CharacterAlignmentResponseModel). Blanks don't count, so the vendor may fold them. A token that
    makes no sound ("—") lasts no time, at the end of the one before.
    """
    timed = _timed(alignment)
    letters = "".join(text.split())
    if timed is None or "".join(sign for sign, _, _ in timed) != letters:
        return ()
    words: list[Word] = []
    at, clock = 0, 0.0
    for token in text.split():
        own = timed[at : at + len(token)]
        at += len(token)
        start = max(clock, own[0][1])
        end = max(start, own[-1][2])
        if is_silent(token):
            start = end = clock if words else start
        words.append(Word(token, start, end))
        clock = end
    return tuple(words)


def _timed(alignment: object) -> list[tuple[str, float, float]] | None:
    """Each non-blank sign with its start and end; None if the three lists are not what they should be."""
    lists = [
        getattr(alignment, name, None)
        for name in ("characters", "character_start_times_seconds", "character_end_times_seconds")
    ]
    if not all(isinstance(each, list | tuple) for each in lists) or len({len(each or ()) for each in lists}) != 1:
        return None
    found = []
    for signs, start, end in zip(*(each or () for each in lists), strict=True):
        if not isinstance(signs, str) or not _is_time(start) or not _is_time(end):
            return None
        found += [(sign, float(start), float(end)) for sign in signs if not sign.isspace()]
    return found


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
