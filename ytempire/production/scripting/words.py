"""English word lists and small readings of a sentence, without a model."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Final


def _lists() -> dict[str, frozenset[str]]:
    raw = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in raw.items()}


LISTS: Final = _lists()
"""Every list of words.json by its name."""
FUNCTION_WORDS: Final = LISTS["function_words"]
"""Words that carry no meaning of their own."""
AUXILIARIES: Final = LISTS["auxiliaries"]
COMMON_VERBS: Final = LISTS["common_verbs"]
"""Base forms."""

SMALL_NUMBERS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "trillion": 10**12}

_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*|\d[\d.,]*\d|\d")


def words(text: str) -> list[str]:
    """Words and numbers in lower case."""
    return [found.lower().replace("’", "'") for found in _WORD.findall(text)]


def spoken_words(text: str) -> int:
    """How many words a voice says: blanks part them, and each holds a letter or a digit."""
    return sum(1 for token in text.split() if any(char.isalnum() for char in token))


def content_words(text: str) -> list[str]:
    """Words that carry the meaning, in order."""
    return [word for word in words(text) if word not in FUNCTION_WORDS and (len(word) > 2 or word[0].isdigit())]


def looks_like_verb(word: str) -> bool:
    """A finite verb of the lists, in base, -s or -ed form."""
    low = word.lower().strip(".,;:!?\"“”'’")
    if low in AUXILIARIES or low in COMMON_VERBS:
        return True
    if low.endswith("s"):
        return (
            low[:-1] in COMMON_VERBS
            or low[:-2] in COMMON_VERBS
            or (low.endswith("ies") and f"{low[:-3]}y" in COMMON_VERBS)
        )
    return low.endswith("ed") and (low[:-2] in COMMON_VERBS or low[:-1] in COMMON_VERBS or low[:-3] in COMMON_VERBS)


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A crude common form, so that `dives` finds `dive` and `octopuses` finds `octopus`."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("uses", "sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ied", "ed", "ly", "est"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ied" else "")
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, without a dangling small word."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0] if " " in text[: limit + 1] else text[:limit]
    cut = cut.rstrip(" ,;:–—-")
    while " " in cut and cut.rsplit(" ", 1)[1].lower() in FUNCTION_WORDS:
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return cut
