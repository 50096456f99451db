"""Title, description, tags and thumbnail words: from a model's draft, or derived from the sentences themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from ytempire.production.model import CardKind, SceneScript
from ytempire.production.scripting.figures import numbers
from ytempire.production.scripting.grammar import PREPOSITIONS, in_list, is_verb_at, plain_word, tokens_of
from ytempire.production.scripting.meaning import denied, keeps_meaning
from ytempire.production.scripting.phrases import asked_on_screen, reads_well, shortest_well
from ytempire.production.scripting.runs import INTRO
from ytempire.production.scripting.words import (
    content_words,
    looks_like_verb,
    shortened,
    spoken_words,
    stem,
)

TITLE_CHARACTERS: Final = 60
THUMBNAIL_WORDS: Final = 4
TAG_CHARACTERS: Final = 30
MOST_TAGS: Final = 12


def titles(given: Sequence[str], scenes: Sequence[SceneScript], topic: str = "") -> tuple[str, ...]:
    """Three different titles that fit: those given first, then what the sentences offer."""
    sentences = [scene.sentence for scene in scenes]
    asked = [text for text in sentences if text.endswith("?")]
    counted = [text for text in sentences if any(char.isdigit() for char in text)]
    offered = [*given, topic, *asked[:1], sentences[0], *counted[:2], *(scene.on_screen for scene in scenes[1:])]
    found: list[str] = []
    for text in offered:
        title = _title(text)
        if spoken_words(title) >= 1 and title.casefold() not in {one.casefold() for one in found}:
            found.append(title)
        if len(found) == 3:
            break
    return tuple(found)


def _title(text: str) -> str:
    text = " ".join(text.replace("<", "").replace(">", "").split()).rstrip(".")
    cut = text if len(text) <= TITLE_CHARACTERS else _cut(text)
    return cut[:1].upper() + cut[1:]


def _cut(text: str) -> str:
    """A long title's first clause, else the words that name its subject: a cut inside a clause can make it false."""
    if text.endswith("?"):
        asked = (asked_on_screen(text, most) for most in (10, 9, 8, 7, 6))
        same = (one for one in asked if len(one) <= TITLE_CHARACTERS and one.split()[0] == text.split()[0])
        return _first_clause(text, TITLE_CHARACTERS - 1, "?") or next(same, shortened(text, TITLE_CHARACTERS - 1) + "…")
    main = INTRO.sub("", text)
    if main != text and len(main) <= TITLE_CHARACTERS:
        return main
    clause = _first_clause(main, TITLE_CHARACTERS, "")
    if clause:
        return clause
    tokens = tokens_of(main)
    verb = next((at for at in range(1, len(tokens)) if is_verb_at(tokens, at)), 0)
    subject = " ".join(tokens[:verb]).strip(" ,;:–—-")
    opens = plain_word(tokens[0]) not in PREPOSITIONS
    if opens and verb > 1 and len(subject) <= TITLE_CHARACTERS and not denied(subject) and keeps_meaning(subject, main):
        return subject
    short = shortest_well(main, 8)
    return short if len(short) <= TITLE_CHARACTERS else shortened(short, TITLE_CHARACTERS)


def _first_clause(text: str, limit: int, end: str) -> str:
    """The longest beginning that ends where a clause does; empty if there is none with a verb."""
    tokens = text.split()
    for stop in range(len(tokens) - 1, 2, -1):
        clause = " ".join(tokens[:stop]).rstrip(" ,;:–—-")
        if len(clause) > limit or in_list(tokens, stop):
            continue
        closed = tokens[stop - 1][-1] in ",;:–—"
        joined = plain_word(tokens[stop]) in _CLAUSES and any(is_verb_at(tokens, at) for at in range(stop, len(tokens)))
        if (closed or joined) and any(is_verb_at(tokens, at) for at in range(1, stop)) and keeps_meaning(clause, text):
            return clause + end
    return ""


_CLAUSES: Final = frozenset(["but", "because", "so", "while", "when", "although", "though", "until", "where"])


def pick_title(candidates: Sequence[str], past: Sequence[str]) -> str:
    """The candidate whose kind the channel used least lately, the earlier one on a tie."""
    lately = Counter(kind_of(title) for title in past[:10])
    return min(candidates, key=lambda title: lately[kind_of(title)])


def kind_of(title: str) -> str:
    """`question`, `number` or `statement`."""
    if title.rstrip("…").endswith("?") or title.endswith("?…"):
        return "question"
    return "number" if re.search(r"\d", title) else "statement"


def description(given: str, scenes: Sequence[SceneScript]) -> str:
    """At least two lines: what is said, and why one would watch. No `<` `>` (the platform refuses them)."""
    lines = [line.strip() for line in given.replace("<", "").replace(">", "").splitlines() if line.strip()]
    if not lines:
        lines = [scenes[0].sentence]
        lines += [scene.sentence for scene in scenes[1:-1] if scene.card in (CardKind.NUMBER, CardKind.QUESTION)][:1]
    return "\n".join(line.replace("<", "").replace(">", "") for line in lines)


def tags(given: Sequence[str], scenes: Sequence[SceneScript], topic: str = "") -> tuple[str, ...]:
    """Short tags without repeats; where none are given, what the sentences speak of most."""
    found = [" ".join(tag.lstrip("#").replace(",", " ").replace("<", "").replace(">", "").split()) for tag in given]
    if not found:
        seen = Counter(
            word
            for scene in scenes
            for word in content_words(scene.sentence)
            if not word[0].isdigit() and not looks_like_verb(word) and not word.endswith("ly") and len(word) > 3
        )
        merged: dict[str, str] = {}
        for word, _ in seen.most_common(40):
            merged.setdefault(stem(word), word)
        found = [word for word in content_words(topic) if not looks_like_verb(word)] + list(merged.values())
    kept = [tag for tag in dict.fromkeys(found) if 0 < len(tag) <= TAG_CHARACTERS]
    return tuple(kept[:MOST_TAGS])


def thumbnail_texts(given: Sequence[str], scenes: Sequence[SceneScript], title: str) -> tuple[str, ...]:
    """Three different ideas of at most four words: a number, a question, the title's heart."""
    whole = " ".join(scene.sentence for scene in scenes)
    offered = [text for text in given if reads_well(text, whole, THUMBNAIL_WORDS)]
    for scene in scenes:
        found = numbers(scene.sentence)
        if (
            found
            and found[0].datum.unit
            and spoken_words(scene.sentence[found[0].start : found[0].end]) <= THUMBNAIL_WORDS
        ):
            offered.append(scene.sentence[found[0].start : found[0].end])
            break
    asked = title.endswith("?")
    offered.append(asked_on_screen(title, THUMBNAIL_WORDS) if asked else shortest_well(title, THUMBNAIL_WORDS))
    offered += [shortest_well(scene.sentence, THUMBNAIL_WORDS) for scene in scenes if not scene.sentence.endswith("?")]
    offered += [shortest_well(scene.sentence, 3) for scene in scenes] + [shortest_well(title, 2)]
    kept: dict[str, str] = {}
    for text in offered:
        clean = " ".join(text.split()).strip(" .,;:")
        if clean:
            kept.setdefault(clean.casefold(), clean[:1].upper() + clean[1:])
    return tuple(list(kept.values())[:3])
