"""The runs of words a sentence can be cut to, and what each is worth on screen."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from ytempire.production.scripting.grammar import (
    AND,
    ARTICLES,
    ASKING,
    CLAUSE_JOINS,
    DETERMINERS,
    HEDGES,
    JOINS,
    NO_SUBJECT,
    PER,
    PREPOSITIONS,
    PRONOUNS,
    UNENDING,
    UNOPENING,
    after_verb,
    begins_phrase,
    compares,
    comparison_broken,
    ends_phrase,
    hedges,
    in_list,
    is_list,
    is_passive,
    is_verb_at,
    joins_at,
    may_go,
    negates,
    plain_word,
    tokens_of,
)
from ytempire.production.scripting.torn import (
    RELATIVE,
    WE,
    adverbial,
    closed,
    counts,
    let,
    tells_which,
    two_things,
)
from ytempire.production.scripting.words import AUXILIARIES, COMMON_VERBS, FUNCTION_WORDS, LISTS, SCALES

INTRO: Final = re.compile(
    r"^(?:In|On|At|By|For|From|After|Before|Since|During|Within|Without|With|Under|Below|Above|Around|Between|Until"
    r"|Over|When|If|While|As|Every|Each|Today|Later|Long ago|At first|Down|Once|Although|[A-Z]\w+ (?:years|months|days"
    r"|minutes|hours) later)\b[^,;:]{0,70},\s+(?=\S)"
)


def runs(text: str, limit: int) -> dict[str, float]:
    """Every run of at most `limit` words that can stand, with its worth."""
    return dict(_runs(text, limit))


@functools.lru_cache(maxsize=1_024)
def _runs(text: str, limit: int) -> dict[str, float]:
    """The same, kept: a script's sentences are asked about a dozen times over."""
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
    """The run without its hedges, if it then fits; articles go only where they must, the first one first."""
    run = list(tokens[start:end])
    if any(token[-1] in ";:—–.!?" and token[-2:-1] not in ("r", "s") for token in run[:-1]):
        return None
    if any(token[-1] == "," for token in run[:-1]) and not is_list(run):
        return None
    kept = [token for at, token in enumerate(run) if not hedges(run, at)]
    if len(kept) > limit and plain_word(kept[0]) in ARTICLES and plain_word(kept[1]) not in SCALES:
        kept = kept[1:]
    if len(kept) > limit:
        kept = [token for at, token in enumerate(kept) if at == 0 or not may_go(kept, at)]
    return kept if 0 < len(kept) <= limit else None


def score_of(tokens: Sequence[str], start: int, end: int, main: int, run: Sequence[str]) -> float | None:
    """What the run is worth on screen; None if it can't stand.

    `run` is what would be shown of tokens[start:end]; `main` is where the main clause begins.
    """
    first = plain_word(run[0])
    verbs = [at for at in range(start, end) if is_verb_at(tokens, at)]
    finite = [at for at in verbs if at == start or plain_word(tokens[at - 1]) not in ("to", "ever")]
    verbs = finite if verbs and first not in PREPOSITIONS else verbs  # `a day to reach the sea` has none of its own
    if verbs and tells_which(tokens, start, end, verbs):
        verbs = []  # `a gas that smells of rotten eggs`
    if verbs and verbs[0] > start + 2 and all(plain_word(tokens[at - 1]) in WE for at in verbs):
        verbs = [] if verbs[-1] == end - 1 and closed(tokens, end) else verbs  # `the worst weather we know`
    content = [token for token in run if plain_word(token) not in FUNCTION_WORDS]
    if not content or (len(run) == 1 and len(content[0]) < 5) or not _may_stand(tokens, start, end, main, run):
        return None
    opens = _opens_clause(tokens, start, main) and not _is_relative(tokens, start)
    if first in ASKING:
        whole = verbs and (end == len(tokens) or tokens[end - 1][-1] in ",;:—–.")
        return 2.3 + 0.1 * len(content) if whole else None
    worth = _worth(tokens, start, end, main, run)
    if compares(run):
        return worth + 1.2 if closed(tokens, end) else None
    if not verbs:
        return None if adverbial(tokens, start, end) else _worth_without_verb(tokens, start, end, run, content, worth)
    if (opens or let(tokens, start)) and verbs[0] > start and first not in NO_SUBJECT and first not in PREPOSITIONS:
        return _worth_of_clause(tokens, start, end, main, verbs, worth)
    led = start + (first in ("always", "never", "once", "still"))
    if verbs[0] == led and first not in AUXILIARIES:
        return _worth_of_predicate(tokens, start, led, main, run, len(verbs), worth)
    return None


def _worth_of_predicate(
    tokens: Sequence[str], start: int, verb: int, main: int, run: Sequence[str], verbs: int, worth: float
) -> float | None:
    """A verb with what belongs to it, its subject left out: `Comes back as small as a thimble`; never `Paint a cup`."""
    low = plain_word(tokens[verb])
    commands = low in COMMON_VERBS - LISTS["past"]
    if commands and not (start == main and verb == start):
        return None
    if start and plain_word(tokens[start - 1]) in RELATIVE | {"has", "have", "had", "is", "are", "was", "were", "been"}:
        return None
    led = start in (0, main) or _before_subject(tokens, main, start)
    linked = any(plain_word(token) in JOINS | AND | {"to"} for token in run)
    return worth + (1.1 if commands else 0.5) if led and len(run) >= 3 and (linked or verbs == 1) else None


def _is_relative(tokens: Sequence[str], start: int) -> bool:
    """After the `that` of `a skin that trembles`, or the `if` that makes a case of it: no clause to show by itself."""
    before, earlier = (plain_word(tokens[start - n]) if start >= n else "" for n in (1, 2))
    if before in ("if", "unless", "whether"):
        return True
    if "so" in map(plain_word, tokens[max(0, start - 4) : start]):
        return False  # `so dark that sunlight never arrives`
    named = earlier not in FUNCTION_WORDS and not is_verb_at(tokens, start - 2) if start > 1 else False
    begun = plain_word(tokens[start]) in DETERMINERS | PRONOUNS
    return before in ("who", "which") or (before == "that" and named and not begun)


def _opens_clause(tokens: Sequence[str], start: int, main: int) -> bool:
    before = plain_word(tokens[start - 1]) if start else ""
    return start in (0, main) or before in CLAUSE_JOINS | AND or tokens[start - 1][-1] in ",;:—–"


def _may_stand(tokens: Sequence[str], start: int, end: int, main: int, run: Sequence[str]) -> bool:
    """Do both ends fall where phrases do, with nothing torn apart?"""
    first, last = plain_word(run[0]), plain_word(run[-1])
    if (first in UNOPENING and not compares(run)) or last in HEDGES or comparison_broken(run):
        return False
    if last in UNENDING and not (end == len(tokens) and last in ("many", "much", "more", "less", "little", "few")):
        return False
    if not begins_phrase(tokens, start, end) or not ends_phrase(tokens, start, end):
        return False
    before = plain_word(tokens[start - 1]) if start else ""
    if before in JOINS | {"of", "than", "as"} and not _opens_clause(tokens, start, main) and not is_list(run):
        return False
    if start not in (0, main) and (before in AND or tokens[start - 1][-1] == ",") and _torn(tokens, start, end):
        return False
    inner = next((at for at in range(start + 1, end) if _opens_within(tokens, at)), None)
    return inner is None or any(is_verb_at(tokens, at) for at in range(inner + 1, end))


def _opens_within(tokens: Sequence[str], at: int) -> bool:
    return plain_word(tokens[at]) not in ("before", "after", "since") and joins_at(tokens, at)


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
    figure = any(counts(token) for token in run)
    given, left = (sum(plain_word(token) in ARTICLES for token in part) for part in (tokens[start:end], run))
    headless = given > left and plain_word(tokens[start]) in ARTICLES  # `Elevator turned the city upside down`
    worth = 0.18 * content + (0.9 if figure else 0.0)
    worth -= (0.1 if headless else 0.0) + (2.6 if headless else 2.0) * max(0, given - left - headless)
    worth -= (0.5 if len(run) < 3 else 0.0) + (0.5 if content < 2 else 0.0)
    worth += 0.5 if start in (0, main) else -0.9 if start < main else 0.0
    comma = next((at for at in range(main, len(tokens)) if tokens[at][-1] in ",;:"), len(tokens))
    denied = any(negates(token) for token in tokens[main : comma + 1])
    if denied and not any(negates(token) for token in tokens[start:end]) and start not in (0, main):
        worth -= 0.8
    if end < len(tokens) and tokens[end - 1][-1].isalnum() and plain_word(tokens[end]) in RELATIVE:
        worth -= 0.8
    return worth


def _worth_of_clause(
    tokens: Sequence[str], start: int, end: int, main: int, verbs: Sequence[int], worth: float
) -> float | None:
    before, first = plain_word(tokens[start - 1]) if start else "", plain_word(tokens[start])
    if verbs[-1] == end - 1 and end < len(tokens) and tokens[end - 1][-1].isalnum():
        if not (after_verb(tokens, end) or is_passive(tokens, end)):
            return None
        worth -= 0.4
    worth -= 0.6 if before in JOINS else 0.0
    if end < len(tokens) and tokens[end - 1][-1].isalnum():  # what it is for, or where to: the point may be left out
        following = plain_word(tokens[end])
        worth -= 0.5 if following == "to" else 0.25 if following in PREPOSITIONS and end - verbs[-1] <= 2 else 0.0
    if first in PRONOUNS:
        if before in JOINS - {"so", "because"} and start != main:
            return None  # `it is needed`, out of where
        inner = start not in (0, main) and before != "so"
        worth -= 1.4 if inner else 0.3 if first not in ("you", "we", "there") else 0.0
    return worth + 2.6


def _worth_without_verb(
    tokens: Sequence[str], start: int, end: int, run: Sequence[str], content: Sequence[str], worth: float
) -> float | None:
    first = plain_word(run[0])
    if first in ("up", "down", "out", "off") and plain_word(run[1] if len(run) > 1 else "") != "to":
        return None
    if first in PREPOSITIONS:
        timed = len(run) > 2 and plain_word(run[2]).removesuffix("s") in PER
        if first in ("for", "by", "to", "of", "with", "from", "into") and not timed:
            return None
        return worth - 0.9 if len(run) >= 3 else None
    if any(plain_word(token) in ("nothing", "everything") for token in run[1:]):
        return None
    if (first in PRONOUNS and first not in ("this", "that", "these", "those")) or first in ("there", "only", "most"):
        return None
    if first in ("this", "that", "these", "those") and len(content) < 2:
        return None
    figure = any(counts(token) for token in run)
    if two_things(tokens, start, end):
        return None
    worth -= 0.7 if end < len(tokens) and is_verb_at(tokens, end) else 0.0  # only who acts, not what is done
    worth -= 0.01 * start
    worth -= 1.2 if figure and len(run) == 2 else 0.0  # a bare measure says nothing
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
        if plain_word(tokens[at]) not in PREPOSITIONS - {"like"} or tokens[at - 1][-1] in ",;:":
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
    low = [plain_word(token) for token in tokens]
    at = next((n for n in range(len(tokens)) if best and list(tokens[n : n + len(best)]) == best), 0)
    if at and low[at - 1] in ARTICLES and len(best) < limit:
        best = [tokens[at - 1], *best]
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
