"""Per-character times, as the vendor gives them, from the local voice's per-word times."""

from collections.abc import Sequence
from typing import Any, Protocol


class Timed(Protocol):
    """A written token and when it is heard, in seconds."""

    @property
    def text(self) -> str:
        """The token as written."""

    @property
    def start_s(self) -> float:
        """Start in the recording."""

    @property
    def end_s(self) -> float:
        """End in the recording."""


def per_character(text: str, words: Sequence[Timed]) -> dict[str, list[Any]]:
    """One entry per character of `text`; a word's time is spread evenly over its letters, gaps go to the blanks."""
    starts, ends = [0.0] * len(text), [0.0] * len(text)
    at, clock = 0, 0.0
    for word in words:
        found = text.find(word.text, at)
        if found < 0:
            continue
        _spread(starts, ends, at, found, clock, word.start_s)
        _spread(starts, ends, found, found + len(word.text), word.start_s, word.end_s)
        at, clock = found + len(word.text), word.end_s
    _spread(starts, ends, at, len(text), clock, clock)
    return {"characters": list(text), "character_start_times_seconds": starts, "character_end_times_seconds": ends}


def _spread(starts: list[float], ends: list[float], first: int, past: int, begin_s: float, end_s: float) -> None:
    for at in range(first, past):
        starts[at] = round(begin_s + (end_s - begin_s) * (at - first) / (past - first), 3)
        ends[at] = round(begin_s + (end_s - begin_s) * (at - first + 1) / (past - first), 3)
