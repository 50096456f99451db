"""A story from weighed sentences: hook, promise, body in the sources' own order, a last line that leads back."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandbox.openai.composing.chapters import chaptered, recap
from sandbox.openai.composing.choosing import LONG_FROM_WORDS, body
from sandbox.openai.composing.framing import ending, hook, promise
from sandbox.openai.composing.lines import Line
from sandbox.openai.composing.prompt import Prompt
from sandbox.openai.composing.sentences import read
from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.topics import read as read_topic
from sandbox.openai.composing.weighing import weigh
from sandbox.openai.composing.words import count


@dataclass(frozen=True)
class Story:
    """All lines in order, and what they are about."""

    topic: Topic
    lines: tuple[Line, ...]
    names: frozenset[str]


def tell(prompt: Prompt, seed: int, beats: tuple[int, int] = (4, 60)) -> Story:
    """The story of a prompt; `beats` bounds the number of lines between hook and end."""
    pick = random.Random(seed)
    texts = tuple(source.text for source in prompt.sources)
    topic = read_topic(prompt.topic, texts)
    titles = [source.title for source in prompt.sources]
    article = len(titles) == 1 and titles[0].casefold() == prompt.topic.casefold()
    if article and topic.kind != "clause":
        topic = replace(topic, kind="headline", clause=topic.text, question="")
    elif topic.kind == "thing":
        topic = replace(topic, clause=_with_article(topic.clause, texts))
    weighed = weigh(read(texts), f"{prompt.topic}", [source.title for source in prompt.sources])
    if not weighed:
        return Story(topic, (Line(prompt.topic or "Nothing was given to say.", role="hook"),), frozenset())
    long = prompt.words >= LONG_FROM_WORDS
    opening = hook(topic, weighed, pick, article=article)
    # An article is told in its own words from the first line to the last: nothing that it doesn't say stands around it.
    promised = [] if article else promise(topic, opening, pick)
    closing = [] if article else [ending(topic, pick)]
    frame = sum(count(line.text) for line in (opening, *promised, *closing))
    budget = max(24, prompt.words - frame - (26 if long else 0))
    most = beats[1] - len(promised) - (3 if long else 0)
    told = body(topic, weighed, opening, budget, most, article=article)
    if long:
        told = chaptered(told, weighed)
        if not article:
            told += recap(told, topic.clause)
    if article and told:
        told[-1] = replace(told[-1], role="end")
    return Story(topic, (opening, *promised, *told, *closing), frozenset(_names(texts)))


def _with_article(clause: str, texts: Sequence[str]) -> str:
    """`octopus` to `the octopus` where the sources count it; names, plurals and stuff stay bare."""
    tokens = clause.split()
    head = tokens[-1]
    if (
        tokens[0] in ("the", "a", "an", "our", "your", "my", "how", "why")
        or not head.islower()
        or (head.endswith("s") and not head.endswith("us"))
        or len(tokens) > 3
        or any(char.isdigit() for char in clause)
    ):
        return clause
    counted = any(re.search(rf"\b(?:an?|the) (?:\w+ )?{re.escape(clause)}\b", text, re.IGNORECASE) for text in texts)
    return f"the {clause}" if counted else clause


def _names(texts: Sequence[str]) -> set[str]:
    """Words that stand with a capital inside sentences: names."""
    found: set[str] = set()
    for text in texts:
        found.update(re.findall(r"(?<=[a-z,;] )([A-Z][a-zA-Z'’-]{2,})", text))
    return found
