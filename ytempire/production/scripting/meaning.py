"""Does a cut still say what its sentence says? Denials, comparisons and figures that must not be torn apart.

Judged by words, not by places, so that it holds for a model's own wording as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.grammar import (
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    is_verb_at,
    plain_word,
    tokens_of,
)
from ytempire.production.scripting.words import FUNCTION_WORDS, SCALES, SMALL_NUMBERS, stem

_DENYING: Final = frozenset(
    ["no", "not", "never", "without", "hardly", "barely", "scarcely", "rarely", "seldom", "none", "nobody", "nothing",
     "nowhere", "neither", "nor", "cannot"]
)  # fmt: skip
_NO_DENIAL: Final = {"not": frozenset(["only", "just", "merely"]), "no": frozenset(["matter", "doubt", "wonder"])}
_ENDING: Final = frozenset(["but", "because", "so", "although", "though", "while", "whereas", "unless"])
_COMPARED: Final = re.compile(
    r"\b(?:(?P<figure>\d[\d,.]*(?: (?:thousand|million|billion))?|twice|half|" + "|".join(SMALL_NUMBERS) + r")"
    r"(?: times)? )?(?:as (?!well\b|soon\b|long\b|far\b|many\b|much\b|early\b|late\b)[\w-]+ as"
    r"|(?:(?<=times )|(?<=twice ))(?:\w+er|(?:more|less) \w+|more) than) [^,.;:!?]+",
    re.IGNORECASE,
)


def denies(token: str) -> bool:
    """A word that turns what it governs into its opposite."""
    low = plain_word(token)
    return low in _DENYING or low.endswith("n't")


def denied(sentence: str) -> list[tuple[int, int]]:
    """For each denial the place of its word and where what it governs ends, counted in `tokens_of(sentence)`."""
    tokens = tokens_of(sentence)
    found = []
    for at, token in enumerate(tokens):
        following = plain_word(tokens[at + 1]) if at + 1 < len(tokens) else ""
        replaced = plain_word(token) in ("instead", "rather") and following in ("of", "than")
        if (
            not (denies(token) or replaced)
            or following in _NO_DENIAL.get(plain_word(token), ())
            or token[-1] in ",;:.!?"
        ):
            continue
        end = at + 1
        while end < len(tokens) and not _ends(tokens, at, end):
            end += 1
        found.append((at, end))
    return found


def _ends(tokens: Sequence[str], at: int, end: int) -> bool:
    if end == at + 1:
        return False
    low = plain_word(tokens[end])
    if tokens[end - 1][-1] in ",;:—–.!?" or low in _ENDING:
        return True
    if plain_word(tokens[at]) == "without":
        return is_verb_at(tokens, end) or low in PREPOSITIONS - {"of"}
    after = plain_word(tokens[end + 1]) if end + 1 < len(tokens) else ""
    return low in ("and", "yet") and (after in PRONOUNS or after in DETERMINERS) and after not in ("no", "any")


def keeps_meaning(text: str, sentence: str) -> bool:
    """False if the text says the opposite, half a comparison, a unit that lost its figure, or a belief as a fact."""
    if _lost_belief(text, sentence):
        return False
    return not (_lost_denial(text, sentence) or _lost_comparison(text, sentence) or _lost_figure(text, sentence))


def _lost_belief(text: str, sentence: str) -> bool:
    """`Biologists believed that all life needs the sun` does not say that it does."""
    found = BELIEVED.search(sentence)
    if found is None or plain_word(found["verb"]) in map(plain_word, tokens_of(text)):
        return False
    held = _stems(tokens_of(sentence[found.end() :])) - _stems(tokens_of(sentence[: found.end()]))
    return bool(held & _stems(tokens_of(text)))


BELIEVED: Final = re.compile(
    r"\b(?P<who>(?:[a-z]+ )?[a-z]+|[A-Z][a-z]+) (?P<verb>believed|thought|assumed|claimed|feared) that\b"
)


def _stems(tokens: Sequence[str]) -> set[str]:
    return {stem(word) for word in map(plain_word, tokens) if word and word not in FUNCTION_WORDS and not denies(word)}


def _lost_denial(text: str, sentence: str) -> bool:
    shown, whole = tokens_of(text), tokens_of(sentence)
    if any(denies(token) or plain_word(token) in ("zero", "instead", "rather") for token in shown):
        return False
    spans = denied(sentence)
    inside = {n for at, end in spans for n in range(at, end)}
    low = [plain_word(token) for token in shown]
    places = [n for n in range(len(whole)) if [plain_word(token) for token in whole[n : n + len(low)]] == low]
    if places and all(set(range(n, n + len(low))) <= inside for n in places):
        return True
    free = _stems([token for n, token in enumerate(whole) if n not in inside])
    return any((_stems(whole[at:end]) - free) & _stems(shown) for at, end in spans)


def _lost_comparison(text: str, sentence: str) -> bool:
    low = " ".join(plain_word(token) for token in tokens_of(text))
    if "×" in text:
        return False
    for found in _COMPARED.finditer(sentence):
        words = [plain_word(token) for token in tokens_of(found[0])]
        joints = [n for n, word in enumerate(words) if n and word in ("as", "than") and words[n - 1] != "times"]
        joint = joints[0] if joints else len(words) - 1
        core, other = words[: joint + 1], words[joint + 1 :]
        own = _stems(core)
        outside = _stems(tokens_of(sentence.replace(found[0], " ")))
        shown = _stems(low.split())
        if shown & (own - outside) and not (" ".join(core) in low and shown & _stems(other)):
            return True
        if found["figure"] and shown and shown <= _stems(other) | {"times"}:
            return True
    return False


def _lost_figure(text: str, sentence: str) -> bool:
    """The text begins with what a figure counts, without the figure."""
    shown, whole = ([plain_word(token) for token in tokens_of(part)] for part in (text, sentence))
    if not shown or is_figure(shown[0]) or shown[0] in FUNCTION_WORDS:
        return False
    places = [n for n, word in enumerate(whole) if word == shown[0]]
    counted = [n for n in places if n and is_figure(whole[n - 1]) and whole[n - 1] != "one"]
    return bool(places) and len(counted) == len(places) and not _is_year(whole[counted[0] - 1])


def is_figure(word: str) -> bool:
    """A number in digits or in words."""
    return word[:1].isdigit() or word in SMALL_NUMBERS or word in SCALES


def _is_year(word: str) -> bool:
    return re.fullmatch(r"1[0-9]\d\d|20\d\d", word) is not None
