"""What a noun phrase may not lose or take along: phrases torn from their verb, two things side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.grammar import (
    AND,
    ARTICLES,
    DETERMINERS,
    HEDGES,
    JOINS,
    PER,
    PREPOSITIONS,
    is_verb_at,
    joins_at,
    plain_word,
)
from ytempire.production.scripting.words import AUXILIARIES, FUNCTION_WORDS, SMALL_NUMBERS

RELATIVE: Final = frozenset(["that", "who", "which", "whose"])


def counts(token: str) -> bool:
    """A number in digits or words, `one` left out."""
    low = plain_word(token)
    return low[:1].isdigit() or low in ("half", "dozen", "twice") or (low in SMALL_NUMBERS and low != "one")


def tells_which(tokens: Sequence[str], start: int, end: int, verbs: Sequence[int]) -> bool:
    """A noun phrase with a whole clause that says which one is meant."""
    inner = next((at for at in range(start + 1, end) if plain_word(tokens[at]) in ("that", "who", "which")), end)
    noun = inner > start + 1 and plain_word(tokens[inner - 1]) not in FUNCTION_WORDS
    return noun and verbs[0] > inner and closed(tokens, end)


WE: Final = frozenset(["we", "you", "they", "people", "he", "she", "i"])


def closed(tokens: Sequence[str], end: int) -> bool:
    """Does a clause end here?"""
    return end == len(tokens) or tokens[end - 1][-1] in ",;:—–." or joins_at(tokens, end)


_LETTING: Final = frozenset(["let", "lets", "make", "makes", "made", "see", "sees", "watch"])


def let(tokens: Sequence[str], start: int) -> bool:
    """`let school classes paint a cup`: who does it stands after the verb, as the subject of the next."""
    several = plain_word(tokens[start]) not in ARTICLES
    return start > 0 and several and plain_word(tokens[start - 1]) in _LETTING


def adverbial(tokens: Sequence[str], start: int, end: int) -> bool:
    """Is a phrase of the verb torn from it: `the bones within two years`, `proteins from bending`?"""
    if start == 0 or plain_word(tokens[start]) in PREPOSITIONS or tokens[start - 1][-1] in ",;:—–":
        return False
    for at in range(start + 1, end):
        low, following = plain_word(tokens[at]), plain_word(tokens[min(at + 1, end - 1)])
        figure = following[:1].isdigit() or following in SMALL_NUMBERS or following in ("about", "a")
        infinite = low == "to" and at + 1 < end and is_verb_at(tokens, at + 1)
        which = next((n for n in range(start, at) if plain_word(tokens[n]) in RELATIVE), None)
        ranged = low == "to" and (plain_word(tokens[at - 1]) == "up" or counts(tokens[at - 1]))
        if infinite or ranged or which is not None:
            continue
        measured = low in ("for", "in", "at") and figure
        if low in _OF_VERBS or measured or (low == "with" and not _has_it(tokens, start)):
            return True
    return False


_OF_VERBS: Final = frozenset(
    ["within", "into", "by", "from", "through", "to", "toward", "towards", "across", "after", "before", "until",
     "during", "since", "onto", "against", "instead", "over"]
)  # fmt: skip


def _has_it(tokens: Sequence[str], start: int) -> bool:
    """`is a man with an axe`: after such a verb the phrase tells what the thing is like."""
    return plain_word(tokens[start - 1]) in AUXILIARIES


def two_things(tokens: Sequence[str], start: int, end: int) -> bool:
    """Do two noun phrases stand side by side: `its answer the day`?"""
    for at in range(start + 1, end):
        before = plain_word(tokens[at - 1])
        if before in RELATIVE:
            return False
        if counts(tokens[at]) and plain_word(tokens[min(at + 1, end - 1)]) == "times" and before not in PREPOSITIONS:
            return True
        joined = before in PREPOSITIONS | AND | JOINS | HEDGES or before in ("of", "as", "than", "all", "half", "only")
        if plain_word(tokens[at]) in DETERMINERS - {"that"} and not joined and tokens[at - 1][-1] != ",":
            per = plain_word(tokens[at]) in ("a", "an", "every", "each") and at + 1 < end
            if not (per and plain_word(tokens[at + 1]) in PER):
                return True
    return False
