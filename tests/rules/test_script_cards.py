"""The card director: what is shown is what the sentence says."""

from dataclasses import replace

import pytest

from ytempire.production.model import CardKind, Datum, SceneScript
from ytempire.production.scripting import director, figures


@pytest.mark.parametrize(
    ("sentence", "kind", "data"),
    [
        ("The deepest point lies 10,935 metres down.", CardKind.NUMBER, [(10_935.0, "metres")]),
        ("About 76 percent of them glow.", CardKind.NUMBER, [(76.0, "%")]),
        ("An octopus has three hearts.", CardKind.NUMBER, [(3.0, "hearts")]),
        ("It cost $3.5 million.", CardKind.NUMBER, [(3.5, "$ million")]),
        ("Three out of four animals glow.", CardKind.NUMBER, [(3.0, "out of 4")]),
        ("It races at 17 kilometers a second.", CardKind.NUMBER, [(17.0, "kilometers a second")]),
        ("The pressure is 400 times as high as here.", CardKind.NUMBER, [(400.0, "times")]),
        ("Females are 60 times as long as males.", CardKind.BARS, [(60.0, "×"), (1.0, "×")]),
        ("In 1876, Bell filed his patent.", CardKind.TIMELINE, [(1876.0, "")]),
        ("It is made of plankton, droppings and slime.", CardKind.LIST, [(None, "")] * 3),
        ("Why is the sky blue?", CardKind.QUESTION, []),
        ("He said, “I want to see you now.”", CardKind.QUOTE, []),
        ("A fjord is a valley drowned by the sea.", CardKind.DEFINITION, [(None, "")]),
        ("Plants use sunlight, but bacteria use chemistry.", CardKind.COMPARE, [(None, "")] * 2),
        ("Nobody knows the answer.", CardKind.STATEMENT, []),
        ("Keep {\\b1} 'as it is': [in] %{}.", CardKind.STATEMENT, []),
    ],
)
def test_the_sentence_asks_for_its_card(sentence: str, kind: CardKind, data: list[tuple[float | None, str]]) -> None:
    found, shown = director.choose(sentence)
    assert (found, [(one.value, one.unit) for one in shown]) == (kind, data)


def test_a_year_is_no_amount_and_an_amount_no_year() -> None:
    assert figures.years("It began in 1822 and cost 1822 dollars.") == [1822]
    assert figures.years("Between 1969 and 1972.") == [1972]
    assert figures.numbers("It was built in 1822.") == []
    assert [one.datum.value for one in figures.numbers("It has 1822 species.")] == [1822.0]


def test_what_the_main_clause_says_comes_first() -> None:
    first = figures.numbers("At 200 meters, only 1 percent is left.")[0].datum
    assert (first.value, first.unit) == (1.0, "%")


def test_a_whole_script_opens_with_its_hook_and_never_shows_three_of_a_kind() -> None:
    scenes = director.direct([f"Nobody saw number {word} coming home." for word in "abcdefgh"], ["One", "", "Two"])
    kinds = [scene.card for scene in scenes]
    assert kinds[0] is CardKind.HOOK
    assert kinds[-1] is CardKind.END
    assert all(len(set(kinds[at : at + 3])) > 1 for at in range(len(kinds) - 2))
    assert [scene.chapter for scene in scenes][:3] == ["One", "", "Two"]


def scene(sentence: str, card: CardKind, *data: Datum) -> SceneScript:
    return SceneScript(sentence, card, "on screen", "picture", tuple(data))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (scene("Nobody knows it.", CardKind.NUMBER, Datum("x", 7.0, "km")), CardKind.STATEMENT),
        (scene("It is 7 km wide.", CardKind.NUMBER, Datum("x", 9.0, "km")), CardKind.NUMBER),
        (scene("Nobody knows it.", CardKind.QUESTION), CardKind.STATEMENT),
        (scene("Nobody knows it.", CardKind.LIST, Datum("that")), CardKind.STATEMENT),
        (scene("It is 7 km wide.", CardKind.STATEMENT), CardKind.NUMBER),
        (scene("Plain words stay.", CardKind.PICTURE), CardKind.PICTURE),
    ],
)
def test_a_model_s_card_that_shows_what_is_not_said_is_mended(given: SceneScript, kind: CardKind) -> None:
    mended, _ = director.mend(given, first=False, last=False)
    assert mended.card is kind
    if kind is CardKind.NUMBER:
        assert mended.data[0].value == 7.0


def test_a_bar_s_label_that_repeats_its_unit_is_named_anew() -> None:
    given = scene(
        "On a bill of 100 dollars, a shop loses 2 dollars.",
        CardKind.BARS,
        Datum("bill dollars", 100.0, "dollars"),
        Datum("shop", 2.0, "dollars"),
    )
    mended, _ = director.mend(given, first=False, last=False)
    assert {(one.label, one.value) for one in mended.data} == {("bill", 100.0), ("shop", 2.0)}


def test_too_many_words_on_screen_are_cut() -> None:
    given = replace(
        scene("The lamp glows in the dark.", CardKind.STATEMENT), on_screen="one two three four five six seven"
    )
    mended, wrong = director.mend(given, first=False, last=False)
    assert len(mended.on_screen.split()) <= 6
    assert wrong


def test_an_edited_sentence_gets_its_card_anew_and_keeps_its_place() -> None:
    old = replace(
        scene("Old words.", CardKind.LIST, Datum("a")), chapter="Two", source_quote="Old words.", source_index=0
    )
    new = director.redirect(old, "It weighs 5 tons.")
    assert (new.card, new.chapter, new.source_index, new.source_quote) == (CardKind.NUMBER, "Two", None, "")
    assert director.redirect(replace(old, card=CardKind.HOOK), "It weighs 5 tons.").card is CardKind.HOOK


def test_a_number_card_shows_its_number_in_words_too() -> None:
    sentence = "Water is heavy, and every 10 meters of depth add the weight of one more atmosphere."
    found, _ = director.mend(scene(sentence, CardKind.NUMBER, Datum("depth", 10.0, "meters")), first=False, last=False)
    assert "10 meters" in found.on_screen
