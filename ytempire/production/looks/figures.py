"""Figures as they are shown: value, places, what stands before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ytempire.production.looks.pace import bare
from ytempire.production.model import Datum, SceneScript

_NUMBER = re.compile(r"([$€£¥]?)\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?(%|×|x\b|°C|°F|°|k\b|K\b|M\b|B\b)?")
_BEFORE = {"$", "€", "£", "¥"}
_WORDS = {
    "percent": "%",
    "per cent": "%",
    "dollar": "$",
    "dollars": "$",
    "euro": "€",
    "euros": "€",
    "pounds": "£",
    "degrees": "°",
    "degree": "°",
    "degrees celsius": "°C",
    "degrees fahrenheit": "°F",
    "times": "×",
    "million": "M",
    "billion": "B",
}
_AFTER = {"%", "×", "x", "°", "°C", "°F", "k", "K", "M", "B", "+"}
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_LENGTHS = frozenset({"meters", "metres", "kilometers", "kilometres", "miles", "feet", "inches", "centimeters"})
_TIMES = frozenset({"years", "days", "hours", "minutes", "seconds", "weeks", "months"})
_WEIGHTS = frozenset({"kg", "tons", "tonnes", "grams", "liters", "litres", "watts", "volts"})
_MEASURES = _LENGTHS | _TIMES | _WEIGHTS
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPELT = {word: float(value) for value, word in enumerate(_ONES, 1)} | {
    word: 10.0 * value for value, word in enumerate(_TENS, 2)
}


@dataclass(frozen=True)
class Figure:
    """A number with its dress: `$` before, `%` after."""

    value: float
    decimals: int
    prefix: str = ""
    suffix: str = ""
    unit: str = ""
    """A unit too long to stand in the number's line."""
    plain: bool = False
    """A year: no thousands separators."""

    @property
    def shown(self) -> str:
        """As text, without the unit."""
        grouped = f"{self.value:.0f}" if self.plain else f"{self.value:,.{self.decimals}f}"
        return f"{self.prefix}{grouped}{self.suffix}"


def figure_of_datum(datum: Datum, sentence: str = "") -> Figure | None:
    """The figure of a labelled value; None if it has none. A year is one that the sentence writes without a comma."""
    if datum.value is None:
        return None
    unit = _WORDS.get(datum.unit.strip().casefold(), datum.unit.strip())
    return Figure(
        plain=_year(datum.value, unit) and f"{datum.value:.0f}" in sentence,
        value=datum.value,
        decimals=_places(datum.value, unit),
        prefix=unit if unit in _BEFORE else "",
        suffix=unit if unit in _AFTER else "",
        unit="" if unit in _BEFORE or unit in _AFTER else unit,
    )


def figure_of(script: SceneScript) -> Figure | None:
    """The figure a scene is about: its first datum with a value, else the first number on screen or in the sentence."""
    for datum in script.data:
        if figure := figure_of_datum(datum, script.sentence):
            return figure
    for text in (script.on_screen, script.sentence):
        if found := _NUMBER.search(text):
            before, whole, fraction, after = found.groups()
            value = float(whole.replace(",", "") + (fraction or ""))
            return Figure(
                value=value,
                plain="," not in whole and _year(value, (before or "") + (after or "")),
                decimals=len(fraction) - 1 if fraction else 0,
                prefix=before or "",
                suffix=after or "",
            )
    return None


@dataclass(frozen=True)
class Told:
    """A figure and the words around it, as they are read: `Only` 17% `water`; `2.45` `billion` `times a second`."""

    figure: Figure
    before: str
    unit: str
    """One strong word or two beside the number: `million`, `meters`, `out of 4`."""
    after: str


def told(script: SceneScript) -> Told | None:
    """The figure a scene is about in its words: those on screen around the number, else the datum's own label."""
    figure = figure_of(script)
    if figure is None:
        return None
    named = {"M": "million", "B": "billion"}.get(figure.suffix, figure.unit)
    figure = replace(figure, suffix="") if figure.suffix in {"M", "B"} else figure
    figure, named = _degrees(replace(figure, unit=""), named, f"{script.on_screen} {script.sentence}")
    around = _around(script.on_screen, figure)
    if around is None:
        said = script.data[0].label if script.data else ""
        if script.on_screen and not _NUMBER.search(script.on_screen):
            said = script.on_screen
        around = _parted(said.split(), figure)
    before, after = around
    after = _undressed(after, figure)
    unit = named.split()
    if after and f"{_SPELT.get(bare(after[0]), 0):.0f}" in unit:
        after = after[1:]
    if [bare(word) for word in after[: len(unit)]] == [bare(word) for word in unit]:
        after = after[len(unit) :]
    if len("".join(unit)) <= 2 and after and bare(after[0]) in _SCALES | _MEASURES:
        unit, after = after[:1], after[1:]
    if unit and ((bare(unit[0]) in _SCALES and len(unit) > 1) or len(" ".join(unit)) > 13):
        unit, after = unit[:1], unit[1:] + [word for word in after if bare(word) not in set(map(bare, unit))]
    elif unit and [bare(word) for word in before[-len(unit) :]] == [bare(word) for word in unit]:
        before = before[: -len(unit)]
    if not before and not after and script.data:
        label = script.data[0].label.split()
        after = [] if {bare(word) for word in label} <= {bare(word) for word in unit} else label
    return Told(figure, _tidy(before), _tidy(unit), _tidy(after))


def _around(text: str, figure: Figure) -> tuple[list[str], list[str]] | None:
    """The words before and after the figure; None if a text does not say it, in digits or as a word."""
    words = text.split()
    for index, word in enumerate(words):
        found = _NUMBER.search(word)
        value = float((found[2] + (found[3] or "")).replace(",", "")) if found else _SPELT.get(bare(word))
        if value == figure.value:
            return words[:index], words[index + 1 :]
    return None


def _parted(words: list[str], figure: Figure) -> tuple[list[str], list[str]]:
    """Words that lack their number (`Pressure is times as high`), parted where it is missing."""
    for index, word in enumerate(words):
        if index and _WORDS.get(word.casefold()) in {figure.prefix, figure.suffix} - {""}:
            return words[:index], words[index:]
    return [], words


def _degrees(figure: Figure, unit: str, said: str) -> tuple[Figure, str]:
    """Which degrees: `°` becomes `°C` where the words say so."""
    for scale in ("Celsius", "Fahrenheit"):
        if figure.suffix == "°" and scale.casefold() in f"{unit} {said}".casefold():
            return replace(figure, suffix=f"°{scale[0]}"), unit
    return figure, unit


def _undressed(words: list[str], figure: Figure) -> list[str]:
    """Without the words for what the figure wears already (`percent of`, `degrees Celsius`)."""
    worn = {figure.prefix, figure.suffix, figure.suffix[:1]} - {""}
    if words and _WORDS.get(bare(words[0])) in worn:
        words = words[2:] if words[1:2] == ["of"] else words[1:]
    if words and figure.suffix.startswith("°") and bare(words[0]) in {"celsius", "fahrenheit"}:
        words = words[1:]
    return words


def _tidy(words: list[str]) -> str:
    return " ".join(words).strip(" ,.;:–—-…")


def _places(value: float, unit: str) -> int:
    if value == int(value):
        return 0
    if unit in _BEFORE and abs(value) < 1000:
        return 2
    return 1 if round(value, 1) == round(value, 2) or abs(value) >= 10 else 2


def _year(value: float, unit: str) -> bool:
    return not unit and value == int(value) and 1000 <= value <= 2100
