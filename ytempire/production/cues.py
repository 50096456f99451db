"""Captions as pure values: words gathered into cues that break where speech breaks (LOOKS: captions)."""

from __future__ import annotations

from collections.abc import Sequence

from ytempire.production.model import Cue, Word
from ytempire.production.phrases import break_cost, ends_phrase, is_silent
from ytempire.production.splitting import cheapest, pieces, width

_STAY_S = 0.35
"""A shorter pause than this between two cues is bridged; at a longer one the caption goes."""
_LEAST_S = 0.3
"""What is shown for less is not read."""
_HURRIED_S = 0.36
_BREATH_S = 0.22
"""A pause this long is heard as a break."""


def cues(words: Sequence[Word], *, most_words: int, most_characters: int, scene_end_s: float) -> tuple[Cue, ...]:
    """Gather a sentence's words (times from the scene's start) into cues of 2 to `most_words` words.

    A cue ends at a phrase's end where it can, does not end on a word that leans on the next ("the", "of"), and no
    cue is a single short word unless the phrase is. What makes no sound ("—") stays with the word before it.
    `most_characters` is the width of a comfortable cue; a little more is taken to keep a phrase whole. A word much
    wider than that (a script without blanks, an address) is shown in pieces.
    """
    spoken = [piece for word in joined(words) for piece in pieces(word, most_characters)]
    if not spoken:
        return ()
    text = _Text(spoken)
    groups = cheapest(len(spoken), most_words, lambda start, end: _cost(text, start, end, most_words, most_characters))
    made: list[Cue] = []
    for position, (start, end) in enumerate(groups):
        group = tuple(spoken[start:end])
        begins = max(group[0].start_s, made[-1].end_s if made else 0.0)
        following = spoken[end].start_s if position + 1 < len(groups) else scene_end_s
        ends = max(group[-1].end_s, begins)
        ends = following if following - ends <= _STAY_S else max(ends + _STAY_S / 2, begins + _LEAST_S)
        made.append(Cue(group, min(begins, scene_end_s), min(max(ends, begins), following, scene_end_s)))
    return tuple(made)


def joined(words: Sequence[Word]) -> list[Word]:
    """The words with those that make no sound written beside their neighbour: "hearts —"; empty ones are dropped.

    Whatever times were given, they come out in order.
    """
    out: list[Word] = []
    waiting, clock = "", 0.0
    for word in words:
        text = word.text.strip()
        if not text:
            continue
        if is_silent(text) and out:
            out[-1] = Word(f"{out[-1].text} {text}", out[-1].start_s, out[-1].end_s)
        elif is_silent(text):
            waiting = f"{waiting}{text} "
        else:
            start = max(clock, word.start_s)
            clock = max(start, word.end_s)
            out.append(Word(waiting + text, start, clock))
            waiting = ""
    return out


class _Text:
    """One scene's words with what is asked about each of them again and again."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.widths = [width(word.text) for word in words]
        self.ends_phrase = [ends_phrase(words, index) for index in range(len(words))]
        self.inner = [_inner_cost(words, index, ends=self.ends_phrase[index]) for index in range(len(words) - 1)]
        """What it costs not to break after each word."""
        self.breaks = [0.0, *(break_cost(words, end) for end in range(1, len(words)))]
        """What a break before each word costs."""


def _cost(text: _Text, start: int, end: int, most_words: int, most_characters: int) -> float:
    """How bad it is to show words[start:end] together, and to break after them."""
    words = text.words
    group = words[start:end]
    last = end == len(words)
    length = sum(text.widths[start:end]) + len(group) - 1
    cost = 1.0 + 0.12 * abs(len(group) - (most_words + 2) / 2)
    if length > most_characters and len(group) > 1:
        cost += 0.5 * (length - most_characters) ** 1.3
    if len(group) == 1 and len(words) > 1:
        alone = text.ends_phrase[end - 1] and (start == 0 or text.ends_phrase[start - 1])
        cost += max(0.0, 3.0 - length / most_characters * 3.0) * (0.4 if alone else 1.0)
    cost += sum(text.inner[start : end - 1])
    shown_s = (group[-1].end_s if last else words[end].start_s) - group[0].start_s
    if shown_s < _HURRIED_S and len(words) > len(group):
        cost += 20 * (_HURRIED_S - shown_s) + (6.0 if shown_s < _LEAST_S else 0.0)
    return cost if last else cost + text.breaks[end]


def _inner_cost(words: Sequence[Word], index: int, *, ends: bool) -> float:
    """Of not breaking after words[index]; `ends`: a phrase ends with it."""
    cost = 0.0
    if ends:
        cost += 2.4 if words[index].text.rstrip("\"'”’)").endswith((".", "!", "?", "…", ":", "—", "–")) else 2.2
    if words[index + 1].start_s - words[index].end_s > _BREATH_S:
        cost += 1.2
    return cost
