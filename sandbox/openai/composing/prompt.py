"""What a prompt asks for: a topic, sources, a length. The shape is the usual one of fenced material.

Read are, at the start of a line, `<source title="…">…</source>` (also `document`, `article`, `text`),
`<topic>…</topic>`, `<name>…</name>`, and "about 120 words" in any message. Without fences, the longest message
is the source.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

_FENCED = re.compile(
    r"^[ \t]*<(source|document|article|text)\b([^>\n]*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE | re.MULTILINE
)
_TITLE = re.compile(r"title\s*=\s*\"([^\"]*)\"|title\s*=\s*'([^']*)'", re.IGNORECASE)
_INDEX = re.compile(r"(?:index|id|n|number)\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_WORDS = re.compile(r"\b(?:about|around|of|exactly|roughly)\s+(\d{2,4})\s+(?:spoken\s+)?words\b", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One fenced text; `index` as the prompt counts it."""

    index: int
    title: str
    text: str


@dataclass(frozen=True)
class Prompt:
    """What is asked."""

    topic: str
    name: str
    sources: tuple[Source, ...]
    words: int
    asked: str
    """The messages without the fenced material."""
    avoid: tuple[str, ...] = ()
    """Lines of `<past>…</past>`: what was made before."""


def read(messages: list[dict[str, Any]]) -> Prompt:
    """The prompt of a conversation."""
    texts = [str(message.get("content") or "") for message in messages]
    whole = "\n".join(texts)
    sources = []
    for at, (_, attributes, body) in enumerate(_FENCED.findall(whole)):
        title = _TITLE.search(attributes)
        index = _INDEX.search(attributes)
        sources.append(
            Source(
                int(index[1]) if index else at,
                unescape((title[1] or title[2]) if title else ""),
                unescape(body.strip()),
            )
        )
    asked = _FENCED.sub(" ", whole)
    if not sources:
        users = [str(m.get("content") or "") for m in messages if m.get("role") != "system"] or texts
        longest = max(users, key=len, default="")
        sources = [Source(0, "", longest)]
    found = _WORDS.search(asked)
    return Prompt(
        topic=_between(asked, "topic") or sources[0].title or _opening(sources[0].text),
        name=_between(asked, "name"),
        sources=tuple(sources),
        words=int(found[1]) if found else 120,
        asked=asked,
        avoid=tuple(line.strip(" -•") for line in _between(asked, "past").splitlines() if line.strip(" -•")),
    )


def _between(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    return unescape(found[1].strip()) if found else ""


def _opening(text: str) -> str:
    """The first sentence, for a prompt that names no topic."""
    first = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0].rstrip(".!? ")
    return " ".join(first.split()[:12]) or "nothing in particular"
