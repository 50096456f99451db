"""What a simulation asks of the sandbox: faults that strike a share of all calls, and voices that hum."""

from __future__ import annotations

import base64

import httpx
import pytest

from tests.contracts.running_sandbox import VOICE


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    from tests.contracts.running_sandbox import RunningSandbox

    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    yield running
    running.stop()


def statuses(sandbox, count: int) -> list[int]:
    return [
        sandbox.admin.get(f"{sandbox.url}/openai/v1/models", headers={"authorization": "Bearer sandbox"}).status_code
        for _ in range(count)
    ]


def test_a_share_of_the_calls_is_struck_and_the_same_ones_for_the_same_seed(sandbox):
    drawn = []
    for _ in range(2):
        sandbox.calm()
        sandbox.post("/_faults", match={"vendor": "openai"}, fault="server_error", times=-1, share=0.3, seed=7)
        drawn.append(statuses(sandbox, 60))
    sandbox.calm()
    assert drawn[0] == drawn[1]
    assert 6 < drawn[0].count(500) < 32
    assert statuses(sandbox, 5) == [200] * 5


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_of_0_to_1_is_refused(sandbox, share):
    answer = httpx.post(
        f"{sandbox.url}/_faults", json={"match": {"vendor": "openai"}, "fault": "refused", "share": share}, timeout=10
    )
    assert answer.status_code == 422
    assert "share" in answer.text


def test_a_hum_is_as_long_as_its_words_say_and_billed_as_speech(sandbox):
    sandbox.post("/_settings", elevenlabs_sound="hum")
    text = "Eleven words are not many, and yet they take their time."
    spoken = sandbox.elevenlabs().text_to_speech.convert_with_timestamps(VOICE, text=text, output_format="pcm_24000")
    length_s = len(base64.b64decode(spoken.audio_base_64)) / 2 / 24_000
    sandbox.calm()
    ends = spoken.alignment.character_end_times_seconds
    assert "".join(spoken.alignment.characters) == text
    assert ends == sorted(ends)
    assert 0.9 * length_s < ends[-1] <= length_s
    (bill,) = sandbox.admin.get(f"{sandbox.url}/_books").json()["bills"]
    assert bill["meters"]["characters"] == len(text)
