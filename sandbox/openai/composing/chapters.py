"""Chapters of a long story, and its recap."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sandbox.openai.composing.framing import strikes
from sandbox.openai.composing.lines import Line
from sandbox.openai.composing.weighing import Weighed, leans
from sandbox.openai.composing.words import BACKWARD, content, count, is_verb, stem, stems, words


def chaptered(body: list[Line], weighed: Sequence[Weighed]) -> list[Line]:
    """Three to six chapters of neighbouring paragraphs, each opened by its name."""
    groups: list[list[Line]] = []
    for line in body:
        paragraph = line.origin.paragraph if line.origin else -1
        last = groups[-1][-1].origin if groups else None
        if groups and last is not None and last.paragraph == paragraph:
            groups[-1].append(line)
        else:
            groups.append([line])
    wanted = max(2, min(6, sum(count(line.text) for line in body) // 110))
    while len(groups) > wanted:
        sizes = [sum(count(line.text) for line in group) for group in groups]
        at = min(range(len(groups) - 1), key=lambda n: sizes[n] + sizes[n + 1])
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
    taken: set[str] = set()
    found: list[Line] = []
    for group in groups:
        name = _chapter_name(group, weighed, taken)
        taken.add(name.lower())
        found += [replace(group[0], chapter=name), *group[1:]]
    return found


def _chapter_name(group: Sequence[Line], weighed: Sequence[Weighed], taken: set[str]) -> str:
    first = group[0].origin
    if first is not None and first.heading and first.heading.lower() not in taken and len(first.heading) <= 40:
        return first.heading
    text = " ".join(line.text for line in group)
    pairs: dict[str, float] = {}
    everywhere = stems(
        " ".join(item.sentence.raw for item in weighed if first and item.sentence.paragraph != first.paragraph)
    )
    for found in re.finditer(r"\b([A-Za-z][a-z'-]+)\s+([a-z][a-z'-]+)\b", text):
        one, two = found[1].lower(), found[2].lower()
        if (
            len(content(one))
            and len(content(two))
            and not is_verb(one)
            and not is_verb(two)
            and not one.endswith("ly")
            and not two.endswith(("ly", "ed", "ing"))
        ):
            key = f"{one} {two}"
            rare = (stem(one) not in everywhere) + (stem(two) not in everywhere)
            pairs[key] = pairs.get(key, 0.0) + 1 + 0.5 * rare
    for key in sorted(pairs, key=lambda k: (-pairs[k], text.lower().find(k))):
        if key not in taken:
            return key[:1].upper() + key[1:]
    return "What happens next" if "what happens next" not in taken else "And then"


def recap(body: Sequence[Line], topic: str) -> list[Line]:
    """Two of the strongest short facts again, those that name the topic first."""
    about = stems(topic)
    facts = [
        line
        for line in body
        if line.origin
        and 4 <= count(line.text) <= 13
        and not leans(line.text)
        and not BACKWARD & set(words(line.text))
        and strikes(line.text) > 0
    ]
    facts.sort(key=lambda line: -strikes(line.text) - (0.4 if about & stems(line.text) else 0.0))
    kept = sorted(facts[:2], key=lambda line: line.origin.position if line.origin else 0)
    if len(kept) < 2:
        return []
    lines = [Line("Two things to keep in mind.", chapter="In short", role="recap")]
    return lines + [Line(line.text, line.origin, role="recap") for line in kept]
