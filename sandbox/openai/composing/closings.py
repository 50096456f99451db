"""Last lines that lead back to the first question, each with its words on screen: many, and bound to the topic."""

import random
from typing import Final

from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.words import STOP, capital, is_verb

SCREEN_WORDS: Final = 6
_WH: Final = frozenset(["why", "how", "what", "where", "when", "who", "which"])
_DEGREES: Final = frozenset(["big", "far", "dark", "deep", "long", "much", "fast", "same", "away", "down"])
_Choices = tuple[tuple[str, str], ...]
_CLAUSE: Final[_Choices] = (
    ("And that is {clause}.", "{Clause}"),
    ("So the next time somebody asks {clause}, you know.", "Next time you know: {key}"),
    ("Would you have guessed {clause}?", "Surprised by {key}?"),
    ("Now you can tell a friend {clause}.", "Tell a friend about {key}"),
    ("Ask a friend {clause}, and watch the face.", "Ask a friend {wh}: {key}"),
    ("That is the answer to the first question: {clause}.", "The answer: {key}"),
    ("Somebody will ask you one day {clause}.", "{Clause}"),
    ("So, did you know {clause}?", "{Key}: news to you?"),
    ("Watch it again, and you will see {clause}.", "Watch again: {key}"),
    ("That is the short story of {clause}.", "The short story of {key}"),
    ("Remember {clause}, and tell it tonight.", "Tell it tonight: {key}"),
    ("Back to the start: now you know {clause}.", "Back to the start: {key}"),
    ("And it all began with one question: {clause}.", "One question: {key}"),
    ("Who would have guessed {clause}?", "{Key}: a surprise?"),
)
_STATEMENT: Final[_Choices] = (
    ("And now you know what it means: {clause}.", "{Clause}"),
    ("So remember: {clause}.", "Remember: {key}"),
    ("Tell a friend: {clause}.", "Tell a friend: {key}"),
    ("It all comes back to this: {clause}.", "It comes back to {key}"),
)
_QUESTION: Final[_Choices] = (
    ("So, how would you answer that first question now?", "Your answer: {key}?"),
    ("Back to the first question: what is your answer now?", "And your answer now?"),
    ("Watch it again, and the first question answers itself.", "Watch again: {key}"),
)
_THING: Final[_Choices] = (
    ("And that is the story of {clause}.", "The story of {key}"),
    ("You will never look at {clause} the same way again.", "Look again at {key}"),
    ("Tell a friend about {clause}.", "Tell a friend about {key}"),
    ("That was {clause}, from the beginning to the end.", "{Clause}"),
)
_COUNTED: Final[_Choices] = (("Those were {clause}.", "{Clause}"), ("That is all about {clause}.", "{Clause}"))


def closing(topic: Topic, pick: random.Random) -> tuple[str, str]:
    """The last line and its words on screen."""
    clause = topic.clause
    if topic.kind == "clause":
        choices = _CLAUSE
    elif topic.kind == "statement":
        choices = _STATEMENT
    elif topic.question:
        choices = _QUESTION
    else:
        choices = _COUNTED if clause.split()[0].isdigit() else _THING
    line, screen = pick.choice(choices)
    wh = clause.split()[0].lower()
    key = thing(clause)
    fitting = (screen, "{Clause}", "Back to {key}" if topic.kind == "clause" else "{Key}", "{Key}")
    shown = [
        form.format(clause=clause, Clause=capital(clause), key=key, Key=capital(key), wh=wh, Wh=capital(wh))
        for form in fitting
    ]
    return line.format(clause=clause), next((text for text in shown if len(text.split()) <= SCREEN_WORDS), key)


def thing(clause: str, limit: int = 4) -> str:
    """The noun phrase a clause is about: the first of two telling words or more, else the first."""
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
    run = run[:limit] if len(run) <= limit or run[0].lower() not in ("the", "a", "an") else run[1 : limit + 1]
    while run and run[-1].lower() in STOP:
        run = run[:-1]
    return run
