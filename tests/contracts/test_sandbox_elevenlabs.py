"""The elevenlabs SDK against the sandbox."""

from __future__ import annotations

import base64
import io
import subprocess
import threading
import wave
from typing import Any

import httpx
import imageio_ffmpeg
import numpy as np
import pytest
from elevenlabs.core.api_error import ApiError
from elevenlabs.types import (
    AudioWithTimestampsResponse,
    GetSpeechHistoryResponse,
    GetVoicesResponse,
    Model,
    SpeechHistoryItemResponse,
    Subscription,
)

from tests.contracts.running_sandbox import VOICE, RunningSandbox
from tests.contracts.test_sandbox_openai import exactly

ONCE = {"max_retries": 0}
"""The SDK repeats 408, 409, 429 and 5xx twice by itself unless told not to."""
TEXT = "Bees dance, and honey keeps."


def speak(client: Any, text: str = TEXT, voice: str = VOICE, **more: Any) -> Any:
    wanted = {"text": text, "model_id": "eleven_v4", "output_format": "pcm_24000", "request_options": ONCE} | more
    return client.text_to_speech.with_raw_response.convert_with_timestamps(voice, **wanted)


def raw(sandbox: RunningSandbox, path: str) -> Any:
    answer = httpx.get(
        sandbox.url + "/elevenlabs/v1" + path, headers={"xi-api-key": "sk_sandbox"}, timeout=20, verify=False
    )
    return answer.raise_for_status().json()


def test_speech_has_a_time_for_every_character(sandbox: RunningSandbox) -> None:
    made = speak(sandbox.elevenlabs())
    exactly(AudioWithTimestampsResponse, made.data.model_dump(by_alias=True))
    assert made.headers["request-id"]
    assert made.headers["character-cost"] == str(len(TEXT))
    times = made.data.alignment
    assert "".join(times.characters) == TEXT
    starts, ends = times.character_start_times_seconds, times.character_end_times_seconds
    assert len(starts) == len(ends) == len(TEXT)
    assert all(start <= end for start, end in zip(starts, ends, strict=True))
    assert starts == sorted(starts)
    pcm = np.frombuffer(base64.b64decode(made.data.audio_base_64), "<i2")
    assert 1.0 < len(pcm) / 24000 < 4.0
    assert ends[-1] <= len(pcm) / 24000 + 0.01
    said = pcm[int(starts[0] * 24000) : int(ends[-1] * 24000)].astype(float)
    assert np.sqrt((said**2).mean()) > 500  # there is a voice where the times say so
    assert made.data.normalized_alignment == times


@pytest.mark.parametrize("output_format", ["mp3_44100_128", "pcm_16000", "wav_44100"])
def test_output_formats(sandbox: RunningSandbox, output_format: str) -> None:
    made = speak(sandbox.elevenlabs(), output_format=output_format)
    audio = base64.b64decode(made.data.audio_base_64)
    seconds = made.data.alignment.character_end_times_seconds[-1]
    if output_format.startswith("mp3"):
        read = subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "pipe:0", "-f", "s16le", "pipe:1"],
            input=audio,
            capture_output=True,
            check=True,
        )
        length = len(read.stdout) / 2 / 44100
    elif output_format.startswith("wav"):
        with wave.open(io.BytesIO(audio)) as opened:
            length = opened.getnframes() / opened.getframerate()
    else:
        length = len(audio) / 2 / 16000
    assert seconds - 0.01 <= length < seconds + 0.6


def test_history_finds_what_was_paid(sandbox: RunningSandbox) -> None:
    client = sandbox.elevenlabs()
    text = "Only this sentence speaks of lighthouses."
    with sandbox.paying("elevenlabs", 1):
        made = speak(client, text)
    found = client.history.list(search="lighthouses", voice_id=VOICE).history
    assert [item.text for item in found] == [text]
    assert found[0].request_id == made.headers["request-id"]
    assert found[0].alignments.alignment.characters == made.data.alignment.characters
    assert b"".join(client.history.get_audio(found[0].history_item_id)) == base64.b64decode(made.data.audio_base_64)
    exactly(GetSpeechHistoryResponse, without_feedback(raw(sandbox, "/history?search=lighthouses")))
    exactly(SpeechHistoryItemResponse, without_feedback(raw(sandbox, f"/history/{found[0].history_item_id}")))
    assert client.history.get(found[0].history_item_id).output_format == "pcm_24000"
    client.history.delete(found[0].history_item_id)
    assert client.history.list(search="lighthouses").history == []


def without_feedback(body: dict[str, Any]) -> dict[str, Any]:
    """The API still sends `feedback`, which this SDK's model has dropped."""
    for item in body.get("history", [body]):
        item.pop("feedback")
    return body


def test_history_pages_newest_first(sandbox: RunningSandbox) -> None:
    client = sandbox.elevenlabs()
    for word in ("one", "two", "three"):
        speak(client, f"Pagination {word}.")
    first = client.history.list(page_size=2, search="pagination")
    assert [item.text for item in first.history] == ["Pagination three.", "Pagination two."]
    assert first.has_more
    rest = client.history.list(page_size=2, search="pagination", start_after_history_item_id=first.last_history_item_id)
    assert [item.text for item in rest.history] == ["Pagination one."]
    assert not rest.has_more
    oldest = client.history.list(search="pagination", sort_direction="asc", page_size=1)
    assert oldest.history[0].text == "Pagination one."


def test_no_logging_leaves_no_history(sandbox: RunningSandbox) -> None:
    client = sandbox.elevenlabs()
    with sandbox.paying("elevenlabs", 1):
        speak(client, "Nobody keeps this.", enable_logging=False)
    assert client.history.list(search="nobody keeps").history == []


def test_models_voices_subscription(sandbox: RunningSandbox) -> None:
    client = sandbox.elevenlabs()
    used = client.user.subscription.get().character_count
    speak(client, "Twelve chars", model_id="eleven_flash_v2_5")
    assert client.user.subscription.get().character_count == used + 6  # half a credit a character
    exactly(Subscription, raw(sandbox, "/user/subscription"))
    longest = {
        exactly(Model, item).model_id: item["maximum_text_length_per_request"] for item in raw(sandbox, "/models")
    }
    assert longest["eleven_v4"] == longest["eleven_multilingual_v2"] == 10_000
    assert longest["eleven_v3"] == 5_000
    assert len(client.models.list()) == len(longest)
    assert VOICE in [voice.voice_id for voice in client.voices.get_all().voices]
    exactly(GetVoicesResponse, raw(sandbox, "/voices"))
    assert client.voices.get(VOICE).name == "Rachel"


@pytest.mark.parametrize(
    ("model", "microusd_per_character"),
    [("eleven_v4", 80), ("eleven_v4_turbo", 40), ("eleven_multilingual_v2", 100), ("eleven_flash_v2_5", 50)],
)
def test_bills_by_character(sandbox: RunningSandbox, model: str, microusd_per_character: int) -> None:
    speak(sandbox.elevenlabs(), "Hi.", model_id=model)
    assert sandbox.get("/_books")["bills"][-1]["cost_microusd"] == 3 * microusd_per_character


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"voice": "nobody"}, 404, "voice_not_found"),
        ({"model_id": "eleven_v9"}, 400, "model_not_found"),
        ({"text": "a" * 10_001}, 400, "max_character_limit_exceeded"),
        ({"text": "a" * 5_001, "model_id": "eleven_v3"}, 400, "max_character_limit_exceeded"),
    ],
)
def test_refusals_cost_nothing(sandbox: RunningSandbox, change: Any, status: int, said: str) -> None:
    with sandbox.paying("elevenlabs", 0), pytest.raises(ApiError) as refused:
        speak(sandbox.elevenlabs(), **change)
    assert (refused.value.status_code, refused.value.body["detail"]["status"]) == (status, said)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"text": "  "}, ["body", "text"]),
        ({"text": "Привет, мир"}, ["body", "text"]),
        ({"output_format": "cassette"}, ["query", "output_format"]),
        ({"voice_settings": {"speed": 3.0}}, ["body", "voice_settings", "speed"]),
    ],
)
def test_validation_names_the_field(sandbox: RunningSandbox, change: Any, place: list[str]) -> None:
    with sandbox.paying("elevenlabs", 0), pytest.raises(ApiError) as refused:
        speak(sandbox.elevenlabs(), **change)
    assert refused.value.status_code == 422
    assert refused.value.body["detail"][0]["loc"] == place


def test_a_used_up_quota_is_not_a_bad_key(sandbox: RunningSandbox) -> None:
    sandbox.post("/_settings", elevenlabs_character_limit=5)
    with pytest.raises(ApiError) as empty:
        speak(sandbox.elevenlabs())
    with pytest.raises(ApiError) as wrong:
        speak(sandbox.elevenlabs("sk_live"))
    found = [(error.value.status_code, error.value.body["detail"]["status"]) for error in (empty, wrong)]
    assert found == [(401, "quota_exceeded"), (401, "invalid_api_key")]


def test_too_many_at_once(sandbox: RunningSandbox) -> None:
    sandbox.post("/_settings", elevenlabs_concurrency=1)
    said: list[str] = []
    clients, together = [sandbox.elevenlabs() for _ in range(4)], threading.Barrier(4)

    def call(at: int) -> None:
        together.wait()
        try:
            speak(clients[at], f"Number {at} of many callers speaks a long and winding sentence.")
            said.append("done")
        except ApiError as refused:
            said.append(refused.body["detail"]["status"])

    threads = [threading.Thread(target=call, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "done" in said
    assert set(said) == {"done", "too_many_concurrent_requests"}
