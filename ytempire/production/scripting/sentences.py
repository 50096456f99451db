"""Plain text to sentences. Every character that is not a blank stays where it was."""

from __future__ import annotations

import re
from typing import Final

_SHORT_FORMS: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "sr",
        "jr",
        "vs",
        "approx",
        "ca",
        "fig",
        "no",
        "nos",
        "vol",
        "pp",
        "cf",
        "inc",
        "ltd",
        "co",
        "corp",
        "gen",
        "col",
        "lt",
        "sgt",
        "rev",
        "hon",
        "dept",
        "est",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mt",
        "ft",
        "e.g",
        "i.e",
        "al",
    ]
)
_ENDS: Final = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*|[。！？]+[」』”]*)$")
_CLOSERS: Final = "\"'”’»)]"
_OPENERS: Final = "\"'“‘«(["
_JOINTS: Final = re.compile(r"[;:—–]$|[,;]$")
LONGEST_SCENE_WORDS: Final = 30
"""A sentence longer than this stays on one card for over eleven seconds, so it is parted at a clause."""


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph; abbreviations, decimals, initials and quoted questions don't end one."""
    found: list[str] = []
    held: list[str] = []
    tokens = re.sub(r"([。！？])(?=\S)", r"\1 ", text).split()
    for at, token in enumerate(tokens):
        held.append(token)
        if at + 1 == len(tokens) or _ends_sentence(token, tokens[at + 1]):
            found.append(" ".join(held))
            held = []
    return found


def _ends_sentence(token: str, following: str) -> bool:
    if not _ENDS.search(token):
        return False
    opening = following.lstrip(_OPENERS)
    if opening[:1].islower():
        return False
    bare = token.rstrip(_CLOSERS)
    if not bare.endswith(".") or bare.endswith(".."):
        return True
    core = bare[:-1].lstrip(_OPENERS)
    low = core.lower()
    if low in ("no", "nos"):
        return not opening[:1].isdigit()
    if low in _SHORT_FORMS or (len(core) == 1 and core.isalpha() and core != "I"):
        return False
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", core):  # U.S., a.m.: an end only before a clear new beginning
        return low not in ("e.g", "i.e") and opening.split("'")[0].lower() in _BEGINNINGS
    return True


_BEGINNINGS: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "it",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "this",
        "that",
        "these",
        "those",
        "there",
        "in",
        "on",
        "at",
        "but",
        "and",
        "so",
        "then",
        "now",
        "when",
        "if",
        "its",
        "his",
        "her",
        "their",
        "our",
        "as",
        "by",
        "for",
        "from",
        "not",
        "no",
        "yet",
        "one",
    ]
)


def part_long(sentence: str) -> list[str]:
    """A very long sentence in two or more parts at clause ends, no word changed; as it is if it has no joint."""
    tokens = sentence.split()
    if len(tokens) <= LONGEST_SCENE_WORDS:
        return [sentence]
    middle = len(tokens) / 2
    places = [at for at, token in enumerate(tokens[:-5], 1) if at >= 5 and _JOINTS.search(token)]
    if not places:
        return [sentence]
    strong = [at for at in places if tokens[at - 1][-1] in ";:—–"] or places
    best = min(strong, key=lambda at: abs(at - middle))
    return part_long(" ".join(tokens[:best])) + part_long(" ".join(tokens[best:]))
