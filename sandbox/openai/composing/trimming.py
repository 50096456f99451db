"""Long written sentences to short spoken ones: asides and trailing clauses go, coordinated clauses part.

Nothing is added but a capital and a full stop, and what a claim hangs on stays (unless, except, if, but, only, not).
"""

import re
from typing import Final

from sandbox.openai.composing.words import AUX, capital, count, is_verb

GOAL: Final = 16
"""Words from which a spoken sentence is too long."""

_COMMA, _POINT = "\ue000", "\ue001"
_LEADS: Final = re.compile(
    r"^(?:however|moreover|furthermore|in fact|interestingly|of course|as a result|in addition|additionally|indeed"
    r"|therefore|thus|nevertheless|nonetheless|consequently|notably|remarkably|for example|for instance|in other words"
    r"|similarly|likewise|on the other hand|in contrast|by contrast|meanwhile|finally|ultimately|in general|generally"
    r"|overall|in particular|surprisingly|crucially|importantly|and|also|besides|after all|first|second|third|firstly"
    r"|secondly|thirdly),\s+(?=\S)",
    re.IGNORECASE,
)
_WORDY: Final = (
    (re.compile(r"^it (?:is|has been) (?:important|worth|interesting) (?:to note|noting) that ", re.IGNORECASE), ""),
    (re.compile(r"\bdue to the fact that\b", re.IGNORECASE), "because"),
    (re.compile(r"\bin order to\b", re.IGNORECASE), "to"),
    (re.compile(r"\bas well as\b", re.IGNORECASE), "and"),
    (re.compile(r"\ba (?:large|great) (?:number|amount) of\b", re.IGNORECASE), "many"),
    (re.compile(r"\bat (?:this|that) point in time\b", re.IGNORECASE), "then"),
    (re.compile(r"\bapproximately\b", re.IGNORECASE), "about"),
    (re.compile(r"\bper cent\b", re.IGNORECASE), "percent"),
    (re.compile(r"\b(?:is|are) able to\b", re.IGNORECASE), "can"),
    (re.compile(r"\bin the event that\b", re.IGNORECASE), "if"),
    (re.compile(r"\bprior to\b", re.IGNORECASE), "before"),
    (re.compile(r"\bsubsequently\b", re.IGNORECASE), "then"),
)
_ASIDES: Final = (
    re.compile(r"\s*\([^()]*\)"),
    re.compile(r"\s*\[[^\[\]]*\]"),
    re.compile(r"\s+[—–]\s+[^—–]{3,90}?\s+[—–]\s+"),
    re.compile(r"—[^—]{3,90}?—"),
)
_RELATIVE: Final = re.compile(r",\s+(?:which|who|whose|where|whom)\b[^,;.]*(?:,|(?=[.!?]$))")
_SUCH_AS: Final = re.compile(
    r",?\s+(?:such as|including|especially|particularly|namely)\b[^,;.]*"
    r"(?:,[^,;.]*)*(?=[.!?]$)"
)
_TAILS: Final = (
    re.compile(r",\s+(?:according to|as reported by|as described by)\b[^.!?]*(?=[.!?]$)"),
    re.compile(
        r",\s+(?:making|allowing|leading|leaving|giving|causing|creating|resulting|meaning|helping|forcing|"
        r"turning|sending|letting|producing|reaching|covering|using|providing|ensuring|enabling|marking|"
        r"becoming|bringing|suggesting|indicating|reflecting|depending|thereby \w+ing|with|despite|thanks to)"
        r"\b[^.!?;]*(?=[.!?]$)"
    ),
    re.compile(r",\s+(?:although|though|even though|whereas|while|since|because|as)\b[^.!?;]*(?=[.!?]$)"),
    re.compile(r"\s+(?:whereas|although|even though)\b[^.!?;,]*(?=[.!?]$)"),
    re.compile(r",\s+and\s+(?:thus |then |also |often |usually )?[a-z]+s\b[^.!?;]*(?=[.!?]$)"),
)
_BOUND: Final = re.compile(r"\b(?:unless|except|only if|if|not|never|no longer|but)\b", re.IGNORECASE)
_PARTING: Final = re.compile(
    r"(?:;\s+|,\s+(?:and|but|so|yet)\s+(?:thus |then |therefore |yet |so )?"
    r"|\s+(?:and|but)\s+(?=(?:it|they|he|she|you|we|this)\s)"
    r"|\s+[—–]\s+(?=(?:it|they|he|she|you|we|this|that|and|but|so|yet)\s))"
)
_RESULT: Final = re.compile(
    r",\s+which\s+(?=(?:makes?|made|means?|meant|allows?|allowed|causes?|caused|lets?|turns?|turned|gives?|gave|explains?"
    r"|helps?|helped|keeps?|kept|is why|is how|took|takes)\b)(?P<rest>[^,;]+)(?=[.!?]$)"
)
_SUBJECTS: Final = frozenset(
    [
        "it",
        "they",
        "he",
        "she",
        "we",
        "you",
        "there",
        "this",
        "these",
        "that",
        "i",
        "nobody",
        "everyone",
        "everything",
        "nothing",
    ]
)


def spoken(raw: str) -> list[str]:
    """The sentences to say for one written sentence: one, or two where it parts well."""
    text = _guarded(tidy(raw))
    parts = [part for half in _parted(text) for part in _with_result(half)] if count(text) > GOAL - 3 else [text]
    return [_plain(_finished(_cut(part) if count(part) > GOAL else part)) for part in parts]


def _guarded(text: str) -> str:
    """Commas and points inside numbers out of the rules' sight."""
    return re.sub(r"(?<=\d)\.(?=\d)", _POINT, re.sub(r"(?<=\d),(?=\d)", _COMMA, text))


def _plain(text: str) -> str:
    return text.replace(_COMMA, ",").replace(_POINT, ".")


def _with_result(text: str) -> list[str]:
    """`X, which makes Y` as two sentences: `X. That makes Y.`"""
    found = _RESULT.search(text)
    if found is None or count(text) <= GOAL - 3 or count(text[: found.start()]) < 4:
        return [text]
    return [_finished(text[: found.start()]), _finished(f"That {found['rest']}")]


def tidy(raw: str) -> str:
    """Asides, notes and empty lead-ins off."""
    text = " ".join(raw.split())
    for aside in _ASIDES:
        text = aside.sub(" ", text)
    shorter = _LEADS.sub("", text)
    if shorter != text and count(shorter) >= 4:
        text = shorter
    for wordy, plain in _WORDY:
        text = wordy.sub(plain, text)
    return _finished(text)


def _finished(text: str) -> str:
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    text = re.sub(r",\s*([.!?])", r"\1", text).strip(" ,;:–—-")
    if text and text[-1] not in '.!?”"…’':
        text += "."
    return capital(text)


def _cut(text: str) -> str:
    for rule in (_RELATIVE, _SUCH_AS, *_TAILS):
        if count(text) <= GOAL:
            break
        found = rule.search(text)
        if found is None or _BOUND.search(found[0]):
            continue
        shorter = (text[: found.start()] + " " + text[found.end() :]).strip()
        if count(shorter) >= 5 and _has_verb(shorter):
            text = _finished(shorter)
    return _without_apposition(text)


def _without_apposition(text: str) -> str:
    """`X, a large whale, eats` to `X eats`."""
    if count(text) <= GOAL:
        return text
    found = re.search(r"^([A-Z][^,]{1,40}),\s+(?:a|an|the|one of)\b[^,;]{3,70},\s+(\w+)", text)
    if found and (is_verb(found[2]) or found[2] in AUX) and not is_verb(found[1].split()[-1]):
        return _finished(f"{found[1]} {text[found.start(2) :]}")
    return text


def _parted(text: str) -> list[str]:
    """Two sentences where two full clauses are joined; otherwise the text as it is."""
    for found in _PARTING.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if (
            count(before) < 4
            or count(after) < 4
            or not _has_verb(before)
            or re.match(r"^(?:if|when|while|as|although)\b", before, re.IGNORECASE)
        ):
            continue
        semicolon = found[0].startswith(";") and _has_verb(after)
        if after.startswith("that ") and "so" in found[0]:
            continue
        if not (semicolon or _is_clause(after)) or before.count("“") != before.count("”") or before.count('"') % 2:
            continue
        joint = found[0].strip(" ,;—–").lower().split()
        second = after if not joint or joint[0] == "and" else f"{joint[0]} {after}"
        if joint == [] and found[0].strip() in ("—", "–"):
            second = re.sub(r"^and ", "", after)
        return [_finished(before), *(_parted(_finished(second)) if count(second) > GOAL else [_finished(second)])]
    return [text]


def _is_clause(text: str) -> bool:
    tokens = [token.strip(",;:.!?\"'“”") for token in text.split()]
    if tokens and tokens[0].lower() in _SUBJECTS:
        return any(is_verb(token) for token in tokens[1:4])
    if (
        tokens
        and tokens[0].lower()
        in (
            "the",
            "a",
            "an",
            "its",
            "their",
            "his",
            "her",
            "our",
            "your",
            "some",
            "most",
            "each",
            "every",
            "all",
            "no",
            "one",
            "two",
            "both",
            "many",
            "these",
        )
    ) or (tokens and tokens[0][:1].isupper()):
        return any(token.lower() in AUX or (at >= 2 and is_verb(token)) for at, token in enumerate(tokens[1:7], 1))
    return False


def _has_verb(text: str) -> bool:
    return any(is_verb(token.strip(",;:.!?\"'“”")) for token in text.split()[1:])
