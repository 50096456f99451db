"""An article as a file gives it (plain text, Markdown, HTML) to a title and plain paragraphs.

What it says is data: nothing in it is followed, run or fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from ytempire.kit.errors import BadInput
from ytempire.production.scripting.own_script import clean_text
from ytempire.production.scripting.words import content_words, shortened, spoken_words, stem

LEAST_WORDS: Final = 40
_SKIPPED: Final = frozenset(
    ["script", "style", "noscript", "nav", "header", "footer", "aside", "form", "button", "figure", "svg", "template",
     "iframe", "select", "sup", "table"]
)  # fmt: skip
_BLOCKS: Final = frozenset(
    ["p", "div", "section", "article", "main", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "tr", "blockquote", "ul",
     "ol", "dd", "dt", "pre"]
)  # fmt: skip
_VOID: Final = frozenset(["br", "img", "hr", "input", "meta", "link", "source", "wbr", "col", "area", "base", "embed"])


@dataclass(frozen=True)
class Article:
    """A title and paragraphs parted by blank lines; headings stand as lines of their own, marked `## `."""

    title: str
    text: str


def read_article(raw: str, title: str = "") -> Article:
    """The article's own text under its own heading; `title` (a file's name, say) serves only where it has none.

    Raises BadInput if there is too little to make a video of.
    """
    raw = clean_text(raw, "article")
    found_title, text = _from_html(raw) if _is_html(raw) else _from_markdown(raw)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if spoken_words(text) < LEAST_WORDS:
        raise BadInput(
            f"the article has only {spoken_words(text)} words of running text, at least {LEAST_WORDS} are needed",
            field="article",
            fix="Give a longer text, or your own words as `script` (--script).",
        )
    return Article(shortened(_own_heading(found_title, text) or _told_by(title, text) or _first_line(text), 120), text)


def _own_heading(found: str, text: str) -> str:
    """The heading an article gives itself: its title, else a subheading that stands before all of its text."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return found or (first.removeprefix("## ") if first.startswith("## ") else "")


def _told_by(title: str, text: str) -> str:
    """A title from outside, often a file's name, only if the article speaks of it: `my article` names no subject."""
    told = {stem(word) for word in content_words(text)}
    return title if any(stem(word) in told for word in content_words(title)) else ""


def _is_html(raw: str) -> bool:
    start = raw.lstrip()[:300].lower()
    return (
        start.startswith(("<!doctype", "<html"))
        or len(re.findall(r"</?(?:p|div|h[1-6]|body|article|span)\b", raw, re.IGNORECASE)) >= 3
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.titles: dict[str, list[str]] = {"title": [], "h1": []}
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in _VOID:
            self.open.append(tag)
        if tag in _BLOCKS:
            self.parts.append("\n\n" if tag != "br" else "\n")
        if tag in ("h2", "h3", "h4"):
            self.parts.append("## ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass
        if tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        inside = next((tag for tag in ("title", "h1") if tag in self.open), None)
        if inside and not _SKIPPED.intersection(self.open) - {"header"}:
            self.titles[inside].append(data)
        elif not _SKIPPED.intersection(self.open):
            self.parts.append(re.sub(r"\s+", " ", data))


def _from_html(raw: str) -> tuple[str, str]:
    reader = _Reader()
    reader.feed(raw)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    heading = (
        " ".join("".join(reader.titles["h1"]).split())
        or re.split(r"\s[|–—-]\s", " ".join("".join(reader.titles["title"]).split()))[0]
    )
    kept = [line for line in lines if line != "##"]
    return heading, "\n".join(kept)


def _from_markdown(raw: str) -> tuple[str, str]:
    title = ""
    lines: list[str] = []
    fenced = False
    body = re.sub(r"\A---\n.*?\n---\n", "", raw, flags=re.DOTALL)
    for line in body.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        heading = re.match(r"^(#{1,6})\s+(.*?)\s*#*$", line)
        if fenced or re.match(r"^\s*(?:\||!\[|\[[^\]]+\]:|[-*_=]{3,}\s*$)", line):
            continue
        if heading and heading[1] == "#" and not title:
            title = _inline(heading[2])
        elif heading:
            lines += ["", f"## {_inline(heading[2])}", ""]
        else:
            lines.append(_inline(line))
    return title, "\n".join(lines)


def _inline(line: str) -> str:
    line = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", line)
    line = re.sub(r"\[([^\]]+)\]\([^)\s]*(?:\s\"[^\"]*\")?\)", r"\1", line)
    line = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", line)
    line = re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", line)
    return re.sub(r"`([^`]+)`", r"\1", line)


def _first_line(text: str) -> str:
    line = next((line for line in text.split("\n") if line.strip()), "")
    return re.split(r"(?<=[.!?])\s", line.removeprefix("## "))[0].rstrip(".")
