"""Last lines that hand the first question back as answered: true of any story, and nobody is told what to do."""

import random
from typing import Final

from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.words import STOP, is_verb

_WH: Final = frozenset(["why", "how", "what", "where", "when", "who", "which"])
_DEGREES: Final = frozenset(["big", "far", "dark", "deep", "long", "much", "fast", "same", "away", "down"])
_CLAUSE: Final[tuple[str, ...]] = (
    "And that is {clause}.",
    "So that is {clause}.",
    "And now you know {clause}.",
    "All of that answers one question: {clause}.",
    "One question, answered: {clause}.",
    "If anybody asks {clause}, you have the answer.",
)
_STATEMENT: Final[tuple[str, ...]] = (
    "And so, {clause}.",
    "It all comes back to this: {clause}.",
    "In one line: {clause}.",
)
_QUESTION: Final[tuple[str, ...]] = ("And that answers the first question.", "That is where the first question leads.")
_THING: Final[tuple[str, ...]] = ("And that is {clause}.", "That was the story of {clause}.")
_COUNTED: Final[tuple[str, ...]] = ("Those were {clause}.", "And those are {clause}.")


def closing(topic: Topic, pick: random.Random) -> str:
    """The last line."""
    if topic.kind == "clause":
        choices = _CLAUSE
    elif topic.kind == "statement":
        choices = _STATEMENT
    elif topic.question:
        choices = _QUESTION
    else:
        choices = _COUNTED if topic.clause.split()[0].isdigit() else _THING
    return pick.choice(choices).format(clause=topic.clause)


def thing(clause: str, limit: int = 5) -> str:
    """What a clause is about: its subject, else the first noun phrase of two telling words or more."""
    tokens = clause.split()
    if tokens[0].lower() in _WH and len(tokens) > 2:
        subject = _subject(tokens[1:])
        if 0 < len(subject) <= limit:
            return " ".join(subject)
    return _noun_phrase(clause, limit)


def _subject(tokens: list[str]) -> list[str]:
    """The words before the verb of `(how) the anglerfish catches its dinner`; empty if they name nothing."""
    if tokens[0].lower() in _DEGREES | {"old", "high", "hot", "many"} or is_verb(tokens[0]):
        tokens = tokens[1:]
    if tokens[0].lower() in STOP - {"the", "a", "an", "your", "our", "most", "some"}:
        return []
    for at, token in enumerate(tokens):
        low = token.lower().strip(",.?!:")
        before = tokens[at - 1].lower() if at else ""
        if is_verb(low) and at and before not in ("the", "a", "an", "your", "our", "of", "in", "on", "first"):
            found = tokens[:at]
            while len(found) > 1 and found[-1].lower() in STOP:
                found = found[:-1]
            return found if any(word.lower() not in STOP for word in found) else []
    return []


def _noun_phrase(clause: str, limit: int) -> str:
    runs: list[list[str]] = [[]]
    before = ""
    for token in clause.split():
        low = token.lower().strip(",.?!:")
        noun = before in ("the", "a", "an", "your") or before.endswith("est")
        if low in ("of", "the", "a", "an", "on", "your", "in") and (runs[-1] or low in ("the", "a", "an", "your")):
            runs[-1].append(token)
        elif low in _WH or low in STOP or low in _DEGREES or (is_verb(low) and not noun):
            runs.append([])
        else:
            runs[-1].append(token.strip(",.?!:"))
        before = low
    found = [_trimmed(run, limit) for run in runs]
    full = [run for run in found if len(run) >= 2]
    return " ".join((full or [run for run in found if run] or [clause.split()])[0])


def _trimmed(run: list[str], limit: int) -> list[str]:
    run = run[:limit]
    while run and run[-1].lower() in STOP:
        run = run[:-1]
    return run
