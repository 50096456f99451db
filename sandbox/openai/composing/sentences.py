"""Source text to sentences, with the paragraph and heading each stands under."""

import re
from dataclasses import dataclass
from typing import Final

_SHORT: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "sr",
        "jr",
        "vs",
        "etc",
        "approx",
        "ca",
        "fig",
        "no",
        "vol",
        "pp",
        "cf",
        "al",
        "inc",
        "ltd",
        "co",
        "corp",
        "gen",
        "col",
        "lt",
        "sgt",
        "rev",
        "hon",
        "dept",
        "est",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "u.s",
        "u.k",
        "u.n",
        "mt",
        "ft",
    ]
)
_END: Final = re.compile(r"[.!?…]+[\"'”’)\]]*$")
_NOTE: Final = re.compile(r"\[(?:\d+|[a-z]|note \d+|citation needed|edit)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a source, verbatim as `raw` (single blanks)."""

    raw: str
    source: int
    """Position of the source in the prompt."""
    paragraph: int
    """Counted through all sources."""
    position: int
    """Counted through all sentences."""
    heading: str = ""


def split(text: str) -> list[str]:
    """The sentences of one paragraph."""
    found: list[str] = []
    held: list[str] = []
    tokens = text.split()
    for at, token in enumerate(tokens):
        held.append(token)
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if _ends(token, following):
            found.append(" ".join(held))
            held = []
    if held:
        found.append(" ".join(held))
    return found


def _ends(token: str, following: str) -> bool:
    if not _END.search(token) or not following:
        return False
    start = following.lstrip("\"'“‘([")
    if start[:1].islower():
        return False
    core = token.rstrip("\"'”’)]").rstrip(".").lstrip("\"'“‘([").lower()
    if not token.rstrip("\"'”’)]").endswith("."):
        return True
    if core in _SHORT or (len(core) == 1 and core.isalpha() and core != "i"):
        return False
    return not re.fullmatch(r"(?:[a-z]\.)+[a-z]", core)


def read(sources: tuple[str, ...]) -> list[Sentence]:
    """All sentences of all sources, headings and page furniture left out."""
    found: list[Sentence] = []
    paragraph = 0
    for source, text in enumerate(sources):
        heading = ""
        for block in _blocks(text):
            head = _heading(block)
            if head is not None:
                heading = head
                continue
            paragraph += 1
            for raw in split(_NOTE.sub("", block)):
                if _sayable(raw):
                    found.append(Sentence(raw, source, paragraph, len(found), heading))
    return found


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for chunk in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        held: list[str] = []
        for line in lines:
            bullet = re.match(r"^(?:[-*•–]|\d{1,2}[.)])\s+", line)
            if bullet or _heading(line) is not None:
                if held:
                    blocks.append(" ".join(held))
                held = []
                blocks.append(line[bullet.end() :] if bullet else line)
            else:
                held.append(line)
        if held:
            blocks.append(" ".join(held))
    return blocks


def _heading(block: str) -> str | None:
    if block.startswith("#"):
        return block.lstrip("# ").strip()
    if len(block.split()) <= 9 and not re.search(r"[.!?:;,…]", block) and block[:1].isupper():
        return block
    return None


def _sayable(raw: str) -> bool:
    letters = sum(char.isalpha() for char in raw)
    if letters < 12 or letters < 0.6 * len(raw.replace(" ", "")) or len(raw.split()) < 4:
        return False
    if re.search(
        r"https?://|www\.|\S+@\S+\.|©|cookie|subscribe|click here|sign up|all rights reserved|read more"
        r"|newsletter|share this|advertis",
        raw,
        re.IGNORECASE,
    ):
        return False
    return _END.search(raw) is not None
