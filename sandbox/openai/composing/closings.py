"""Last lines that lead back to the first question, each with its words on screen: many, and bound to the topic."""

import random
from typing import Final

from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.words import STOP, capital, is_verb

SCREEN_WORDS: Final = 6
_Choices = tuple[tuple[str, str], ...]
_CLAUSE: Final[_Choices] = (
    ("And that is {clause}.", "{Clause}"),
    ("So the next time somebody asks {clause}, you know.", "Next time you know: {key}"),
    ("Would you have guessed {clause}?", "Would you have guessed?"),
    ("Now you can tell a friend {clause}.", "Tell a friend about {key}"),
    ("Ask a friend {clause}, and watch the face.", "Ask a friend {wh}: {key}"),
    ("That is the answer to the first question: {clause}.", "The answer: {key}"),
    ("Somebody will ask you one day {clause}.", "{Clause}"),
    ("So, did you know {clause}?", "Did you know that?"),
    ("Watch it again, and you will see {clause}.", "Watch again: {key}"),
    ("That is the short story of {clause}.", "The short story of {key}"),
    ("Remember {clause}, and tell it tonight.", "Remember {key}"),
    ("Back to the start: now you know {clause}.", "Back to the start: {key}"),
    ("And it all began with one question: {clause}.", "One question: {key}"),
    ("Who would have guessed {clause}?", "Who would have guessed?"),
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
    fitting = (screen, "{Clause}", "{Wh} {key}?" if topic.kind == "clause" else "{Key}", "{Key}")
    shown = [
        form.format(clause=clause, Clause=capital(clause), key=key, Key=capital(key), wh=wh, Wh=capital(wh))
        for form in fitting
    ]
    return line.format(clause=clause), next((text for text in shown if len(text.split()) <= SCREEN_WORDS), key)


def thing(clause: str, limit: int = 3) -> str:
    """The noun phrase a clause is about: its subject, at most `limit` words, article kept where it fits."""
    tokens = clause.split()
    if tokens and tokens[0].lower() in ("why", "how", "what", "where", "when", "who", "which"):
        tokens = tokens[1:]
    kept: list[str] = []
    for token in tokens:
        low = token.lower().strip(",.?!:")
        if kept and (is_verb(low) or (low in STOP and low not in ("the", "a", "an"))):
            break
        if not kept and (is_verb(low) or (low in STOP and low not in ("the", "a", "an", "your"))):
            continue
        kept.append(token.strip(",.?!:"))
    if len(kept) > limit and kept[0].lower() in ("the", "a", "an"):
        kept = kept[1:]
    return " ".join(kept[-limit:]) if kept else clause
