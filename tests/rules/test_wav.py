"""WAV bytes."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.kit.errors import BadInput
from ytempire.production.wav import Pcm, read_wav, write_wav
from ytempire.providers.pocketsphinx.aligner import read_mono


@given(st.binary(max_size=400).map(lambda b: b[: len(b) // 2 * 2]), st.sampled_from([8_000, 22_050, 24_000, 48_000]))
def test_what_is_written_is_read(data: bytes, rate_hz: int) -> None:
    pcm = Pcm(data, rate_hz)
    assert read_wav(write_wav(pcm)) == pcm
    assert pcm.duration_s == len(data) / 2 / rate_hz


@given(st.floats(-2, 5), st.floats(-2, 5))
def test_a_cut_stays_within_the_recording(start_s: float, end_s: float) -> None:
    pcm = Pcm(bytes(range(250)) * 8, 1_000)
    part = pcm.cut(start_s, end_s)
    assert part.data in pcm.data
    assert len(part.data) % 2 == 0


def test_samples_clip_and_come_back() -> None:
    assert Pcm.of(np.array([-2.0, -1.0, 0.0, 0.5, 2.0], np.float32), 8_000).samples == pytest.approx(
        [-1.0, -1.0, 0.0, 0.5, 1.0], abs=1e-4
    )


def stereo(width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(width)
        file.setframerate(11_025)
        file.writeframes(np.array([[1000, 3000], [-1000, -3000]], "<i2").tobytes())
    return out.getvalue()


def test_other_recordings_are_refused_by_one_and_averaged_by_the_other(tmp_path) -> None:
    with pytest.raises(ValueError, match="mono"):
        read_wav(stereo())
    file = tmp_path / "two.wav"
    file.write_bytes(stereo())
    pcm, rate_hz = read_mono(file)
    assert (list(np.round(pcm * 32768)), rate_hz) == ([2000, -2000], 11_025)
    for bad in (stereo(width=1), b"", b"RIFF\0\0\0\0WAVE", b"no sound at all"):
        file.write_bytes(bad)
        with pytest.raises(BadInput):
            read_mono(file)
