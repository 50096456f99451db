"""Which composition, ground and track: seeded per video, so that neighbours differ and no two videos look stamped."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from ytempire.production.looks.cards import CARDS
from ytempire.production.model import CardKind

_ATTEMPTS = 40


def choose_layouts(kinds: Sequence[CardKind], seed: int, recent: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """A layout (`card/composition`) per scene.

    Neighbours never share a composition's name where the card has another, a card that comes again takes another
    composition first, and the sequence is none of `recent`. Each choice depends on the scene's place and its
    neighbour only, so editing one sentence leaves the other scenes as they were.
    """
    taken = set(recent)
    sequence: tuple[str, ...] = ()
    for attempt in range(_ATTEMPTS):
        sequence = _sequence(kinds, seed * 1009 + attempt * 7919)
        if sequence not in taken:
            return sequence
    return sequence


def _sequence(kinds: Sequence[CardKind], seed: int) -> tuple[str, ...]:
    chosen: list[str] = []
    names: list[str] = []
    used: dict[CardKind, list[str]] = {}
    for index, kind in enumerate(kinds):
        options = list(CARDS[kind])
        random.Random(f"{seed}:{index}").shuffle(options)
        before = used.setdefault(kind, [])
        options.sort(key=lambda name: (bool(names) and name == names[-1], before.count(name), name in names[-2:]))
        before.append(options[0])
        names.append(options[0])
        chosen.append(f"{kind.value}/{options[0]}")
    return tuple(chosen)


def choose_other(kind: CardKind, composition: str, seed: int) -> str:
    """Another composition of the same card, for the second phase of a long sentence."""
    others = [name for name in CARDS[kind] if name != composition]
    return random.Random(f"{seed}:turn").choice(others)


def choose_track(tracks: Sequence[str], seed: int, recent: Sequence[str]) -> str:
    """A track not used lately; never the one of the video before where there is another. Empty without tracks."""
    if not tracks:
        return ""
    order = sorted(tracks)
    random.Random(seed).shuffle(order)
    return min(order, key=lambda name: (bool(recent) and name == recent[0], recent.count(name)))
