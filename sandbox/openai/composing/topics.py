"""A topic line read as grammar: a clause (`why the sky is blue`), a statement, or a thing; and what follows from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.openai.composing.words import AUX, STOP, VERBS, capital, is_verb, words

_WH: Final = re.compile(r"^(why|how|what|where|when|who|which)\b\s*", re.IGNORECASE)
_INVERTED: Final = frozenset(
    ["is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would", "has", "have", "had", "should"]
)
_DEGREES: Final = frozenset(
    [
        "deep",
        "fast",
        "far",
        "long",
        "old",
        "big",
        "much",
        "many",
        "high",
        "hot",
        "cold",
        "heavy",
        "small",
        "often",
        "close",
        "tall",
        "loud",
        "quickly",
    ]
)


@dataclass(frozen=True)
class Topic:
    """`clause` fits after "Here is …"; `question` stands alone (empty if none can be formed well)."""

    text: str
    kind: str
    """`clause`, `statement` or `thing`; `headline` for the heading of an article, which is shown as it is."""
    clause: str
    question: str


def read(line: str, sources: Sequence[str]) -> Topic:
    """The topic's grammar; `sources` show which words are names."""
    text = " ".join(line.split()).strip(" .")
    text = re.sub(r"\s*[|–—]\s+[^|–—]{0,40}$", "", text) if count_words(text) > 6 else text
    asked = text.endswith("?")
    plain = text.rstrip("?!").strip()
    low = _lowered(plain, sources)
    found = _WH.match(plain)
    if found:
        rest = low[found.end() :] if low[: found.end()].lower() == found[0].lower() else plain[found.end() :]
        word = found[1].lower()
        if asked or _starts_inverted(word, rest):
            statement = _uninverted(word, rest)
            return Topic(plain, "clause" if statement else "thing", statement or low, capital(plain) + "?")
        return Topic(plain, "clause", f"{word} {rest}", _inverted(word, rest))
    if asked:
        return Topic(plain, "thing", low, capital(plain) + "?")
    if _is_statement(plain):
        return Topic(plain, "statement", low, "")
    return Topic(plain, "thing", low, "")


def count_words(text: str) -> int:
    """Words of a line."""
    return len(text.split())


def _lowered(text: str, sources: Sequence[str]) -> str:
    """Title Case to sentence case, names kept as the sources write them."""
    body = " ".join(sources)
    found = []
    for at, token in enumerate(text.split()):
        core = token.strip("\"'“”‘’,:;()")
        if not core[:1].isupper() or (len(core) > 1 and core.isupper()) or any(c.isupper() for c in core[1:]):
            found.append(token)
            continue
        if core.lower() in STOP and core != "I":
            found.append(token.lower())
            continue
        inside = re.search(rf"(?<![.!?\n“\"]\s)(?<!^)\b{re.escape(core)}\b", body)
        lower = re.search(rf"\b{re.escape(core.lower())}\b", body)
        capitals = len(re.findall(rf"(?<=[a-z,;] ){re.escape(core)}\b", body))
        name = capitals > len(re.findall(rf"\b{re.escape(core.lower())}\b", body))
        unknown = lower is None and inside is None and at > 0 and not text.istitle()
        found.append(token if name or unknown else token.lower())
    return " ".join(found)


def _starts_inverted(word: str, rest: str) -> bool:
    first = words(rest)[:2]
    if not first:
        return False
    if word == "how" and first[0] in _DEGREES:
        return len(first) > 1 and first[1] in _INVERTED
    return word in ("why", "how", "where", "when") and first[0] in _INVERTED


def _uninverted(word: str, rest: str) -> str:
    """`is the sky blue` to `why the sky is blue`, for simple subjects; empty if unsure."""
    tokens = rest.split()
    if len(tokens) < 3 or tokens[0].lower() not in ("is", "are", "was", "were", "can", "do"):
        return ""
    verb, others = tokens[0].lower(), tokens[1:]
    end = 2 if others[0].lower() in ("the", "a", "an", "our", "your", "my", "some", "most") else 1
    if len(others) <= end or others[0].lower() in ("it", "there"):
        return ""
    return f"{word} {' '.join(others[:end])} {'' if verb == 'do' else verb + ' '}{' '.join(others[end:])}"


def _inverted(word: str, rest: str) -> str:
    """`why the sky is blue` to `Why is the sky blue?`; a safe frame where the verb can't be told."""
    tokens = rest.split()
    if word == "which":
        return capital(f"{word} {rest}?")
    if (
        word == "how"
        and len(tokens) > 2
        and tokens[-1].lower() in ("is", "are", "was", "were")
        and tokens[0].lower() not in ("the", "a", "an", "our", "your")
    ):
        return capital(f"how {tokens[0]} {tokens[-1]} {' '.join(tokens[1:-1])}?")
    if tokens and tokens[0].lower() == "it" and len(tokens) > 1 and tokens[1].endswith("s") and tokens[1] not in AUX:
        return _with_do(word, tokens, 1, "does", _base(tokens[1]) or tokens[1][:-1])
    for at, token in enumerate(tokens[:9]):
        low = token.lower()
        degree = word in ("how", "what", "which") and at == 0
        if low in ("that", "which", "who", "when", "if"):
            break
        if at == 0 and word in ("what", "who", "which") and (low in AUX or is_verb(low)):
            return capital(f"{word} {rest}?")
        if at and low in AUX - {"do", "does", "did", "becomes", "become", "became"} and not degree:
            if low in ("have", "has", "had") and not (
                at + 1 < len(tokens) and re.search(r"(?:ed|en)$", tokens[at + 1])
            ):
                return _with_do(word, tokens, at, "do" if low == "have" else "does" if low == "has" else "did", "have")
            head = _degree(word, tokens, at)
            return capital(f"{head[0]} {token} {' '.join(head[1] + tokens[at + 1 :])}?")
        if at and low in VERBS and not _noun_like(tokens, at):
            return _with_do(word, tokens, at, "do", low)
        if at and low.endswith("s") and _base(low) and not _noun_like(tokens, at):
            return _with_do(word, tokens, at, "does", _base(low))
    return f"Do you know {word} {rest}?"


def _with_do(word: str, tokens: list[str], at: int, do: str, base: str) -> str:
    head = _degree(word, tokens, at)
    return capital(f"{head[0]} {do} {' '.join([*head[1], base, *tokens[at + 1 :]])}?")


def _degree(word: str, tokens: list[str], at: int) -> tuple[str, list[str]]:
    """`how deep whales …`: the adjective stays with how."""
    if word == "how" and tokens[0].lower() in _DEGREES:
        return f"{word} {tokens[0]}", tokens[1:at]
    return word, tokens[:at]


def _noun_like(tokens: list[str], at: int) -> bool:
    """Is the word before an article or adjective, so that this one is a noun (`a long dive`)?"""
    before = tokens[at - 1].lower()
    if before in ("a", "an", "the", "its", "their", "your", "our", "of", "in", "to", "first", "own"):
        return True
    following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    return following in AUX or (is_verb(following) and following.endswith("s"))


def _base(word: str) -> str:
    for ending, keep in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and word[: len(word) - len(ending)] + keep in VERBS:
            return word[: len(word) - len(ending)] + keep
    return ""


def _is_statement(text: str) -> bool:
    tokens = text.split()
    if len(tokens) < 4 or (tokens[0].lower() in ("the", "a", "an") and len(tokens) < 5):
        return False
    for at, token in enumerate(tokens[1:6], 1):
        low = token.lower().strip(",")
        if low in ("that", "which", "who", "of", "to"):
            return False
        if low in ("is", "are", "was", "were", "has", "have", "can", "takes", "weighs", "never"):
            return not _noun_like(tokens, at)
    return False
