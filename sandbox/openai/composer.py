"""Writes the answer of a completion: what a decent model would say, taken from the sources in the prompt.

Nothing here knows who asks. A prompt is read by its fences (`composing/prompt.py`), a schema by the names of its fields
(`composing/filling.py`); the writing itself is selection, shortening and ordering of the sources' own sentences.
"""

from typing import Any

from sandbox.openai.composing.filling import Filler
from sandbox.openai.composing.prompt import read


def compose(messages: list[dict[str, Any]], schema: dict[str, Any], seed: int) -> dict[str, Any]:
    """A value of `schema`; the same prompt and seed give the same value."""
    filled = Filler(read(messages), schema, seed).fill()
    return filled if isinstance(filled, dict) else {"value": filled}
