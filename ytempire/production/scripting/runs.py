"""The runs of words a sentence can be cut to, and what each is worth on screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.grammar import (
    AFTER_VERB,
    AND,
    ARTICLES,
    ASKING,
    CLAUSE_JOINS,
    HEDGES,
    JOINS,
    NO_SUBJECT,
    PREPOSITIONS,
    PRONOUNS,
    UNENDING,
    UNOPENING,
    begins_phrase,
    comparison_broken,
    ends_phrase,
    hedges,
    in_list,
    is_list,
    is_verb_at,
    may_go,
    negates,
    plain_word,
    tokens_of,
)
from ytempire.production.scripting.words import AUXILIARIES, FUNCTION_WORDS, SCALES

RELATIVE: Final = frozenset(["that", "who", "which", "whose"])
INTRO: Final = re.compile(
    r"^(?:In|On|At|By|For|From|After|Before|Since|During|Within|Without|With|Under|Below|Above|Around|Between|Until"
    r"|Over|When|If|While|As|Every|Each|Today|Later|Long ago|At first|Down|Once|Although|[A-Z]\w+ (?:years|months|days"
    r"|minutes|hours) later)\b[^,;:]{0,70},\s+(?=\S)"
)


def runs(text: str, limit: int) -> dict[str, float]:
    """Every run of at most `limit` words that can stand, with its worth."""
    tokens = tokens_of(text)
    offset = len(tokens) - len(tokens_of(INTRO.sub("", text)))
    runs: dict[str, float] = {}
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + 1):
            run = _kept(tokens, start, end, limit)
            if run is None:
                continue
            score = score_of(tokens, start, end, offset, run)
            if score is not None:
                shown = as_shown(run)
                runs[shown] = max(score, runs.get(shown, float("-inf")))
            if end - start > limit + 4:
                break
    return runs


def _kept(tokens: Sequence[str], start: int, end: int, limit: int) -> list[str] | None:
    """The run without its article and hedges, if it then fits; inner articles go only where they must."""
    run = list(tokens[start:end])
    if any(token[-1] in ";:—–.!?" and token[-2:-1] not in ("r", "s") for token in run[:-1]):
        return None
    if any(token[-1] == "," for token in run[:-1]) and not is_list(run):
        return None
    if len(run) > 1 and plain_word(run[0]) in ARTICLES and plain_word(run[1]) not in SCALES:
        run = run[1:]
    kept = [token for at, token in enumerate(run) if not hedges(run, at)]
    if len(kept) > limit:
        kept = [token for at, token in enumerate(kept) if at == 0 or not may_go(kept, at)]
    return kept if 0 < len(kept) <= limit else None


def score_of(tokens: Sequence[str], start: int, end: int, main: int, run: Sequence[str]) -> float | None:
    """What the run is worth on screen; None if it can't stand.

    `run` is what would be shown of tokens[start:end]; `main` is where the main clause begins.
    """
    first = plain_word(run[0])
    verbs = [at for at in range(start, end) if is_verb_at(tokens, at)]
    content = [token for token in run if plain_word(token) not in FUNCTION_WORDS]
    if not content or (len(run) == 1 and len(content[0]) < 5) or not _may_stand(tokens, start, end, main, run):
        return None
    opens = _opens_clause(tokens, start, main)
    if first in ASKING:
        whole = verbs and (end == len(tokens) or tokens[end - 1][-1] in ",;:—–.")
        return 2.3 + 0.1 * len(content) if whole else None
    worth = _worth(tokens, start, end, main, run)
    if not verbs:
        return _worth_without_verb(run, content, worth)
    if opens and verbs[0] > start and first not in NO_SUBJECT and first not in PREPOSITIONS:
        return _worth_of_clause(tokens, start, end, verbs, worth)
    if verbs[0] == start and first not in AUXILIARIES:
        led = start in (0, main) or _before_subject(tokens, main, start)
        linked = any(plain_word(token) in JOINS | AND | {"to"} for token in run)
        return worth + 1.1 if led and len(run) >= 3 and (linked or len(verbs) == 1) else None
    return None


def _opens_clause(tokens: Sequence[str], start: int, main: int) -> bool:
    before = plain_word(tokens[start - 1]) if start else ""
    return start in (0, main) or before in CLAUSE_JOINS | AND or tokens[start - 1][-1] in ",;:—–"


def _may_stand(tokens: Sequence[str], start: int, end: int, main: int, run: Sequence[str]) -> bool:
    """Do both ends fall where phrases do, with nothing torn apart?"""
    first, last = plain_word(run[0]), plain_word(run[-1])
    if first in UNOPENING or last in UNENDING or last in HEDGES or comparison_broken(run):
        return False
    if not begins_phrase(tokens, start, end) or not ends_phrase(tokens, start, end):
        return False
    before = plain_word(tokens[start - 1]) if start else ""
    if before in JOINS | {"of", "than", "as"} and not _opens_clause(tokens, start, main) and not is_list(run):
        return False
    if start not in (0, main) and (before in AND or tokens[start - 1][-1] == ",") and _torn(tokens, start, end):
        return False
    inner = next((at for at in range(start + 1, end) if _joins(tokens, at)), None)
    return inner is None or any(is_verb_at(tokens, at) for at in range(inner + 1, end))


def _joins(tokens: Sequence[str], at: int) -> bool:
    """Does a clause begin here? Not with the `that` of `that air`."""
    if plain_word(tokens[at]) not in JOINS - {"before", "after", "since"}:
        return False
    if plain_word(tokens[at]) != "that":
        return True
    after = range(at + 1, len(tokens))
    stop = next((n for n in after if plain_word(tokens[n]) in JOINS or tokens[n][-1] in ",;:"), len(tokens))
    return any(is_verb_at(tokens, n) for n in range(at + 1, stop))


def _torn(tokens: Sequence[str], start: int, end: int) -> bool:
    """One item of several, or half of a subject: `and his wife were deaf`."""
    joined = plain_word(tokens[start - 1]) in AND
    if not any(is_verb_at(tokens, at) for at in range(start, end)):
        return joined or in_list(tokens, start)
    held = start - (2 if joined else 1)
    opened = max((n + 1 for n in range(held) if tokens[n][-1] in ",;:" or plain_word(tokens[n]) in JOINS), default=0)
    return joined and not any(is_verb_at(tokens, n) for n in range(opened, held + 1))


def _worth(tokens: Sequence[str], start: int, end: int, main: int, run: Sequence[str]) -> float:
    """Content and figures count; what is only prelude, or leaves out a `not`, counts less."""
    content = sum(plain_word(token) not in FUNCTION_WORDS for token in run)
    figure = any(plain_word(token)[:1].isdigit() for token in run)
    given, left = (sum(plain_word(token) in ARTICLES for token in part) for part in (tokens[start + 1 : end], run))
    worth = 0.18 * content + (0.9 if figure else 0.0) - 0.2 * max(0, given - left)
    worth -= 0.5 if len(run) < 3 else 0.0
    worth += 0.5 if start in (0, main) else -0.9 if start < main else 0.0
    comma = next((at for at in range(main, len(tokens)) if tokens[at][-1] in ",;:"), len(tokens))
    denied = any(negates(token) for token in tokens[main : comma + 1])
    if denied and not any(negates(token) for token in tokens[start:end]) and start not in (0, main):
        worth -= 0.8
    if end < len(tokens) and tokens[end - 1][-1].isalnum() and plain_word(tokens[end]) in RELATIVE:
        worth -= 0.8
    return worth


def _worth_of_clause(tokens: Sequence[str], start: int, end: int, verbs: Sequence[int], worth: float) -> float | None:
    before, first = plain_word(tokens[start - 1]) if start else "", plain_word(tokens[start])
    if verbs[-1] == end - 1 and end < len(tokens) and tokens[end - 1][-1].isalnum():
        if plain_word(tokens[end]) not in AFTER_VERB:
            return None
        worth -= 0.4
    worth -= 0.6 if before in JOINS else 0.0
    if first in PRONOUNS:
        worth -= 1.4 if start and before != "so" else 0.3 if first not in ("you", "we", "there") else 0.0
    return worth + 2.6


def _worth_without_verb(run: Sequence[str], content: Sequence[str], worth: float) -> float | None:
    first = plain_word(run[0])
    if first in PREPOSITIONS:
        return worth + 0.2 if len(run) >= 3 else None
    if first in PRONOUNS or first in ("there", "only", "most"):
        return None
    figure = any(plain_word(token)[:1].isdigit() for token in run)
    return worth + (0.9 if figure else 0.7 if len(content) >= 2 else -0.2)


def _before_subject(tokens: Sequence[str], main: int, at: int) -> bool:
    """Is this the main clause's first verb, with its subject right before it?"""
    if any(is_verb_at(tokens, place) for place in range(main, at)) or at <= main:
        return False
    before = tokens[at - 1]
    return before[-1].isalnum() and plain_word(before) not in UNENDING - {"it"} | {"we", "to", "i", "they", "you"}


def without_middles(text: str) -> list[str]:
    """The sentence without one of the phrases of place or time that stand before another phrase or the verb."""
    tokens = text.split()
    found = []
    for at in range(2, len(tokens)):
        if plain_word(tokens[at]) not in PREPOSITIONS or tokens[at - 1][-1] in ",;:":
            continue
        for end in range(at + 2, min(at + 6, len(tokens) - 1)):
            following = plain_word(tokens[end])
            if tokens[end - 1][-1] in ",;:":
                break
            if plain_word(tokens[end - 1]) in UNENDING:
                continue
            timed = following in ("in", "for", "by") and any(c.isdigit() for c in " ".join(tokens[end : end + 4]))
            verbal = is_verb_at(tokens, end) and not any(is_verb_at(tokens, n) for n in range(end))
            if (
                (timed and not is_verb_at(tokens, at - 1))
                or verbal
                or (timed and plain_word(tokens[at]) in ("at", "around"))
            ):
                found.append(" ".join(tokens[:at] + tokens[end:]))
            break_here = following in PREPOSITIONS
            if break_here:
                break
    return found


def noun_phrase(tokens: Sequence[str], limit: int) -> str:
    """The longest row of telling words without a verb, where nothing better can be cut."""
    best: list[str] = []
    held: list[str] = []
    for at, token in enumerate(tokens):
        if (
            plain_word(token) in FUNCTION_WORDS - {"no", "of"}
            or is_verb_at(tokens, at)
            or (plain_word(token) == "of" and not held)
        ):
            held = []
            continue
        held = [*held, token]
        trimmed = held[:-1] if plain_word(held[-1]) == "of" else held
        if len(best) < len(trimmed) <= limit:
            best = list(trimmed)
        if token[-1] in ",;:":
            held = []
    return as_shown(best or tokens[:limit])


def beginning(tokens: Sequence[str], limit: int) -> str:
    """The first words, less those that can't end a text."""
    run = list(tokens[:limit])
    while len(run) > 2 and (plain_word(run[-1]) in UNENDING or plain_word(run[-1]) in PREPOSITIONS):
        run.pop()
    return as_shown(run)


def as_shown(tokens: Sequence[str]) -> str:
    """Tokens as text that begins with a capital."""
    text = " ".join(tokens).strip(' .,;:!—–"“”«»')
    return text[:1].upper() + text[1:] if text[:2].islower() or (text[:1].islower() and text[1:2] == " ") else text
