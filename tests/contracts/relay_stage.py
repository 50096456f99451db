"""A video that a run drives, on the parts of a rehearsal's web server. Run as a module it asks once, to be killed."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from elevenlabs.client import AsyncElevenLabs
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.web.conftest import Stage, make_user
from ytempire.bootstrap.platform import built_on
from ytempire.bootstrap.web import web_parts
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.cache import Cache
from ytempire.kit.ids import new_id
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.ledger import OutsideCall, Receipt
from ytempire.orchestration import Asked, relay_call
from ytempire.orchestration.runs import begin_run
from ytempire.production import insert_video
from ytempire.production.model import Order, Video, VideoState
from ytempire.providers.elevenlabs import ElevenLabsRelay
from ytempire.providers.openai import OpenAiRelay
from ytempire.web import create_app

MODEL, STRONG = "gpt-6-luna", "gpt-6.1-terra"
VOICE_MODEL = "eleven_v4_turbo"
QUESTION = [{"role": "user", "content": "Why do squid glow?"}]


@dataclass
class Run:
    """A driven video, and who asks for it."""

    stage: Stage
    user_id: UUID
    video_id: UUID
    token: str
    at: str = ""
    opened: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def openai_at(self) -> str:
        return f"{self.at}/api/v1/relay/openai/v1"

    def openai(self, token: str = "") -> AsyncOpenAI:
        plain = DefaultAsyncHttpxClient(verify=False)
        self.opened.append(plain)
        return AsyncOpenAI(
            api_key=token or self.token, base_url=self.openai_at, max_retries=0, timeout=30, http_client=plain
        )

    def elevenlabs(self) -> AsyncElevenLabs:
        plain = httpx.AsyncClient(verify=False, timeout=30)
        self.opened.append(plain)
        at = f"{self.at}/api/v1/relay/elevenlabs"
        return AsyncElevenLabs(api_key=self.token, base_url=at, httpx_client=plain, timeout=30)

    def client(self, token: str = "") -> httpx.AsyncClient:
        return self.stage.client({"Authorization": f"Bearer {token or self.token}"})

    async def ask(self, path: str, body: Any, token: str = "", **headers: str) -> httpx.Response:
        return await self.client(token).post(f"/api/v1/relay/openai/v1/{path}", json=body, headers=headers)

    async def receipt(self) -> Receipt:
        return await self.stage.parts.ledger.receipt(self.user_id, self.video_id)

    async def only_call(self) -> OutsideCall:
        async with self.stage.parts.database.transaction(self.user_id) as conn:
            rows: Any = await (await conn.execute("select once from paid_calls")).fetchall()
        (row,) = rows
        found = await self.stage.parts.ledger.recorded(self.user_id, row[0])
        assert found
        return found


@asynccontextmanager
async def relay_stage(
    database_url: str, valkey_url: str, sandbox_url: str, folder: Path, *, deadline_s: float = 20.0
) -> AsyncIterator[Stage]:
    """The parts, with vendors that get little time."""
    settings = Settings(state_dir=folder, rehearsal=True, requests_per_minute=1_000_000)
    rates, cache = Rates(valkey_url), Cache(valkey_url)
    relays: dict[str, Any] = {
        "openai": OpenAiRelay(
            key="sk-sandbox", base_url=f"{sandbox_url}/openai/v1", models={"cheap": MODEL, "strong": STRONG},
            most_tokens=8_000, stand_in=True, deadline_s=deadline_s,
        ),
        "elevenlabs": ElevenLabsRelay(
            api_key="sk_sandbox", base_url=f"{sandbox_url}/elevenlabs", model=VOICE_MODEL, deadline_s=deadline_s,
            look_waits_s=(),
        ),
    }  # fmt: skip
    async with built_on(settings, database_url, valkey_url, sandbox_url) as built:
        parts = web_parts(settings, built, rates, cache, url="http://127.0.0.1")
        parts = replace(parts, platform=replace(parts.platform, relays=relays))
        stage = Stage(parts, create_app(parts))
        try:
            yield stage
        finally:
            for client in stage.clients:
                await client.aclose()
            await relays["openai"].close()
            await rates.close()
            await cache.close()


async def driven(stage: Stage, user_id: UUID | None = None) -> Run:
    """A video that n8n has just claimed."""
    database, now = stage.parts.database, stage.parts.clock.now()
    user_id = user_id or await make_user(database)
    channel = Channel(new_id(), user_id, f"c-{str(new_id())[-12:]}", "Squid")
    await create_channel(database, stage.parts.clock, channel, consents=True)
    video = Video(
        new_id(), user_id, channel.id, VideoState.PLANNED, Order(), "Squid", "", rehearsal=True, created_at=now
    )
    async with database.transaction(user_id) as conn:
        await insert_video(conn, video, now)
        begun = await begin_run(conn, video, now, driver="n8n", workflow="w", execution="7")
    return Run(stage, user_id, video.id, begun.token)


def chat(**more: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": QUESTION, "max_completion_tokens": 400} | more


async def main(given: dict[str, str]) -> None:
    where = (given["database_url"], given["valkey_url"], given["sandbox_url"], Path(given["folder"]))
    async with relay_stage(*where) as stage:
        asked = Asked(given["operation"], json.loads(given["body"]), json.loads(given["options"]))
        await relay_call(stage.parts.platform, UUID(given["user_id"]), UUID(given["video_id"]), given["vendor"], asked)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
