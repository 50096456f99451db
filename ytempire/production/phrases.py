"""Where an English phrase may be broken over lines and cues, and where it may not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.cutting import is_silent
from ytempire.production.model import Word

__all__ = ["break_cost", "ends_phrase", "is_silent"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PHRASE_END: Final = tuple(",;:.!?…—–、。！？；：，")
_CLOSERS: Final = "\"'”’»)]"
_LEAN_FORWARD: Final = _set("""
a an the this that these those my your his her its our their no every each some any of to in on at by for from with
into onto over under about after before between through during without within and or but nor so because if when while
than as is are was were be been being am has have had do does did will would can could shall should may might must not
don't doesn't didn't won't can't isn't aren't wasn't
""")
_LEAN_WITHIN: Final = _set("""
i you he she it we they who which what very too more most less only just about nearly almost
""")
"""Lean on what follows, but not on a new phrase: "sold it | for", "but only | at"."""
_BEGIN: Final = _set("""
and or but nor so because if when while than as of to in on at by for from with into onto over under about after
before between through during without within that which who where what how why until unless though although
""")
_SHORT_FORMS: Final = _set("""
mr mrs ms dr prof st sr jr vs approx no nos vol fig gen col lt sgt rev hon e.g i.e cf al inc ltd co corp mt ft jan feb
mar apr jun jul aug sep sept oct nov dec
""")
_DOTTED: Final = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]?\.?")
_NUMBER: Final = re.compile(r"[$€£¥]?[\d.,]*\d[%°]?")


def ends_phrase(words: Sequence[Word], index: int) -> bool:
    """Whether a phrase ends with words[index]: by its sign, unless the full stop belongs to a short form."""
    text = words[index].text.rstrip(_CLOSERS)
    if not text.endswith(_PHRASE_END):
        return False
    core = text.rstrip(".").lstrip("\"'“‘«([").lower()
    return not (text.endswith(".") and (core in _SHORT_FORMS or _DOTTED.fullmatch(text)))


def break_cost(words: Sequence[Word], end: int) -> float:
    """How much a break between words[end - 1] and words[end] hurts the reader: 0 at a phrase's end, 2 at worst."""
    if ends_phrase(words, end - 1):
        return 0.0
    before, after = _core(words[end - 1].text), _core(words[end].text)
    if before.lower().rstrip(".") in _SHORT_FORMS:
        return 2.0
    begins = after.lower() in _BEGIN
    lean = before.lower() in _LEAN_FORWARD or (before.lower() in _LEAN_WITHIN and not begins)
    cost = 0.15 if begins and not lean else 0.55
    if lean:
        cost += 1.1
    if _NUMBER.fullmatch(before) and not begins:
        cost += 0.8  # a number and what is counted
    if after[:1].isupper() and not begins:
        cost += 1.0 if before[:1].isupper() and not lean else 0.3  # within a name, or between it and what it is
    if before[:1].isupper() and _NUMBER.fullmatch(after):
        cost += 0.7  # Apollo 11, Number three
    return cost


def _core(text: str) -> str:
    return text.strip("\"'“”‘’«»()[],;:!?…—– ")
