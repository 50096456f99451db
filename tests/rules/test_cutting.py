"""Where one sentence ends in a recording, on really spoken sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import localvoice
from ytempire.production.cutting import (
    batches,
    cuts,
    faded,
    filled,
    levels,
    moved,
    pauses,
    proportional,
    quietest,
    snapped,
)
from ytempire.production.loudness import SPEECH_LUFS, levelled, loudness_lufs
from ytempire.production.model import Word
from ytempire.production.wav import Pcm
from ytempire.providers.pocketsphinx import align

SENTENCES = [
    "Honey never spoils.",
    "Why — of all foods — does it keep?",
    "There is almost no water in it, and no germ survives that.",
    "Yes.",
    "Jars from old tombs still hold it.",
]
RATE_HZ = 24_000


@pytest.fixture(scope="module")
def recording() -> tuple[Pcm, list[list[Word]]]:
    """All sentences in one recording, as a vendor sends it, and each one's words."""
    speech = localvoice.speak(" ".join(SENTENCES))
    words, at = [], 0
    for sentence in SENTENCES:
        count = len(sentence.split())
        words.append([Word(w.text, w.start_s, w.end_s) for w in speech.words[at : at + count]])
        at += count
    return Pcm.of(speech.pcm, RATE_HZ), words


def unclipped(pcm: Pcm, spans: list[tuple[float, float]]) -> None:
    """Every sentence is whole in its own part, and its first and last word are no shorter than in the whole."""
    for sentence, (start_s, end_s) in zip(SENTENCES, spans, strict=True):
        part = pcm.cut(start_s, end_s)
        heard = align(part.samples, RATE_HZ, sentence.split())
        assert [
            token for token, word in zip(sentence.split(), heard, strict=True) if word is None and token != "—"
        ] == []
        edge = np.abs(part.samples[: RATE_HZ // 100]).max(), np.abs(part.samples[-RATE_HZ // 100 :]).max()
        assert max(edge) < 0.02 * np.abs(pcm.samples).max()


def test_cuts_lie_in_the_pauses_and_clip_no_word(recording) -> None:
    pcm, words = recording
    spans = cuts(words, pcm)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    unclipped(pcm, spans)


def test_word_times_that_are_a_little_off_clip_no_word_either(recording) -> None:
    pcm, words = recording
    for off_s in (-0.08, 0.08):
        unclipped(pcm, cuts([moved(own, off_s, within_s=pcm.duration_s) for own in words], pcm))


def test_without_any_times_sentences_are_cut_in_real_pauses(recording) -> None:
    pcm, words = recording
    guess = snapped(SENTENCES, pcm)
    for own, guessed in zip(words, guess, strict=True):
        assert abs(own[0].start_s - guessed[0].start_s) < 0.35
        assert [word.text for word in guessed] == [word.text for word in own]
    unclipped(pcm, cuts(guess, pcm))


def test_parts_have_no_click_and_are_equally_loud(recording) -> None:
    pcm, words = recording
    for start_s, end_s in cuts(words, pcm):
        part = levelled(faded(pcm.cut(start_s, end_s)))
        assert abs(loudness_lufs(part.samples, RATE_HZ) - SPEECH_LUFS) < 0.5
        assert abs(part.samples[0]) < 1e-3
        assert abs(part.samples[-1]) < 1e-3


def test_a_cut_through_sound_is_faded() -> None:
    tone = Pcm.of((0.5 * np.sin(np.arange(RATE_HZ) * 0.1 + 1)).astype(np.float32), RATE_HZ)
    soft = faded(tone).samples
    assert abs(soft[0]) < 1e-3
    assert np.abs(np.diff(soft)).max() < 0.06
    assert np.allclose(soft[200:-200], tone.samples[200:-200], atol=1e-3)


def test_pauses_and_the_quietest_place() -> None:
    loud = np.sin(np.arange(RATE_HZ) * 0.2).astype(np.float32) * 0.5
    pcm = Pcm.of(np.concatenate([loud, np.zeros(RATE_HZ // 2, np.float32), loud]), RATE_HZ)
    assert pauses(pcm) == [(pytest.approx(1.0, abs=0.02), pytest.approx(1.5, abs=0.02))]
    assert 1.0 < quietest(levels(pcm), 0.9, 1.2) < 1.2
    assert quietest(levels(pcm), 0.8, 1.7) == pytest.approx(1.25, abs=0.06)
    silence = Pcm(b"\0\0" * RATE_HZ, RATE_HZ)
    assert levelled(silence) == silence
    assert cuts([proportional("a b", 1.0)], silence) == [(0.0, 1.0)]


def test_levelling_leaves_level_sound_alone_and_spares_the_peaks(recording) -> None:
    once = levelled(recording[0])
    assert levelled(once).data == once.data
    spike = np.zeros(RATE_HZ, np.float32)
    spike[::2400] = 0.5
    assert np.abs(levelled(Pcm.of(spike, RATE_HZ)).samples).max() <= 0.892


@given(st.lists(st.text("ab ", min_size=1, max_size=60), max_size=20), st.integers(1, 100))
def test_batches_keep_order_and_limit(sentences: list[str], most: int) -> None:
    calls = batches(sentences, most_characters=most)
    assert [index for call in calls for index in call] == list(range(len(sentences)))
    for call in calls:
        assert len(call) == 1 or len(" ".join(sentences[index] for index in call)) <= most


def test_batches_of_the_rest_are_the_rest_of_the_batches() -> None:
    """A crash after one paid call must not change what the next call says."""
    sentences = [f"Sentence number {index} of a story." * (index % 3 + 1) for index in range(20)]
    calls = batches(sentences, most_characters=200)
    rest = batches([sentences[index] for call in calls[1:] for index in call], most_characters=200)
    offset = calls[1][0]
    assert [[index + offset for index in call] for call in rest] == calls[1:]


def test_what_an_aligner_missed_is_filled_between_its_neighbours() -> None:
    tokens = ["one", "—", "two", "three", "four"]
    found = [Word("one", 0.1, 0.4), None, None, None, Word("four", 1.4, 1.8)]
    assert filled(tokens, found) is None
    words = filled(tokens, [Word("one", 0.1, 0.4), None, None, Word("three", 1.0, 1.4), Word("four", 1.4, 1.8)])
    assert words
    assert [w.text for w in words] == tokens
    assert (words[1].start_s, words[1].end_s) == (0.4, 0.4)
    assert (words[2].start_s, words[2].end_s) == (0.4, pytest.approx(1.0))
    assert filled(tokens, [None, None, *found[:1], Word("three", 1.0, 1.4), Word("four", 1.4, 1.8)]) is None
