"""Numbers, years, lists and comparisons in a sentence, as data for cards. Pure and deterministic.

Units of a `Datum`: what is shown after the number (`metres`, `%`, `million years`); a currency sign stands first
(`$`, `$ million`) and is shown before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ytempire.production.model import Datum
from ytempire.production.scripting.words import (
    FUNCTION_WORDS,
    SCALES,
    SMALL_NUMBERS,
    looks_like_verb,
)

_NUMBER: Final = re.compile(
    r"(?<![\w.,])(?P<minus>[-−])?(?P<sign>[$€£])?(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<percent>\s?%| percent| per cent)|(?:\s(?P<scale>hundred|thousand|million|billion|trillion))?"
    r"(?:(?:[ -](?P<unit>(?:square |cubic |light[- ])?[a-zµ°]+(?:/[a-z]+)?))?(?P<per> (?:per|an|a|each|every) "
    r"(?:second|minute|hour|day|week|month|year))?)?)(?![\w])"
)
_WORDED: Final = re.compile(
    r"\b(?P<value>" + "|".join(word for word in SMALL_NUMBERS if word not in ("zero", "one")) + r")"
    r"(?:[ -](?P<small>one|two|three|four|five|six|seven|eight|nine))?"
    r"(?: (?P<scale>hundred|thousand|million|billion|trillion))? (?P<unit>[a-z]+)\b(?P<per> (?:per|an|a|each|every) "
    r"(?:second|minute|hour|day|week|month|year)\b)?",
    re.IGNORECASE,
)
_ROUND: Final = re.compile(
    r"\b(?:a|one) (?P<scale>hundred|thousand|million|billion|trillion) (?P<unit>[a-z]+)\b", re.IGNORECASE
)
_YEAR: Final = re.compile(
    r"(?:\b(?:in|by|since|until|from|around|before|after|to|of|and|year|early|late|spring|summer|autumn|winter|january"
    r"|february|march|april|may|june|july|august|september|october|november|december)\s(?:\d{1,2},?\s)?|^|[(,]\s?)"
    r"(?P<year>1[0-9]\d\d|20\d\d)\b(?!\s(?:metres|meters|kilometres|kilometers|miles|people|degrees|tonnes|tons|watts"
    r"|dollars|years|grams|calories|feet|volts|times|species))",
    re.IGNORECASE,
)
_ADJECTIVES: Final = frozenset(
    ["different", "new", "old", "large", "small", "big", "little", "full", "whole", "extra", "other", "million"]
)
_BREAKS: Final = frozenset(
    [
        "before",
        "after",
        "until",
        "when",
        "while",
        "because",
        "so",
        "in",
        "on",
        "at",
        "by",
        "from",
        "than",
        "that",
        "which",
        "who",
        "since",
    ]
)
_NOT_UNITS: Final = FUNCTION_WORDS | {
    "times",
    "thirds",
    "quarters",
    "fifths",
    "tenths",
    "halves",
    "hundredths",
    "ones",
    "things",
}
_TIMES: Final = re.compile(
    r"\b(?P<value>\d[\d,]*(?:\.\d+)?|"
    + "|".join(SMALL_NUMBERS)
    + r"|twice|half)(?: (?P<scale>hundred|thousand|million))?"
    r"(?: times)? (?:as (?P<as>\w+) as|(?P<more>\w+er|more \w+|less \w+) than) (?P<other>[^,.;:!?]{2,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A number and where it stands."""

    datum: Datum
    start: int
    end: int


_SHARE: Final = re.compile(
    r"\b(?P<part>\d+|one|two|three|four|five|six|seven|eight|nine)"
    r" (?:out of|in|of) (?:every )?(?P<whole>\d+|two|three|four|five|six"
    r"|seven|eight|nine|ten|twelve|twenty|hundred)\b(?! (?:hundred|thousand|million|billion))(?P<thing> [a-z]+)?",
    re.IGNORECASE,
)


def share(sentence: str) -> Datum | None:
    """`three out of four animals` as one value."""
    match = _SHARE.search(sentence)
    if match is None:
        return None
    part, whole = (
        float(text) if text[0].isdigit() else float(SMALL_NUMBERS.get(text, 100))
        for text in (match["part"].lower(), match["whole"].lower())
    )
    return Datum((match["thing"] or "").strip(), part, f"out of {whole:g}") if part <= whole else None


def many_times(sentence: str) -> Datum | None:
    """`400 times as high as …`, too much for bars, as one value."""
    match = _TIMES.search(sentence)
    if match is None or not match["value"][0].isdigit():
        return None
    value = float(match["value"].replace(",", "")) * SCALES.get((match["scale"] or "").lower(), 1)
    who = subject(re.split(r"[,;:]\s", sentence[: match.start()])[-1])
    place = re.match(r"^(?:at|on|in|inside|outside|under|near) [a-z -]+$", match["other"])
    if who and place:  # "the pressure is 400 times as high as at the surface"
        return Datum(f"the {who} {place[0]}", value, "times")
    what = f"as {match['as']} as" if match["as"] else f"{match['more']} than"
    return Datum(f"{what} {match['other'].strip()}", value, "times")


def years(sentence: str) -> list[int]:
    """Calendar years the sentence names."""
    return [int(found["year"]) for found in _YEAR.finditer(sentence)]


def numbers(sentence: str) -> list[Found]:
    """The sentence's numbers with label and unit, in order; years and counting words without a thing left out."""
    dates = {found.start("year") for found in _YEAR.finditer(sentence)}
    found: list[Found] = []
    for match in _NUMBER.finditer(sentence):
        if match.start("value") in dates or _in_name(sentence[: match.start()], match["unit"] or ""):
            continue
        value = float(match["value"].replace(",", "")) * (-1 if match["minus"] else 1)
        unit, end = _unit(match, sentence)
        found.append(Found(Datum(_label(sentence, match.start(), end), value, unit), match.start(), end))
    for pattern in (_WORDED, _ROUND):
        for match in pattern.finditer(sentence):
            if any(one.start <= match.start() < one.end for one in found):
                continue
            unit, end = _unit(match, sentence)
            if not unit or unit in SCALES:
                continue
            amount = SMALL_NUMBERS[match["value"].lower()] if pattern is _WORDED else 1
            if pattern is _WORDED and match["small"]:
                amount += SMALL_NUMBERS[match["small"].lower()]
            found.append(Found(Datum(_label(sentence, match.start(), end), float(amount), unit), match.start(), end))
    found.sort(key=lambda one: one.start)
    opening = re.match(r"^(?:At|In|On|Below|Above|After|Before|Within|By|With|For|From|When|If)\b[^,]{2,60},", sentence)
    if opening:  # what the main clause says comes first
        found.sort(key=lambda one: one.start < opening.end())
    return found


def _in_name(before: str, unit: str) -> bool:
    """`Voyager 1 carries`: the figure belongs to a name."""
    word = (before.split() or [""])[-1]
    named = word[:1].isupper() and word.lower() not in FUNCTION_WORDS and not looks_like_verb(word)
    return named and (not unit or unit in FUNCTION_WORDS or looks_like_verb(unit))


def _unit(match: re.Match[str], sentence: str) -> tuple[str, int]:
    """The unit as shown, and where the number's words end."""
    groups = match.groupdict()
    sign, scale = groups.get("sign") or "", (groups.get("scale") or "").lower()
    if groups.get("percent"):
        return "%", match.end("percent")
    end = match.end("scale") if scale else match.end("value")
    small = groups.get("small")
    if small:
        end = max(end, match.end("small"))
    unit = groups.get("unit") or ""
    if unit == "times" and groups.get("per"):
        return f"{scale} times{groups['per']}".strip(), match.end("per")
    if unit and (unit.lower() in _NOT_UNITS or (looks_like_verb(unit) and not unit.endswith("s"))):
        unit = ""
    if unit:
        end = match.end("unit")
        scale_name = re.match(r" (?:Celsius|Fahrenheit)\b", sentence[end:])
        if scale_name:  # "180 degrees Celsius"
            return " ".join(part for part in (scale, unit + scale_name[0]) if part), end + scale_name.end()
        after = re.match(r" ([a-z]+)", sentence[end:])
        if after and after[1] not in FUNCTION_WORDS and not unit.endswith("s"):
            plural = after[1].endswith("s") and not looks_like_verb(after[1])
            if unit.lower() in _ADJECTIVES or plural:  # "five new species": the thing counted comes after
                unit, end = f"{unit} {after[1]}", end + after.end()
        if groups.get("per"):
            unit, end = unit + (groups["per"] or ""), match.end("per")
    elif groups.get("per") and sign:
        unit, end = (groups["per"] or "").strip(), match.end("per")
    return " ".join(part for part in (sign, scale, unit) if part), end


def _label(sentence: str, start: int, end: int) -> str:
    """What the number is about, in at most four words: what follows it, else the sentence's subject."""
    after = re.split(r"[.;:!?,]", sentence[end:])[0].split()
    kept: list[str] = []
    for word in after:
        low = word.lower()
        if not kept and (low in FUNCTION_WORDS or looks_like_verb(low)):
            if low in ("than", "but", "and", "or"):
                break
            continue
        if kept and (looks_like_verb(low) or low in _BREAKS):
            break
        kept.append(word)
        if len(kept) == 4:
            break
    while kept and kept[-1].lower() in FUNCTION_WORDS:
        kept.pop()
    before = subject(re.split(r"[,;:]\s", sentence[:start])[-1])
    return next((label for label in (before, " ".join(kept)) if stands(label)), "")


def stands(label: str) -> bool:
    """Does a label name a thing by itself?"""
    tokens = label.lower().split()
    lone = len(tokens) == 1 and (looks_like_verb(tokens[0]) or tokens[0] in ("later", "imagine", "put", "most"))
    return bool(tokens) and not lone and not looks_like_verb(tokens[0]) and tokens[-1] not in FUNCTION_WORDS


def subject(text: str) -> str:
    """The words before the first verb, if they are few: what a sentence is about."""
    kept: list[str] = []
    for token in text.split():
        word = token.strip(',;:()"“”')
        if kept and (looks_like_verb(word) or token[-1] in ";:,"):
            if not looks_like_verb(word):
                kept.append(word)
            break
        kept.append(word)
    while kept and kept[0].lower() in FUNCTION_WORDS:
        kept.pop(0)
    while kept and kept[-1].lower() in FUNCTION_WORDS:
        kept.pop()
    return " ".join(kept) if 0 < len(kept) <= 4 else ""


def times(sentence: str) -> tuple[Datum, Datum] | None:
    """`ten times heavier than X` as two bars: the other is 1, the subject ten."""
    match = _TIMES.search(sentence)
    if match is None:
        return None
    word = match["value"].lower()
    if not word[0].isdigit() and word not in ("twice", "half") and "times" not in match[0].lower():
        return None
    value = {"twice": 2.0, "half": 0.5}.get(word)
    if value is None:
        value = float(word.replace(",", "")) if word[0].isdigit() else float(SMALL_NUMBERS[word])
    value *= SCALES.get((match["scale"] or "").lower(), 1)
    who = subject(re.split(r"[,;:]\s", sentence[: match.start()])[-1])
    other = [
        w for w in match["other"].split() if w.lower() not in ("the", "a", "an", "of", "that", "at", "in", "on", "as")
    ][:3]
    while other and (other[-1].lower() in FUNCTION_WORDS or looks_like_verb(other[-1])):
        other.pop()
    if not who or not other or value <= 0 or value > 100:
        return None
    return Datum(who, value, "×"), Datum(" ".join(other), 1.0, "×")


def listed(sentence: str) -> tuple[Datum, ...]:
    """The items of `a, b and c`: three to five of at most four words each."""
    if re.search(r", (?:day and night|year in and year out|more or less)\b", sentence):
        return ()
    sentence = re.sub(r"^(?:In|On|At|During|After|Before|For|With|Without) [^,]{2,40}, ", "", sentence)
    match = re.search(
        r"((?:[\w'’-]+ ){0,4}[\w'’-]+), ((?:[\w'’-]+ ){0,3}[\w'’-]+)((?:, (?:[\w'’-]+ ){0,3}[\w'’-]+)*),? (?:and|or) "
        r"((?:[\w'’-]+ ){0,2}[\w'’-]+)",
        sentence,
    )
    if match is None:
        return ()
    items = [match[1], match[2], *(item.strip() for item in match[3].split(",") if item.strip()), match[4]]
    items[0] = _after_last_verb(items[0])
    if len(items[0].split()) > 1 and all(len(item.split()) == 1 for item in items[1:-1]):
        items[0] = items[0].split()[-1]
    last = (items[-1] + sentence[match.end() : match.end() + _of(sentence[match.end() :])]).split()
    for at, word in enumerate(last):
        if at and word.lower() != "of" and (word.lower() in FUNCTION_WORDS or looks_like_verb(word)):
            last = last[:at]
            break
    items[-1] = " ".join(last)
    fits = 3 <= len(items) <= 5 and all(
        item
        and len(item.split()) <= 4
        and item.split()[0].lower() not in FUNCTION_WORDS - {"your", "the", "a", "no"}
        and not looks_like_verb(item.split()[0].lower())
        for item in items
    )
    fits = fits and items[-1].split()[-1].lower() not in FUNCTION_WORDS and not items[0][0].isdigit()
    fits = fits and not any(looks_like_verb(word) for item in items for word in item.split()[:-1])
    return tuple(Datum(re.sub(r"^(?:the|a|an) ", "", item)) for item in items) if fits else ()


def _of(rest: str) -> int:
    """How far ` of rain` reaches, where it follows an item."""
    found = re.match(r" of [a-z]+", rest)
    return found.end() if found else 0


def _after_last_verb(text: str) -> str:
    tokens = text.split()
    for at in range(len(tokens) - 1, -1, -1):
        if looks_like_verb(tokens[at]) or tokens[at].lower() in FUNCTION_WORDS - {"your", "no"}:
            return " ".join(tokens[at + 1 :])
    return text
