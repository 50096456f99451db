"""The HTML within a feed's items to plain paragraphs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = frozenset(
    {"p", "br", "div", "li", "ul", "ol", "tr", "table", "blockquote", "section", "article", "h1", "h2", "h3", "h4",
     "h5", "h6", "pre", "hr", "figure", "figcaption"}
)  # fmt: skip
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})


# controls, halves of UTF-16 pairs, private use, and signs that turn the direction of text
_UNWANTED: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\uf8ff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000f0000-\U0010ffff]"
)


def plain_text(html: str) -> str:
    """Words only: paragraphs parted by a blank line, no markup, no scripts, no control characters."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    paragraphs = (" ".join(clean(block).split()) for block in "".join(reader.parts).split("\x00"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def clean(text: str) -> str:
    """The text without control characters, halves of pairs, and signs that turn its direction."""
    return _UNWANTED.sub(" ", text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\x00")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BREAKS:
            self.parts.append("\x00")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\x00", " "))
