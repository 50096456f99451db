"""Where an English phrase begins and ends, told from word lists alone."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.words import AUXILIARIES, LISTS, SCALES, SMALL_NUMBERS, looks_like_verb, stem

EDGES: Final = " .,;:!?—–-\"“”«»()'‘’"
DETERMINERS: Final = LISTS["determiners"]
PREPOSITIONS: Final = LISTS["prepositions"]
JOINS: Final = LISTS["joins"]
AND: Final = LISTS["and"]
PRONOUNS: Final = LISTS["pronouns"]
HEDGES: Final = LISTS["hedges"]
OPENERS: Final = LISTS["openers"]
UNENDING: Final = LISTS["unending"]
UNOPENING: Final = LISTS["unopening"]
LOOSE_TAIL: Final = LISTS["loose_tail"]
CLAUSE_JOINS: Final = LISTS["clause_joins"]
ASKING: Final = LISTS["asking"]
QUANTIFIERS: Final = LISTS["quantifiers"]
WANTING: Final = LISTS["wanting"]
AFTER_VERB: Final = LISTS["after_verb"]
PER: Final = LISTS["per"]
ARTICLES: Final = LISTS["articles"]
NO_SUBJECT: Final = CLAUSE_JOINS | {"until", "since"}


def tokens_of(text: str) -> list[str]:
    """What stands between blanks and holds a letter or a digit."""
    return [token for token in text.split() if any(char.isalnum() for char in token)]


@functools.lru_cache(maxsize=8_192)
def plain_word(token: str) -> str:
    """Lower case, punctuation off."""
    return token.lower().strip(EDGES).replace("’", "'")


def is_verb_at(tokens: Sequence[str], at: int) -> bool:
    """A finite verb by its form, and not after an article or before a noun's verb."""
    low = plain_word(tokens[at])
    if low in AUXILIARIES:
        return True
    before = plain_word(tokens[at - 1]) if at else ""
    if at == 0 and low.endswith("s") and len(tokens) > 1:
        return False  # a sentence that orders something begins with a base form
    if not looks_like_verb(low):
        return before == "it" and low.endswith("s") and low[-2:-1] not in "sui"  # `it snows`
    base = not low.endswith(("s", "ed")) and low not in LISTS["past"]
    if base and at > 1 and plain_word(tokens[at - 2]) in ("a", "an", "every", "each"):
        return False  # `a new use`
    if superlative(before) or before in (DETERMINERS | _NOUN_NEXT) - {"that", "this"}:
        return False
    following = plain_word(tokens[at + 1]) if at + 1 < len(tokens) else ""
    acts = following.endswith("s") and looks_like_verb(following) and low[-1:] != "s"  # `touch tells`
    noun_before_verb = (following in AUXILIARIES - {"be", "been"} or acts) and not low.endswith("ed")
    return not noun_before_verb and not (low.endswith("s") and _verb_before(tokens, at))


_NOUN_NEXT: Final = frozenset(["of", "with", "in", "on", "by", "from", "for", "first", "last", "same", "own"])
_NO_SUPERLATIVE: Final = frozenset(
    ["rest", "test", "nest", "guest", "forest", "west", "east", "chest", "interest", "harvest", "honest", "modest"]
)


def superlative(word: str) -> bool:
    """`scariest`, not `rest`."""
    return word.endswith("est") and len(word) > 4 and word not in _NO_SUPERLATIVE


def _verb_before(tokens: Sequence[str], at: int) -> bool:
    """Has this clause its verb already, so that a form in -s is a plural: `it fits into tiny locks`?"""
    for n in range(at - 1, -1, -1):
        low = plain_word(tokens[n])
        if tokens[n][-1] in ",;:—–" or low in JOINS | AND | {"than"}:
            return False
        if n < at - 1 and (low in AUXILIARIES or looks_like_verb(low)) and is_verb_at(tokens, n):
            opened = next((m for m in range(n, -1, -1) if plain_word(tokens[m]) in JOINS or tokens[m][-1] in ",;:"), -1)
            which = opened >= 0 and plain_word(tokens[opened]) in ("that", "who", "which")
            return not which and plain_word(tokens[at - 1]) not in PRONOUNS
    return False


def begins_phrase(tokens: Sequence[str], start: int, end: int) -> bool:
    """Nothing that belongs to the first word stands before it."""
    if start == 0:
        return True
    before, first = tokens[start - 1], plain_word(tokens[start])
    if before[-1] in ",;:—–":
        return True
    low, earlier = plain_word(before), plain_word(tokens[start - 2]) if start > 1 else ""
    if compares(tokens[start:end]) or (first[:1].isdigit() and low not in ("as", "than", "of")):
        return True
    if low == "of" and (earlier in _LIGHT or is_list(tokens[start:end])):
        return True
    if low == "than" and earlier == "more" and first in ARTICLES and plain_word(tokens[start + 1]) in SCALES:
        return True
    if _held(low, first) or (low == "so" and not joins_at(tokens, start - 1)):
        return False
    if low in {"that"} | JOINS | PREPOSITIONS | AND | HEDGES or low == "only":
        return not (low == "between" or (low in AND and is_verb_at(tokens, start) and end - start < 3))
    return is_verb_at(tokens, start - 1) or first in PREPOSITIONS or is_verb_at(tokens, start)


def _held(before: str, first: str) -> bool:
    """Does the word before belong to the first one: an article, `no`, `as`, the `up` of `up to 40`?"""
    if first == "to" and (before == "up" or _is_figure(before)):
        return True
    return before in DETERMINERS - {"that"} | QUANTIFIERS | {"as", "than", "of", "like", "without", "not", "no"}


def ends_phrase(tokens: Sequence[str], start: int, end: int) -> bool:
    """Nothing that belongs to the last word comes after it."""
    if end == len(tokens) or tokens[end - 1][-1] in ";:—–!?":
        return True
    if tokens[end - 1][-1] == ",":
        return not in_list(tokens, end)
    run = [plain_word(token) for token in tokens[start:end]]
    rest = [plain_word(token) for token in tokens[end:]]
    if is_verb_at(tokens, end - 1) and not after_verb(tokens, end) and not is_passive(tokens, end):
        return False
    if _hangs(run, rest) or _splits_pair(run, rest):
        return False
    if rest[0] in AND:
        return any(is_verb_at(tokens, at) for at in range(end + 1, min(end + 5, len(tokens)))) and "and" not in run
    if is_verb_at(tokens, end) and not any(is_verb_at(tokens, at) for at in range(start, end)):
        return True  # a subject before its verb
    if rest[0] in ("they", "we", "you", "people") and len(rest) > 1 and is_verb_at(tokens, end + 1):
        return True  # `the same hole they listened at`
    return rest[0] in PREPOSITIONS or rest[0] in ("instead", "even") or joins_at(tokens, end)


_LETTING: Final = frozenset(["let", "lets", "make", "makes", "made"])


def _is_figure(word: str) -> bool:
    return word[:1].isdigit() or word in SMALL_NUMBERS or word in SCALES


def is_passive(tokens: Sequence[str], end: int) -> bool:
    """`gets lost`, `was lit`, `makes it shrink`, before a phrase of place or time."""
    before = plain_word(tokens[end - 2]) if end > 1 else ""
    helped = before in ("get", "gets", "got", "is", "are", "was", "were", "been")
    placed = plain_word(tokens[end]) in PREPOSITIONS - {"to", "for", "by"}
    made = any(plain_word(token) in _LETTING for token in tokens[max(0, end - 5) : end - 2])  # `makes a note shrink`
    return (helped or made) and placed and plain_word(tokens[end - 1]) not in AUXILIARIES


def after_verb(tokens: Sequence[str], at: int) -> bool:
    """May a sentence stop after its verb, before this word? Before a clause of its own only."""
    low = plain_word(tokens[at])
    if at > 2 and plain_word(tokens[at - 2]) in ("we", "you", "they", "people", "he", "she"):
        return low in PREPOSITIONS | JOINS  # `the densest thing we know before a black hole`
    if low in AND:
        return any(is_verb_at(tokens, n) for n in range(at + 2, min(at + 5, len(tokens)))) and not is_verb_at(
            tokens, at + 1
        )
    return low in AFTER_VERB and joins_at(tokens, at)


def joins_at(tokens: Sequence[str], at: int) -> bool:
    """Does a clause begin here? Not with the `so` of `so little air`, nor with the `that` of `that many`."""
    low = plain_word(tokens[at])
    if low not in JOINS:
        return False
    if low == "so":
        return tokens[at - 1][-1:] in ",;:—–" or plain_word(" ".join(tokens[at + 1 : at + 2])) == "that"
    return low != "that" or any(is_verb_at(tokens, n) for n in range(at + 1, len(tokens)))


def _hangs(run: Sequence[str], rest: Sequence[str]) -> bool:
    """Does the run's last word want the word that comes after it?"""
    last, following = run[-1], rest[0]
    if last in ("high", "far", "deep") and following in ("above", "below", "from"):
        return True
    if last in UNENDING | HEDGES | {"nowhere", "ever", "all"} or last.endswith(("ly", "ing")):
        return True
    if last[:1].isdigit() and following in JOINS:
        return False
    if last[:1].isdigit() or last in SMALL_NUMBERS or last in SCALES or following in ASKING | {"of", "than", "as"}:
        return True
    only_loose = all(word in LOOSE_TAIL for word in rest[:2])
    return only_loose or (len(rest) <= 3 and rest[-1] in ("them", "it", "us", "away", "out", "down", "on", "up"))


def _splits_pair(run: Sequence[str], rest: Sequence[str]) -> bool:
    """`so … that`, `from … to`, `as … as`, `between … and`, `needs … to`: one half without the other."""
    if rest[0] == "to":
        wants = WANTING & set(run) and not any(word[:1].isdigit() for word in run)
        if wants or "from" in run or run[-1] == "up":
            return True
    if "between" in run and "and" not in run:
        return True
    if rest[0] in ("from", "into") and any(stem(word) in _FROM for word in run) and not PREPOSITIONS & set(run):
        return True
    return ("so" in run[:-2] and "that" in rest) or ("as" in rest and run.count("as") == 1)


_LIGHT: Final = frozenset(["story", "tale", "look"])


def compares(run: Sequence[str]) -> bool:
    """`as heavy as a motorcycle`, `longer than our species has existed`, `more ovens than ranges`."""
    low = [plain_word(token) for token in run]
    if low[0] == "as":
        return len(low) > 3 and low[2] == "as" and low[1] not in ("well", "soon", "long", "far", "many", "much")
    more = low[0] in ("more", "less", "fewer") or (low[0].endswith("er") and low[1:2] == ["than"])
    figure = any(word[:1].isdigit() or word in SMALL_NUMBERS or word in SCALES or word in _SHARES for word in low)
    return more and "than" in low[1:-1] and not figure


_SHARES: Final = frozenset(["half", "dozen", "twice"])


_FROM: Final = frozenset(
    map(stem, ["get", "got", "keep", "kept", "come", "came", "stop", "prevent", "turn", "save", "lock"])
)


def comparison_broken(tokens: Sequence[str]) -> bool:
    """A comparison without its figure or without its other side."""
    run = [plain_word(token) for token in tokens]
    for at, word in enumerate(run):
        if word == "times" and (at == 0 or not (run[at - 1][:1].isdigit() or run[at - 1] in SMALL_NUMBERS | SCALES)):
            return at > 0 and run[at - 1] not in ("many", "three", "several", "the", "our", "modern", "old")
        if word in ("than", "as") and at == len(run) - 1:
            return True
    if run.count("as") == 1 and run[0] != "as" and run[-1] != "as":
        at = run.index("as")
        return at + 2 >= len(run) and run[at + 1 :] != [] and run[at + 1] in ("high", "hard", "small", "big", "long")
    return False


def is_list(run: Sequence[str]) -> bool:
    """`a, b and c`."""
    text = " ".join(run)
    return re.search(r"\w, [\w' -]+,? (?:and|or) \w", text) is not None


def in_list(tokens: Sequence[str], end: int) -> bool:
    """Would a cut here leave a list without its other items?"""
    if tokens[end - 1][-1] != ",":
        return False
    rest = [plain_word(token) for token in tokens[end : end + 7]]
    at = next((at for at, word in enumerate(rest) if word in ("and", "or")), None)
    return at is not None and not any(is_verb_at(tokens, end + n) for n in range(at)) and 0 < at <= 4


def hedges(run: Sequence[str], at: int) -> bool:
    """A word that only softens what follows; `about` before a number, not before what something is about."""
    low = plain_word(run[at])
    following = plain_word(run[at + 1]) if at + 1 < len(run) else ""
    if low in ("about", "roughly", "almost", "nearly"):
        return following[:1].isdigit() or following in SMALL_NUMBERS or following in ("a", "an", "half", "as")
    return low in HEDGES and low != "even"


def negates(token: str) -> bool:
    """A word that denies."""
    return plain_word(token) in ("no", "not", "never", "nobody", "nothing") or plain_word(token).endswith("n't")


def may_go(run: Sequence[str], at: int) -> bool:
    """An article inside a run; not that of `a day`."""
    counts = PER | frozenset(SCALES) | {"half", "few", "little", "lot", "dozen"}
    following = plain_word(run[at + 1]) if at + 1 < len(run) else ""
    fixed = following in counts | {"same", "other", "only", "first", "kind", "most"} or superlative(following)
    return plain_word(run[at]) in ARTICLES and not fixed
