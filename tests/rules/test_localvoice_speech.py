"""The local voice really speaks: times, sound, repeatability; and the aligner that checks it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import localvoice
from localvoice.sound import loudness_lufs
from ytempire.providers.pocketsphinx import align, align_sentences

TEXT = "In 1947, Dr. Lee paid $5 — a well-known price. Why? 🎉 It rose 3.5% at 30 °C!"


@pytest.fixture(scope="module")
def speech() -> localvoice.Speech:
    return localvoice.speak(TEXT)


def test_importing_loads_no_model() -> None:
    check = "import sys, localvoice; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_words_are_the_written_tokens_in_order_and_time(speech: localvoice.Speech) -> None:
    assert " ".join(w.text for w in speech.words) == TEXT
    edges = [t for w in speech.words for t in (w.start_s, w.end_s)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= speech.duration_s
    silent = [w.text for w in speech.words if w.end_s == w.start_s]
    assert silent == ["—", "🎉"]


def test_times_agree_with_forced_alignment(speech: localvoice.Speech) -> None:
    aligned = align(speech.pcm, speech.sample_rate_hz, TEXT.split())
    errors = [abs(w.start_s - a.start_s) for w, a in zip(speech.words, aligned, strict=True) if a]
    assert len(errors) == len(speech.words) - 2
    assert np.median(errors) < 0.04
    assert max(errors) < 0.15


@pytest.mark.parametrize(
    "text",
    [
        "The Sun is so big that more than one million Earths would fit inside.",
        "Some stars are more than a thousand times as wide.",
        "That is where the first question leads.",
    ],
)
def test_a_word_begins_with_its_hiss_or_its_closed_lips(text: str) -> None:
    speech = localvoice.speak(text, voice="bram", speed=0.97)
    aligned = align(speech.pcm, speech.sample_rate_hz, text.split())
    late_s = {w.text: w.start_s - a.start_s for w, a in zip(speech.words, aligned, strict=True) if a}
    hissing = {text: late for text, late in late_s.items() if text.lower() in ("fit", "thousand", "first", "some")}
    assert hissing
    assert all(abs(late) < 0.05 for late in hissing.values()), hissing
    assert late_s.get("big", 0.0) < 0.08


def test_the_same_input_gives_the_same_samples_from_any_thread(speech: localvoice.Speech) -> None:
    with ThreadPoolExecutor(2) as threads:
        again = list(threads.map(localvoice.speak, [TEXT, TEXT]))
    for other in again:
        np.testing.assert_array_equal(other.pcm, speech.pcm)
        assert other.words == speech.words


def test_sound_is_clean_and_even(speech: localvoice.Speech) -> None:
    assert speech.pcm.dtype == np.float32
    assert np.abs(speech.pcm).max() < 0.9
    pause = next(w.end_s for w in speech.words if w.text == "price.")
    join = speech.pcm[round((pause + 0.13) * 24_000) : round((pause + 0.2) * 24_000)]
    assert np.abs(join).max() < 0.002, "the join between sentences is not quiet"
    assert np.abs(speech.pcm[:240]).max() < 0.001
    assert np.abs(speech.pcm[-240:]).max() < 0.001
    loud = [loudness_lufs(localvoice.speak(t).pcm) for t in ("The sea is deep.", "Nobody ever went back there again.")]
    assert abs(loud[0] - loud[1]) < 0.5


def test_a_sentence_too_long_for_the_model_is_divided() -> None:
    text = " ".join(["over the hills and far away the river runs"] * 14)
    speech = localvoice.speak(text)
    assert " ".join(w.text for w in speech.words) == text
    assert all(0.03 < w.end_s - w.start_s < 1.2 for w in speech.words)


def test_speed_changes_the_length() -> None:
    assert localvoice.speak("A calm day.", speed=1.5).duration_s < localvoice.speak("A calm day.", speed=0.8).duration_s


@pytest.mark.parametrize("text", ["", "  \n ", "🎉 — !", "Привет"])
def test_what_cannot_be_said_is_refused(text: str) -> None:
    with pytest.raises(localvoice.UnspeakableText):
        localvoice.speak(text)


@pytest.mark.parametrize(("option", "value"), [("speed", 3.0), ("threads", 0)])
def test_bad_options_name_the_field_and_the_fix(option: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"{option} is {value}.*give"):
        localvoice.speak("Hello.", **{option: value})


def test_a_voice_that_is_not_installed_is_named() -> None:
    assert "heart" in [v.id for v in localvoice.voices()]
    with pytest.raises(localvoice.UnknownVoice, match="heart"):
        localvoice.speak("Hello.", voice="nobody")


def test_alignment_finds_sentences_in_a_long_recording_under_noise(speech: localvoice.Speech) -> None:
    gap = np.zeros(24_000 * 5, np.float32)
    recording = np.concatenate([gap, speech.pcm, gap, speech.pcm])
    recording += np.random.default_rng(7).normal(0, 0.003, len(recording)).astype(np.float32)
    tokens, length = TEXT.split(), speech.duration_s
    first, second = align_sentences(
        recording, 24_000, [(5.0, 5.0 + length, tokens), (10.0 + length, 10.0 + 2 * length, tokens)]
    )
    for word, a, b in zip(speech.words, first, second, strict=True):
        if a and b:
            assert abs(a.start_s - 5.0 - word.start_s) < 0.15
            assert abs(b.start_s - a.start_s - 5.0 - length) < 0.06
    assert sum(a is not None for a in first) >= len(tokens) - 3


def test_alignment_of_other_words_silence_or_another_language_is_none(speech: localvoice.Speech) -> None:
    other = [
        "The",
        "weather",
        "tomorrow",
        "will",
        "be",
        "rather",
        "mild",
        "over",
        "most",
        "of",
        "the",
        "coast",
    ]
    assert set(align(speech.pcm, 24_000, other)) == {None}
    assert set(align(np.zeros(24_000, np.float32), 24_000, ["hello"])) == {None}
    assert set(align(speech.pcm, 24_000, ["Привет"])) == {None}


def test_alignment_takes_any_sampling_rate(speech: localvoice.Speech) -> None:
    wanted = align(speech.pcm, 24_000, TEXT.split())
    doubled = np.repeat(speech.pcm, 2)
    for a, b in zip(wanted, align(doubled, 48_000, TEXT.split()), strict=True):
        assert (a is None) == (b is None)
        assert a is None or b is None or abs(a.start_s - b.start_s) < 0.06
