"""Numbers with what is written next to them: money, percentages, units, dates, clock times, ranges."""

import re

from localvoice import vocabulary as v
from localvoice.numerals import cardinal, decimal, digits, ordinal, plural, year

Spoken = tuple[str, ...]

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_MONEY_SIGNS = "".join(re.escape(c) for c in v.CURRENCIES)
_MONEY = re.compile(rf"^([-+~]?)(?:US|C|A|NZ)?([{_MONEY_SIGNS}])({NUMBER})(mn|bn|tn|[kKmMbBT])?(\+?)$")
_MONEY_RANGE = re.compile(rf"^()([{_MONEY_SIGNS}]){NUMBER}[-–][{_MONEY_SIGNS}]?{NUMBER}()$")
_MONEY_AFTER = re.compile(rf"^({NUMBER})([{_MONEY_SIGNS}])$")
_UNIT_NAMES = "|".join(re.escape(u) for u in sorted(v.UNITS, key=len, reverse=True))
_UNIT = re.compile(rf"^([-+~]?)({NUMBER})-?({_UNIT_NAMES})([²³]?)(\+?)$")
_RANGE = re.compile(r"^(.*\d\S*?)[-–—](\S*\d.*)$")
_VULGAR = {"½": "half", "¼": "quarter", "¾": "quarters", "⅓": "third", "⅔": "thirds", "⅛": "eighth"}
_POWERS: dict[str, Spoken] = {"²": ("square",), "³": ("cubic",)}
_FIRST_YEAR, _LAST_YEAR = 1100, 2099
_RESOLUTIONS = {"480": ("four", "eighty"), "720": ("seven", "twenty"), "1080": ("ten", "eighty"),
                "1440": ("fourteen", "forty"), "2160": ("twenty", "one", "sixty")}  # fmt: skip
_SPOKEN_K = frozenset({"2", "4", "5", "6", "8", "12", "16"})  # screens: "4K"


def number(text: str, *, counted: bool = False) -> Spoken:
    """A bare number; `counted` things are no years ("1950 km")."""
    if "." in text or "," in text:
        return decimal(text)
    if len(text) > 1 and text[0] == "0":
        return digits(text)
    n = int(text)
    if len(text) == 4 and not counted and _FIRST_YEAR <= n <= _LAST_YEAR:
        return year(n)
    return cardinal(n)


def _sign(mark: str) -> Spoken:
    return {"-": ("minus",), "+": ("plus",), "~": ("about",)}.get(mark, ())


def money(core: str, after: str) -> Spoken | None:
    """ "$9.99" nine dollars and ninety nine cents; before a scale word the unit waits for it."""
    m = _MONEY.match(core)
    if m is None:
        if late := _MONEY_AFTER.match(core):
            return money(late[2] + late[1], after)
        return None
    mark, sign, amount, scale, more = m.groups()
    one, many, part_one, part_many = v.CURRENCIES[sign]
    head = _sign(mark)
    rest = ("or", "more") if more else ()
    if scale:
        return (*head, *number(amount, counted=True), v.SCALES[scale], many, *rest)
    if after in v.SCALE_WORDS:
        return (*head, *number(amount, counted=True))
    whole, _, part = amount.replace(",", "").partition(".")
    if part and (len(part) != 2 or not part_one):
        return (*head, *decimal(amount), many, *rest)
    said: Spoken = ()
    if int(whole or 0) or not int(part or 0):
        said = (*cardinal(int(whole or 0)), one if int(whole or 0) == 1 else many)
    if int(part or 0):
        said += (*(("and",) if said else ()), *cardinal(int(part)), part_one if int(part) == 1 else part_many)
    return (*head, *said, *rest)


def scaled_amount(core: str) -> str | None:
    """The currency's plural if `core` is an amount without its own scale ("$3.2" before "billion")."""
    m = _MONEY.match(core) or _MONEY_RANGE.match(core)
    if m is None or (m.re is _MONEY and m[4]):
        return None
    return v.CURRENCIES[m[2]][1]


def _suffixed(core: str) -> Spoken | None:
    """One number with letters or signs grown onto it."""
    if m := re.fullmatch(rf"({NUMBER})(st|nd|rd|th)", core):
        return ordinal(int(re.sub(r"\D", "", m[1])))
    if m := re.fullmatch(r"'?(\d0)'?s", core):
        return plural(cardinal(int(m[1])))
    if m := re.fullmatch(r"(\d{3}0)'?s", core):
        return plural(year(int(m[1])))
    if m := re.fullmatch(r"([1-9])['′](\d{1,2})[\"″]?", core):
        return (*cardinal(int(m[1])), "foot", *cardinal(int(m[2])))
    if m := re.fullmatch(r"(\d+)p", core):
        return (*_RESOLUTIONS.get(m[1], cardinal(int(m[1]))), "P")
    if m := re.fullmatch(rf"({NUMBER})[x×]", core):
        return (*number(m[1], counted=True), "time" if m[1] == "1" else "times")
    if m := re.fullmatch(rf"({NUMBER})(am|pm|AM|PM|a\.m|p\.m)", core):
        return (*number(m[1]), f"{m[2][0].upper()}.M")
    m = re.fullmatch(rf"({NUMBER})(k|K|M|B|bn|mn|tn|T)(\+?)", core)
    if m and not (m[2] == "K" and m[1] in _SPOKEN_K):
        return (*number(m[1], counted=True), v.SCALES[m[2]], *(("plus",) if m[3] else ()))
    return _with_unit(core) or _fraction(core)


def _with_unit(core: str) -> Spoken | None:
    m = _UNIT.match(core)
    if m is None or (m[3] == "K" and m[2] in _SPOKEN_K):
        return None
    mark, amount, unit, power, more = m.groups()
    one, many = v.UNITS[unit]
    kind = _POWERS.get(power, ())
    adjective = f"{amount}-{unit}" in core
    return (
        *_sign(mark),
        *number(amount, counted=True),
        *(("plus",) if more else ()),
        *kind,
        *(one if adjective or amount == "1" else many),
    )


def unit_after(core: str, before: str, after: str) -> Spoken | None:
    """ "km" after "5", one word further on than its number; "x" between two numbers."""
    if not re.fullmatch(rf"[-+~<>≤≥±≈]?{NUMBER}", before):
        return None
    name: str = core
    kind: Spoken = ()
    if name not in v.UNITS and name[-1:] in _POWERS:
        name, kind = name[:-1], _POWERS[name[-1]]
    if name in v.UNITS and name not in v.UNITS_ONLY_GLUED:
        one, many = v.UNITS[name]
        return (*kind, *(one if before == "1" else many))
    return ("by",) if core == "x" and after[:1].isdigit() else None


def _fraction(core: str) -> Spoken | None:
    if m := re.fullmatch(r"(\d*)([½¼¾⅓⅔⅛])", core):
        if not m[1]:
            return v.SYMBOLS[m[2]]
        top = {"¾": "three", "⅔": "two"}.get(m[2], "an" if m[2] == "⅛" else "a")
        return (*cardinal(int(m[1])), "and", top, _VULGAR[m[2]])
    m = re.fullmatch(r"(\d{1,2})/(\d{1,2})", core)
    if m is None:
        return None
    above, below = int(m[1]), int(m[2])
    if core in ("24/7", "9/11", "50/50", "20/20"):
        return (*cardinal(above), *cardinal(below))
    if not 0 < above < below <= 20:
        return (*number(m[1]), "slash", *number(m[2]))
    named = v.FRACTION_PARTS.get(below) or ordinal(below)[-1]
    many = "halves" if named == "half" else named + "s"
    return (*cardinal(above), named if above == 1 else many)


def quantity(core: str, before: str, after: str) -> Spoken | None:
    """What starts with one number, or two with a sign between them; None if it is something else."""
    counted = (
        (after in v.UNITS and after not in v.UNITS_ONLY_GLUED) or after in v.SCALE_WORDS or before in v.CURRENCY_CODES
    )
    if re.fullmatch(NUMBER, core):
        return number(core, counted=counted)
    if m := re.fullmatch(rf"([-+~#])({NUMBER})(%?)", core):
        head = ("number",) if m[1] == "#" else _sign(m[1])
        return (*head, *number(m[2], counted=True), *(("percent",) if m[3] else ()))
    if m := re.fullmatch(rf"({NUMBER})\+", core):
        return (*number(m[1], counted=True), "plus")
    if re.fullmatch(r"\d+(?:\.\d+){2,}", core):
        first, *others = (number(p) for p in core.split("."))
        return (*first, *(w for other in others for w in ("point", *other)))
    return money(core, after) or _suffixed(core) or _two_numbers(core, after)


def _two_numbers(core: str, after: str) -> Spoken | None:
    if re.fullmatch(r"(?:\+?\d{1,3}-)?(?:\(?\d{3}\)?-)?\d{3}-\d{4}", core):
        return digits(re.sub(r"\D", "", core))
    if (m := re.fullmatch(rf"({NUMBER})[x×]({NUMBER})", core)) or (
        core in v.RATIOS_BY and (m := re.fullmatch(r"(\d+):(\d+)", core))
    ):
        return (*_side(m[1]), "by", *_side(m[2]))
    if m := re.fullmatch(r"(\d+):(\d+)", core):
        return (*number(m[1]), "to", *number(m[2]))
    if m := re.fullmatch(rf"(\S*\d\S*)/({'|'.join(v.PER)}|[a-z]{{3,}})", core):
        amount = quantity(m[1], "", "")
        return amount and (*amount, "per", v.PER.get(m[2], m[2]))
    return _range(core, after)


def _side(text: str) -> Spoken:
    return _RESOLUTIONS.get(text) or number(text)


def _range(core: str, after: str) -> Spoken | None:
    """ "10–20", "$5-$10", "5-10%": both ends, the unit once at the end."""
    m = _RANGE.match(core)
    if m is None:
        return None
    low, high = m[1], m[2]
    if low[0] in v.CURRENCIES and high[0].isdigit():
        low, high = low[1:], low[0] + high
    elif low[0] in v.CURRENCIES and high[:1] == low[0] and _MONEY.match(high):
        low = low[1:]
    last = quantity(high, "", after)
    if not re.fullmatch(NUMBER, low):
        first = quantity(low, "", "")
    else:
        years = re.fullmatch(r"\d{4}", low) and re.fullmatch(r"\d{2}|\d{4}", high)
        first = number(low, counted=not years)
    return (*first, "to", *last) if first and last else None


def date(core: str) -> Spoken | None:
    """ISO and American dates: the month's name, the ordinal day, the year."""
    if m := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", core):
        y, month, day = int(m[1]), int(m[2]), int(m[3])
    elif m := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", core):
        month, day, y = int(m[1]), int(m[2]), int(m[3])
        y += 0 if y > 99 else 2000 if y <= 50 else 1900
        month, day = (month, day) if month <= 12 else (day, month)
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    name = list(dict.fromkeys(v.MONTHS.values()))[month - 1]
    return (name, *ordinal(day), *(year(y) if _FIRST_YEAR <= y <= _LAST_YEAR else cardinal(y)))


def clock(core: str, after: str) -> Spoken | None:
    """ "9:05am" nine oh five A.M; "9:00" nine o'clock."""
    m = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(am|pm|AM|PM|a\.m|p\.m)?", core)
    if m is None or int(m[1]) > 24 or int(m[2]) > 59 or core in v.RATIOS_BY:
        return None
    hour, minute = int(m[1]), int(m[2])
    half = (f"{m[4][0].upper()}.M",) if m[4] else ()
    if minute:
        said = (*cardinal(hour), *(("oh",) if minute < 10 else ()), *cardinal(minute))
    else:
        spoken_half = half or after.replace(".", "").lower() in ("am", "pm")
        said = (*cardinal(hour), *(() if spoken_half else ("o'clock",)))
    seconds = ("and", *cardinal(int(m[3])), "seconds") if m[3] else ()
    return (*said, *seconds, *half)
