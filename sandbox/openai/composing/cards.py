"""What the viewer sees with a line: kind of card, few words, values, and nouns for a picture."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox.openai.composing.lines import Line
from sandbox.openai.composing.words import NUMBER_WORDS, SCALES, STOP, content, is_verb, joined, words

_NUMBER: Final = re.compile(
    r"(?P<sign>[$€£])?(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)(?P<percent>\s?%| percent)?"
    r"(?:\s(?P<scale>thousand|million|billion"
    r"|trillion))?(?:[ -](?P<unit>(?:square |cubic )?[a-z][a-z/°-]+(?: per [a-z]+| an hour| a second)?))?"
)
_WORDED: Final = re.compile(
    r"\b(?P<value>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)(?: (?P<scale>hundred|thousand|million|billion))? (?P<unit>[a-z]+)\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(
    r"\b(?:in|by|since|until|from|of|around|before|after) ((?:1[0-9]|20)\d\d)\b(?!\s?[a-z]*(?:met|kil|mil))"
)
SCREEN_WORDS: Final = 6


@dataclass(frozen=True)
class Value:
    """A labelled number of a sentence."""

    label: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class Card:
    """The picture side of a line."""

    kind: str
    on_screen: str
    picture: str
    data: tuple[Value, ...]


def card(line: Line, kinds: Iterable[str], topic: str) -> Card:
    """A card for a line; `kinds` are the names the schema allows (any, if empty)."""
    allowed = list(kinds)
    wanted, data = _kind(line)
    if allowed and wanted not in allowed:
        near = [kind for kind in ("statement", "fact", "text", "icon") if kind in allowed]
        wanted, data = (near or allowed)[0], ()
    return Card(wanted, on_screen(line.text), picture(line.text, topic), data)


def on_screen(text: str) -> str:
    """A short line as it is; of a longer one nothing, rather than a cut through its middle."""
    tokens = [token for token in text.split() if any(char.isalnum() for char in token)]
    return text.strip().rstrip(".,;:") if len(tokens) <= SCREEN_WORDS else ""


def _kind(line: Line) -> tuple[str, tuple[Value, ...]]:
    text = line.text
    if line.role in ("hook", "end"):
        return line.role, ()
    if text.endswith("?"):
        return "question", ()
    quoted = re.search(r"[“\"]([^”\"]{12,})[”\"]", text)
    if quoted:
        return "quote", ()
    values = numbers(text)
    if len(values) == 2 and values[0].unit == values[1].unit and values[0].unit and values[0].value != values[1].value:
        return "bars", values
    years = _YEAR.findall(text)
    if years:
        return "timeline", (Value("", float(years[0]), ""),)
    items = listed(text)
    if items:
        return "list", tuple(Value(item, None, "") for item in items)
    if values and values[0].unit and values[0].unit[-1] in "s%$€£":
        return "number", values[:1]
    if re.match(r"^(?:An? |The )?[\w -]{3,30} (?:is an?|means|is the name) ", text) and line.role == "body":
        return "definition", ()
    return "statement", ()


def numbers(text: str) -> tuple[Value, ...]:
    """The values of a sentence, years left out."""
    found: list[tuple[int, Value]] = []
    for match in _NUMBER.finditer(text):
        if re.fullmatch(r"(?:1[0-9]|20)\d\d", match["value"]) and not match["scale"] and not match["sign"]:
            continue
        amount = (
            float(match["value"].replace(",", ""))
            if match["value"].replace(",", "").replace(".", "", 1).isdigit()
            else None
        )
        if amount is None:
            continue
        unit = (
            "%"
            if match["percent"]
            else " ".join(part for part in (match["scale"] or "", match["sign"] or _unit(match["unit"])) if part)
        )
        found.append((match.start(), Value(_label(text, match.end()), amount, unit)))
    for match in _WORDED.finditer(text):
        unit = _unit(match["unit"])
        if not unit:
            continue
        amount = NUMBER_WORDS[match["value"].lower()] * SCALES.get((match["scale"] or "").lower(), 1)
        found.append((match.start(), Value(_label(text, match.end()), float(amount), unit)))
    return tuple(value for _, value in sorted(found, key=lambda pair: pair[0]))


def _unit(word: str | None) -> str:
    if not word or word.split()[0] in STOP or (is_verb(word) and not word.endswith("s")):
        return ""
    return word


def _label(text: str, after: int) -> str:
    rest = re.split(r"[,.;:!?]", text[after:])[0].split()
    kept = [word for word in rest if word.lower() not in STOP and not is_verb(word)]
    if kept:
        return " ".join(kept[:3])
    before = [word.strip(",;:") for word in text[:after].split() if word.lower() not in STOP and word[0].isalpha()]
    return " ".join(before[:3])


def listed(text: str) -> list[str]:
    """The items of "a, b and c", if they are short."""
    match = re.search(
        r"([\w'’-]+(?: [\w'’-]+){0,3}), ([\w'’-]+(?: [\w'’-]+){0,3})(?:, [\w'’ -]{3,30})*,? (?:and|or) "
        r"([\w'’-]+(?: [\w'’-]+){0,2})",
        text,
    )
    if not match:
        return []
    items = [item.strip() for item in re.split(r",\s*(?:and |or )?| and | or ", match[0]) if item.strip()]
    items[0] = joined(_after_verb(items[0].split()))
    fits = len(items) >= 3 and all(0 < len(item.split()) <= 4 and not is_verb(item.split()[0]) for item in items)
    return items[:5] if fits else []


def _after_verb(tokens: list[str]) -> list[str]:
    for at in range(len(tokens) - 1, -1, -1):
        if is_verb(tokens[at]) or tokens[at].lower() in STOP:
            return tokens[at + 1 :] or tokens[-1:]
    return tokens


def picture(text: str, topic: str) -> str:
    """Nouns a picture of the line would show."""
    kept = [
        word
        for word in words(text)
        if word in content(text)
        and not is_verb(word)
        and word not in NUMBER_WORDS
        and not word[0].isdigit()
        and not word.endswith("ly")
    ]
    kept = list(dict.fromkeys(kept))[:4]
    about = [word for word in content(topic) if word not in kept and not is_verb(word)]
    return " ".join(kept + about[: max(0, 3 - len(kept))]) or topic
