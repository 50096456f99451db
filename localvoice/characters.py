"""Which characters an English voice can say; everything else is refused by name, never skipped."""

import re
import unicodedata

from localvoice.model import UnspeakableText
from localvoice.vocabulary import GREEK, SYMBOLS

_SHOWN = 8
_DECORATIONS = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Cn", "Cs", "Co"})  # emoji, joiners, leftover accents
_DASHES = dict.fromkeys("‐‑‒", "-")
_QUOTES = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "„": "“", "«": "“", "»": "”", "″": '"', "′": "'"}
_ALPHABETS = re.compile(r"^(CYRILLIC|GREEK|ARABIC|HEBREW|CJK|HIRAGANA|KATAKANA|HANGUL|DEVANAGARI|THAI|\w+)")
_NAMES = {"CJK": "Chinese characters"}
_POWER = re.compile("(?<=[0-9])⁻?[⁰¹²³⁴-⁹]+")
_DIGITS_AND_LETTERS = ("L", "N")


def speakable(token: str) -> str:
    """The token in the characters the reading rules know; emoji and decorations vanish.

    Raises UnspeakableText for letters, digits or symbols that English has no reading for.
    """
    out: list[str] = []
    refused: list[str] = []
    for c in _POWER.sub(_with_caret, unicodedata.normalize("NFC", token)):
        known = _one(c)
        if known is None:
            refused.append(c)
        else:
            out.append(known)
    if refused:
        raise _refusal(refused)
    text = "".join(out)
    greek = [c for c in text if c in GREEK]
    if len(greek) > 1 and re.search(f"[{''.join(GREEK)}]{{2}}", text):
        raise _refusal(greek)  # single letters are formula signs, a run of them is a Greek word
    return text


def _with_caret(power: re.Match[str]) -> str:
    """10⁶ is 10^6: otherwise the small digits run into the large ones. A lone ² or ³ has words of its own."""
    return power[0] if power[0] in ("²", "³") else "^" + unicodedata.normalize("NFKC", power[0]).replace("−", "-")


def _one(c: str) -> str | None:
    """The character as the rules know it, "" if it is silent, None if it cannot be said."""
    if c.isascii():
        return c if c.isprintable() else ""
    if c in SYMBOLS or c in GREEK or c in "…—–“”":
        return "-" if c == "−" else c
    if c in _DASHES or c in _QUOTES:
        return _DASHES.get(c) or _QUOTES[c]
    kind = unicodedata.category(c)
    plain = unicodedata.normalize("NFKC", c)
    if plain != c and all(p.isascii() or p in SYMBOLS or p in GREEK for p in plain.replace("⁄", "/")):
        return "" if c in "™℠" else plain.replace("⁄", "/")  # ① ℃ № ﬁ, bold and full-width letters
    if kind[0] == "L" and unicodedata.name(c, "").startswith("LATIN"):
        return c
    if kind in _DECORATIONS or kind[0] in "PZ":
        return ""
    return None


def _refusal(refused: list[str]) -> UnspeakableText:
    first = "".join(dict.fromkeys(refused))[:_SHOWN]
    name = unicodedata.name(refused[0], "an unnamed character")
    alphabet = _ALPHABETS.match(name)
    what = _NAMES.get(alphabet[0], alphabet[0].title()) if alphabet and refused[0].isalpha() else name.lower()
    return UnspeakableText(
        f"The local voice speaks English only and cannot say {first!r} ({what}). "
        "Write it in English words, or choose a vendor voice that speaks this language.",
        first,
    )


_NO_DECOMPOSITION = str.maketrans({
    "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
    "Đ": "D", "þ": "th", "Þ": "Th", "ð": "th", "Ð": "Th", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "ng",
    "ə": "a", "Ə": "A",
})  # fmt: skip


def plain_letters(word: str) -> str:
    """The nearest a–z spelling of a Latin word: "Škoda" → "Skoda", "Łódź" → "Lodz"."""
    bare = unicodedata.normalize("NFKD", word.translate(_NO_DECOMPOSITION))
    return "".join(c for c in bare if not unicodedata.combining(c))
