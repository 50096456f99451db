"""From written tokens to spoken words: the front end of the voice.

`read(tokens)` gives, for each display token, the words that are said for it. Each spoken word is a single
whitespace-free string that the pronunciation rules can read ("five", "dollars", "G.P.T" for letters by name),
carrying the punctuation that shapes the sentence. A token that is not said ("—", an emoji) gives a pause sign
or nothing. Nothing is ever moved between tokens, so times map back exactly.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localvoice import vocabulary as v
from localvoice.characters import speakable
from localvoice.numerals import cardinal, digits, ordinal, roman
from localvoice.quantities import NUMBER, clock, date, quantity, scaled_amount, unit_after

Spoken = tuple[str, ...]

_LEAD = re.compile(r"^(?:[\"“(\[{*_¿¡]|<(?!\.?\d)|'(?!\d0s))+(?=[^\s])")
_TAIL = re.compile(r"[.,;:!?…)\]}>\"”'*_—–]+$|-+$")
_HEARD_LEAD, _HEARD_TAIL = frozenset('"“('), frozenset(';:,.!?—…"”)')
_PAUSES = re.compile(r"^[—–-]+$")
_ENDS = re.compile(r"[.!?…][\"”')\]]*$")
_INITIALS = re.compile(r"^(?:[A-Za-z]\.)+[A-Za-z]?$")
_SMALL_WORDS = frozenset(
    [
        "in",
        "at",
        "on",
        "of",
        "from",
        "to",
        "near",
        "by",
        "the",
        "and",
        "or",
        "a",
        "an",
        "is",
        "was",
        "for",
        "with",
        "into",
        "visit",
    ]
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A token's core among its neighbours' cores."""

    core: str
    tail: str
    before: str
    after: str
    last: bool


def read(tokens: Sequence[str]) -> tuple[Spoken, ...]:
    """The spoken words of each token of one sentence. Raises UnspeakableText."""
    parts = [_split(speakable(t)) for t in tokens]
    spoken: list[Spoken] = []
    for i, (lead, core, tail) in enumerate(parts):
        place = _Place(
            core,
            tail,
            parts[i - 1][1] if i else "",
            parts[i + 1][1] if i + 1 < len(parts) else "",
            i + 1 == len(parts),
        )
        words, dotted = _words(place)
        of_the_short_form = dotted and not place.last and tail.startswith(".")
        spoken.append(_punctuated(lead, words, tail[1:] if of_the_short_form else tail))
    return _with_currency_after_scale(parts, spoken)


def _split(token: str) -> tuple[str, str, str]:
    if _PAUSES.match(token) or token in ("--", "…", "..."):
        return "", "", "—" if _PAUSES.match(token) else "…"
    lead = m[0] if (m := _LEAD.match(token)) else ""
    rest = token[len(lead) :]
    if rest in v.SYMBOLS:
        return lead, rest, ""
    tail = m[0] if (m := _TAIL.search(rest)) else ""
    return lead, rest[: len(rest) - len(tail)], tail


def _punctuated(lead: str, words: Spoken, tail: str) -> Spoken:
    before = "".join(c for c in lead if c in _HEARD_LEAD)
    after = "".join(c for c in tail.replace("...", "…").replace("–", "—") if c in _HEARD_TAIL)
    if not words:
        return (after,) if after else ()
    *most, last = (before + words[0], *words[1:])
    return (*most, last + after)


def ends_sentence(token: str, following: str) -> bool:
    """Whether a sentence ends with `token`; `following` is the next token."""
    if not _ENDS.search(token):
        return False
    opening = following.lstrip("\"“'‘([*_")
    if opening[:1].islower():
        return False
    _, core, tail = _split(token)
    if not tail.startswith(".") or tail.startswith(".."):
        return True
    short = core in v.TITLES or (core in v.BEFORE_A_NUMBER and opening[:1].isdigit())
    if core in v.AFTER_A_NAME and not opening[:1].isupper():
        short = False
    initial = len(core) == 1 and core.isupper() and core != "I"
    inside = core in ("e.g", "i.e", "vs", "cf", "approx") or (core in v.MONTHS and opening[:1].isdigit())
    return not (short or initial or inside)


def _words(p: _Place) -> tuple[Spoken, bool]:
    """What the core is read as, and whether a following full stop is part of the short form."""
    if not p.core:
        return (), False
    for rule in _DOTTED_RULES:
        if (said := rule(p)) is not None:
            return said, True
    for rule in _RULES:
        if (said := rule(p)) is not None:
            return said, False
    return _spelled(p.core), False


# -- short forms ------------------------------------------------------------------------------------------


def _title(p: _Place) -> Spoken | None:
    if p.core not in v.TITLES or not (p.tail[:1] == "." or p.core in ("Mr", "Mrs", "Ms", "Dr")):
        return None
    capital = p.before[:1].isupper() and p.before.lower() not in _SMALL_WORDS
    follows_name = capital or p.before[:1].isdigit()
    if p.core == "Dr" or p.after in v.SAINTS:
        follows_name = False  # before a capital it is the doctor, after one more often than the drive
    if p.core in v.AFTER_A_NAME and (follows_name or not p.after[:1].isupper()):
        return (v.AFTER_A_NAME[p.core],)
    return (v.TITLES[p.core],) if p.after[:1].isupper() else None


def _abbreviation(p: _Place) -> Spoken | None:
    if p.core in v.ABBREVIATIONS and (p.tail[:1] == "." or p.core in v.BARE_ABBREVIATIONS):
        if p.core == "max" and p.last:
            return None
        return v.ABBREVIATIONS[p.core]
    if p.core == "et" or (p.core == "al" and p.before == "et"):
        return (p.core,)
    return None


def _before_a_number(p: _Place) -> Spoken | None:
    if p.core in v.BEFORE_A_NUMBER and p.tail == "." and p.after[:1].isdigit():
        return (v.BEFORE_A_NUMBER[p.core],)
    return None


def _calendar(p: _Place) -> Spoken | None:
    near_number = p.after[:1].isdigit() or p.before[:1].isdigit()
    if p.core in v.MONTHS and (near_number or (p.tail[:1] == "." and p.core not in ("Mar", "Jan"))):
        return (v.MONTHS[p.core],)
    if p.core in v.DAYS and p.tail in (".", ".,") and (p.after in v.MONTHS or p.after in v.MONTH_NAMES):
        return (v.DAYS[p.core],)
    return None


def _half_of_day(p: _Place) -> Spoken | None:
    flat = p.core.replace(".", "").lower()
    if flat in ("am", "pm") and re.search(r"\d$", p.before) and p.core not in ("Am", "Pm"):
        return (f"{flat[0].upper()}.M",)
    return None


def _initials(p: _Place) -> Spoken | None:
    """U.S. keeps its dots for the lexicon; a single initial is a letter's name."""
    if _INITIALS.match(p.core + ".") and len(p.core) > 2 and p.tail[:1] == ".":
        return (p.core.upper() if p.core.islower() else p.core,)
    return None


# -- numbers and signs ------------------------------------------------------------------------------------


def _address(p: _Place) -> Spoken | None:
    """Web and mail addresses: without the scheme, dots and slashes by name."""
    core = re.sub(r"^(?:https?|ftp)://(?:www\.)?", "", p.core)
    web = core != p.core or re.match(
        r"^(?:[\w-]+\.)+(?:com|org|net|edu|gov|io|co|uk|de|fr|info|tv|me|ai|app|dev|ly|us|ca|au|eu)(?:/\S*)?$",
        core,
    )
    if not web and not re.match(r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$", core):
        return None
    names = {
        ".": "dot",
        "/": "slash",
        "@": "at",
        "-": "dash",
        "_": "underscore",
        "?": "question",
        ":": "colon",
    }
    said: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+|[^\s]", core.rstrip("/")):
        if piece.isdigit():
            said += digits(piece) if len(piece) > 4 or piece[0] == "0" else cardinal(int(piece))
        elif piece[0].isalpha():
            said.append(_letters(piece) if piece in ("www", "tv", "io", "ai", "uk", "us") else piece)
        else:
            said += [names[piece]] if piece in names else v.SYMBOLS.get(piece, ())
    return tuple(said)


def _month_day(p: _Place) -> Spoken | None:
    m = re.match(r"^(\d{1,2})(?:st|nd|rd|th)?$", p.core)
    if not m or not 1 <= int(m[1]) <= 31:
        return None
    months = v.MONTH_NAMES | set(v.MONTHS)
    if (p.before in months and p.before != "May") or (p.before == "May" and p.after not in v.SCALE_WORDS):
        return ordinal(int(m[1]))
    if p.after in months and p.after != p.after.lower():
        the = () if p.before.lower() == "the" else ("the",)
        return (*the, *ordinal(int(m[1])), "of")
    return None


def _roman_numeral(p: _Place) -> Spoken | None:
    n = roman(p.core)
    if n and p.before in v.ROMAN_AFTER_CARDINAL:
        return cardinal(n)
    if n > 0 and p.before in v.ROMAN_AFTER_ORDINAL and (n > 1 or p.last or not p.after[:1].islower()):
        return ("the", *ordinal(n))
    if n > 1 and len(p.core) > 1 and p.before[:1].isupper() and set(p.core) <= {"I", "V", "X"}:
        return cardinal(n)
    return None


def _unit_apart(p: _Place) -> Spoken | None:
    return unit_after(p.core, p.before, p.after)


def _code_beside_amount(p: _Place) -> Spoken | None:
    if p.core in v.CURRENCY_CODES and (p.before[-1:].isdigit() or p.after[:1].isdigit()):
        return (v.CURRENCIES[v.CURRENCY_CODES[p.core]][1],)
    return None


def _quantity(p: _Place) -> Spoken | None:
    if p.before.isdigit() and len(p.before) < 3 and re.fullmatch(r"[1-7]/[2-8]", p.core):
        return ("and", *(quantity(p.core, "", "") or ()))
    return quantity(p.core, p.before, p.after) if re.search(r"[\d½¼¾⅓⅔⅛]", p.core) else None


def _whole_date_or_time(p: _Place) -> Spoken | None:
    return date(p.core) or clock(p.core, p.after)


def _slashed(p: _Place) -> Spoken | None:
    if p.core in v.SLASHED:
        said = v.SLASHED[p.core]
        return said if isinstance(said, tuple) else (said,)
    if re.fullmatch(r"[A-Z](?:/[A-Z])+", p.core):
        return tuple(p.core.split("/"))
    return None


def _tagged(p: _Place) -> Spoken | None:
    if m := re.fullmatch(r"#([^\W\d]\w*)", p.core):
        return ("hashtag", *_spelled(m[1]))
    return None


def _plain_word(p: _Place) -> Spoken | None:
    if re.fullmatch(r"[^\W\d_²³]+(?:['-][^\W\d_²³]+)*'?", p.core) and not set(p.core) & {
        *v.SYMBOLS,
        *v.GREEK,
    }:
        return (p.core,)
    return None


def _mixed(p: _Place) -> Spoken | None:
    """Compounds with digits, part by part: "20-year-old", "COVID-19", "mid-1990s", "GPT-4o"."""
    parts = [part for part in re.split(r"[-–—/]+", p.core) if part]
    if len(parts) < 2:
        return None
    said: list[str] = []
    for part, joint in re.findall(r"([^-–—/]+)([-–—/]*)", p.core):
        said += _words(_Place(part, "", "", "", last=False))[0]
        if said and "—" in joint:
            said[-1] += "—"  # an aside without spaces is still an aside
    if "/" in p.core:
        return tuple(w for part in _joined_by(parts, "slash") for w in part)
    return tuple(said)


def _joined_by(parts: list[str], word: str) -> list[Spoken]:
    out: list[Spoken] = []
    for i, part in enumerate(parts):
        out += [(word,)] * bool(i) + [_words(_Place(part, "", "", "", last=False))[0]]
    return out


_DOTTED_RULES: tuple[Callable[[_Place], Spoken | None], ...] = (
    _half_of_day, _title, _before_a_number, _calendar, _abbreviation, _initials,
)  # fmt: skip
_RULES: tuple[Callable[[_Place], Spoken | None], ...] = (
    _slashed, _roman_numeral, _unit_apart, _code_beside_amount, _plain_word, _address, _month_day,
    _whole_date_or_time, _quantity, _tagged, _mixed,
)  # fmt: skip


def _letters(word: str) -> str:
    return ".".join(word.upper())


def _spelled(core: str) -> Spoken:
    """The last resort: runs of letters, runs of digits and signs, one after the other."""
    said: list[str] = []
    for piece in _PIECES.findall(core):
        if piece in v.GREEK:
            said.append(v.GREEK[piece])
        elif piece[0].isalpha():
            said.append(_letters(piece) if 1 < len(piece) <= 3 and piece.isupper() else piece)
        elif piece[0] in "0123456789.":
            said += quantity(piece, "", "") or digits(re.sub(r"\D", "", piece))
        else:
            said += v.SYMBOLS.get(piece, ())
    return tuple(said)


_PIECES = re.compile(rf"[^\W\d_²³½¼¾⅓⅔⅛]+(?:'[^\W\d_]+)*|{NUMBER}|\S")


def _with_currency_after_scale(parts: list[tuple[str, str, str]], spoken: list[Spoken]) -> tuple[Spoken, ...]:
    """ "$3.2" "billion" is three point two | billion dollars: the unit is said where it is heard."""
    for i, (_, core, _) in enumerate(parts[:-1]):
        unit = scaled_amount(core) if parts[i + 1][1] in v.SCALE_WORDS else None
        if unit and spoken[i + 1]:
            word = spoken[i + 1][0]
            bare = word.rstrip("".join(_HEARD_TAIL))
            spoken[i + 1] = (bare, unit + word[len(bare) :])
    return tuple(spoken)
