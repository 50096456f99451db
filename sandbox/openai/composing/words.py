"""Small word lists and the cheap grammar that needs no model: stems, content words, numbers, verbs."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final


def _lists() -> dict[str, frozenset[str]]:
    raw = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in raw.items()}


_LISTS: Final = _lists()
STOP: Final = _LISTS["stop"]
"""Words that carry no meaning of their own."""
AUX: Final = _LISTS["aux"]
VERBS: Final = _LISTS["verbs"]
"""Base forms."""
PAST: Final = _LISTS["past"]
"""Irregular past forms."""
STRIKING: Final = _LISTS["striking"]
"""Words that make one look up."""
VAGUE: Final = _LISTS["vague"]
BACKWARD: Final = _LISTS["backward"]
"""Words that point to what was said before."""

NUMBER_WORDS: Final = {
    word: at
    for at, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "half": 0.5,
    "twice": 2,
    "double": 2,
}

SCALES: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*|\d[\d.,]*\d|\d")


def words(text: str) -> list[str]:
    """Words and numbers, lower case."""
    return [found.lower() for found in _WORD.findall(text)]


def stem(word: str) -> str:
    """A crude common form: plural, tense and -ly endings off."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("uses", "sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ied", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ied" else "")
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def content(text: str) -> list[str]:
    """Words that carry meaning, in order, lower case."""
    return [word for word in words(text) if word not in STOP and (len(word) > 2 or word.isdigit())]


def stems(text: str) -> set[str]:
    """The stems of a text's content words."""
    return {stem(word) for word in content(text)}


def count(text: str) -> int:
    """Spoken words: what stands between blanks and holds a letter or digit."""
    return sum(1 for token in text.split() if any(char.isalnum() for char in token))


def is_verb(word: str) -> bool:
    """Does the word look like a finite verb of ours (base, -s, -ed)?"""
    low = word.lower().strip(",;:")
    if low in AUX or low in VERBS or low in PAST:
        return True
    if low.endswith("s") and (
        low[:-1] in VERBS or low[:-2] in VERBS or (low.endswith("ies") and low[:-3] + "y" in VERBS)
    ):
        return True
    return low.endswith("ed") and len(low) > 4 and (low[:-2] in VERBS or low[:-1] in VERBS or low[:-3] in VERBS)


def joined(parts: Iterable[str]) -> str:
    """Words to a text with single blanks and no blank before punctuation."""
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(part for part in parts if part)).strip()


def capital(text: str) -> str:
    """The first letter as a capital."""
    return text[:1].upper() + text[1:]


def short(text: str, limit: int) -> str:
    """The text cut at a word so that it fits `limit` characters, without a dangling small word."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    while " " in cut and (cut.rsplit(" ", 1)[1].lower() in STOP):
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return cut
