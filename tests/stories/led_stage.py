"""An installation that a program leads videos of, as n8n does: real steps, a real worker, the sandbox."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
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
from ytempire.channels.model import Autopilot
from ytempire.kit.cache import Cache
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.orchestration import work
from ytempire.planning import resume_plan
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

    async def channel(self, *, consents: bool = True) -> tuple[Any, httpx.AsyncClient]:
        """A creator whose plan serves one connected channel with a vendor's voice; their id and client."""
        user, client = await self.stage.signed_in()
        database, clock = self.stage.parts.database, self.stage.parts.clock
        wanted = replace(
            demo_channels(user)[0], handle=f"c{user.hex[-8:]}", voice=f"elevenlabs:{VOICE}", minutes=0.3, playlist=""
        )
        if not consents:
            wanted = replace(wanted, autopilot=Autopilot.REVIEW)
        channel = await create_channel(database, clock, wanted, consents=consents)
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
        self.call = ""
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
            answer = await openai.responses.with_raw_response.create(
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
        self.call = answer.headers["Ytempire-Call"]
        found: dict[str, Any] = json.loads(answer.parse().output_text)
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
            sound = {"audio_base64": told["audio_base64"], "alignment": told["alignment"]}
            made.append({"text": part["text"], "call": answer.headers["Ytempire-Call"], **sound})
        return made
