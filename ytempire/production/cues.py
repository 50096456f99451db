"""Captions as pure values: words gathered into cues that break where speech breaks (LOOKS: captions)."""

from __future__ import annotations

from collections.abc import Sequence

from ytempire.production.model import Cue, Word

_PHRASE_END = tuple(",;:.!?…—–\"”)")
_LEAN_FORWARD = frozenset(
    "a an the of to in on at by for with from and or but as is are was were his her its their our your my this that no".split()
)
_STAY_S = 0.35
"""A shorter pause than this between two cues is bridged; at a longer one the caption goes."""


def cues(words: Sequence[Word], *, most_words: int, most_characters: int, scene_end_s: float) -> tuple[Cue, ...]:
    """Gather a sentence's words (times from the scene's start) into cues of 2 to `most_words` words.

    A cue ends at a phrase's end where it can, does not end on a word that leans on the next ("the", "of"), and no
    cue is a single short word unless the sentence is.
    """
    spoken = [word for word in words if word.text.strip()]
    if not spoken:
        return ()
    groups = _best_split(spoken, most_words, most_characters)
    made = []
    for position, group in enumerate(groups):
        end = group[-1].end_s
        following = groups[position + 1][0].start_s if position + 1 < len(groups) else scene_end_s
        end = following if following - end <= _STAY_S else end + _STAY_S / 2
        made.append(Cue(tuple(group), group[0].start_s, min(end, scene_end_s)))
    return tuple(made)


def _best_split(words: Sequence[Word], most_words: int, most_characters: int) -> list[list[Word]]:
    """The cheapest split by dynamic programming over the sentence."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        options = []
        for start in range(max(0, end - most_words), end):
            cost = best[start][0] + _cost(words, start, end, most_words, most_characters)
            options.append((cost, start))
        best.append(min(options))
    groups: list[list[Word]] = []
    end = len(words)
    while end:
        start = best[end][1]
        groups.append(list(words[start:end]))
        end = start
    return groups[::-1]


def _cost(words: Sequence[Word], start: int, end: int, most_words: int, most_characters: int) -> float:
    group = words[start:end]
    length = sum(len(word.text) for word in group) + len(group) - 1
    cost = 1.0
    if length > most_characters and len(group) > 1:
        cost += 6.0 + (length - most_characters)
    if len(group) == 1 and len(words) > 1 and length < most_characters / 2:
        cost += 2.5
    if any(word.text.endswith(_PHRASE_END) for word in group[:-1]):
        cost += 2.0
    if end < len(words):
        if group[-1].text.lower() in _LEAN_FORWARD:
            cost += 1.2
        if not group[-1].text.endswith(_PHRASE_END):
            cost += 0.3
    target = (most_words + 2) / 2
    return cost + 0.15 * abs(len(group) - target)


def lines(words: Sequence[Word], *, most_characters: int = 42, most_lines: int = 2) -> list[tuple[list[str], float, float]]:
    """Subtitle blocks for a file: (lines, start, end) of at most `most_lines` × `most_characters`."""
    blocks: list[tuple[list[str], float, float]] = []
    current: list[list[Word]] = []

    def flush() -> None:
        if current:
            shown = [" ".join(word.text for word in line) for line in current]
            blocks.append((shown, current[0][0].start_s, current[-1][-1].end_s))
            current.clear()

    for word in words:
        if not current:
            current.append([word])
        elif len(" ".join(w.text for w in current[-1])) + 1 + len(word.text) <= most_characters:
            current[-1].append(word)
        elif len(current) < most_lines:
            current.append([word])
        else:
            flush()
            current.append([word])
        if word.text.endswith((".", "!", "?", "…")):
            flush()
    flush()
    return blocks


def srt(blocks: Sequence[tuple[list[str], float, float]]) -> str:
    """SubRip text; times in seconds from the video's start."""
    parts = []
    for number, (text, start_s, end_s) in enumerate(blocks, 1):
        parts.append(f"{number}\n{_stamp(start_s, ',')} --> {_stamp(end_s, ',')}\n" + "\n".join(text) + "\n")
    return "\n".join(parts)


def vtt(blocks: Sequence[tuple[list[str], float, float]]) -> str:
    """WebVTT text (W3C): `&`, `<` and `>` are escaped, so no word can be taken for a tag or an arrow."""
    parts = ["WEBVTT\n"]
    for text, start_s, end_s in blocks:
        shown = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in text]
        parts.append(f"{_stamp(start_s, '.')} --> {_stamp(end_s, '.')}\n" + "\n".join(shown) + "\n")
    return "\n".join(parts)


def _stamp(seconds: float, mark: str) -> str:
    total_ms = round(seconds * 1000)
    hours, rest = divmod(total_ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, ms = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}{mark}{ms:03d}"
