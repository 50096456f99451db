"""What stands around the facts: a first line that stops the thumb, a promise, a last line that leads back."""

import random
import re
from collections.abc import Sequence

from sandbox.openai.composing.closings import closing
from sandbox.openai.composing.lines import Line
from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.weighing import Weighed, leans
from sandbox.openai.composing.words import BACKWARD, NUMBER_WORDS, STRIKING, count, stems, words


def hook(topic: Topic, weighed: Sequence[Weighed], pick: random.Random, *, article: bool = False) -> Line:
    """A fact that stops the thumb, or the topic's question, whichever is stronger; an `article` begins as it does."""
    best, fact = 0.0, None
    asked, nearest = stems(topic.clause), max(item.relevance for item in weighed)
    for item in weighed:
        text = item.said[0]
        if (
            item.relevance < 0.8 * nearest
            or not asked & stems(text)
            or BACKWARD & set(words(text)) - {"one", "that", "both"}
        ):
            continue
        length = count(text)
        rests = item.leans or item.needs or leans(text)
        if rests or not 3 <= length <= 11 or (len(item.said) > 1 and count(item.said[1]) > 8):
            continue
        if stems(text) == stems(topic.clause):
            continue  # the topic itself: its question is the better hook
        if strikes(text) < 0.3:
            continue
        strength = item.relevance * 1.6 + strikes(text) - 0.04 * max(0, length - 7)
        strength -= 0.5 if re.match(r"^[\w' -]{3,40} (?:is|are) (?:an? |the )?[\w ,-]* of the ", text) else 0
        if strength > best:
            best, fact = strength, Line(text, item.sentence, role="hook")
    if topic.kind == "statement" and not article:
        return Line(_sentence(topic.text), role="hook")
    if topic.question and not article and (fact is None or best < 1.35 or pick.random() < 0.45):
        return Line(topic.question, role="hook")
    if fact is not None and not article and best > 0.5:
        return fact
    # the first sentence that stands alone says what the story is about; a short late one rests on what it left unsaid
    alone = [item for item in weighed if not item.leans and not item.needs and item.vividness > -0.7]
    near = alone if article else [item for item in alone if item.relevance >= 0.5 * nearest]
    opening = min(near or alone or weighed, key=lambda item: item.sentence.position)
    return Line(opening.said[0], opening.sentence, role="hook")


def strikes(text: str) -> float:
    """How much a line makes one look up: figures, extremes, a denial, `you`."""
    tokens = words(text)
    score = 0.45 if re.search(r"\d", text) else 0.3 if any(word in NUMBER_WORDS for word in tokens) else 0.0
    score += 0.25 * min(2, sum(1 for word in tokens if word in STRIKING))
    score += 0.2 if re.search(r"\b(?:no|never|nothing|nobody|not|without|but|yet)\b", text, re.IGNORECASE) else 0
    score += 0.15 if "you" in tokens or "your" in tokens else 0
    return score


def promise(topic: Topic, hook: Line, pick: random.Random) -> list[Line]:
    """One line after a fact that says what is to come; a question promises by itself."""
    if hook.text.endswith("?"):
        return []
    if topic.kind == "clause":
        return [Line(f"{pick.choice(('Here is', 'This is', 'Let us see'))} {topic.clause}.", role="promise")]
    if topic.kind == "thing":
        opening = pick.choice(("This is the story of", "Let us take a closer look at", "Here is the story of"))
        if topic.clause.split()[0].isdigit() or topic.question:
            opening = "Let us take a closer look at"
        if topic.question:
            return [Line(topic.question, role="promise")]
        return [Line(f"{opening} {topic.clause}.", role="promise")]
    return [Line("Here is the story.", role="promise")]


def ending(topic: Topic, pick: random.Random) -> Line:
    """A last line that leads back to the first."""
    return Line(closing(topic, pick), role="end")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?" else ".")
