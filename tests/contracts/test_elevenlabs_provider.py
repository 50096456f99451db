"""Our ElevenLabs provider, through the vendor's real SDK, against the sandbox: words, faults, and looking."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from tests.contracts.running_sandbox import VOICE, RunningSandbox
from ytempire.kit.errors import BadInput, NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.production.cutting import cuts
from ytempire.production.model import Origin
from ytempire.production.wav import read_wav
from ytempire.providers.elevenlabs import ElevenLabsVoice
from ytempire.providers.pocketsphinx import align

SPEAK = "text_to_speech.convert_with_timestamps"
TEXT = "Bees dance — and honey keeps for 3,000 years."


def voice(
    sandbox: RunningSandbox, *, model: str = "eleven_v4_turbo", key: str = "sk_sandbox", **more
) -> ElevenLabsVoice:
    options = {"stand_in": True, "deadline_s": 20.0, "look_waits_s": ()} | more
    return ElevenLabsVoice(api_key=key, base_url=sandbox.url + "/elevenlabs", model=model, **options)


async def speak(sandbox: RunningSandbox, text: str = TEXT, **more):
    return await voice(sandbox, **more).speak(text, voice=VOICE, once="v:1")


async def test_every_token_gets_the_time_at_which_it_is_heard(sandbox: RunningSandbox) -> None:
    with sandbox.paying("elevenlabs", 1):
        spoken = await speak(sandbox)
    pcm = read_wav(spoken.wav)
    assert [word.text for word in spoken.words] == TEXT.split()
    edges = [edge for word in spoken.words for edge in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    assert edges[-1] <= pcm.duration_s
    dash = spoken.words[TEXT.split().index("—")]
    assert dash.start_s == dash.end_s
    heard = align(pcm.samples, pcm.sample_rate_hz, TEXT.split())
    off = [abs(a.start_s - b.start_s) for a, b in zip(spoken.words, heard, strict=True) if b]
    assert len(off) == len(TEXT.split()) - 1
    assert max(off) < 0.2
    assert (spoken.meters.model, spoken.meters.characters) == ("eleven_v4_turbo", len(TEXT))
    assert spoken.timing == "vendor"
    assert spoken.vendor_id


async def test_the_bill_is_the_estimate(sandbox: RunningSandbox) -> None:
    before = sandbox.get("/_books")["vendors"]["elevenlabs"]["cost_microusd"]
    spoken = await speak(sandbox)
    assert sandbox.get("/_books")["vendors"]["elevenlabs"]["cost_microusd"] - before == len(TEXT) * 40
    assert spoken.meters == voice(sandbox).estimate(TEXT)


async def test_a_plan_without_pcm_gets_mp3(sandbox: RunningSandbox) -> None:
    sandbox.fault("elevenlabs", SPEAK, "output_format_not_allowed")
    with sandbox.paying("elevenlabs", 1):
        spoken = await speak(sandbox)
    assert read_wav(spoken.wav).duration_s > 2
    assert len(spoken.words) == len(TEXT.split())


REFUSALS = [
    ("invalid_api_key", {}, "invalid_api_key", None),
    ("quota_exceeded", {}, "quota_exceeded", None),
    ("missing_permissions", {}, "missing_permissions", None),
    ("voice_not_found", {}, "voice_not_found", None),
    ("model_not_found", {}, "model_not_found", None),
    ("max_character_limit_exceeded", {}, "max_character_limit_exceeded", None),
    ("too_many_concurrent_requests", {}, "too_many_concurrent_requests", 2.0),
    ("system_busy", {}, "system_busy", 20.0),
    ("rate_limit_seconds", {"retry_after_s": 7}, "system_busy", 7.0),
    ("rate_limit_date", {"retry_after_s": 30}, "system_busy", 30.0),
    ("rate_limit_absurd", {}, "system_busy", 300.0),
    ("redirect", {}, "redirect", None),
]


@pytest.mark.parametrize(("fault", "options", "reason", "wait_s"), REFUSALS, ids=[row[0] for row in REFUSALS])
async def test_a_refusal_says_why_and_whether_waiting_helps(sandbox, fault, options, reason, wait_s) -> None:
    sandbox.fault("elevenlabs", SPEAK, fault, **options)
    with sandbox.paying("elevenlabs", 0), pytest.raises(VendorRefused) as refused:
        await speak(sandbox)
    assert refused.value.reason == reason
    assert refused.value.retry_after_s == (pytest.approx(wait_s, abs=2) if wait_s else None)
    assert bool(refused.value.fix) == (wait_s is None)


async def test_used_up_credits_are_not_called_a_bad_key(sandbox: RunningSandbox) -> None:
    sandbox.post("/_settings", elevenlabs_character_limit=1)
    with pytest.raises(VendorRefused, match="credits") as refused:
        await speak(sandbox)
    assert "ELEVENLABS_API_KEY" not in str(refused.value)


async def test_a_key_that_is_none_is_refused_and_not_shown(sandbox: RunningSandbox) -> None:
    with pytest.raises(VendorRefused, match="ELEVENLABS_API_KEY") as refused:
        await speak(sandbox, key="sk_realsecret")
    assert "realsecret" not in str(refused.value)


async def test_a_field_the_vendor_rejects_is_named(sandbox: RunningSandbox) -> None:
    with pytest.raises(VendorRefused, match=r"body\.text") as refused:
        await speak(sandbox, "Это по-русски.")
    assert refused.value.retry_after_s is None


UNKNOWN = {
    "html_200": 0, "huge": 0, "server_error": 0, "refused": 0,
    "answer_lost": 1, "drip": 1, "half_close": 1, "truncated": 1, "broken_json": 1, "nan": 1, "hang": 0,
}  # fmt: skip
"""Faults that leave open what happened, and whether the vendor bills them."""


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_a_lost_answer_is_found_and_nothing_is_paid_twice(sandbox: RunningSandbox, fault: str) -> None:
    text = f"This tale is about the fault {fault.replace('_', ' ')}."
    sandbox.fault("elevenlabs", SPEAK, fault, interval_s=0.5, bytes=60_000_000)
    short = voice(sandbox, deadline_s=3.0 if fault in ("drip", "hang", "half_close") else 20.0)
    began = time.monotonic()
    with sandbox.paying("elevenlabs", UNKNOWN[fault]), pytest.raises(OutcomeUnknown):
        await short.speak(text, voice=VOICE, once="v:1")
    assert time.monotonic() - began < 15  # the other deadline is 20
    with sandbox.paying("elevenlabs", 0):
        found = await voice(sandbox).look("v:1", text, voice=VOICE)
    assert (found is not None) == bool(UNKNOWN[fault])
    if found:
        again = await speak(sandbox, text)
        assert (found.wav, found.words, found.meters, found.timing) == (again.wav, again.words, again.meters, "vendor")


async def test_looking_takes_only_the_same_words_voice_and_model(sandbox: RunningSandbox) -> None:
    text = "A sentence that is spoken once."
    await speak(sandbox, text)
    assert await voice(sandbox).look("x", text, voice=VOICE)
    assert await voice(sandbox, model="eleven_v4").look("x", text, voice=VOICE) is None
    assert await voice(sandbox).look("x", text, voice="pNInz6obpgDQGcFmaJgB") is None
    assert await voice(sandbox).look("x", text[:-1], voice=VOICE) is None


async def test_looking_waits_for_a_call_still_at_work(sandbox: RunningSandbox) -> None:
    text = "Here is one that comes late."
    patient = voice(sandbox, look_waits_s=(0.3, 0.6, 1.2, 2.4))
    looking = asyncio.ensure_future(patient.look("x", text, voice=VOICE))
    await asyncio.sleep(0.2)
    await speak(sandbox, text)
    assert await looking is not None


async def test_a_compressed_item_of_the_history_is_decoded(sandbox: RunningSandbox) -> None:
    text = "This one was made as a compressed file."
    sandbox.fault("elevenlabs", SPEAK, "output_format_not_allowed")
    made = await speak(sandbox, text)
    found = await voice(sandbox).look("x", text, voice=VOICE)
    assert found
    assert found.wav == made.wav


async def test_a_broken_history_is_no_proof_that_nothing_was_paid(sandbox: RunningSandbox) -> None:
    for fault in ("html_200", "server_error", "truncated"):
        sandbox.fault("elevenlabs", "history.list", fault)
        with pytest.raises(OutcomeUnknown):
            await voice(sandbox).look("x", TEXT, voice=VOICE)


async def test_nobody_at_the_address_is_a_refusal_to_try_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    nobody = ElevenLabsVoice(api_key="sk_sandbox", base_url=address, model="eleven_v4")
    with pytest.raises(VendorRefused) as refused:
        await nobody.speak(TEXT, voice=VOICE, once="x")
    assert (refused.value.reason, refused.value.retry_after_s) == ("unreachable", 10.0)


async def test_sentences_of_one_call_are_cut_where_one_ends(sandbox: RunningSandbox) -> None:
    sentences = ["Honey keeps for years.", "Why does it?", "There is almost no water in it, and no germ survives."]
    spoken = await speak(sandbox, " ".join(sentences))
    pcm, words, at = read_wav(spoken.wav), [], 0
    for sentence in sentences:
        words.append(spoken.words[at : at + len(sentence.split())])
        at += len(sentence.split())
    for sentence, (start_s, end_s) in zip(sentences, cuts(words, pcm), strict=True):
        part = pcm.cut(start_s, end_s)
        assert None not in align(part.samples, part.sample_rate_hz, sentence.split())


def test_origin_limits_and_checks(sandbox: RunningSandbox) -> None:
    assert voice(sandbox).origin is Origin.STAND_IN
    assert voice(sandbox, stand_in=False).origin is Origin.VENDOR_VOICE
    assert voice(sandbox).most_characters == 2_500
    for name, text in (("../v1/voices", "Hi."), ("", "Hi."), (VOICE, " — 🙂 "), (VOICE, "a" * 10_001)):
        with pytest.raises(BadInput):
            voice(sandbox).check(text, voice=name, language="de")
    voice(sandbox).check("Grüße aus Köln.", voice=VOICE, language="de")
    with pytest.raises(NotConfigured, match="ELEVENLABS_API_KEY"):
        voice(sandbox, key="")
