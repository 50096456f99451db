"""Numbers as English words, American style ("one hundred five", "nineteen forty seven").

Every function returns a tuple of single words without hyphens, so that each can be timed.
"""

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]]
_SCALES = ["", *["thousand", "million", "billion", "trillion", "quadrillion"]]
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth",
    "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_LARGEST_DIGITS = 3 * len(_SCALES)


def digits(text: str) -> tuple[str, ...]:
    """Digit by digit: "007" is zero zero seven."""
    return tuple(_ONES[int(c)] for c in text)


def _hundreds(n: int) -> list[str]:
    words = [_ONES[n // 100], "hundred"] if n >= 100 else []
    n %= 100
    if n >= 20:
        words.append(_TENS[n // 10])
        n %= 10
    if n:
        words.append(_ONES[n])
    return words


def cardinal(n: int) -> tuple[str, ...]:
    """0 ≤ n; numbers beyond the quadrillions are read digit by digit."""
    if n == 0:
        return ("zero",)
    if len(str(n)) > _LARGEST_DIGITS:
        return digits(str(n))
    words: list[str] = []
    for power in range(len(_SCALES) - 1, -1, -1):
        group = n // 1000**power % 1000
        if group:
            words += _hundreds(group) + ([_SCALES[power]] if power else [])
    return tuple(words)


def ordinal(n: int) -> tuple[str, ...]:
    """21 is twenty first."""
    *head, last = cardinal(n)
    return (*head, _ordinal_word(last))


def _ordinal_word(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"


def year(n: int) -> tuple[str, ...]:
    """1905 is nineteen oh five, 1900 nineteen hundred, 2000 two thousand, 2007 two thousand seven."""
    high, low = divmod(n, 100)
    if high % 10 == 0 and low < 10:
        return cardinal(n)
    if low == 0:
        return (*cardinal(high), "hundred")
    return (*cardinal(high), *(("oh",) if low < 10 else ()), *cardinal(low))


def decimal(text: str) -> tuple[str, ...]:
    """ "3.50" is three point five zero, ".5" is point five: every digit that is written is spoken."""
    whole, _, part = text.replace(",", "").partition(".")
    return (*(cardinal(int(whole)) if whole else ()), *(("point", *digits(part)) if part else ()))


def plural(words: tuple[str, ...]) -> tuple[str, ...]:
    """nineteen ninety becomes nineteen nineties."""
    *head, last = words
    return (*head, last[:-1] + "ies" if last.endswith("y") else last + ("es" if last.endswith("x") else "s"))


def roman(text: str) -> int:
    """Value of a capital Roman numeral; 0 if it is not a well-formed one below 90."""
    value = {"I": 1, "V": 5, "X": 10, "L": 50}
    if not text or set(text) - set(value):
        return 0
    total = 0
    for c, following in zip(text, [*text[1:], "I"], strict=True):
        total += -value[c] if value[following] > value[c] else value[c]
    return total if _to_roman(total) == text else 0


def _to_roman(n: int) -> str:
    out = ""
    for amount, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        out += sign * (n // amount)
        n %= amount
    return out
