"""A program leads a video from claim to publication over the API, as n8n does; real steps, a real worker, the sandbox.

It asks the model and has the voice spoken through the relay, with the vendors' own clients, and hands both in.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import subprocess
import wave
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import imageio_ffmpeg
import pytest
from openai import AsyncOpenAI

from tests.conftest import DatabaseUrls
from tests.contracts.running_sandbox import RunningSandbox
from tests.web.conftest import Stage
from tests.web.listening import web_process
from tests.web.receiving import Receiver, receiving
from ytempire.bootstrap.platform import Built, built_on
from ytempire.bootstrap.web import web_parts
from ytempire.channels import create_channel
from ytempire.channels.demo import demo_channels
from ytempire.kit.cache import Cache
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.orchestration import edit_sentence, work
from ytempire.planning import resume_plan
from ytempire.production.model import StepName
from ytempire.providers.elevenlabs import ElevenLabsVoice
from ytempire.web import create_app

VOICE = "21m00Tcm4TlvDq8ikWAM"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    yield running
    running.stop()


@dataclass
class Installation:
    """A web server on a socket, a worker of all queues, and a driver that is told things."""

    stage: Stage
    built: Built
    at: str
    driver: Receiver

    async def channel(self) -> tuple[Any, httpx.AsyncClient]:
        """A creator whose plan serves one connected channel with a vendor's voice; their id and client."""
        user, client = await self.stage.signed_in()
        database, clock = self.stage.parts.database, self.stage.parts.clock
        wanted = replace(
            demo_channels(user)[0], handle=f"c{user.hex[-8:]}", voice=f"elevenlabs:{VOICE}", minutes=0.3, playlist=""
        )
        channel = await create_channel(database, clock, wanted, consents=True)
        await self.built.youtube.sign_in(channel, lambda _: None)
        await resume_plan(database, user, clock.now(), rehearsal=True)
        return user, client

    async def claim(self) -> dict[str, Any]:
        _, driver = await self.stage.signed_in("operator", scopes=("drive",))
        answer = await driver.post(
            "/api/v1/plan/due", json={"driver": "n8n", "most": 1, "workflow": "w", "execution": "7"}
        )
        assert answer.status_code == 200, answer.text
        (claim,) = answer.json()
        return dict(claim)


@pytest.fixture
async def installation(
    database_urls: DatabaseUrls, valkey_url: str, tmp_path: Path, sandbox: RunningSandbox
) -> AsyncIterator[Installation]:
    sandbox.calm()
    async with receiving() as driver:
        settings = Settings(
            state_dir=tmp_path, rehearsal=True, requests_per_minute=1_000_000, n8n_url=driver.url,
            disk_floor_bytes=0, memory_floor_bytes=0,
        )  # fmt: skip
        rates, cache = Rates(valkey_url), Cache(valkey_url)
        async with built_on(settings, database_urls.app, valkey_url, sandbox.url) as built:
            parts = web_parts(settings, built, rates, cache, url="http://127.0.0.1")
            stage = Stage(parts, create_app(parts))
            working = asyncio.create_task(work(built.platform, ["light", "render"], slots=2))
            async with web_process(stage) as (at, _):
                yield Installation(stage, built, at, driver)
                for client in stage.clients:
                    await client.aclose()
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        await rates.close()
        await cache.close()


class Leading:
    """What a workflow does with its token."""

    def __init__(self, there: Installation, claim: dict[str, Any]) -> None:
        self.there, self.video, self.token = there, claim["video_id"], claim["token"]
        self.client = httpx.AsyncClient(
            base_url=f"{there.at}/api/v1", headers={"Authorization": f"Bearer {self.token}"}, timeout=60
        )
        there.stage.clients.append(self.client)

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/videos/{self.video}/{path}")
        assert answer.is_success, answer.text
        return answer.json()

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self.client.put(f"/videos/{self.video}/{path}", json=body)

    async def step(self, step: str, *, resume_url: str = "") -> dict[str, Any]:
        """Ask until it is there, as a workflow that waits does."""
        async with asyncio.timeout(240):
            while (told := await self.ask(step, resume_url=resume_url))["state"] == "under_way":
                pass
        return told

    async def ask(self, step: str, **wanted: object) -> dict[str, Any]:
        answer = await self.client.post(f"/videos/{self.video}/steps/{step}", json=wanted)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def script(self) -> dict[str, Any]:
        """The model's answer to the brief, by OpenAI's own client through the relay."""
        brief = await self.get("script/brief")
        assert brief["needed"], brief
        async with AsyncOpenAI(
            api_key=self.token, base_url=f"{self.there.at}/api/v1/relay/openai/v1", max_retries=0
        ) as openai:
            answer = await openai.responses.create(
                model=brief["model"],
                instructions=brief["instructions"],
                input=brief["input"],
                max_output_tokens=brief["max_output_tokens"],
                text={
                    "format": {
                        "type": "json_schema",
                        "name": brief["schema_name"],
                        "schema": brief["json_schema"],
                        "strict": True,
                    }
                },
            )
        found: dict[str, Any] = json.loads(answer.output_text)
        return found

    async def recordings(self) -> list[dict[str, Any]]:
        """The brief's parts, spoken through the relay."""
        brief = await self.get("voice/brief")
        assert brief["needed"], brief
        made = []
        for part in brief["parts"]:
            answer = await self.client.post(
                f"/relay/elevenlabs/v1/text-to-speech/{brief['voice_id']}/with-timestamps",
                params={"output_format": brief["output_format"]},
                json={"text": part["text"], "model_id": brief["model_id"]},
                headers={"Idempotency-Key": f"7:voice:{part['number']}"},
            )
            assert answer.is_success, answer.text
            told = answer.json()
            assert base64.b64decode(told["audio_base64"])
            made.append({"text": part["text"], "audio_base64": told["audio_base64"], "alignment": told["alignment"]})
        return made


def books(sandbox: RunningSandbox) -> Counter[str]:
    """Calls that cost something, by vendor, as the vendors count them."""
    vendors = sandbox.get("/_books")["vendors"]
    return Counter({name: int(of["cost_microusd"]) for name, of in vendors.items()})


async def test_a_video_is_led_from_claim_to_publication_and_paid_once(
    installation: Installation, sandbox: RunningSandbox
) -> None:
    _, owner = await installation.channel()
    leading = Leading(installation, await installation.claim())
    before = books(sandbox)

    refused = await leading.client.get(f"/videos/{leading.video}/script/brief")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state"), "the topic comes first"
    assert (await leading.step("topic"))["state"] == "done"
    brief = await leading.get("script/brief")
    free = await leading.put("script", {"answer": {}})
    assert (free.status_code, free.json()["code"]) == (422, "draft_refused")
    answer = await leading.script()
    assert await leading.script() == answer, "a repeat is answered from the record"
    assert (await leading.put("script", {"answer": json.dumps(answer)})).json()["accepted"]
    assert (await leading.step("script"))["state"] == "done"
    spoken = await leading.recordings()
    without = [{**one, "alignment": None} for one in spoken]
    silent = await leading.put("voice", {"recordings": without})
    assert (silent.status_code, silent.json()["field"]) == (422, "recordings.0.alignment")
    assert (await leading.put("voice", {"recordings": spoken})).json()["accepted"]
    assert (await leading.step("voice"))["state"] == "done"
    paid = books(sandbox)

    resume = f"{installation.driver.url}/webhook-waiting/7"
    for step in [one for one in StepName if one not in {"topic", "script", "voice"}]:
        if step is StepName.RENDER:
            await leading.ask(step, resume_url=resume, wait_s=0)
            (message,) = await installation.driver.until(1, "/webhook-waiting/7", within_s=240)
            assert json.loads(message.body) == await leading.ask(step)
        else:
            told = await leading.step(step, resume_url=resume)
            assert told["state"] == "done", told
    assert len(installation.driver.got) == 1, "who has had the answer is not told again"

    shown = (await owner.get(f"/api/v1/videos/{leading.video}")).json()
    assert shown["state"] == "published"
    run = await leading.get("run")
    assert {one["state"] for one in run["steps"]} == {"done"}
    receipt = await leading.get("receipt")
    booked = sum(line["actual_microusd"] or 0 for line in receipt["lines"] if line["category"] != "processing")
    after = books(sandbox)
    assert after["openai"] == paid["openai"], "the steps asked no model themselves"
    assert after["elevenlabs"] == paid["elevenlabs"], "nor had they anything spoken"
    assert booked == (after["openai"] - before["openai"]) + (after["elevenlabs"] - before["elevenlabs"])
    assert len(sandbox.get("/_books")["uploads"]) == 1
    assert brief["model"] == "gpt-6-luna"
    assert await installation.stage.parts.ledger.audit() == []


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
