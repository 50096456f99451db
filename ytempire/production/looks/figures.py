"""Figures as they are shown: value, places, what stands before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    "times": "×",
    "million": "M",
    "billion": "B",
}
_AFTER = {"%", "×", "x", "°", "°C", "°F", "k", "K", "M", "B", "+"}


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


def after_figure(text: str, figure: Figure) -> str:
    """What a text says after its number, without the unit the figure wears already (`percent of`)."""
    found = _NUMBER.search(text)
    if not found:
        return ""
    words = text[found.end() :].split()
    if words and _WORDS.get(words[0].casefold()) in {figure.prefix, figure.suffix} - {""}:
        words = words[2:] if words[1:2] == ["of"] else words[1:]
    return " ".join(words).strip(" ,.:;–-")


def _places(value: float, unit: str) -> int:
    if value == int(value):
        return 0
    if unit in _BEFORE and abs(value) < 1000:
        return 2
    return 1 if round(value, 1) == round(value, 2) or abs(value) >= 10 else 2


def _year(value: float, unit: str) -> bool:
    return not unit and value == int(value) and 1000 <= value <= 2100
