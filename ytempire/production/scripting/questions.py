"""A question as a headline: whole where it fits, else a shorter form that is grammatical and asks for the same.

`How does the anglerfish catch its dinner?` has seven words; `How the anglerfish catches its dinner` has six. What a
question takes for granted may stand as well: `Why is the squid no vampire?` as `The squid is no vampire`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ytempire.production.scripting.grammar import (
    ARTICLES,
    DETERMINERS,
    EDGES,
    JOINS,
    PREPOSITIONS,
    PRONOUNS,
    UNENDING,
    is_verb_at,
    joins_at,
    plain_word,
    superlative,
    tokens_of,
)
from ytempire.production.scripting.runs import as_shown, noun_phrase
from ytempire.production.scripting.words import AUXILIARIES, COMMON_VERBS, LISTS, SCALES, SMALL_NUMBERS

_LEAST: Final = frozenset(["really", "ever"])
_ADVERBS: Final = frozenset(["always", "never", "often", "still", "really", "ever", "also"])
_FRAME: Final = re.compile(
    r"^(?:So,? |And |But )?(?:(?:Do|Did) you know )(?=(?:why|how|what|where|who|when)\b)", re.IGNORECASE
)
_TRUE: Final = re.compile(r"^(?:Is|Was) it true that ", re.IGNORECASE)
_DO: Final = frozenset(["do", "does", "did"])
_BE: Final = frozenset(["is", "are", "was", "were", "can", "could", "will", "would", "has", "have", "had", "should"])
_PREDICATE: Final = frozenset(["a", "an", "the", "no", "not", "so", "such", "as", "more", "less", "too"])
_DAILY: Final = frozenset(["all", "every", "each", "today", "now"])


@dataclass(frozen=True)
class Asked:
    """The parts of a question: `asks` (why, how far), `helps` (does, is), `who`, `acts` (its verb) and the `rest`."""

    asks: tuple[str, ...]
    helps: str
    who: tuple[str, ...]
    acts: str
    rest: tuple[str, ...]

    def clause(self) -> list[str]:
        """In the order of a statement, after the word that asks: `how`, `the anglerfish catches its dinner`."""
        helps = [] if plain_word(self.helps) in ("do", "does") else [self.helps]
        acts = _third_person(self.acts) if plain_word(self.helps) == "does" else self.acts
        return [*self.who, *helps, *([acts] if acts else []), *self.rest]


def headline(question: str, limit: int) -> str:
    """At most `limit` words of a question."""
    text = " ".join(question.split()).strip(EDGES)
    framed = _FRAME.sub("", text)
    if framed != text:
        return clause_headline(framed, limit)
    tokens = _capital(tokens_of(_TRUE.sub("", text)))
    for drop in (frozenset[str](), _LEAST):
        kept = [token for token in tokens if plain_word(token) not in drop]
        if len(kept) <= limit:
            return " ".join(kept) + "?"
    tokens = [token for token in tokens if plain_word(token) not in _LEAST]
    asked = _read(tokens)
    offered = _offered(asked, tokens, limit) if asked else [_cut(tokens, limit, "?")]
    offered += [_what_happens(tokens), _last_phrase(tokens, limit), noun_phrase(tokens[1:], limit) + "?"]
    return next(one for one in offered if one and len(one.split()) <= limit)


def clause_headline(clause: str, limit: int) -> str:
    """At most `limit` words of `how the elevator made the skyscraper possible`."""
    tokens = _capital(tokens_of(clause.strip(EDGES)))
    for drop in (frozenset[str](), _LEAST):
        kept = [token for token in tokens if plain_word(token) not in drop]
        if len(kept) <= limit:
            return as_shown(kept)
    stated = tokens[1:] if plain_word(tokens[0]) in ("how", "why") and plain_word(tokens[1]) not in PRONOUNS else []
    if 2 < len(stated) <= limit and not _is_degree(tokens):
        return as_shown(stated)
    verb = next((at for at in range(2, len(tokens)) if is_verb_at(tokens, at)), 0)
    offered = [
        _counted(tokens[verb + 1 :], limit).rstrip("?") if verb else "",
        f"What happens {' '.join(tokens[verb + 1 :])}" if verb and _does_to(tokens, verb) else "",
        _cut(tokens, limit, ""),
        _what_happens(tokens),
        as_shown(stated[1:]) if stated and plain_word(stated[0]) in ARTICLES and not _is_degree(tokens) else "",
        _object(tokens, verb, limit) if verb else "",
        _phrase(tokens[1:verb], limit) if verb else "",
        _last_phrase(tokens, limit).rstrip("?"),
        noun_phrase(tokens[1:], limit),
    ]
    return next(one for one in offered if one and len(one.split()) <= limit)


def _offered(asked: Asked, tokens: Sequence[str], limit: int) -> list[str]:
    first = plain_word(asked.asks[0])
    clause = [*asked.asks, *asked.clause()]
    stated = asked.clause() if first in ("how", "why") and len(asked.asks) == 1 else []
    named = stated and plain_word(stated[0]) not in PRONOUNS
    sure = plain_word(asked.helps) not in ("would", "could", "should", "can", "will")
    told = plain_word(asked.helps) != "did"  # `did sink` would have to become `sank`
    given = [as_shown(clause) if told else "", as_shown(stated) if named and sure and told else ""]
    if first == "what" and asked.acts == "do" and asked.rest and plain_word(asked.rest[0]) == "to":
        given.append(f"What happens {' '.join(asked.rest)}?")
    if asked.acts:
        given.append(_counted(asked.rest, limit))
    if first == "why" and asked.acts in ("have", "need", "wear", "carry"):
        given.append(_why(asked, limit))
    given = [one for one in given if 0 < len(one.split()) <= limit]
    given += [_cut(tokens, limit, "?"), _cut(clause, limit, "") if told else ""]
    given.append(_why(asked, limit) if first == "why" else "")
    given.append(f"{' '.join(asked.asks)}?" if len(asked.asks) > 2 else "")
    given.append(_phrase(asked.who, limit - 1) + "?" if plain_word(asked.who[0]) not in PRONOUNS else "")
    return given


def _read(tokens: Sequence[str]) -> Asked | None:
    """A question's parts; None where its verb can't be told."""
    helps = next((at for at in range(1, min(5, len(tokens))) if plain_word(tokens[at]) in _DO | _BE), 0)
    if not helps or len(tokens) < helps + 3:
        return None
    start = helps + 1
    least = start + (2 if plain_word(tokens[start]) in DETERMINERS else 1)
    aux = plain_word(tokens[helps])
    for at in range(least, len(tokens)):
        low, before = plain_word(tokens[at]), plain_word(tokens[at - 1])
        if aux in _DO | {"can", "could", "will", "would", "should"}:
            if (low in _BASE or low in ("do", "have", "be")) and before not in DETERMINERS | PREPOSITIONS | {
                "of",
                "and",
            }:
                return Asked(
                    tuple(tokens[:helps]), tokens[helps], tuple(tokens[start:at]), low, tuple(tokens[at + 1 :])
                )
        elif _is_predicate(low, before, plain_word(tokens[at + 1]) if at + 1 < len(tokens) else ""):
            return Asked(tuple(tokens[:helps]), tokens[helps], tuple(tokens[start:at]), "", tuple(tokens[at:]))
    return None


def _is_predicate(word: str, before: str, after: str) -> bool:
    """Does what is said of somebody begin with this word: `no`, `longer than`, `opened`?"""
    if before in PREPOSITIONS | DETERMINERS | {"of"}:
        return False
    acts = word.endswith(("ed", "ing")) and len(word) > 4
    return word in _PREDICATE or acts or (word.endswith("er") and after == "than")


_BASE: Final = (COMMON_VERBS | LISTS["also_verbs"]) - LISTS["past"]
"""After `do`, a word that is mostly a noun is a verb: `does your voice sound`."""


def _third_person(verb: str) -> str:
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _does_to(tokens: Sequence[str], verb: int) -> bool:
    """`what the deep sea does to a foam cup`"""
    low = [plain_word(token) for token in (tokens[0], *tokens[verb : verb + 2])]
    return low[0] == "what" and low[1] in ("do", "does", "did") and low[2:] == ["to"]


def _is_degree(tokens: Sequence[str]) -> bool:
    """`how dark the sea is`: the word after `how` belongs to it."""
    following = plain_word(tokens[1])
    after = plain_word(tokens[2]) if len(tokens) > 2 else ""
    return (
        plain_word(tokens[0]) == "how" and following not in DETERMINERS and (after in DETERMINERS or after in PRONOUNS)
    )


def _capital(tokens: Sequence[str]) -> list[str]:
    return [tokens[0][:1].upper() + tokens[0][1:], *tokens[1:]] if tokens else []


def _counted(rest: Sequence[str], limit: int) -> str:
    """`two kilometers on one breath`: a figure after the verb asks by itself."""
    first = plain_word(rest[0]) if rest else ""
    figure = first[:1].isdigit() or first in SMALL_NUMBERS or first in SCALES
    return as_shown(rest) + "?" if figure and 2 <= len(rest) <= limit else ""


def _why(asked: Asked, limit: int) -> str:
    """`Why the biggest eyes on Earth?`, `Why always the same face?`, `Why longer than its year?`"""
    rest_at = range(1, len(asked.rest))
    stop = next((at for at in rest_at if joins_at(asked.rest, at)), len(asked.rest))
    often = [token for token in asked.who if plain_word(token) in ("always", "never")]
    rest = [*often, *asked.rest[:stop]]
    opens = rest and plain_word(rest[len(often)] if len(rest) > len(often) else "") not in PREPOSITIONS | {
        "of",
        "as",
        "no",
    }
    return f"Why {' '.join(rest)}?" if opens and 2 <= len(rest) < limit else ""


def _object(tokens: Sequence[str], verb: int, limit: int) -> str:
    rest = tokens[verb + 1 :]
    opens = rest and plain_word(rest[0]) not in PREPOSITIONS | {"of", "as", "than"}
    return as_shown(rest) if opens and 1 < len(rest) <= limit else ""


def _phrase(tokens: Sequence[str], limit: int) -> str:
    """A noun phrase, without the phrases behind it where it is too long."""
    run = [token for token in tokens if plain_word(token) not in _ADVERBS]
    while len(run) > limit:
        stop = max((at for at, token in enumerate(run) if plain_word(token) in PREPOSITIONS | {"of"}), default=0)
        if not stop:
            return noun_phrase(run, limit)
        run = run[:stop]
    return as_shown(run)


def _what_happens(tokens: Sequence[str]) -> str:
    """`What happens when you cry in space?` as `When you cry in space`."""
    low = [plain_word(token) for token in tokens[:3]]
    return as_shown(tokens[2:]) if low[:2] == ["what", "happens"] and low[2:] in (["when"], ["if"]) else ""


def _last_phrase(tokens: Sequence[str], limit: int) -> str:
    """The longest end of the question that is a noun phrase after a preposition."""
    for at in range(max(1, len(tokens) - limit), len(tokens) - 1):
        if plain_word(tokens[at - 1]) in PREPOSITIONS and len(tokens) - at >= 2:
            return as_shown(tokens[at:]) + "?"
    return ""


def _cut(tokens: Sequence[str], limit: int, end: str) -> str:
    """The question up to its last phrases: its verb is said, and what it is about; empty if that can't be."""
    if _what_happens(tokens):
        return ""
    for stop in range(min(limit, len(tokens) - 1), 2, -1):
        following, last = plain_word(tokens[stop]), plain_word(tokens[stop - 1])
        starts = following in PREPOSITIONS | _DAILY | {"they", "we", "it", "of", "than", "as"} or joins_at(tokens, stop)
        if (
            not starts
            or last in UNENDING - {"do", "does"}
            or (following == "than" and last.endswith("er"))
            or last in PREPOSITIONS
        ):
            continue
        extreme = any(superlative(plain_word(token)) or plain_word(token) == "most" for token in tokens[1:stop])
        which = any(plain_word(token) in ("that", "who", "which") for token in tokens[1:stop])
        acting = [at for at in range(1, stop) if is_verb_at(tokens, at) and plain_word(tokens[at]) not in AUXILIARIES]
        done = last in ("do", "does") and following in _DAILY
        passive = any(plain_word(token) in ("is", "are", "was", "were") for token in tokens[1:stop]) and (
            plain_word(tokens[stop - 1]).endswith("ed") or plain_word(tokens[stop - 1]) in ("made", "built", "found")
        )
        about = [
            at
            for at in range(1, stop)
            if at not in acting
            and plain_word(tokens[at]) not in AUXILIARIES | PRONOUNS | PREPOSITIONS | DETERMINERS | JOINS
        ]
        if (acting or done or passive or extreme) and about and not which:
            return " ".join(tokens[:stop]) + end
    return ""
