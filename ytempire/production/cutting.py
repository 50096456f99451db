"""Pure decisions about speech: which sentences go into one call, and where one sentence ends in its recording."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ytempire.production.model import Word
from ytempire.production.wav import Pcm

LEAD_S = 0.06
"""Quiet kept before a sentence's first sound."""
TAIL_S = 0.12
"""Quiet kept after its last one: the room's answer to a word ends here, and breaths are not cut off."""
FADE_S = 0.004
_FRAME_S = 0.01
_FLOOR_DB = -48.0
"""Sound this far below the loudest is not heard: a digital pause, the hiss of a recording."""
_SEARCH_S = 0.12
"""How far a vendor's word times may be off beside a pause."""
_ALIGNED_SHARE = 0.6
"""With fewer of a sentence's words found, the search has heard something else."""


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


def is_silent(token: str) -> bool:
    """Whether a written token makes no sound of its own ("—", "…", an emoji)."""
    return not any(sign.isalnum() or sign in _SAID for sign in token)


_SAID = frozenset("&%$€£¥+=@#°")
"""Signs that are read out though they are no letters."""


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


def filled(tokens: Sequence[str], found: Sequence[Word | None]) -> tuple[Word, ...] | None:
    """A time for every token: what an aligner did not find lies between its neighbours, by share of characters.

    Tokens without sound take no time. None if too little was found to trust it.
    """
    heard = [index for index, token in enumerate(tokens) if not is_silent(token)]
    known = [index for index in heard if found[index] is not None]
    if not known or len(known) < len(heard) * _ALIGNED_SHARE or known[0] != heard[0] or known[-1] != heard[-1]:
        return None
    words: list[Word] = []
    clock = _start(found, known[0])
    for index, token in enumerate(tokens):
        own = found[index]
        if own is not None:
            start = max(clock, own.start_s)
            words.append(Word(token, start, max(start, own.end_s)))
        elif is_silent(token):
            words.append(Word(token, clock, clock))
        else:
            last = next(i for i in known if i > index)
            gap = [len(t) for t in tokens[index:last] if not is_silent(t)]
            share = max(0.0, _start(found, last) - clock) * gap[0] / sum(gap)
            words.append(Word(token, clock, clock + share))
        clock = words[-1].end_s
    return tuple(words)


def _start(found: Sequence[Word | None], index: int) -> float:
    word = found[index]
    return word.start_s if word else 0.0


def cuts(words_per_sentence: Sequence[Sequence[Word]], pcm: Pcm) -> list[tuple[float, float]]:
    """(start, end) of each sentence in a recording of several.

    Cut at the quietest place between the last word of one and the first of the next, then close to the sound of each.
    """
    level, bounds = levels(pcm), [0.0]
    for before, after in pairwise(words_per_sentence):
        end, start = _last_end(before), _first_start(after)
        low, high = min(end, start) - _SEARCH_S, max(end, start) + _SEARCH_S
        bounds.append(quietest(level, max(low, bounds[-1]), min(high, pcm.duration_s)))
    bounds.append(pcm.duration_s)
    return [_close(level, low, high) for low, high in pairwise(bounds)]


def snapped(sentences: Sequence[str], pcm: Pcm) -> list[tuple[Word, ...]]:
    """Guessed word times of a recording of several sentences, which meet in pauses that are really there.

    For recordings without any word times. Of all ways to give each sentence's end a pause, the one whose stretches
    fit the sentences' lengths best, long pauses first; within a sentence the time is shared out by characters.
    """
    bounds = [0.0, *_ends(sentences, pcm), pcm.duration_s]
    return [
        tuple(Word(word.text, low + word.start_s, low + word.end_s) for word in proportional(sentence, high - low))
        for sentence, (low, high) in zip(sentences, pairwise(bounds), strict=True)
    ]


def _ends(sentences: Sequence[str], pcm: Pcm) -> list[float]:
    """Where each sentence but the last ends."""
    shares = [len(sentence) + 1 for sentence in sentences]
    expected = [pcm.duration_s * share / sum(shares) for share in shares]
    rests = pauses(pcm)
    if len(rests) < len(sentences) - 1:
        ends = np.cumsum(expected)[:-1]
        return [float(end) for end in ends]
    places = [(first + last) / 2 for first, last in rests]
    best: list[tuple[float, tuple[float, ...]]] = [
        (_misfit(at, expected[0], last - first), (at,)) for at, (first, last) in zip(places, rests, strict=True)
    ]
    for wanted in expected[1:-1]:
        best = [
            min(
                (
                    (cost + _misfit(at - ends[-1], wanted, last - first), (*ends, at))
                    for cost, ends in best[:index]
                    if ends
                ),
                default=(np.inf, ()),
            )
            for index, (at, (first, last)) in enumerate(zip(places, rests, strict=True))
        ]
    finished = [(cost + _misfit(pcm.duration_s - ends[-1], expected[-1], 0.0), ends) for cost, ends in best if ends]
    return list(min(finished)[1]) if len(sentences) > 1 else []


def _misfit(length_s: float, expected_s: float, pause_s: float) -> float:
    """How badly a stretch of this length, ended by such a pause, fits a sentence of the expected length."""
    return ((length_s - expected_s) / (0.2 * expected_s + 0.4)) ** 2 - 6.0 * min(pause_s, 0.6)


def pauses(pcm: Pcm, *, least_s: float = 0.12) -> list[tuple[float, float]]:
    """Stretches of quiet of at least `least_s`, not counting those at the ends."""
    level = levels(pcm)
    if not len(level):
        return []
    quiet = level < level.max() * 10 ** (_FLOOR_DB / 2 / 10)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    spans = [(first * _FRAME_S, last * _FRAME_S) for first, last in edges.reshape(-1, 2).tolist()]
    inner = [(a, b) for a, b in spans if a > 0 and b < len(level) * _FRAME_S]
    return [(a, b) for a, b in inner if b - a >= least_s]


def quietest(level: npt.NDArray[np.float64], low_s: float, high_s: float) -> float:
    """The middle of the quietest 30 ms between two times; of equally quiet places the one nearest the middle."""
    first, last = int(low_s / _FRAME_S), min(len(level), int(high_s / _FRAME_S) + 1)
    if last - first <= 3:  # not wider than what is compared
        return (low_s + high_s) / 2
    smooth = np.convolve(level[first:last], np.ones(3) / 3, mode="valid")
    audible = max(float(smooth.min()), float(level.max()) * 10 ** (_FLOOR_DB / 10))
    places = np.flatnonzero(smooth <= audible)
    middle = (len(smooth) - 1) / 2
    best = places[np.argmin(np.abs(places - middle))]
    return float((first + best + 1.5) * _FRAME_S)


def _close(level: npt.NDArray[np.float64], low_s: float, high_s: float) -> tuple[float, float]:
    """The stretch from shortly before its first sound to shortly after its last."""
    first, last = round(low_s / _FRAME_S), round(high_s / _FRAME_S)
    heard = np.flatnonzero(level[first:last] > level.max(initial=0.0) * 10 ** (_FLOOR_DB / 10))
    if not len(heard):
        return low_s, high_s
    start = (first + int(heard[0])) * _FRAME_S - LEAD_S
    end = (first + int(heard[-1]) + 1) * _FRAME_S + TAIL_S
    return max(low_s, start), min(high_s, end)


def levels(pcm: Pcm) -> npt.NDArray[np.float64]:
    """Mean power of each 10 ms."""
    samples = pcm.samples
    frame = round(pcm.sample_rate_hz * _FRAME_S)
    whole = len(samples) // frame * frame
    power: npt.NDArray[np.float64] = (samples[:whole].astype(np.float64).reshape(-1, frame) ** 2).mean(axis=1)
    return power


def faded(pcm: Pcm) -> Pcm:
    """The recording with 4 ms of fade at both ends, so that no cut clicks."""
    samples = pcm.samples
    fade = np.linspace(0.0, 1.0, min(round(FADE_S * pcm.sample_rate_hz), len(samples)), dtype=np.float32)
    samples[: len(fade)] *= fade
    samples[len(samples) - len(fade) :] *= fade[::-1]
    return Pcm.of(samples, pcm.sample_rate_hz)


def moved(words: Sequence[Word], by_s: float, *, within_s: float) -> tuple[Word, ...]:
    """The words at another origin, kept between 0 and `within_s`."""
    return tuple(
        Word(word.text, min(max(0.0, word.start_s + by_s), within_s), min(max(0.0, word.end_s + by_s), within_s))
        for word in words
    )


def _first_start(words: Sequence[Word]) -> float:
    return next((word.start_s for word in words if not is_silent(word.text)), words[0].start_s)


def _last_end(words: Sequence[Word]) -> float:
    return next((word.end_s for word in reversed(words) if not is_silent(word.text)), words[-1].end_s)
