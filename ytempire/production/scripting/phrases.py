"""A sentence's few words for the screen: a whole short clause, a figure with what it counts, or a clean noun phrase.

English, without a model. A cut is made only where a phrase ends: never after a preposition, an article, an auxiliary or
a verb that wants its object, never inside a comparison, and a figure never leaves its noun.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.grammar import (
    ARTICLES,
    DETERMINERS,
    EDGES,
    JOINS,
    OPENERS,
    PREPOSITIONS,
    PRONOUNS,
    UNENDING,
    UNOPENING,
    WANTING,
    comparison_broken,
    ends_phrase,
    is_verb_at,
    joins_at,
    may_go,
    plain_word,
    tokens_of,
)
from ytempire.production.scripting.meaning import BELIEVED, denied, is_figure, keeps_meaning
from ytempire.production.scripting.questions import clause_headline, headline
from ytempire.production.scripting.runs import INTRO, as_shown, beginning, noun_phrase, runs, score_of, without_middles
from ytempire.production.scripting.words import AUXILIARIES, FUNCTION_WORDS, content_words, looks_like_verb, stem

BEST_BY: Final = 0.7
"""A model's cut stays unless another one is better by this much."""
_GENERIC: Final = frozenset(
    ["now you know", "the end", "thanks for watching", "thank you", "conclusion", "to sum up", "in short", "summary"]
)
_TIMES: Final = re.compile(
    r"\b(?:more than |up to |over |about |nearly |almost )*(?P<value>\d[\d,.]*(?: (?:thousand|million|billion))?) times"
    r" (?P<what>as (?P<as>[\w-]+) as|\w+er than|more \w+ than) (?P<other>[^,.;:!?]+)",
    re.IGNORECASE,
)
_BE: Final = re.compile(r"\b(?:is|are|was|were)(?: more than| up to| over| about| nearly| almost)* $", re.IGNORECASE)
_AT: Final = re.compile(
    r"^(?:at|on|in|inside|outside|under|near) (?:the |our |its )?(?P<place>[a-z-]+)$", re.IGNORECASE
)


def shortest_well(sentence: str, limit: int, *, beside: Sequence[str] = ()) -> str:
    """At most `limit` words of the sentence that make sense by themselves; not what a neighbour (`beside`) shows."""
    ranked = _ranked(sentence, limit)
    for run in ranked:
        if not any(same_words(run, other) for other in beside):
            return run
    return ranked[0] if ranked else ""


def with_figure(sentence: str, figure: str, limit: int) -> str:
    """The best few words of the sentence that say something with its figure; empty if there are none."""
    held = (run for run in _ranked(sentence, limit) if figure.casefold() in run.casefold())
    return next((run for run in held if run.casefold() != figure.casefold()), "")


def asked_on_screen(question: str, limit: int) -> str:
    """A question as a headline of at most `limit` words."""
    return headline(question, limit)


def without_figures(sentence: str, limit: int) -> str:
    """The best few words of the sentence that hold no figure; empty if there are none of two words or more."""
    ranked = (run for run in _ranked(sentence, limit) if " " in run and run.split()[0].lower() not in PREPOSITIONS)
    return next((run for run in ranked if not any(is_figure(plain_word(token)) for token in tokens_of(run))), "")


def same_words(one: str, other: str) -> bool:
    """Do two texts show the same content?"""
    mine, theirs = ([stem(word) for word in content_words(text)] for text in (one, other))
    return mine == theirs


def is_generic(text: str) -> bool:
    """A text that would fit any video."""
    return text.strip(EDGES).casefold() in _GENERIC


def reads_well(text: str, sentence: str, limit: int) -> bool:
    """Can a text of few words stand on screen without sound? Judged by its edges, and by where it was cut."""
    tokens = tokens_of(text)
    if not tokens or len(tokens) > limit or is_generic(text):
        return False
    if text.rstrip("\"”'’)").endswith("?"):
        return plain_word(tokens[-1]) not in UNENDING - PREPOSITIONS
    whole = tokens_of(sentence)
    if [plain_word(token) for token in tokens] == [plain_word(token) for token in whole]:
        return True
    if not keeps_meaning(text, sentence):
        return False
    if (
        plain_word(tokens[0]) in UNOPENING
        or plain_word(tokens[-1]) in UNENDING
        or plain_word(tokens[-1]).endswith(("'s", "’s"))
    ):
        return False
    if comparison_broken(tokens):
        return False
    at = _place(tokens, whole)
    if at is None:
        return True  # words of the writer's own: the edges are all that can be judged
    end, start = at + len(tokens), at
    if start and plain_word(whole[start - 1]) in ARTICLES:
        start -= 1
    main = len(whole) - len(tokens_of(INTRO.sub("", " ".join(whole))))
    worth = score_of(whole, start, end, main, tokens)
    if worth is None or tokens[0][0].isdigit():
        return worth is not None
    return worth > max(runs(" ".join(whole), limit).values(), default=worth) - BEST_BY


@functools.lru_cache(maxsize=2_048)
def _ranked(sentence: str, limit: int) -> tuple[str, ...]:
    """The best first. Kept: a sentence is asked about for its card, its thumbnail and its neighbours."""
    compared = _compared(sentence, limit)
    if compared:
        return (compared,)
    answered = _ANSWERED.match(sentence.strip())
    if answered:
        return (clause_headline(answered["clause"], limit),)
    plain = _plain(sentence)
    if len(tokens_of(plain)) <= limit:
        return (as_shown(tokens_of(plain)),)
    found = runs(plain, limit)
    for text in without_middles(plain):
        for run, score in runs(text, limit).items():
            found[run] = max(score - 0.3, found.get(run, float("-inf")))
    for run in _with_denial(plain, limit):
        opens = run.split()[0].lower() == "without"
        found[run] = max(0.3 if opens else 2.4, found.get(run, float("-inf")))
    believed = BELIEVED.search(plain)
    if believed and len(tokens_of(believed[0])) < limit:
        found[f"What {believed['who']} {believed['verb']}"] = 1.5
    full = [text for text in sorted(found, key=lambda text: -found[text]) if " " in text]
    full = [text for text in full if keeps_meaning(text, sentence)]
    if full:
        return tuple(full)
    main = tokens_of(INTRO.sub("", plain))
    nouns = noun_phrase(main, limit)
    first = beginning(main, limit)
    whole = len(tokens_of(first)) == len(main) or ends_phrase(main, 0, len(tokens_of(first)))
    offered = (nouns, first if whole else "", _undenied(plain, limit), as_shown(main[:1]))
    last = [text for text in offered if text and keeps_meaning(text, sentence)]
    return (next((text for text in last if " " in text), (last or [first])[0]),)


_ANSWERED: Final = re.compile(
    r"^(?:(?:And|So|But) )?(?:(?:that|this|here) (?:is|was)|(?:so )?now you know|[\w ,]*question[\w ]*[,:][\w ,:]*?"
    r"|if (?:any|some)body asks(?: you)?) (?P<clause>(?:why|how|what|where|when|who|which) [^,.!?]+)(?:, [^.]*)?[.!]?$",
    re.IGNORECASE,
)
"""A line that hands the question back as answered: `And that is why ice floats.`"""


def _with_denial(sentence: str, limit: int) -> list[str]:
    """What a sentence denies, together with the word that denies it: its clause, or the denied phrase."""
    tokens = tokens_of(sentence)
    found = []
    for at, end in denied(sentence):
        start = max((n + 1 for n in range(at) if tokens[n][-1] in ",;:—–" or plain_word(tokens[n]) in JOINS), default=0)
        ends = [end]
        ends += [n for n in range(end - 1, at + 1, -1) if plain_word(tokens[n]) in PREPOSITIONS or joins_at(tokens, n)]
        ends += [n for n in range(end - 1, at + 1, -1) if plain_word(tokens[n]) == "of"]
        opens = plain_word(tokens[at]) in _OPENING_DENIALS and not (
            at and plain_word(tokens[at]) == "not" and plain_word(tokens[at - 1]) in AUXILIARIES
        )
        for first in (start, at) if opens else (start,):
            for stop in ends:
                run = [*tokens[first:stop]]
                if len(run) > limit and plain_word(run[0]) in ARTICLES:
                    run = run[1:]
                if len(run) > limit:
                    run = [token for token in run if plain_word(token) != "ever"]
                if len(run) > limit:
                    run = [token for n, token in enumerate(run) if not may_go(run, n)]
                if run and (plain_word(run[0]) in AUXILIARIES or plain_word(run[-1]) in WANTING):
                    continue
                if 2 <= len(run) <= limit and plain_word(run[-1]) not in UNENDING and stop - at > 1:
                    found.append(as_shown(run))
                    break
    return found


_OPENING_DENIALS: Final = frozenset(["not", "no", "without", "none", "never", "nothing", "nobody", "hardly"])


def _undenied(sentence: str, limit: int) -> str:
    """The longest noun phrase outside of what is denied and before what is compared."""
    tokens = tokens_of(re.split(r"\b\w+ times (?:as|more|less|\w+er)\b", sentence)[0]) or tokens_of(sentence)
    inside = {n for at, end in denied(sentence) for n in range(at, end)}
    return noun_phrase([token for n, token in enumerate(tokens) if n not in inside], limit)


def _plain(sentence: str) -> str:
    """Without its opening connective."""
    text = " ".join(sentence.split())
    first = re.match(r"^(\w+),? ", text)
    if first and first[1].lower() in OPENERS and len(text.split()) > 3:
        text = text[first.end() :]
    return text


def _compared(sentence: str, limit: int) -> str:
    """`The pressure is 400 times as high as at the surface` as `400× the surface pressure`."""
    found = _TIMES.search(sentence)
    if found is None:
        return ""
    who = _subject(sentence[: found.start()])
    at = _AT.match(found["other"].strip())
    value = found["value"]
    if at and not (who and _BE.search(sentence[: found.start()])):
        text = f"{value}× that {found['other'].strip()}"
    elif at:
        text = f"{value}× the {at['place']} {who.split()[-1].lower()}"
    else:
        other = tokens_of(re.split(r"\b(?:that|which|who|because|and|but)\b", found["other"])[0])
        text = f"{value}× {found['what'].lower()} {' '.join(other)}".strip()
        verb = tokens_of(sentence[: found.start()])[-1:]
        for opening in (f"{who} {' '.join(verb)}", "" if _BE.search(sentence[: found.start()]) else " ".join(verb)):
            whole = f"{opening} {text}".strip()
            if opening.strip() and who and is_verb_at(verb, 0) and len(tokens_of(whole)) <= limit:
                text = whole
                break
    tokens = tokens_of(text)
    fits = len(tokens) <= limit and plain_word(tokens[-1]) not in UNENDING
    return text[:1].upper() + text[1:] if fits else ""


def _subject(before: str) -> str:
    """The noun phrase before a sentence's verb, article off; empty if it is long or a pronoun."""
    clause = re.split(r"[,;:]\s", before.strip())[-1]
    kept: list[str] = []
    for token in tokens_of(clause):
        if kept and looks_like_verb(plain_word(token)):
            break
        kept.append(token)
    while kept and (plain_word(kept[0]) in DETERMINERS or plain_word(kept[0]) in OPENERS):
        kept.pop(0)
    while kept and plain_word(kept[-1]) in FUNCTION_WORDS:
        kept.pop()
    if not 0 < len(kept) <= 3 or any(plain_word(token) in PRONOUNS for token in kept):
        return ""
    return as_shown(kept)


def _place(tokens: Sequence[str], whole: Sequence[str]) -> int | None:
    """Where the tokens stand in a row in the sentence; None if they don't."""
    wanted, given = [plain_word(token) for token in tokens], [plain_word(token) for token in whole]
    return next((at for at in range(len(given)) if given[at : at + len(wanted)] == wanted), None)
