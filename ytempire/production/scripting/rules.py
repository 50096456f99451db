"""What a model's draft must keep to, decided without a model: quotes stand in the sources, numbers and names too."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ytempire.channels.model import Source
from ytempire.production.scripting.figures import years
from ytempire.production.scripting.model import Beat, Draft
from ytempire.production.scripting.prompts import Length
from ytempire.production.scripting.words import (
    FUNCTION_WORDS,
    SCALES,
    SMALL_NUMBERS,
    content_words,
    spoken_words,
    stem,
    words,
)

LONGEST_SENTENCE_WORDS: Final = 26
LEAST_SHARE_OF_LENGTH: Final = 0.45
"""A script with less than this share of the wanted words is asked for again."""
LEAST_KEPT_BEATS: Final = 2
SMALL_COUNT: Final = 10
"""A line that states no fact may still count to ten ("three things")."""
LEAST_OVERLAP: Final = 0.3
"""Share of a sentence's content words that its quote (or the text around it) must hold."""


@dataclass(frozen=True)
class Checked:
    """A draft after the check: what stays, what went, and whether it is worth asking again."""

    draft: Draft
    dropped: tuple[str, ...]
    """`sentence: reason`, for the notes and for asking again."""
    too_short: bool

    @property
    def ask_again(self) -> bool:
        """Too little is left, or so much went that the model did not understand the task."""
        body = sum(beat.role == "beat" for beat in self.draft.beats)
        return self.too_short or body < LEAST_KEPT_BEATS or len(self.dropped) > max(1, body // 2)


def check(draft: Draft, sources: Sequence[Source], topic: str, length: Length) -> Checked:
    """Drop every sentence that states what no source says; find each quote's true place."""
    kept: list[Beat] = []
    places: list[int] = []
    dropped: list[str] = []
    for at, beat in enumerate(draft.beats):
        placed, reason = _checked_beat(beat, sources, topic)
        if placed is None:
            dropped.append(f"{beat.sentence!r}: {reason}")
        elif any(_same(placed.sentence, other.sentence) for other in kept[-1:]):
            dropped.append(f"{beat.sentence!r}: it repeats the line before")
        else:
            kept.append(placed)
            places.append(at)
    # a chapter's name moves on if the sentence that opened it is gone
    kept = _with_chapters(draft.beats, kept, places)
    total = sum(spoken_words(beat.sentence) for beat in kept)
    return Checked(replace(draft, beats=tuple(kept)), tuple(dropped), total < LEAST_SHARE_OF_LENGTH * length.words)


def _checked_beat(beat: Beat, sources: Sequence[Source], topic: str) -> tuple[Beat | None, str]:
    if spoken_words(beat.sentence) == 0:
        return None, "it has no words"
    if spoken_words(beat.sentence) > LONGEST_SENTENCE_WORDS:
        return None, f"it has {spoken_words(beat.sentence)} words"
    if not beat.quote:
        reason = unfounded(beat.sentence, sources, topic)
        return (None, reason) if reason else (replace(beat, source_index=None), "")
    index = find_quote(beat.quote, sources, beat.source_index)
    if index is None:
        return None, "its quote stands in no source"
    source = sources[index]
    for number in strange_numbers(beat.sentence, said_numbers(source.text)):
        return None, f"its number {number:g} does not stand in {source.title!r}"
    for name in names(beat.sentence):
        if name.lower() not in flat(f"{source.title} {source.text} {topic}"):
            return None, f"the name {name} does not stand in {source.title!r}"
    if overlap(beat.sentence, _around(source.text, beat.quote)) < LEAST_OVERLAP:
        return None, "it says something else than its quote"
    return replace(beat, source_index=index), ""


def unfounded(sentence: str, sources: Sequence[Source], topic: str) -> str:
    """Why a sentence without a quote may not stand: it states numbers or names of its own. Empty: it may."""
    everything = f"{topic} " + " ".join(f"{source.title} {source.text}" for source in sources)
    known = said_numbers(everything)
    for number in strange_numbers(sentence, known):
        if number > SMALL_COUNT:
            return f"its number {number:g} stands in no source"
    for name in names(sentence):
        if name.lower() not in flat(everything):
            return f"the name {name} stands in no source"
    if sentence.rstrip("\"'”’)").endswith("?"):
        return ""
    told = {stem(word) for word in content_words(everything)}
    own = [stem(word) for word in content_words(sentence)]
    strange = [word for word in own if word not in told and word not in _FRAMING]
    return "" if len(strange) <= max(1, len(own) // 3) else "it states what it has no quote for"


_FRAMING: Final = frozenset(
    stem(word)
    for word in [
        "story",
        "time",
        "somebody",
        "ask",
        "asks",
        "know",
        "look",
        "closer",
        "question",
        "answer",
        "remember",
        "watch",
        "wait",
        "follow",
        "subscribe",
        "video",
        "channel",
        "next",
        "tell",
        "friend",
        "start",
        "begin",
        "beginning",
        "end",
        "truth",
        "secret",
        "reason",
        "surprising",
        "strange",
        "happen",
        "happens",
        "people",
        "think",
        "today",
        "mind",
        "short",
        "recap",
        "mean",
        "means",
        "first",
        "first",
        "last",
        "come",
        "back",
        "again",
        "guess",
        "imagine",
        "believe",
    ]
)


def find_quote(quote: str, sources: Sequence[Source], hint: int | None) -> int | None:
    """Which source holds these words verbatim (blanks, quotation marks and dashes may differ)."""
    wanted = flat(quote)
    if len(wanted) < 12:
        return None
    order = sorted(range(len(sources)), key=lambda at: at != hint)
    return next((at for at in order if wanted in flat(sources[at].text)), None)


def flat(text: str) -> str:
    """Lower case, one kind of quotation mark and dash, single blanks."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[‘’`]", "'", text)
    text = re.sub(r"[“”«»]", '"', text)
    text = re.sub(r"[‐-―−]", "-", text)
    return " ".join(text.split())


@functools.lru_cache(maxsize=16)
def said_numbers(text: str) -> frozenset[float]:
    """All numbers of a text as values: digits and number words, with their scale word and without, and years."""
    amounts = frozenset(value for amounts in _amounts(text) for value in amounts)
    return amounts | {float(year) for year in years(text)}


def strange_numbers(sentence: str, known: frozenset[float]) -> list[float]:
    """Numbers of the sentence that are not among the known ones, by their scaled value."""
    return [max(amounts) for amounts in _amounts(sentence) if not amounts & known]


def _amounts(text: str) -> list[set[float]]:
    """Each number as the values it may mean: `fifty thousand` is 50 and 50,000."""
    found: list[set[float]] = []
    tokens = words(text)
    for at, token in enumerate(tokens):
        if token[0].isdigit():
            try:
                value = float(token.replace(",", ""))
            except ValueError:
                continue
        elif token in SMALL_NUMBERS and token not in ("one", "zero"):
            value = float(SMALL_NUMBERS[token])
        else:
            continue
        scale = SCALES.get(tokens[at + 1]) if at + 1 < len(tokens) else None
        found.append({value, value * scale} if scale else {value})
    return found


def names(sentence: str) -> list[str]:
    """Words with a capital inside the sentence (not after a colon or a quotation mark)."""
    return [
        found
        for found in re.findall(r"(?<=[a-z,;] )([A-Z][a-zA-Z]{2,})\b", sentence)
        if found.lower() not in FUNCTION_WORDS
    ]


def overlap(sentence: str, quote: str) -> float:
    """Share of the sentence's content words that stand in the quote."""
    own = [stem(word) for word in content_words(sentence)]
    given = {stem(word) for word in words(quote)}
    return sum(word in given for word in own) / len(own) if own else 1.0


def _around(text: str, quote: str) -> str:
    """The quote with 300 characters on both sides: a sentence may draw together what stands side by side."""
    whole, wanted = flat(text), flat(quote)
    at = whole.find(wanted)
    return whole[max(0, at - 300) : at + len(wanted) + 300] if at >= 0 else wanted


def _same(one: str, other: str) -> bool:
    return [stem(word) for word in content_words(one)] == [stem(word) for word in content_words(other)]


def _with_chapters(before: Sequence[Beat], kept: Sequence[Beat], places: Sequence[int]) -> list[Beat]:
    """The kept beats; `places` says where each stood in the draft."""
    chapters: list[str] = []
    for beat in before:
        chapters.append(beat.chapter or (chapters[-1] if chapters else ""))
    found: list[Beat] = []
    current = ""
    for beat, place in zip(kept, places, strict=True):
        found.append(replace(beat, chapter=chapters[place] if chapters[place] != current else ""))
        current = chapters[place]
    return found
