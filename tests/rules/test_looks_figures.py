"""A figure is told in the words around it, each of them once."""

from __future__ import annotations

import pytest

from ytempire.production.looks.figures import told
from ytempire.production.model import CardKind, Datum, SceneScript


@pytest.mark.parametrize(
    ("on_screen", "datum", "parts"),
    [
        ("17 percent of finished honey", Datum("finished honey", 17, "%"), ("", "17%", "", "finished honey")),
        ("The tower is 41 metres tall", Datum("tower", 41, "metres"), ("The tower is", "41", "metres", "tall")),
        ("How deep it is", Datum("trench", 10935, "metres"), ("", "10,935", "metres", "How deep it is")),
        ("metres deep", Datum("trench", 10935, "m"), ("", "10,935", "metres", "deep")),
        ("", Datum("Challenger Deep", 10935, "m"), ("", "10,935", "m", "Challenger Deep")),
        ("Million Earths", Datum("Sun", 1, "million Earths"), ("", "1", "million", "Earths")),
        ("15 million degrees hot", Datum("core", 15, "million degrees"), ("", "15", "million", "degrees hot")),
        ("About 4 degrees Celsius", Datum("Celsius", 4, "degrees"), ("About", "4°C", "", "")),
        ("Pressure is times as high", Datum("pressure", 400, "times"), ("Pressure is", "400×", "", "as high")),
        ("Nobody stands still for eight hours", Datum("", 8, "hours"), ("Nobody stands still for", "8", "hours", "")),
        ("Four animals in the sea", Datum("animals", 3, "out of 4"), ("", "3", "out of 4", "animals in the sea")),
        ("6 percent", Datum("doubling", 12, "years"), ("", "12", "years", "doubling")),
    ],
)
def test_a_figure_has_its_unit_beside_it_and_no_word_twice(
    on_screen: str, datum: Datum, parts: tuple[str, str, str, str]
) -> None:
    found = told(SceneScript("The sentence.", CardKind.NUMBER, on_screen, "", (datum,)))
    assert found is not None
    assert (found.before, found.figure.shown, found.unit, found.after) == parts


def test_words_without_a_number_have_no_figure() -> None:
    assert told(SceneScript("No number here.", CardKind.NUMBER, "None", "")) is None
