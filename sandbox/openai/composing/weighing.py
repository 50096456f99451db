"""Which sentences are worth saying: near the topic, vivid, sayable."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.openai.composing.sentences import Sentence
from sandbox.openai.composing.trimming import spoken
from sandbox.openai.composing.words import BACKWARD, STOP, STRIKING, VAGUE, count, stem, stems, words

_POINTED = re.compile(r"\b(the|this|that|these|those|such)\s+([a-z'-]+)(?:\s+([a-z'-]+))?", re.IGNORECASE)
LONGEST = 23
"""A longer spoken sentence is not used."""
_EXPLETIVE = re.compile(
    r"^it (?:takes|took|is|was|would take|turns out|has been|had been|can take)\b"
    r"(?=.*\b(?:to|that|until|before|for)\b)",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"^(?:this|these|those|that) (?:article|page|section|chapter|list|paper|study|post)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Weighed:
    """A source sentence with what would be said for it."""

    sentence: Sentence
    said: tuple[str, ...]
    leans: bool
    """It begins with a word that points to the sentence before."""
    needs: frozenset[int]
    """Positions of the sentences it can't be understood without."""
    relevance: float
    vividness: float

    @property
    def words(self) -> int:
        """Spoken words."""
        return sum(count(part) for part in self.said)


def weigh(sentences: Sequence[Sentence], topic: str, titles: Sequence[str]) -> list[Weighed]:
    """All sentences, weighed against the topic."""
    rarity = _rarity(sentences)
    asked = stems(topic)
    paragraphs: dict[int, float] = {}
    for number in {sentence.paragraph for sentence in sentences}:
        block = [sentence for sentence in sentences if sentence.paragraph == number]
        heading = f"{block[0].heading} {titles[block[0].source]}"
        body = stems(" ".join(sentence.raw for sentence in block))
        opening = stems(block[0].raw)
        paragraphs[number] = (
            _share(asked, body, rarity)
            + 0.5 * _share(asked, stems(heading), rarity)
            + 0.5 * _share(asked, opening, rarity)
        )
    found = []
    earlier: list[Sentence] = []
    for sentence in sentences:
        if earlier and earlier[-1].paragraph != sentence.paragraph:
            earlier = []
        said = tuple(spoken(sentence.raw))
        pointing = leans(said[0])
        needs = _anchors(said, earlier, asked)
        if pointing and earlier:
            needs |= {earlier[-1].position}
        earlier.append(sentence)
        relevance = 0.6 * paragraphs[sentence.paragraph] + 0.6 * _share(asked, stems(sentence.raw), rarity)
        found.append(Weighed(sentence, said, pointing, frozenset(needs), relevance, vividness(said)))
    return found


def leans(text: str) -> bool:
    """Does a sentence point back to what was said before it?"""
    if _EXPLETIVE.match(text):
        return False
    first = [word.strip("’'") for word in words(text)[:5]]
    if not first:
        return True
    if first[0] in BACKWARD and not (first[0] == "one" and len(first) > 1 and first[1] not in ("of", "is", "was")):
        return True
    if first[0] in ("but", "so", "yet", "then", "also", "instead", "otherwise", "still", "here"):
        return True
    early = (
        first[1:4]
        if first[0]
        in (
            "when",
            "if",
            "as",
            "because",
            "by",
            "in",
            "at",
            "to",
            "from",
            "for",
            "with",
            "while",
            "after",
            "before",
            "over",
            "under",
            "inside",
            "even",
        )
        else []
    )
    return any(word in BACKWARD - {"one", "that"} for word in early)


def _anchors(said: Sequence[str], earlier: Sequence[Sentence], asked: set[str]) -> set[int]:
    """Earlier sentences of the paragraph that first named what "the glow" or "those animals" mean here."""
    found: set[int] = set()
    told = [(sentence.position, stems(sentence.raw)) for sentence in earlier]
    for pointer, *rest in _POINTED.findall(" ".join(said)):
        own = [stem(word) for word in rest if word and word.lower() not in STOP][:2]
        for name in own:
            if name in asked and pointer.lower() == "the":
                continue
            named = [position for position, names in told if name in names]
            if named:
                found.add(named[-1])
                break
    return found


def vividness(said: Sequence[str]) -> float:
    """Numbers, extremes and plain short words are what stays in mind."""
    text = " ".join(said)
    tokens = words(text)
    score = 0.0
    if re.search(r"\d", text):
        score += 0.5
    score += 0.2 * min(3, sum(1 for word in tokens if word in STRIKING))
    score += 0.25 if re.search(r"\b(?:than|as \w+ as|like an? |the size of|enough to|the length of)\b", text) else 0
    score += 0.15 if "you" in tokens or "your" in tokens else 0
    longest = max(count(part) for part in said)
    score -= 0.09 * max(0, longest - 16) + 0.25 * sum(1 for word in tokens if word in VAGUE)
    score -= 0.15 * max(0, text.count(",") - 3)
    score -= (
        0.4
        if re.search(r"\b(?:see also|figure \d|table \d|et al|ibid|the author|this article)\b", text, re.IGNORECASE)
        else 0
    )
    score -= 9.0 if longest > LONGEST else 0
    score -= 0.8 if _SELF.match(text) or longest < 4 else 0
    score -= 0.5 if text.count('"') % 2 or text.count("“") != text.count("”") or "?" in text[:-1] else 0
    return score


def _rarity(sentences: Sequence[Sentence]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for sentence in sentences:
        seen.update(stems(sentence.raw))
    return {word: math.log(1 + len(sentences) / times) for word, times in seen.items()}


def _share(asked: set[str], given: set[str], rarity: dict[str, float]) -> float:
    total = sum(rarity.get(word, 3.0) for word in asked)
    return sum(rarity.get(word, 3.0) for word in asked & given) / total if total else 0.0
