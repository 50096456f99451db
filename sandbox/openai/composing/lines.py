"""The nouns of a story."""

from dataclasses import dataclass

from sandbox.openai.composing.sentences import Sentence


@dataclass(frozen=True)
class Line:
    """One spoken line; `origin` is the source sentence it rests on, if it states a fact."""

    text: str
    origin: Sentence | None = None
    chapter: str = ""
    role: str = "body"
    """`hook`, `promise`, `body`, `recap` or `end`."""
