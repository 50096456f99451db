"""Things come in when they are spoken; long sentences turn; neighbours and videos differ."""

from __future__ import annotations

import itertools

from ytempire.production.looks.cards import CARDS
from ytempire.production.looks.choose import choose_layouts, choose_track
from ytempire.production.looks.pace import (
    entrances,
    scene_frames,
    sound_effects,
    spoken_at,
    stressed,
    turn_of,
)
from ytempire.production.looks.scenes import second_words
from ytempire.production.model import CardKind, Word

WORDS = tuple(
    Word(text, 0.4 * index, 0.4 * index + 0.3)
    for index, text in enumerate(["You", "need", "flour,", "water,", "salt", "and", "patience"])
)


def test_a_scene_is_lead_speech_and_pause_in_whole_frames() -> None:
    assert scene_frames(2.0, fps=30) == round((0.12 + 2.0 + 0.30) * 30)
    assert scene_frames(2.0, fps=30, last=True) > scene_frames(2.0, fps=30)
    assert scene_frames(0.0, fps=30) == 15


def test_items_come_in_at_their_words_and_in_order() -> None:
    times = entrances(["Flour", "Water", "Salt", "A lot of patience"], WORDS, first_s=0.1, last_s=3.0)
    assert [round(t, 2) for t in times] == [0.7, 1.1, 1.5, 2.3]


def test_items_nobody_names_still_come_in_one_after_the_other() -> None:
    times = entrances(["one thing", "other matter", "third case"], (), first_s=0.3, last_s=2.0)
    assert times == sorted(times)
    assert len(set(times)) == 3


def test_a_number_is_found_by_its_digits() -> None:
    words = (Word("holds", 0.0, 0.3), Word("10,935", 0.4, 1.2), Word("metres", 1.2, 1.6))
    assert spoken_at("10,935", words) == 0.4
    assert spoken_at("nothing", words) is None


def test_the_stress_is_on_figures_else_on_a_weighty_word() -> None:
    assert stressed("Only 17% water") == ("17%",)
    assert stressed("Honey that never spoils") == ("spoils",)
    assert stressed("Why") == ()


def test_only_long_sentences_turn_and_at_a_phrase() -> None:
    assert turn_of(WORDS, 3.2) is None
    long = tuple(
        Word(text, 0.5 * index, 0.5 * index + 0.4)
        for index, text in enumerate(["a", "b", "c", "d", "e,", "f", "g", "h", "i", "j", "k", "l"])
    )
    assert turn_of(long, 6.3) == 2.4


KINDS = [
    CardKind.HOOK,
    CardKind.STATEMENT,
    CardKind.NUMBER,
    CardKind.STATEMENT,
    CardKind.LIST,
    CardKind.STATEMENT,
    CardKind.END,
]


def test_neighbours_never_share_a_composition() -> None:
    for seed in range(50):
        names = [layout.split("/")[1] for layout in choose_layouts(KINDS, seed, ())]
        assert all(one != other for one, other in itertools.pairwise(names))


def test_no_two_of_a_channels_ten_videos_share_a_sequence_for_fifty_seeds() -> None:
    for start in range(50):
        recent: list[tuple[str, ...]] = []
        for video in range(10):
            recent.append(choose_layouts(KINDS, start * 1000 + video, recent))
        assert len(set(recent)) == 10


def test_even_three_scenes_with_the_same_seed_differ_while_there_are_other_sequences() -> None:
    recent: list[tuple[str, ...]] = []
    for _ in range(10):
        recent.append(choose_layouts([CardKind.HOOK, CardKind.STATEMENT, CardKind.END], 7, recent))
    assert len(set(recent)) == 10


def test_one_scenes_other_card_leaves_the_scenes_beyond_its_neighbour_as_they_were() -> None:
    kinds = [
        CardKind.HOOK,
        CardKind.STATEMENT,
        CardKind.NUMBER,
        CardKind.BARS,
        CardKind.LIST,
        CardKind.QUOTE,
        CardKind.END,
    ]
    edited = [*kinds[:2], CardKind.QUESTION, *kinds[3:]]
    for seed in range(20):
        before, after = choose_layouts(kinds, seed, ()), choose_layouts(edited, seed, ())
        assert sum(a != b for a, b in zip(before, after, strict=True)) <= 3


def test_every_card_has_three_compositions() -> None:
    assert set(CARDS) == set(CardKind)
    assert all(len(compositions) >= 3 for compositions in CARDS.values())


def test_no_track_twice_in_a_row() -> None:
    recent: list[str] = []
    for seed in range(30):
        track = choose_track(["a", "b", "c"], seed, recent)
        assert not recent or track != recent[0]
        recent.insert(0, track)
    assert choose_track([], 1, []) == ""


def test_effects_are_rare_and_never_on_the_first_card() -> None:
    for seed in range(20):
        effects = sound_effects([CardKind.HOOK, *[CardKind.NUMBER] * 8], [90] * 9, fps=30, seed=seed)
        assert all(at > 0 for at, _ in effects)
        assert len(effects) <= 3


def test_a_long_sentences_second_half_is_a_whole_clause_or_its_end() -> None:
    def said(sentence: str, turn: int) -> str:
        words = tuple(Word(text, float(i), i + 0.5) for i, text in enumerate(sentence.split()))
        return second_words(words, float(turn))

    assert said("Bees fan it until almost all of its water has gone into the warm air of the hive.", 6) == (
        "Warm air of the hive"
    )
    assert said("The first oven went on sale in 1947 and was called the Radarange.", 5) == "Called the Radarange"
    assert said("It burned, together with the office, in the winter of the year.", 2) == "Together with the office"
