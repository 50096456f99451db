"""Caption files: .srt and .vtt blocks of at most two lines of 42 columns, one sentence at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from ytempire.production.cues import joined
from ytempire.production.model import Word
from ytempire.production.phrases import break_cost, ends_phrase
from ytempire.production.splitting import cheapest, pieces, width

LINE_COLUMNS = 42
"""The usual limit for Latin letters; East Asian signs count double."""
_MOST_WORDS = 24
_LEAST_S = 1.0
_BRIDGED_S = 0.35
_TAG = re.compile(r"<(/?[A-Za-z][^<>]*)>")


@dataclass(frozen=True)
class Subtitle:
    """One block: one or two lines; times in seconds from the video's start."""

    lines: tuple[str, ...]
    start_s: float
    end_s: float


def subtitles(scenes: Sequence[Sequence[Word]], *, video_end_s: float) -> tuple[Subtitle, ...]:
    """Each scene's words (times from the video's start) as blocks, in order, none overlapping another.

    A block stays a second if the next one leaves it the time.
    """
    made: list[tuple[tuple[str, ...], float, float]] = []
    for words in scenes:
        spoken = [piece for word in joined(_cleaned(words)) for piece in pieces(word, LINE_COLUMNS)]
        text = _Text(spoken)
        for start, end in cheapest(len(spoken), _MOST_WORDS, partial(_cost, text)):
            made.append((_lines(text, start, end), spoken[start].start_s, spoken[end - 1].end_s))
    blocks: list[Subtitle] = []
    for index, (lines, start_s, end_s) in enumerate(made):
        following_s = made[index + 1][1] if index + 1 < len(made) else video_end_s
        begins_s = max(start_s, blocks[-1].end_s if blocks else 0.0)
        wanted_s = max(end_s, begins_s + _LEAST_S)
        ends_s = following_s if 0 <= following_s - wanted_s <= _BRIDGED_S else min(wanted_s, following_s)
        blocks.append(Subtitle(lines, begins_s, max(ends_s, begins_s + 0.001)))
    return tuple(blocks)


def srt(blocks: Sequence[Subtitle]) -> str:
    """SubRip text. It has no escapes: what a player would take for an arrow, a tag or an override is respelt."""
    parts = []
    for number, block in enumerate(blocks, 1):
        shown = [_TAG.sub(r"‹\1›", line.replace("-->", "→")).replace("{\\", "{ \\") for line in block.lines]
        parts.append(f"{number}\n{_span(block, ',')}\n" + "\n".join(shown) + "\n")
    return "\n".join(parts)


def vtt(blocks: Sequence[Subtitle]) -> str:
    """WebVTT text (W3C): `&`, `<` and `>` are escaped, so no word can be taken for a tag or an arrow."""
    parts = ["WEBVTT\n"]
    for block in blocks:
        shown = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in block.lines]
        parts.append(f"{_span(block, '.')}\n" + "\n".join(shown) + "\n")
    return "\n".join(parts)


def _cleaned(words: Sequence[Word]) -> list[Word]:
    """Without control signs and those that turn the direction of what follows."""
    return [
        Word("".join(sign for sign in word.text if not _is_control(sign)), word.start_s, word.end_s) for word in words
    ]


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Cs"} or sign in "\u202a\u202b\u202c\u202d\u202e\ufeff"


class _Text:
    """One scene's words with what is asked about each of them again and again."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.columns = list(accumulate((width(word.text) for word in words), initial=0))
        """Sums from the first word."""
        self.breaks = [0.0, *(break_cost(words, end) for end in range(1, len(words)))]
        """What a break before each word costs."""
        self.sentence_ends = [_ends_sentence(words, index) for index in range(len(words))]

    def wide(self, start: int, end: int) -> int:
        """Columns of the words from start to end with a blank between any two."""
        return self.columns[end] - self.columns[start] + max(0, end - start - 1)


def _cost(text: _Text, start: int, end: int) -> float:
    """How bad a block words[start:end] is, and a break after it."""
    division = _division(text, start, end)
    if division is None:
        return 1000.0 * (end - start)
    count = len(text.words)
    short = max(0.0, 1 - text.wide(start, end) / 28)
    cost = 1.0 + division[0] + (1.5 * short if count > end - start else 0.0)
    cost += sum(0.6 for ends in text.sentence_ends[start : end - 1] if ends)
    return cost if end == count else cost + 3.5 * text.breaks[end] + 0.2


def _ends_sentence(words: Sequence[Word], index: int) -> bool:
    return ends_phrase(words, index) and words[index].text.rstrip("\"'”’»)")[-1:] in ".!?…。！？"


def _division(text: _Text, start: int, end: int) -> tuple[float, int] | None:
    """(how ugly it is, how many of words[start:end] go into the first line); None if two lines don't hold them."""
    whole = text.wide(start, end)
    if whole <= LINE_COLUMNS:
        return 0.0, end - start
    if whole > 2 * LINE_COLUMNS + 1:
        return None
    best: tuple[float, int] | None = None
    for cut in range(1, end - start):
        above, below = text.wide(start, start + cut), text.wide(start + cut, end)
        if above > LINE_COLUMNS:
            break
        if below <= LINE_COLUMNS:
            option = (abs(above - below) / LINE_COLUMNS + 1.8 * text.breaks[start + cut], cut)
            best = option if best is None else min(best, option)
    return best


def _lines(text: _Text, start: int, end: int) -> tuple[str, ...]:
    _, cut = _division(text, start, end) or (0.0, end - start)
    parts = (text.words[start : start + cut], text.words[start + cut : end])
    return tuple(" ".join(word.text for word in part) for part in parts if part)


def _span(block: Subtitle, mark: str) -> str:
    start_ms = round(block.start_s * 1000)
    end_ms = max(round(block.end_s * 1000), start_ms + 1)
    return f"{_stamp(start_ms, mark)} --> {_stamp(end_ms, mark)}"


def _stamp(total_ms: int, mark: str) -> str:
    hours, rest = divmod(total_ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, ms = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{ms:03d}"
