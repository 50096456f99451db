"""Several narrators from one model: told apart by pitch, as well timed and as fluent as the model's own speaker."""

import itertools
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import localvoice
from localvoice.model import Pcm
from localvoice.timbre import BIN_HZ, Timbre
from ytempire.channels.demo import demo_channels
from ytempire.kit.ids import new_id
from ytempire.providers.pocketsphinx import align

TEXT = (
    "The moon slows our days down. Every century adds about two thousandths of a second. "
    "That sounds like nothing, but it never stops. Long ago, a day had only twenty one hours, "
    "and the moon hung much closer, so the tides ran higher than anything we know."
)
OWN = [voice.id for voice in localvoice.voices()][:5]
CURVES = ("pulse level", "pulse phase", "soft level", "noise level", "noise phase", "F0")


@pytest.fixture(scope="module")
def spoken() -> dict[str, localvoice.Speech]:
    return {name: localvoice.speak(TEXT, voice=name) for name in OWN}


def heard_pitch_hz(pcm: Pcm) -> float:
    """Median pitch by autocorrelation of the loud, periodic 50 ms frames; 60 to 400 Hz."""
    loud, found = float(np.abs(pcm).max()) * 0.1, []
    for start in range(0, len(pcm) - 1200, 600):
        frame = pcm[start : start + 1200].astype(np.float64)
        if np.sqrt((frame**2).mean()) < loud:
            continue
        power = np.abs(np.fft.rfft(frame, 4096)) ** 2
        likeness = np.fft.irfft(power)[60:401] / (1200 - np.arange(60, 401))
        if likeness.max() > 0.6 * np.fft.irfft(power)[0] / 1200:
            found.append(24_000 / (60 + int(np.flatnonzero(likeness > likeness.max() * 0.93)[0])))
    return float(np.median(found))


def test_the_voices_are_listed_with_what_they_sound_like() -> None:
    assert OWN[0] == "heart"
    assert len({voice.id for voice in localvoice.voices()}) == len(localvoice.voices())
    assert len({voice.description for voice in localvoice.voices() if voice.id in OWN}) == len(OWN)


def test_every_two_narrators_differ_in_pitch(spoken: dict[str, localvoice.Speech]) -> None:
    heard = {name: heard_pitch_hz(speech.pcm) for name, speech in spoken.items()}
    for one, other in itertools.combinations(OWN, 2):
        apart = max(heard[one], heard[other]) / min(heard[one], heard[other])
        assert apart > 1.09, f"{one} and {other} are {apart:.2f} apart: {heard}"


@pytest.mark.parametrize("name", OWN)
def test_word_times_are_where_the_words_are_heard(spoken: dict[str, localvoice.Speech], name: str) -> None:
    speech = spoken[name]
    assert " ".join(word.text for word in speech.words) == TEXT
    found = align(speech.pcm, speech.sample_rate_hz, TEXT.split())
    off = [abs(word.start_s - a.start_s) for word, a in zip(speech.words, found, strict=True) if a]
    assert len(off) >= len(speech.words) - 1
    assert np.median(off) < 0.03
    assert np.percentile(off, 95) < 0.1


@pytest.mark.parametrize("name", OWN)
def test_the_pace_suits_a_narrator(spoken: dict[str, localvoice.Speech], name: str) -> None:
    words_a_minute = len(TEXT.split()) / spoken[name].duration_s * 60
    assert 145 <= words_a_minute <= 195
    assert np.abs(spoken[name].pcm).max() < 0.9


def test_low_and_deep_narrators_take_their_time(spoken: dict[str, localvoice.Speech]) -> None:
    for name in ("june", "bram"):
        assert spoken[name].duration_s > spoken["heart"].duration_s * 1.05


def curves(frames: int = 4) -> list[npt.NDArray[np.float32]]:
    """The vocoder's curves of a speaker of 200 Hz who was only ever heard at her harmonics."""
    level = np.full((601, frames), -20.0, np.float32)
    level[:: round(200 / BIN_HZ)] = -1.0
    noise = np.full((601, frames), -9.0, np.float32)
    noise[100] = 3.0
    f0 = np.array([200.0, 250.0, 0.0, -2.0], np.float32)[:frames]
    return [level, np.zeros_like(level), noise, noise.copy(), np.zeros_like(level), f0]


def test_the_models_own_speaker_is_left_as_she_is() -> None:
    given = curves()
    assert Timbre().shaped(given) is given


def test_pitch_moves_by_its_factor_and_only_where_there_is_any() -> None:
    shaped = dict(zip(CURVES, Timbre(pitch=0.5).shaped(curves()), strict=True))
    np.testing.assert_allclose(shaped["F0"], [100, 125, 0, -2])


def test_melody_stretches_intervals_and_keeps_silence() -> None:
    *_, f0 = Timbre(melody=2.0).shaped(curves())
    assert f0[1] / f0[0] == pytest.approx((250 / 200) ** 2)
    np.testing.assert_array_equal(f0[2:], [0, -2])


def test_a_longer_vocal_tract_lowers_every_resonance() -> None:
    shaped = dict(zip(CURVES, Timbre(formants=0.8).shaped(curves()), strict=True))
    assert shaped["noise level"][:, 0].argmax() == 80
    assert shaped["soft level"][:, 0].argmax() == 80


def test_what_lies_between_the_harmonics_is_never_heard() -> None:
    """A lower voice's harmonics fall between the model's, where the model's curve means nothing."""
    level, *_ = Timbre(pitch=0.55, formants=0.9).shaped(curves(1))
    assert level.min() > -2


def test_the_reference_describes_every_narrator() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/voices.md").read_text("utf-8")
    for voice in localvoice.voices():
        if voice.id in OWN:
            assert f"| `local:{voice.id}` | {voice.description} |" in page


def test_every_demo_channel_has_a_narrator_of_its_own() -> None:
    chosen = [channel.voice.removeprefix("local:") for channel in demo_channels(new_id())]
    assert sorted(chosen) == sorted(OWN)
