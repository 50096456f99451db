"""Which sentences are told, each with what it leans on, and in which order."""

from collections.abc import Sequence
from typing import Final

from sandbox.openai.composing.lines import Line
from sandbox.openai.composing.topics import Topic
from sandbox.openai.composing.weighing import Weighed
from sandbox.openai.composing.words import stems

LONGEST_CHAIN: Final = 5
_EFFECTS: Final = ("so ", "that is why", "this is why", "therefore", "as a result", "that makes", "this makes")
LONG_FROM_WORDS: Final = 260
"""From this length on a video has chapters and a recap."""


def body(
    topic: Topic, weighed: Sequence[Weighed], hook: Line, budget: int, most: int, *, article: bool = False
) -> list[Line]:
    """The best sentences that fit, each with what it leans on, told in order; near-repeats left out.

    An `article` is told from its lead: what it says first is what it is about.
    """
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
    lead = _lead(weighed) if article else {}
    if article:
        main = dict.fromkeys(lead, 1.0)
        at_home = {item.sentence.source for item in weighed}
    chosen: set[int] = set()
    spent = lines = 0
    near = 0.45 * max(item.relevance for item in weighed)
    ranked = sorted(weighed, key=lambda item: (-_worth(item, main, ends, lead), item.sentence.position))
    for item in ranked:
        aside = not article and item.relevance < near and main.get(item.sentence.paragraph, 0.0) < 0.5
        if aside and (lines >= 4 or item.sentence.source not in at_home):
            continue
        chain = _chain(item, by_position, used)
        if chain is None:
            continue
        new = [part for part in chain if part.sentence.position not in chosen]
        new += _effect(item, by_position, used | chosen)
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


def _lead(weighed: Sequence[Weighed]) -> dict[int, float]:
    """How much each paragraph of an article belongs to its lead: the first two wholly, then less and less."""
    order = sorted({item.sentence.paragraph for item in weighed})
    return {number: (1.0, 0.9, 0.45, 0.25)[min(at, 3)] for at, number in enumerate(order)}


def _effect(item: Weighed, by_position: dict[int, Weighed], taken: set[int]) -> list[Weighed]:
    """The next sentence, if it says what follows from this one."""
    after = by_position.get(item.sentence.position + 1)
    if after is None or after.sentence.position in taken or after.vividness < -0.7 or not after.leans:
        return []
    follows = after.said[0].lower().startswith(_EFFECTS) and after.sentence.paragraph == item.sentence.paragraph
    return [after] if follows and after.needs <= taken | {item.sentence.position} else []


def _worth(item: Weighed, main: dict[int, float], ends: dict[int, float], lead: dict[int, float]) -> float:
    if lead:
        opens = 0.3 if ends.get(item.sentence.position) == 0.6 else 0.0
        return item.relevance + 1.6 * lead[item.sentence.paragraph] + 0.3 * item.vividness + opens
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
