"""The card director: what a viewer sees with a sentence. Pure and deterministic, no model.

It serves the creator's own words, and it mends what a model chose where that can't be shown (a number card without a
number, a list of one). Data by kind of card:

- NUMBER: one value with unit and label. BARS: two or three values of one unit. COMPARE: two labels, values optional.
- LIST: three to five labels. TIMELINE: one to four years (`value`) with labels. QUOTE: none or one
  label, who said it.
- DEFINITION: one label, the term; the words on screen say what it is. All others: none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ytempire.production.model import CardKind, Datum, SceneScript
from ytempire.production.scripting import figures
from ytempire.production.scripting.meaning import keeps_meaning
from ytempire.production.scripting.phrases import (
    asked_on_screen,
    reads_well,
    same_words,
    shortest_well,
    with_figure,
    without_figures,
)
from ytempire.production.scripting.words import (
    FUNCTION_WORDS,
    SCALES,
    SMALL_NUMBERS,
    content_words,
    looks_like_verb,
    spoken_words,
    words,
)

ON_SCREEN_WORDS: Final = 6
LABEL_WORDS: Final = 4
COMPARED_WORDS: Final = 5
"""Both sides of a comparison are clauses."""
_QUOTED: Final = re.compile(r"[“\"«]([^”\"»]{8,})[”\"»]")
_DEFINES: Final = re.compile(
    r"^(?:(?:An?|The) )?(?P<term>[\w'’-]+(?: [\w'’-]+){0,2}) (?:is|are)"
    r" (?:an? |the name (?:for|of) |what (?:we|people) call )"
)
_CALLED: Final = re.compile(
    r"\b(?:is|are|was|were) (?:called|known as|named) (?P<term>(?:an? |the )?[\w'’-]+(?: [\w'’-]+){0,2})"
)
_VERSUS: Final = re.compile(
    r"^(?P<one>[^,]{3,48}?),? (?:but|whereas|versus|vs\.?) (?P<two>[^,.;!?]{3,48})[.!?]*$", re.IGNORECASE
)
_CLOSES: Final = re.compile(
    r"\b(?:subscribe|follow|next time|now you know|thanks for watching|see you|like and|share this|that is why"
    r"|that is how"
    r"|so remember)\b",
    re.IGNORECASE,
)


def direct(sentences: Sequence[str], chapters: Sequence[str] = ()) -> tuple[SceneScript, ...]:
    """A card for each sentence, seen together: at most two of a kind in a row, hook first, end last."""
    scenes: list[SceneScript] = []
    marks = list(chapters) + [""] * (len(sentences) - len(chapters))
    for at, sentence in enumerate(sentences):
        kind, data = _position_card(sentence, at, len(sentences))
        if kind is None:
            kind, data = choose(sentence)
            if _third_in_a_row(kind, scenes):
                kind, data = _other(kind)
        scenes.append(_scene(sentence, kind, data, marks[at], tuple(scene.on_screen for scene in scenes[-1:])))
    return tuple(scenes)


def redirect(scene: SceneScript, sentence: str) -> SceneScript:
    """The same scene with another sentence; its card is chosen anew unless its place decides it."""
    kind, data = (scene.card, ()) if scene.card in (CardKind.HOOK, CardKind.END) else choose(sentence)
    return replace(_scene(sentence, kind, data, scene.chapter), source_index=None, source_quote="")


def mend(scene: SceneScript, *, first: bool, last: bool) -> tuple[SceneScript, str]:
    """A model's scene, with what can't be shown replaced; and what was wrong, in words (empty: nothing)."""
    wrong = []
    kind, data = scene.card, scene.data
    if first and kind not in (CardKind.HOOK, CardKind.QUESTION):
        kind, data = CardKind.HOOK, ()
    elif last and kind is not CardKind.END:
        kind, data = CardKind.END, ()
    elif not plausible(kind, data, scene.sentence):
        wrong.append(f"a {kind} card without what it shows")
        kind, data = choose(scene.sentence)
    elif kind in (CardKind.STATEMENT, CardKind.PICTURE):
        better, its_data = choose(scene.sentence)  # a number that is said is also shown
        kind, data = (better, its_data) if better is not CardKind.STATEMENT else (kind, ())
    if kind is CardKind.BARS and any(_names_unit(one) or not figures.stands(one.label) for one in data):
        kind, data = choose(scene.sentence)
    if kind is CardKind.NUMBER:  # the sentence's own unit and label for the value the model chose
        own_kind, own_data = choose(scene.sentence)
        own = [
            one.datum for one in figures.numbers(scene.sentence) if one.datum.value == data[0].value and one.datum.unit
        ]
        kind, data = (
            (own_kind, own_data) if own_kind in (CardKind.NUMBER, CardKind.BARS) else (kind, (*own, data[0])[:1])
        )
    if kind is CardKind.LIST:
        own_items = figures.listed(scene.sentence)
        data = own_items if len(own_items) >= len(data) else data
    if kind is CardKind.TIMELINE and len(data) == 1:
        data = (replace(data[0], label=_dated(scene.sentence)),)
    most = COMPARED_WORDS if kind in (CardKind.COMPARE, CardKind.TIMELINE) else LABEL_WORDS
    data = tuple(replace(one, label=_short_label(one.label, most)) for one in data)
    if kind is CardKind.NUMBER and not (figures.stands(data[0].label) and keeps_meaning(data[0].label, scene.sentence)):
        data = (replace(data[0], label=""),)
    shown = scene.on_screen
    unasked = not last and scene.sentence.endswith("?") and not shown.endswith("?")
    unasked = unasked or (shown.endswith("?") and not scene.sentence.endswith("?"))
    if unasked or not reads_well(shown, scene.sentence, ON_SCREEN_WORDS):
        wrong.append(f"words on screen that can't stand alone ({shown})") if shown else None
        shown = _shown(scene.sentence)
    if kind is CardKind.NUMBER:
        shown = _counted(scene.sentence, data, shown)
    shown = shown[:1].upper() + shown[1:] if shown[:2].islower() else shown
    idea = scene.picture_idea or picture_idea(scene.sentence)
    return replace(scene, card=kind, data=data, on_screen=shown, picture_idea=idea), ", ".join(wrong)


def varied(scene: SceneScript, before: Sequence[SceneScript]) -> SceneScript:
    """The scene, with another card if it would be the third of its kind in a row, and not its neighbour's words."""
    if before and same_words(scene.on_screen, before[-1].on_screen):
        scene = replace(scene, on_screen=_shown(scene.sentence, (before[-1].on_screen,)))
    if scene.card in (CardKind.HOOK, CardKind.END) or not _third_in_a_row(scene.card, before):
        return scene
    kind, data = _other(scene.card)
    return replace(scene, card=kind, data=data)


def plausible(kind: CardKind, data: Sequence[Datum], sentence: str) -> bool:
    """Can a card of this kind show these data, and does the sentence say them?"""
    if kind in (CardKind.NUMBER, CardKind.BARS):
        least = 1 if kind is CardKind.NUMBER else 2
        said = {one.datum.value for one in figures.numbers(sentence)} | set(_time_values(sentence))
        return len(data) >= least and all(one.value is not None and one.value in said for one in data)
    if kind is CardKind.TIMELINE:
        said = set(map(float, figures.years(sentence)))
        told = len(data) > 1 or _dated(sentence) != ""
        return bool(data) and told and all(one.value in said for one in data[-1:])
    if kind is CardKind.LIST:
        return 2 <= len(data) <= 6 and all(
            _label_alone(one.label) and keeps_meaning(one.label, sentence) for one in data
        )
    if kind is CardKind.COMPARE:
        return len(data) == 2 and all(one.label for one in data)
    if kind is CardKind.QUESTION:
        return sentence.rstrip("\"'”’)").endswith("?")
    if kind is CardKind.QUOTE:
        return _QUOTED.search(sentence) is not None
    if kind is CardKind.DEFINITION:
        return _term(sentence) != ""
    return True


def _term(sentence: str) -> str:
    """What a sentence defines (`A fjord is a …`, `They are called …`); empty if it defines nothing."""
    found = _DEFINES.search(sentence) or _CALLED.search(sentence)
    term = re.sub(r"^(?:an?|the) ", "", found["term"], flags=re.IGNORECASE) if found else ""
    return "" if not term or term.split()[0].lower() in FUNCTION_WORDS else term


def _names_unit(one: Datum) -> bool:
    """A bar's label that repeats its unit is no name of anything (`purchase dollars`)."""
    return bool(set(words(one.label)) & set(words(one.unit)))


def _label_alone(label: str) -> bool:
    """Can a label stand alone as an item of a list?"""
    tokens = label.split()
    if not 0 < len(tokens) <= 5 or tokens[0].lower() in _NO_ITEM or tokens[-1].lower() in FUNCTION_WORDS:
        return False
    return not any(looks_like_verb(token) for token in tokens[:-1]) and not tokens[0][0].isdigit()


_NO_ITEM: Final = frozenset(
    ["that", "this", "it", "they", "only", "now", "then", "and", "or", "but", "which", "who", "so", "without", "with"]
)


def choose(sentence: str) -> tuple[CardKind, tuple[Datum, ...]]:
    """The card that a sentence by itself asks for."""
    if sentence.rstrip("\"'”’)").endswith("?"):
        return CardKind.QUESTION, ()
    quoted = _QUOTED.search(sentence)
    if quoted and spoken_words(quoted[1]) >= 3:
        return CardKind.QUOTE, ()
    ratio = figures.times(sentence)
    if ratio:
        return CardKind.BARS, ratio
    single = figures.share(sentence) or figures.many_times(sentence)
    if single:
        cut = _short_label(single.label)  # half a comparison says nothing: then the figure stands by itself
        half = cut != single.label and (cut[:3].lower() in ("as", "as ") or not figures.stands(cut))
        return CardKind.NUMBER, (replace(single, label="" if half else cut),)
    found = figures.numbers(sentence)
    same = [one.datum for one in found if one.datum.unit and one.datum.unit == found[0].datum.unit]
    if (
        2 <= len(same) <= 3
        and len({one.label for one in same}) == len(same)
        and all(one.label and (one.value or 0) > 0 for one in same)
    ):
        return CardKind.BARS, tuple(replace(one, label=_short_label(one.label)) for one in same)
    dated = figures.years(sentence)
    told = _dated(sentence) if dated else ""
    if told:  # a year beside another figure's words would read as one of them
        return CardKind.TIMELINE, (Datum(told, float(dated[0])),)
    items = figures.listed(sentence)
    if items and all(keeps_meaning(item.label, sentence) for item in items):
        return CardKind.LIST, items
    if found and found[0].datum.unit:
        return CardKind.NUMBER, (replace(found[0].datum, label=_short_label(found[0].datum.label)),)
    term = _term(sentence)
    if term:
        return CardKind.DEFINITION, (Datum(term.capitalize()),)
    against = _VERSUS.match(sentence)
    if against and all(spoken_words(against[side]) <= 7 for side in ("one", "two")):
        sides = [shortest_well(against[side], COMPARED_WORDS) for side in ("one", "two")]
        if all(any(looks_like_verb(word) for word in side.split()) for side in sides):
            return CardKind.COMPARE, tuple(Datum(side) for side in sides)
    return CardKind.STATEMENT, ()


def _position_card(sentence: str, at: int, total: int) -> tuple[CardKind | None, tuple[Datum, ...]]:
    if at == 0:
        return CardKind.HOOK, ()
    if at == total - 1 and (total >= 4 or _CLOSES.search(sentence)):
        return CardKind.END, ()
    return None, ()


def _third_in_a_row(kind: CardKind, scenes: Sequence[SceneScript]) -> bool:
    return len(scenes) >= 2 and scenes[-1].card is kind and scenes[-2].card is kind


def _other(kind: CardKind) -> tuple[CardKind, tuple[Datum, ...]]:
    return (CardKind.PICTURE if kind is CardKind.STATEMENT else CardKind.STATEMENT), ()


def _scene(
    sentence: str, kind: CardKind, data: tuple[Datum, ...], chapter: str, beside: Sequence[str] = ()
) -> SceneScript:
    shown = _shown(sentence, beside)
    return SceneScript(
        sentence=sentence,
        card=kind,
        on_screen=_counted(sentence, data, shown) if kind is CardKind.NUMBER else shown,
        picture_idea=picture_idea(sentence),
        data=data,
        chapter=chapter,
    )


def _counted(sentence: str, data: Sequence[Datum], shown: str) -> str:
    """A number card's words hold its number."""
    own = [sentence[one.start : one.end] for one in figures.numbers(sentence) if one.datum.value == data[0].value]
    if not own or "×" in shown or own[0].split()[0].casefold() in shown.casefold():
        return shown
    return with_figure(sentence, own[0], ON_SCREEN_WORDS) or shown


def _time_values(sentence: str) -> list[float]:
    ratio = figures.times(sentence)
    more = (figures.share(sentence), figures.many_times(sentence))
    return [one.value for one in (*(ratio or ()), *more) if one is not None and one.value is not None]


def _dated(sentence: str) -> str:
    """What happened in the year a sentence names: words of the clause that holds it; empty if there are none."""
    parts = _CLAUSES.split(sentence)
    own = next((part for part in parts if figures.years(part)), sentence) if len(parts) > 1 else sentence
    label = without_figures(_without_year(own), COMPARED_WORDS)
    return label or without_figures(_without_year(sentence), COMPARED_WORDS)


_CLAUSES: Final = re.compile(
    r",? (?:and|but) (?=(?:has|have|had|was|were|is|never|it|he|she|they|we|you|the|his|her|its)\b)|; "
)


def _without_year(sentence: str) -> str:
    without = re.sub(
        r",? ?\b(?:in|by|since|until|before|after|from|around|on)? ?(?:\w+ \d{1,2}, )?\b(?:1[0-9]|20)\d\d\b(?!,\d)"
        r"(?: (?:or|and) \d{4}\b)?,?",
        "",
        sentence,
        flags=re.IGNORECASE,
    )
    return " ".join(without.split()) or sentence


def _short_label(label: str, most: int = LABEL_WORDS) -> str:
    return label if spoken_words(label) <= most else shortest_well(label, most)


def _shown(sentence: str, beside: Sequence[str] = ()) -> str:
    if sentence.endswith("?"):
        return asked_on_screen(sentence, ON_SCREEN_WORDS)
    return shortest_well(sentence, ON_SCREEN_WORDS, beside=beside)


def picture_idea(sentence: str, about: str = "") -> str:
    """Up to four nouns of the sentence, filled up with those of what it is about."""
    kept = [word for word in content_words(sentence) if _noun_like(word)]
    kept = list(dict.fromkeys(kept))[:4]
    more = [word for word in content_words(about) if _noun_like(word) and word not in kept]
    found = kept + more[: max(0, 3 - len(kept))]
    return " ".join(found) or " ".join(words(sentence)[:4])


def _noun_like(word: str) -> bool:
    return not (
        word[0].isdigit() or looks_like_verb(word) or word.endswith("ly") or word in SCALES or word in SMALL_NUMBERS
    )
