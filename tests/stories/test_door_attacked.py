"""A hostile driver at the door: what it hands in is refused with its place, and no review is passed by."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import subprocess
import wave
from typing import Any

import imageio_ffmpeg
import pytest

from tests.contracts.running_sandbox import RunningSandbox
from tests.stories.led_stage import Installation, Leading, installation, sandbox
from ytempire.orchestration import edit_sentence
from ytempire.providers.elevenlabs import ElevenLabsVoice

__all__ = ["installation", "sandbox"]


async def test_a_hostile_answer_is_refused_with_its_place_and_the_step_still_ends(
    installation: Installation, sandbox: RunningSandbox
) -> None:
    await installation.channel()
    leading = Leading(installation, await installation.claim())
    await leading.step("topic")
    answer = await leading.script()

    async def refused(given: object, field: str) -> None:
        said = await leading.put("script", {"answer": given})
        assert (said.status_code, said.json()["field"]) == (422, field), said.text

    deep = '{"a":' * 20_000 + "1" + "}" * 20_000
    for text in ("[" * 200_000, deep, '{"hook": ' + "9" * 5_000 + "}", "{}" + " " * 10 + "x"):
        await refused(text, "answer")
    for sign in ("\0", "\u202e", "\u2066", "\x1b[31m"):
        titles = [sign + title for title in answer["titles"]]
        await refused(answer | {"titles": titles}, "answer.titles.0")
        await refused(json.dumps(answer | {"tags": ["squid", f"gl{sign}ow"]}), "answer.tags.1")
        await refused(answer | {"description": f"Squid.{sign}"}, "answer.description")
        await refused(answer | {"hook": answer["hook"] | {"sentence": f"Can {sign}it?"}}, "answer.hook.sentence")
    odd = json.loads(json.dumps(answer))
    odd["hook"]["source"] = 10**300
    odd["beats"][0]["quote"] = "<script>alert(1)</script>"
    assert (await leading.put("script", {"answer": odd})).status_code == 200
    assert (await leading.step("script"))["state"] == "done", "what the sources don't say is dropped"


def _wav(rate_hz: int, samples: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples)
    return out.getvalue()


def _silent_mp3(seconds: int) -> bytes:
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono"]
    made = [*ffmpeg, "-t", str(seconds), "-b:a", "8k", "-f", "mp3", "-"]
    return subprocess.run(made, capture_output=True, check=True).stdout


async def test_hostile_sound_is_refused_and_a_hand_in_takes_no_edit_back(
    installation: Installation, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _ = await installation.channel()
    leading = Leading(installation, await installation.claim())
    await leading.step("topic")
    assert (await leading.put("script", {"answer": await leading.script()})).status_code == 200
    await leading.step("script")
    spoken = await leading.recordings()
    one = spoken[0]
    sound = base64.b64decode(one["audio_base64"])
    media = installation.built.platform.tools.media
    before = sum(ref.size_bytes for ref in media.refs())

    async def refused(*given: dict[str, Any]) -> None:
        said = await leading.client.put(f"/videos/{leading.video}/voice", json={"recordings": given}, timeout=60)
        assert (said.status_code, said.json()["code"]) == (422, "bad_input"), said.text
        assert said.json()["field"].startswith("recordings")

    for form in ("pcm_0", "pcm_1", "pcm_-5", "pcm_99999999999", "pcm_x", "mp3_44100_128", "../../etc"):
        await refused(one | {"output_format": form})
    cut = _wav(24_000, sound)
    nothing = bytearray(cut)
    nothing[24:28] = b"\0\0\0\0"
    for hostile in (
        b"", b"\0", b"RIFF", cut[:20], b"RIFF" + b"\xff" * 40, bytes(nothing), _wav(1, sound),
        _wav(2_000_000_000, sound), sound + b"\0\0" * 24_000 * 300, await asyncio.to_thread(_silent_mp3, 20_000),
    ):  # fmt: skip
        await refused(one | {"audio_base64": base64.b64encode(hostile).decode()})
    alignment = one["alignment"]
    count = len(alignment["characters"])
    for at_s in (0.0, 5.0, 1e300):
        ends = {"character_start_times_seconds": [at_s] * count, "character_end_times_seconds": [at_s] * count}
        await refused(one | {"alignment": alignment | ends})
    turned = {name: alignment[name][::-1] for name in alignment if name != "characters"}
    await refused(one | {"alignment": alignment | turned})
    await refused(one, one)
    assert sum(ref.size_bytes for ref in media.refs()) == before, "nothing of it is kept"

    assert (await leading.put("voice", {"recordings": [one]})).status_code == 200
    reads = ElevenLabsVoice.read

    async def slow(self: ElevenLabsVoice, *given: Any) -> Any:
        read = await reads(self, *given)
        await edit_sentence(installation.built.platform, user, leading.video, 2, "The owner said this meanwhile.")
        return read

    monkeypatch.setattr(ElevenLabsVoice, "read", slow)
    assert (await leading.put("voice", {"recordings": [one]})).status_code == 200
    async with installation.stage.parts.database.transaction(user) as conn:
        row = await (await conn.execute("select orders from videos where id = %s", (leading.video,))).fetchone()
    order: Any = row[0] if row else {}
    assert order["sentence_edits"] == [[1, "The owner said this meanwhile."]], "an edit is not lost"
    assert len(order["recordings"]) == 1


async def test_a_run_gets_nothing_past_its_channel_s_review(
    installation: Installation, sandbox: RunningSandbox
) -> None:
    _, owner = await installation.channel(consents=False)
    leading = Leading(installation, await installation.claim())
    uploads = len(sandbox.get("/_books")["uploads"])
    await leading.step("topic")
    assert (await leading.put("script", {"answer": await leading.script()})).status_code == 200
    asks = await asyncio.gather(*(leading.ask("publish", wait_s=0) for _ in range(5)))
    assert {one["state"] for one in asks} == {"under_way"}
    other = await leading.client.post(f"/videos/{leading.video}/steps/voice", json={"wait_s": 0})
    assert (other.status_code, other.json()["code"]) == (409, "wrong_state"), "one step at a time"
    told = await leading.step("publish")
    assert (told["state"], told["video_state"]) == ("ended", "in_review")
    for _ in range(3):
        assert (await leading.ask("publish"))["state"] == "ended"
        late = await leading.put("script", {"answer": {}})
        assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
        held = {"category": "openai", "what": "more", "key": "late", "estimate_microusd": 1}
        assert (await leading.client.post(f"/videos/{leading.video}/calls", json=held)).status_code == 409
        for path in ("review", "retry", "cancel"):
            assert (
                await leading.client.post(f"/videos/{leading.video}/{path}", json={"verdict": "approve"})
            ).status_code == 403
    assert len(sandbox.get("/_books")["uploads"]) == uploads
    assert (await owner.get(f"/api/v1/videos/{leading.video}")).json()["state"] == "in_review"
