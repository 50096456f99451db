"""Dividing a row of words at the least cost, and measuring text in columns."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable

from ytempire.production.model import Word

_MUCH_WIDER = 1.5
_CLOSING = frozenset("。、，．！？：；…」』）】》.,!?:;)”’")
_JOINTS = frozenset("/-_.,:;?&=、。！？；：，…·")


def cheapest(count: int, most: int, cost: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Divide `count` things into runs of at most `most` so that the sum of cost(start, end) is least."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, count + 1):
        best.append(min((best[start][0] + cost(start, end), start) for start in range(max(0, end - most), end)))
    runs: list[tuple[int, int]] = []
    end = count
    while end:
        runs.append((best[end][1], end))
        end = best[end][1]
    return runs[::-1]


def width(text: str) -> int:
    """Columns: 2 for East Asian wide signs, 0 for marks over the one before, 1 for the rest."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf"
        else 2
        if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )


def pieces(word: Word, most_columns: int) -> list[Word]:
    """A word much wider than `most_columns` in even pieces, cut after punctuation where possible; others as they are.

    The time is shared out by columns.
    """
    total = width(word.text)
    if total <= most_columns * _MUCH_WIDER:
        return [word]
    count = math.ceil(total / most_columns)
    parts = _parts(word.text, min(most_columns, math.ceil(total / count) + 4))
    out, at = [], 0
    for part in parts:
        start, at = at, at + width(part)
        span = word.end_s - word.start_s
        out.append(Word(part, word.start_s + span * start / total, word.start_s + span * at / total))
    return out


def _parts(text: str, most_columns: int) -> list[str]:
    parts: list[str] = []
    held, joint = "", 0
    for sign in text:
        # A closing mark never begins a piece, nor does what is drawn over the sign before.
        if held and width(held + sign) > most_columns and sign not in _CLOSING and width(sign):
            cut = joint if width(held[:joint]) >= most_columns / 2 else len(held)
            parts.append(held[:cut])
            held, joint = held[cut:], 0
        held += sign
        if sign in _JOINTS:
            joint = len(held)
    parts.append(held)
    return parts
