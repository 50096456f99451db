"""Words gathered into cues."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ytempire.production.cues import cues
from ytempire.production.model import Cue, Word
from ytempire.production.splitting import cheapest, pieces, width


def spoken(text: str, *, per_letter_s: float = 0.06, pause_s: float = 0.0) -> list[Word]:
    """Words at an even pace; dashes take no time."""
    words, at = [], 0.0
    for token in text.split():
        end = at + (max(0.09, len(token) * per_letter_s) if any(c.isalnum() for c in token) else 0.0)
        words.append(Word(token, at, end))
        at = end + pause_s
    return words


def gathered(text: str, most_words: int = 4, most_characters: int = 20) -> list[str]:
    words = spoken(text)
    end_s = words[-1].end_s + 0.3
    made = cues(words, most_words=most_words, most_characters=most_characters, scene_end_s=end_s)
    return [" ".join(word.text for word in cue.words) for cue in made]


def test_cues_break_where_speech_breaks() -> None:
    assert gathered("In 1969, Apollo 11 landed on the Moon.") == ["In 1969,", "Apollo 11 landed", "on the Moon."]
    assert gathered("Honey never spoils; jars kept it.") == ["Honey never spoils;", "jars kept it."]
    assert gathered("Bees dance to talk, and the hive listens.") == ["Bees dance to talk,", "and the hive listens."]


def test_a_full_stop_of_a_short_form_ends_nothing() -> None:
    made = gathered("Dr. Smith met Mrs. Jones in the U.S. last year.")
    assert not any(cue.endswith(("Dr.", "Mrs.")) for cue in made)
    assert "the U.S." in " | ".join(made)


def test_no_cue_ends_on_a_word_that_leans_on_the_next() -> None:
    for text in (
        "The first email was sent in 1971 by Ray Tomlinson.",
        "A day on Venus is longer than the whole of its year.",
        "He sold it for $3.2 billion in May 2014.",
    ):
        for cue in gathered(text)[:-1]:
            assert cue.split()[-1].lower() not in {
                "the",
                "of",
                "a",
                "by",
                "in",
                "on",
                "for",
                "its",
                "is",
                "than",
                "was",
            }


def test_a_number_stays_with_what_it_counts() -> None:
    assert any("8 minutes" in cue for cue in gathered("Light takes 8 minutes and 20 seconds to reach all of us."))


def test_a_dash_never_stands_alone_and_no_word_is_lost() -> None:
    text = "— Octopuses — three hearts — two of them stop 🙂 when it swims …"
    made = gathered(text)
    assert " ".join(made).split() == text.split()
    assert all(any(c.isalnum() for c in cue) for cue in made)
    assert made[0].startswith("— Octopuses")


def test_one_word_sentences_and_long_words() -> None:
    assert gathered("Yes.") == ["Yes."]
    assert gathered("Stop! Internationalization hurts.")[:2] == ["Stop!", "Internationalization"]
    assert gathered("…") == []


def test_a_script_without_blanks_is_shown_in_pieces() -> None:
    made = gathered("深夜の海は静かで、波の音だけが聞こえる。それでも魚たちは眠らずに泳ぎ続けている。")
    assert len(made) > 3
    assert all(width(cue) <= 24 for cue in made)
    assert not any(cue[0] in "。、" for cue in made)
    assert "".join(made) == "深夜の海は静かで、波の音だけが聞こえる。それでも魚たちは眠らずに泳ぎ続けている。"


def test_captions_go_in_a_long_pause_and_bridge_a_short_one() -> None:
    words = [Word("One", 0.0, 0.5), Word("day,", 0.5, 1.0), Word("they", 1.2, 1.6), Word("left.", 1.6, 2.0)]
    first, last = cues(words, most_words=2, most_characters=20, scene_end_s=4.0)
    assert first.end_s == last.start_s
    assert 2.0 < last.end_s < 2.5


_texts = st.lists(
    st.text(alphabet="abcdefgTÉ0123456789'$%—,.;:!?🙂深夜。", min_size=1, max_size=14), min_size=1, max_size=40
).map(" ".join)


def in_order(made: tuple[Cue, ...], end_s: float) -> None:
    at = 0.0
    for cue in made:
        assert at <= cue.start_s <= cue.end_s <= end_s
        at = cue.end_s


@given(_texts, st.integers(2, 6), st.integers(10, 40))
@settings(max_examples=150, deadline=None)
def test_every_word_is_shown_once_in_order_and_cues_never_overlap(text: str, most_words: int, most: int) -> None:
    words = spoken(text)
    end_s = words[-1].end_s + 0.2
    made = cues(words, most_words=most_words, most_characters=most, scene_end_s=end_s)
    in_order(made, end_s)
    shown = "".join(word.text for cue in made for word in cue.words)
    if any(c.isalnum() or c in "$%" for c in text):
        assert "".join(shown.split()) == "".join(text.split())
    assert all(len(cue.words) <= most_words for cue in made)


@given(st.lists(st.integers(2, 11), min_size=2, max_size=30), st.booleans())
@settings(max_examples=150, deadline=None)
def test_nothing_is_shown_for_less_than_three_tenths_of_a_second(lengths: list[int], commas: bool) -> None:
    text = " ".join("x" * length + ("," if commas and length % 3 == 0 else "") for length in lengths)
    words = spoken(text, per_letter_s=0.055)
    made = cues(words, most_words=4, most_characters=20, scene_end_s=words[-1].end_s + 0.4)
    assert min(cue.end_s - cue.start_s for cue in made) >= 0.3 - 1e-9


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=12))
def test_times_in_disorder_still_give_cues_in_order(times: list[tuple[float, float]]) -> None:
    words = [Word(f"w{index}", start, end) for index, (start, end) in enumerate(times)]
    in_order(cues(words, most_words=4, most_characters=20, scene_end_s=8.0), 8.0)


@given(st.integers(1, 12), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_division_is_the_cheapest(count: int, most: int, random) -> None:
    costs = {(a, b): random.random() for a in range(count) for b in range(a + 1, min(count, a + most) + 1)}

    def least(at: int) -> float:
        return min(costs[at, b] + least(b) for b in range(at + 1, min(count, at + most) + 1)) if at < count else 0.0

    runs = cheapest(count, most, lambda a, b: costs[a, b])
    assert [run[0] for run in runs] == [0, *(run[1] for run in runs[:-1])]
    assert runs[-1][1] == count
    assert abs(sum(costs[run] for run in runs) - least(0)) < 1e-9


@given(st.text(min_size=1, max_size=90), st.integers(4, 42))
def test_pieces_are_the_word(text: str, most: int) -> None:
    parts = pieces(Word(text, 1.0, 3.0), most)
    assert "".join(part.text for part in parts) == text
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(parts))
