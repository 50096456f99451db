"""Where an English phrase begins and ends, told from word lists alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.words import AUXILIARIES, LISTS, SCALES, SMALL_NUMBERS, looks_like_verb

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


def plain_word(token: str) -> str:
    """Lower case, punctuation off."""
    return token.lower().strip(EDGES).replace("’", "'")


def is_verb_at(tokens: Sequence[str], at: int) -> bool:
    """A finite verb by its form, and not after an article or before a noun's verb."""
    low = plain_word(tokens[at])
    if low in AUXILIARIES:
        return True
    if not looks_like_verb(low):
        return False
    before = plain_word(tokens[at - 1]) if at else ""
    if before in DETERMINERS - {"that", "this"} or before in ("of", "with", "in", "on", "by", "from", "for", "first"):
        return False
    following = plain_word(tokens[at + 1]) if at + 1 < len(tokens) else ""
    noun_before_verb = following in AUXILIARIES - {"be", "been"} and not low.endswith("ed")
    return not noun_before_verb


def begins_phrase(tokens: Sequence[str], start: int, end: int) -> bool:
    """Nothing that belongs to the first word stands before it."""
    if start == 0:
        return True
    before, first = tokens[start - 1], plain_word(tokens[start])
    if before[-1] in ",;:—–":
        return True
    low = plain_word(before)
    if first[:1].isdigit() and low not in ("as", "than", "of"):
        return True
    if low == "of" and is_list(tokens[start:end]):
        return True
    further = plain_word(tokens[start - 2]) if start > 1 and low in ARTICLES else low
    if further in ("no", "without", "not"):
        return False  # what is denied is not shown as if it were there
    if low in ("as", "than", "of") or low in QUANTIFIERS:
        return False
    if low in DETERMINERS or low in JOINS or low in PREPOSITIONS or low in AND or low in HEDGES or low == "only":
        return not (low == "between" or (low in AND and is_verb_at(tokens, start) and end - start < 3))
    return is_verb_at(tokens, start - 1) or first in PREPOSITIONS or is_verb_at(tokens, start)


def ends_phrase(tokens: Sequence[str], start: int, end: int) -> bool:
    """Nothing that belongs to the last word comes after it."""
    if end == len(tokens) or tokens[end - 1][-1] in ";:—–!?":
        return True
    if tokens[end - 1][-1] == ",":
        return not in_list(tokens, end)
    run = [plain_word(token) for token in tokens[start:end]]
    rest = [plain_word(token) for token in tokens[end:]]
    if is_verb_at(tokens, end - 1) and rest[0] not in AFTER_VERB:
        return False
    if _hangs(run, rest) or _splits_pair(run, rest):
        return False
    if rest[0] in AND:
        return any(is_verb_at(tokens, at) for at in range(end + 1, min(end + 5, len(tokens)))) and "and" not in run
    return rest[0] in PREPOSITIONS or rest[0] in JOINS


def _hangs(run: Sequence[str], rest: Sequence[str]) -> bool:
    """Does the run's last word want the word that comes after it?"""
    last, following = run[-1], rest[0]
    if last in UNENDING | HEDGES | {"nowhere"} or last.endswith(("ly", "ing")):
        return True
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
    return ("so" in run and "that" in rest) or ("as" in rest and run.count("as") == 1)


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
        return following[:1].isdigit() or following in SMALL_NUMBERS or following in ("a", "an", "half", "as", "all")
    return low in HEDGES and low != "even"


def negates(token: str) -> bool:
    """A word that denies."""
    return plain_word(token) in ("no", "not", "never", "nobody", "nothing") or plain_word(token).endswith("n't")


def may_go(run: Sequence[str], at: int) -> bool:
    """An article inside a run; not that of `a day`."""
    return plain_word(run[at]) in ARTICLES and not (at + 1 < len(run) and plain_word(run[at + 1]) in PER)
