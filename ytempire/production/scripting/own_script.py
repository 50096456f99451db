"""The creator's own script: text to spoken sentences and chapters. No word that is spoken is changed.

Taken off is only what is markup and not speech: `#` headings (they become chapters), bullet signs, `**` and `__` pairs,
`>` of quoted lines, blank lines. Everything else is text, whatever it looks like (`{\\b1}`, `[in]`, `%{}`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ytempire.kit.errors import BadInput
from ytempire.production.scripting.model import Spoken
from ytempire.production.scripting.sentences import part_long, split_sentences
from ytempire.production.scripting.words import spoken_words

MOST_BYTES: Final = 200_000
WORDS_PER_MINUTE: Final = 160
LONGEST_MINUTES: Final = 10
MOST_WORDS: Final = WORDS_PER_MINUTE * LONGEST_MINUTES
_BULLET: Final = re.compile(r"^(?:[-*•‣]|\d{1,2}[.)])\s+(?=\S)")
_HEADING: Final = re.compile(r"^#{1,6}\s+(?P<title>\S.*?)\s*#*$")
_STRESS: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def clean_text(text: str, field: str) -> str:
    """The text in composed Unicode with plain line ends.

    Raises BadInput naming `field` for text that is empty, too big, or holds control characters.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise BadInput(
            f"the text has {size:,} bytes, at most {MOST_BYTES:,} can be read", field=field, fix="Give a shorter text."
        )
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        strange = next((char for char in line if is_control(char)), None)
        if strange is not None:
            raise BadInput(
                f"line {number} holds a control character (U+{ord(strange):04X})",
                field=field,
                fix="Save the text as plain UTF-8 and remove that character.",
            )
    if not any(char.isalnum() for char in text):
        raise BadInput("the text is empty", field=field, fix="Give at least one sentence.")
    return text


def read_own_script(text: str, *, field: str = "script") -> list[Spoken]:
    """The sentences to speak, in order. Raises BadInput if the text can't become a video of at most ten minutes."""
    found: list[Spoken] = []
    chapter = ""
    for block in _blocks(clean_text(text, field)):
        heading = _HEADING.match(block)
        if heading:
            chapter = heading["title"]
            continue
        for sentence in split_sentences(_STRESS.sub(r"\2", block)):
            for part in part_long(sentence):
                if spoken_words(part) == 0 and found:  # a lone dash or emoji stays with the sentence before
                    found[-1] = Spoken(f"{found[-1].sentence} {part}", found[-1].chapter)
                elif spoken_words(part):
                    found.append(Spoken(part, chapter))
                    chapter = ""
    if not found:
        raise BadInput("there is no sentence to speak", field=field, fix="Write text below the headings.")
    total = sum(spoken_words(one.sentence) for one in found)
    if total > MOST_WORDS:
        raise BadInput(
            f"the script has {total:,} words, about {total / WORDS_PER_MINUTE:.0f} minutes; a video has at most"
            f" {LONGEST_MINUTES} minutes ({MOST_WORDS:,} words)",
            field=field,
            fix="Shorten it, or split it into several videos.",
        )
    return found


def _blocks(text: str) -> list[str]:
    """Paragraphs; a heading or a bullet is one of its own. Lines wrapped within a paragraph are joined."""
    blocks: list[str] = []
    held: list[str] = []

    def close() -> None:
        if held:
            blocks.append(" ".join(held))
            held.clear()

    for raw in text.split("\n"):
        line = re.sub(r"^(?:>\s?)+", "", raw.strip()).strip()
        bullet = _BULLET.match(line)
        if not line:
            close()
        elif _HEADING.match(line):
            close()
            blocks.append(line)
        elif bullet:
            close()
            held.append(line[bullet.end() :])
        else:
            held.append(line)
    close()
    return blocks


def is_control(char: str) -> bool:
    """Control characters, halves of UTF-16 pairs, and signs that turn the direction of what follows."""
    return (
        unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"
    ) or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
