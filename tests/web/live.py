"""A web server of its own process as a rehearsal has it, with feeds read on loopback: `python -m tests.web.live`.

It takes the settings of the environment, brings along what they don't name (PostgreSQL, Valkey, the sandbox), and says
where it is as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tests.contracts.fetch_server import serving
from tests.contracts.mail_server import mail_server
from tests.stores.test_channel_sources import READER, rss
from ytempire.bootstrap.given import policy_of, settings_for
from ytempire.bootstrap.platform import built_on
from ytempire.bootstrap.web import web_parts
from ytempire.kit.cache import Cache
from ytempire.kit.logs import log_for_machines
from ytempire.kit.rates import Rate, Rates, Taken
from ytempire.local import care
from ytempire.local.folder import make_folder, make_state_folder
from ytempire.local.installation import services
from ytempire.web import address_of, create_app, listen, serve
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource


class Unhurried(Rates):
    """Counts as ever, and lets through 100,000 times as many: guesses and requests alike."""

    async def take(self, rate: Rate, whose: str, now: datetime) -> Taken:
        return await super().take(replace(rate, most=rate.most * 100_000), whose, now)

    def count(self, rate: Rate, whose: str, now: datetime) -> Taken:
        return super().count(replace(rate, most=rate.most * 100_000), whose, now)


async def live() -> None:
    """Answer until SIGTERM."""
    log_for_machines()
    settings = settings_for(True)
    home = make_folder(make_state_folder(settings.state_dir) / "web")
    with listen("127.0.0.1", 0, home / "last_port") as listening:
        async with AsyncExitStack() as stack:
            addresses, sandbox_at = await stack.enter_async_context(services(settings, policy_of(settings)))
            built = await stack.enter_async_context(
                built_on(settings, addresses.database_url, addresses.redis_url, sandbox_at)
            )
            rates, cache = Unhurried(addresses.redis_url), Cache(addresses.redis_url)
            stack.push_async_callback(rates.close)
            stack.push_async_callback(cache.close)
            box = await stack.enter_async_context(mail_server())
            settings = settings.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{box.port}")})
            feeds = await stack.enter_async_context(serving())
            feeds.says("/feed", rss(3, 4))
            url = address_of(listening)
            parts = web_parts(settings, built, rates, cache, url=url)
            parts = replace(parts, platform=replace(parts.platform, feeds=READER))
            where = {
                "url": url,
                "database_url": addresses.database_url,
                "redis_url": addresses.redis_url,
                "key_file": str(care.key_file(settings)),
                "feed_url": f"http://n.example.org:{feeds.port}/feed",
            }
            say = partial(print, json.dumps(where), flush=True)
            await stack.enter_async_context(parts.followers.listening())
            await serve(
                create_app(parts, more=_planted()),
                listening,
                proxies="",
                url=url,
                ready_file=None,
                say=lambda _url: say(),
                end_streams=parts.followers.close,
            )


planted = resource("planted")


class Said(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "x"}]})
    text: str = Field(max_length=1000)


@planted.post("/fault")
async def fall(said: Said, _who: SignedIn) -> Said:
    """Falls over every text."""
    raise RuntimeError(said.text)


@planted.post("/lie")
async def lie(said: Said, _who: SignedIn) -> Said:
    """Answers what it doesn't promise."""
    return Said.model_construct(text=len(said.text))


def _planted() -> list[APIRouter]:
    """With PLANTED in the environment: two routes with faults, to see them found."""
    return [planted] if os.environ.get("PLANTED") else []


if __name__ == "__main__":
    asyncio.run(live())
