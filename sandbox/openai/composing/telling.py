"""A story from weighed sentences: hook, promise, body in the sources' own order, a last line that leads back."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sandbox.openai.composing.prompt import Prompt
from sandbox.openai.composing.sentences import Sentence, read
from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.topics import read as read_topic
from sandbox.openai.composing.weighing import Weighed, leans, weigh
from sandbox.openai.composing.words import BACKWARD, NUMBER_WORDS, STRIKING, content, count, is_verb, stem, stems, words

LONGEST_CHAIN: Final = 5
LONG_FROM_WORDS: Final = 260
"""From this length on a video has chapters and a recap."""


@dataclass(frozen=True)
class Line:
    """One spoken line; `origin` is the source sentence it rests on, if it states a fact."""

    text: str
    origin: Sentence | None = None
    chapter: str = ""
    role: str = "body"
    """`hook`, `promise`, `body`, `recap` or `end`."""


@dataclass(frozen=True)
class Story:
    """All lines in order, and what they are about."""

    topic: Topic
    lines: tuple[Line, ...]
    names: frozenset[str]


def tell(prompt: Prompt, seed: int, beats: tuple[int, int] = (4, 60)) -> Story:
    """The story of a prompt; `beats` bounds the number of lines between hook and end."""
    pick = random.Random(seed)
    texts = tuple(source.text for source in prompt.sources)
    topic = read_topic(prompt.topic, texts)
    if topic.kind == "thing":
        topic = replace(topic, clause=_with_article(topic.clause, texts))
    weighed = weigh(read(texts), f"{prompt.topic}", [source.title for source in prompt.sources])
    if not weighed:
        return Story(topic, (Line(prompt.topic or "Nothing was given to say.", role="hook"),), frozenset())
    long = prompt.words >= LONG_FROM_WORDS
    hook = _hook(topic, weighed, pick)
    promise = _promise(topic, hook, pick)
    ending = _ending(topic, pick)
    frame = sum(count(line.text) for line in (hook, *promise, ending))
    budget = max(24, prompt.words - frame - (26 if long else 0))
    body = _body(topic, weighed, hook, budget, beats[1] - len(promise) - (3 if long else 0))
    if long:
        body = _chaptered(body, weighed)
        body += _recap(body)
    return Story(topic, (hook, *promise, *body, ending), frozenset(_names(texts)))


def _hook(topic: Topic, weighed: Sequence[Weighed], pick: random.Random) -> Line:
    """A fact that stops the thumb, or the topic's question, whichever is stronger."""
    best, fact = 0.0, None
    asked, nearest = stems(topic.clause), max(item.relevance for item in weighed)
    for item in weighed:
        text = item.said[0]
        if (
            item.relevance < 0.8 * nearest
            or not asked & stems(text)
            or BACKWARD & set(words(text)) - {"one", "that", "both"}
        ):
            continue
        length = count(text)
        if item.leans or length > 11 or length < 3 or leans(text) or (len(item.said) > 1 and count(item.said[1]) > 8):
            continue
        if stems(text) == stems(topic.clause):
            continue  # the topic itself: its question is the better hook
        if _strikes(text) < 0.3:
            continue
        strength = item.relevance * 1.6 + _strikes(text) - 0.04 * max(0, length - 7)
        strength -= 0.5 if re.match(r"^[\w' -]{3,40} (?:is|are) (?:an? |the )?[\w ,-]* of the ", text) else 0
        if strength > best:
            best, fact = strength, Line(text, item.sentence, role="hook")
    if topic.kind == "statement":
        return Line(_sentence(topic.text), role="hook")
    if topic.question and (fact is None or best < 1.35 or pick.random() < 0.45):
        return Line(topic.question, role="hook")
    if fact is not None and best > 0.5:
        return fact
    shortest = min(
        (item for item in weighed if not item.leans),
        key=lambda item: count(item.said[0]) - 8 * item.relevance,
        default=weighed[0],
    )
    return Line(shortest.said[0], shortest.sentence, role="hook")


def _strikes(text: str) -> float:
    tokens = words(text)
    score = 0.45 if re.search(r"\d", text) else 0.3 if any(word in NUMBER_WORDS for word in tokens) else 0.0
    score += 0.25 * min(2, sum(1 for word in tokens if word in STRIKING))
    score += 0.2 if re.search(r"\b(?:no|never|nothing|nobody|not|without|but|yet)\b", text, re.IGNORECASE) else 0
    score += 0.15 if "you" in tokens or "your" in tokens else 0
    return score


def _promise(topic: Topic, hook: Line, pick: random.Random) -> list[Line]:
    """One line after a fact that says what is to come; a question promises by itself."""
    if hook.text.endswith("?"):
        return []
    if topic.kind == "clause":
        return [Line(f"{pick.choice(('Here is', 'This is', 'Let us see'))} {topic.clause}.", role="promise")]
    if topic.kind == "thing":
        opening = pick.choice(("This is the story of", "Let us take a closer look at", "Here is the story of"))
        if topic.clause.split()[0].isdigit() or topic.question:
            opening = "Let us take a closer look at"
        if topic.question:
            return [Line(topic.question, role="promise")]
        return [Line(f"{opening} {topic.clause}.", role="promise")]
    return [Line(pick.choice(("Here is how that works.", "Here is what stands behind it.")), role="promise")]


def _ending(topic: Topic, pick: random.Random) -> Line:
    """A last line that leads back to the first."""
    clause = topic.clause
    if topic.kind == "clause":
        choices = [
            f"And that is {clause}.",
            f"So the next time somebody asks {clause}, you know.",
            f"Now you know {clause}.",
        ]
    elif topic.kind == "statement":
        choices = [f"And now you know what it means: {clause}.", f"So remember: {clause}."]
    elif topic.question:
        choices = ["So, how would you answer that first question now?"]
    else:
        choices = [f"And that is the story of {clause}.", f"You will never look at {clause} the same way again."]
        if topic.clause.split()[0].isdigit():
            choices = [f"Those were {clause}.", f"That is all about {clause}."]
    return Line(pick.choice(choices), role="end")


def _with_article(clause: str, texts: Sequence[str]) -> str:
    """`octopus` to `the octopus` where the sources count it; names, plurals and stuff stay bare."""
    tokens = clause.split()
    head = tokens[-1]
    if (
        tokens[0] in ("the", "a", "an", "our", "your", "my", "how", "why")
        or not head.islower()
        or (head.endswith("s") and not head.endswith("us"))
        or len(tokens) > 3
        or any(char.isdigit() for char in clause)
    ):
        return clause
    counted = any(re.search(rf"\b(?:an?|the) (?:\w+ )?{re.escape(clause)}\b", text, re.IGNORECASE) for text in texts)
    return f"the {clause}" if counted else clause


def _body(topic: Topic, weighed: Sequence[Weighed], hook: Line, budget: int, most: int) -> list[Line]:
    """The best sentences that fit, each with what it leans on, told in order; near-repeats left out."""
    used = {hook.origin.position} if hook.origin else set()
    ends = _ends_of_paragraphs(weighed)
    if topic.kind == "clause":  # the question or the promise says it already
        used |= {item.sentence.position for item in weighed if stems(item.sentence.raw) == stems(topic.clause)}
    by_position = {item.sentence.position: item for item in weighed}
    main = _main_paragraphs(weighed, budget)
    at_home = {item.sentence.source for item in weighed if main.get(item.sentence.paragraph, 0.0) >= 1.0}
    if budget > LONG_FROM_WORDS - 60:  # a long story may tell all of the source it is about
        main |= {
            item.sentence.paragraph: max(0.5, main.get(item.sentence.paragraph, 0.0))
            for item in weighed
            if item.sentence.source in at_home
        }
    chosen: set[int] = set()
    spent = lines = 0
    near = 0.45 * max(item.relevance for item in weighed)
    ranked = sorted(weighed, key=lambda item: (-_worth(item, main, ends), item.sentence.position))
    for item in ranked:
        aside = item.relevance < near and main.get(item.sentence.paragraph, 0.0) < 0.5
        if (
            aside
            and lines >= 4
            and (spent > 0.6 * budget or item.vividness < 0.2 or item.sentence.source not in at_home)
        ):
            continue
        chain = _chain(item, by_position, used)
        if chain is None:
            continue
        new = [part for part in chain if part.sentence.position not in chosen]
        cost = sum(part.words for part in new)
        number = sum(len(part.said) for part in new)
        if not new or spent + cost > budget * 1.08 or lines + number > most or _repeats(new, chosen, by_position, hook):
            continue
        chosen.update(part.sentence.position for part in new)
        spent, lines = spent + cost, lines + number
        if spent >= budget * 0.94:
            break
    order = _told_order(chosen, by_position, main)
    return [Line(text, by_position[at].sentence) for at in order for text in by_position[at].said]


def _worth(item: Weighed, main: dict[int, float], ends: dict[int, float]) -> float:
    near = main.get(item.sentence.paragraph, 0.0)
    place = ends.get(item.sentence.position, 0.0) * near
    return item.relevance + 0.8 * near + 0.45 * item.vividness + place - (0.1 if item.leans else 0.0)


def _ends_of_paragraphs(weighed: Sequence[Weighed]) -> dict[int, float]:
    """A paragraph's first sentences say what it is about, its last one is where it was going."""
    found: dict[int, float] = {}
    for number in {item.sentence.paragraph for item in weighed}:
        block = [item.sentence.position for item in weighed if item.sentence.paragraph == number]
        if len(block) >= 4:
            found |= {block[1]: 0.2, block[0]: 0.6, block[-1]: 0.45}
    return found


def _main_paragraphs(weighed: Sequence[Weighed], budget: int) -> dict[int, float]:
    """The paragraphs the story is taken from, most relevant first, about as much text as twice the budget."""
    size: dict[int, int] = {}
    score: dict[int, float] = {}
    for item in weighed:
        size[item.sentence.paragraph] = size.get(item.sentence.paragraph, 0) + item.words
        score[item.sentence.paragraph] = max(score.get(item.sentence.paragraph, 0.0), item.relevance)
    found: dict[int, float] = {}
    taken, best = 0, max(score.values())
    for number in sorted(score, key=lambda n: (-score[n], n)):
        if taken > budget * 1.5 or (score[number] < 0.6 * best and taken > budget * 0.8):
            break
        found[number] = score[number] / best if best else 0.0
        taken += size[number]
    return found


def _chain(item: Weighed, by_position: dict[int, Weighed], used: set[int]) -> list[Weighed] | None:
    """The sentence with all those it needs; None if they can't all be told."""
    wanted, open_ = {item.sentence.position}, [item]
    while open_:
        part = open_.pop()
        if part.vividness < -0.7 or part.sentence.position in used or (part.leans and not part.needs):
            return None
        for position in part.needs - wanted:
            if position in used:
                if part.leans and position == part.sentence.position - 1:
                    return None  # "it" would point to words said too long ago
                continue
            wanted.add(position)
            open_.append(by_position[position])
        if len(wanted) > LONGEST_CHAIN:
            return None
    return [by_position[position] for position in sorted(wanted)]


def _repeats(new: Sequence[Weighed], chosen: set[int], by_position: dict[int, Weighed], hook: Line) -> bool:
    told = [stems(by_position[at].sentence.raw) for at in chosen] + (
        [] if hook.text.endswith("?") else [stems(hook.text)]
    )
    for part in new:
        own = stems(part.sentence.raw)
        if any(_near_repeat(own, other) for other in told):
            return True
    return False


def _near_repeat(own: set[str], other: set[str]) -> bool:
    least = min(len(own), len(other))
    return own == other or (least >= 4 and len(own & other) > 0.65 * least)


def _told_order(chosen: set[int], by_position: dict[int, Weighed], main: dict[int, float]) -> list[int]:
    """Paragraphs of the most relevant source first, each paragraph in its own order."""
    weight: dict[int, float] = {}
    for at in chosen:
        sentence = by_position[at].sentence
        weight[sentence.source] = max(weight.get(sentence.source, 0.0), main.get(sentence.paragraph, 0.0))
    best = max(main.values(), default=0.0)

    def place(at: int) -> tuple[float, int, bool, int]:
        sentence = by_position[at].sentence
        aside = main.get(sentence.paragraph, 0.0) < 0.6 * best
        return -weight[sentence.source], sentence.source, aside, at

    return sorted(chosen, key=place)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?" else ".")


def _chaptered(body: list[Line], weighed: Sequence[Weighed]) -> list[Line]:
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


def _recap(body: Sequence[Line]) -> list[Line]:
    """Two of the shortest strong facts again, before the end."""
    facts = [
        line
        for line in body
        if line.origin
        and 4 <= count(line.text) <= 13
        and not leans(line.text)
        and not BACKWARD & set(words(line.text))
        and _strikes(line.text) > 0
    ]
    facts.sort(key=lambda line: -_strikes(line.text))
    kept = sorted(facts[:2], key=lambda line: line.origin.position if line.origin else 0)
    if len(kept) < 2:
        return []
    lines = [Line("So what should you keep in mind?", chapter="In short", role="recap")]
    return lines + [Line(line.text, line.origin, role="recap") for line in kept]


def _names(texts: Sequence[str]) -> set[str]:
    """Words that stand with a capital inside sentences: names."""
    found: set[str] = set()
    for text in texts:
        found.update(re.findall(r"(?<=[a-z,;] )([A-Z][a-zA-Z'’-]{2,})", text))
    return found
