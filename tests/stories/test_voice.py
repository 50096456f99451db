"""The voice step from end to end: spoken once, paid once, cut whole, whatever dies when."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.contracts.running_sandbox import RunningSandbox
from tests.stories.voice_stage import VENDOR_VOICE, speak, tools, work
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, BudgetRefused, NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Category, Ledger, Policy, load_prices
from ytempire.production import Handed, voice_brief, with_recordings
from ytempire.production.loudness import loudness_lufs
from ytempire.production.model import Origin, Speech
from ytempire.production.ports import Alignment, Spoken
from ytempire.production.step import Tools
from ytempire.production.wav import read_wav
from ytempire.providers.elevenlabs import ElevenLabsVoice
from ytempire.providers.pocketsphinx import align

SPEAK = "text_to_speech.convert_with_timestamps"
SENTENCES = [
    "Honey never spoils.",
    "Why does it keep — of all foods?",
    "There is almost no water in it, so no germ survives.",
    "Jars from old tombs still hold it.",
]


@pytest.fixture(scope="module")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def sandbox(sandbox_process: RunningSandbox) -> RunningSandbox:
    sandbox_process.calm()
    return sandbox_process


@pytest.fixture
def stage(database: Database, tmp_path: Path, sandbox: RunningSandbox) -> Tools:
    return tools(database, tmp_path / "media", sandbox.url)


def heard_whole(stage: Tools, sentence: str, speech: Speech) -> None:
    """Every word is heard in its own file at the time that is said, and the edges are quiet."""
    pcm = read_wav(stage.media.path(speech.media).read_bytes())
    tokens = sentence.split()
    found = align(pcm.samples, pcm.sample_rate_hz, tokens)
    assert [token for token, word in zip(tokens, found, strict=True) if word is None and token != "—"] == []
    assert [word.text for word in speech.words] == tokens
    off = [abs(a.start_s - b.start_s) for a, b in zip(speech.words, found, strict=True) if b]
    assert float(np.median(off)) < 0.06
    assert pcm.duration_s == speech.duration_s
    assert abs(loudness_lufs(pcm.samples, pcm.sample_rate_hz) + 23) < 0.6
    assert max(abs(pcm.samples[0]), abs(pcm.samples[-1])) < 1e-3


async def booked(stage: Tools, video_id) -> int:
    """What the receipt says in the voice's category."""
    receipt = await stage.ledger.receipt(work(stage, []).video.user_id, video_id)
    return sum(line.actual_microusd or 0 for line in receipt.lines if line.category == Category.ELEVENLABS)


async def test_one_call_cut_into_whole_sentences_and_used_again(stage: Tools, sandbox: RunningSandbox) -> None:
    first = work(stage, [*SENTENCES, SENTENCES[0]])
    with sandbox.paying("elevenlabs", 1):
        result = await speak(first)
    assert result.reused == 0
    assert result.speeches[0] == result.speeches[-1]
    for sentence, speech in zip(SENTENCES, result.speeches, strict=False):
        heard_whole(stage, sentence, speech)
        assert (speech.timing, speech.origin) == ("vendor", Origin.STAND_IN)
    assert await booked(stage, first.video.id) == len(" ".join(SENTENCES)) * 40

    with sandbox.paying("elevenlabs", 0):
        again = await speak(work(stage, [*SENTENCES, SENTENCES[0]], video_id=first.video.id, attempt=2))
        other = await speak(work(stage, SENTENCES[::-1]))
    assert again == result
    assert other.reused == len(SENTENCES)
    assert [s.media for s in other.speeches] == [s.media for s in result.speeches[3::-1]]

    edited = [*SENTENCES[:2], "No germ survives in it.", SENTENCES[3]]
    with sandbox.paying("elevenlabs", 1):
        after = await speak(work(stage, edited, video_id=first.video.id, attempt=3))
    assert after.reused == 3
    heard_whole(stage, edited[2], after.speeches[2])
    assert await booked(stage, first.video.id) == (len(" ".join(SENTENCES)) + len(edited[2])) * 40
    assert await stage.ledger.audit() == []


@pytest.mark.parametrize("point", ["voice.before_call", "voice.after_call", "voice.after_commit"])
async def test_a_killed_process_pays_once(
    stage: Tools, sandbox: RunningSandbox, database_urls, tmp_path: Path, point: str
) -> None:
    video_id, sentences = new_id(), [f"This is the story of {point.split('_')[-1]}.", "It ends well."]
    arguments = [database_urls.app, str(tmp_path / "media"), sandbox.url, str(video_id), json.dumps(sentences)]
    with sandbox.paying("elevenlabs", 1):
        command = (sys.executable, "-m", "tests.stories.voice_stage", *arguments)
        killed = await asyncio.create_subprocess_exec(*command, env={**os.environ, "YTEMPIRE_FAILPOINT": point})
        assert await killed.wait() == -signal.SIGKILL
        result = await speak(work(stage, sentences, video_id=video_id, attempt=2))
    assert (len(result.speeches), result.reused) == (2, 0)
    assert await booked(stage, video_id) == len(" ".join(sentences)) * 40
    assert await stage.ledger.audit() == []


async def test_a_lost_answer_is_fetched_and_a_refusal_costs_nothing(stage: Tools, sandbox: RunningSandbox) -> None:
    video_id, sentences = new_id(), ["The answer to this was lost."]
    sandbox.fault("elevenlabs", SPEAK, "too_many_concurrent_requests")
    with sandbox.paying("elevenlabs", 0), pytest.raises(VendorRefused):
        await speak(work(stage, sentences, video_id=video_id))
    assert await booked(stage, video_id) == 0
    sandbox.fault("elevenlabs", SPEAK, "answer_lost")
    with sandbox.paying("elevenlabs", 1):
        with pytest.raises(OutcomeUnknown):
            await speak(work(stage, sentences, video_id=video_id, attempt=2))
        result = await speak(work(stage, sentences, video_id=video_id, attempt=3))
    heard_whole(stage, sentences[0], result.speeches[0])
    assert await booked(stage, video_id) == len(sentences[0]) * 40


async def test_sound_that_was_cleared_away_is_spoken_anew(stage: Tools, sandbox: RunningSandbox) -> None:
    video_id, sentences = new_id(), ["This file will be cleared away."]
    await speak(work(stage, sentences, video_id=video_id))
    for file in stage.media.root.rglob("*.wav"):
        file.unlink()
    with sandbox.paying("elevenlabs", 1):
        result = await speak(work(stage, sentences, video_id=video_id, attempt=2))
    heard_whole(stage, sentences[0], result.speeches[0])


@pytest.mark.parametrize("narrator", ["local:heart", "local:bram"])
async def test_the_local_voice_costs_only_its_cpu_time(stage: Tools, narrator: str) -> None:
    mine = work(stage, SENTENCES, voice=narrator)
    result = await speak(mine)
    for sentence, speech in zip(SENTENCES, result.speeches, strict=True):
        heard_whole(stage, sentence, speech)
        assert (speech.timing, speech.origin) == ("model", Origin.LOCAL_VOICE)
    assert await booked(stage, mine.video.id) == 0
    receipt = await stage.ledger.receipt(mine.video.user_id, mine.video.id)
    cpu = [line for line in receipt.lines if line.category == Category.PROCESSING]
    assert len(cpu) == 1
    assert 0 < (cpu[0].actual_microusd or 0) < 200


class Timeless(ElevenLabsVoice):
    """A voice that gives no word times."""

    async def speak(self, text: str, *, voice: str, once: str) -> Spoken:
        return replace(await super().speak(text, voice=voice, once=once), words=(), timing="")


async def test_words_without_times_are_aligned(stage: Tools, sandbox: RunningSandbox) -> None:
    vendor = Timeless(api_key="sk_sandbox", base_url=f"{sandbox.url}/elevenlabs", model="eleven_v4", stand_in=True)
    result = await speak(work(replace(stage, voices={"elevenlabs": vendor}), SENTENCES))
    for sentence, speech in zip(SENTENCES, result.speeches, strict=True):
        heard_whole(stage, sentence, speech)
        assert speech.timing == "aligned"


@pytest.mark.parametrize(
    ("sentences", "voice", "named"),
    [
        (["Good.", "Это по-русски."], "local:heart", "sentence 2"),
        (["Good.", "Это по-русски."], VENDOR_VOICE, "sentence 2: the captions' typefaces have no"),
        (["— 🙂 …"], "local:heart", "nothing to say"),
        (["— 🙂 …"], VENDOR_VOICE, "nothing to say"),
        (["Hi."], "local:nobody", "no local voice 'nobody'"),
        (["Hi."], "elevenlabs:../../admin", "no voice of ElevenLabs"),
    ],
)
async def test_what_cannot_be_spoken_or_shown_is_refused_before_it_costs(
    stage: Tools, sandbox: RunningSandbox, sentences: list[str], voice: str, named: str
) -> None:
    with sandbox.paying("elevenlabs", 0), pytest.raises(BadInput, match=named) as refused:
        await speak(work(stage, sentences, voice=voice))
    assert refused.value.fix


async def test_a_video_short_of_money_is_spoken_by_this_machine(stage: Tools, sandbox: RunningSandbox) -> None:
    poor = Policy.in_dollars(video="0.001", platform_day="150", cpu_hour="0.05", money_day_zone="UTC")
    short = replace(stage, ledger=Ledger(stage.database, stage.clock, load_prices(), poor))
    with sandbox.paying("elevenlabs", 0):
        result = await speak(work(short, SENTENCES))
        assert {speech.origin for speech in result.speeches} == {Origin.LOCAL_VOICE}
        assert "local:heart instead of elevenlabs:" in result.note
        with pytest.raises(BudgetRefused):
            await speak(work(short, ["Grüße aus Köln, wo der Dom steht."], language="de"))
    assert await stage.ledger.audit() == []


async def test_a_vendor_without_a_key_is_named(stage: Tools) -> None:
    with pytest.raises(NotConfigured, match="acme"):
        await speak(work(stage, ["Hi."], voice="acme:one"))


async def test_recordings_that_another_driver_hands_in_are_cut_and_nothing_is_paid(
    stage: Tools, sandbox: RunningSandbox
) -> None:
    mine = work(stage, [*SENTENCES, SENTENCES[0]])
    brief = await voice_brief(mine)
    assert (brief.vendor, brief.voice_id, brief.output_format) == (*VENDOR_VOICE.split(":"), "pcm_24000")
    (text,) = brief.texts
    assert text == " ".join(SENTENCES)
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{sandbox.url}/elevenlabs/v1/text-to-speech/{brief.voice_id}/with-timestamps",
            params={"output_format": brief.output_format},
            headers={"xi-api-key": "sk_sandbox"},
            json={"text": text, "model_id": brief.model},
        )
    told = answer.json()
    sound = base64.b64decode(told["audio_base64"])
    times = Alignment(**{name: tuple(value) for name, value in told["alignment"].items()})
    change = await with_recordings(mine, [Handed(text, sound, "", times)])
    handed = replace(mine, video=replace(mine.video, order=change(mine.video.order)))
    assert (await voice_brief(handed)).why == "recordings were handed in already"
    with sandbox.paying("elevenlabs", 0):
        result = await speak(handed)
    for sentence, speech in zip(SENTENCES, result.speeches, strict=False):
        heard_whole(stage, sentence, speech)
        assert (speech.timing, speech.origin) == ("vendor", Origin.STAND_IN)
    assert await booked(stage, mine.video.id) == 0
    assert (await voice_brief(handed)).why == "everything was spoken before"

    fresh = replace(mine.video.order, voice="elevenlabs:JBFqnCBsd6RMkjVDRZzb")  # what it spoke is not in the cache
    other = replace(mine, video=replace(mine.video, order=fresh))
    for wrong, field, said in (
        (Handed(text, sound, "", None), "recordings.0.alignment", "without a time"),
        (Handed("Something else.", sound, "", times), "recordings.0.text", "does not"),
        (Handed(text, b"x", "", times), "recordings", "no sound"),
        (Handed(text, sound, "", replace(times, characters=times.characters[:-1])), "recordings.0.alignment", "with"),
    ):
        with pytest.raises(BadInput, match=said) as refused:
            await with_recordings(other, [wrong])
        assert refused.value.field == field
    local = work(stage, SENTENCES, voice="local:heart")
    assert not (await voice_brief(local)).texts
