"""A cut for the screen never says the opposite of its sentence, half a comparison, or a unit without its figure."""

import pytest

from ytempire.production.model import CardKind
from ytempire.production.scripting.director import choose, direct
from ytempire.production.scripting.listing import titles
from ytempire.production.scripting.meaning import keeps_meaning
from ytempire.production.scripting.phrases import reads_well, shortest_well

FUEL = "The ferry runs on a rope, and in all that time it has burned not a single litre of fuel."
PRESSURE = "The pressure that weighs on a visitor is 400 times as high as at the surface."
BRIDGE = "The ferry was built in 1908, when it was 11 kilometres to the nearest bridge."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Single litre of fuel", FUEL),
        ("Burned a litre of fuel", FUEL),
        ("Needs a keeper", "The old lighthouse no longer needs a keeper."),
        ("Sees the lights", "The ferryman never sees the lights of the city."),
        ("Sunlight at the bottom", "Giant tube worms live without sunlight at the bottom."),
        ("Fish survive", "Hardly any fish survive in the salty water."),
        ("Forty boats came back", "None of the forty boats came back."),
        ("Boat drifts downstream", "The cable won't let the boat drift downstream."),
        ("Other boats", "The boat does not burn diesel like the other boats."),
        ("High as at the surface", PRESSURE),
        ("Kilometres to the nearest bridge", BRIDGE),
    ],
)
def test_a_text_that_turns_its_sentence_round_is_seen(text: str, sentence: str) -> None:
    assert not keeps_meaning(text, sentence)
    assert not reads_well(text, sentence, 6)
    assert shortest_well(sentence, 6) != text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Not a single litre of fuel", FUEL),
        ("The ferry runs on a rope", FUEL),
        ("400× that at the surface", PRESSURE),
        ("11 kilometres to the nearest bridge", BRIDGE),
        ("Not only fish", "Not only fish but whales live there."),
    ],
)
def test_a_text_that_says_the_same_passes(text: str, sentence: str) -> None:
    assert keeps_meaning(text, sentence)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("In all that time it has burned not a single litre of fuel.", "Not a single litre of fuel"),
        ("The old lighthouse on the northern cape no longer needs a keeper to climb it.", "No longer needs a keeper"),
        (PRESSURE, "400× the surface pressure"),
    ],
)
def test_a_denial_and_a_comparison_are_shown_whole(sentence: str, shown: str) -> None:
    assert shortest_well(sentence, 6) == shown


def test_a_year_is_not_stacked_on_another_figure() -> None:
    for sentence in (BRIDGE, "Since 1908 it has spared people the 11 kilometres to the nearest bridge."):
        kind, data = choose(sentence)
        assert kind is not CardKind.TIMELINE or "kilometres" not in data[0].label


def test_what_is_denied_is_no_list() -> None:
    kind, _ = choose("The village has no bridges, roads or tunnels to the other side.")
    assert kind is not CardKind.LIST


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "The old lamp was lit at 3 in the morning, because a boy had heard a ship that nobody else had heard.",
            "The old lamp was lit at 3 in the morning",
        ),
        (
            "Lightning over the valley of the two rivers strikes only 7 times a year and rarely kills.",
            "Lightning over the valley of the two rivers",
        ),
        (
            "On the night of 3 May in the year 1898, the lamp was lit at 3 in the morning.",
            "The lamp was lit at 3 in the morning",
        ),
        ("The lamp was lit at 3.", "The lamp was lit at 3"),
    ],
)
def test_a_title_is_never_cut_inside_a_clause(sentence: str, title: str) -> None:
    assert titles([sentence], direct([sentence]))[0] == title
