"""What the tests of videos over REST stand on: the application with a ledger and an open queue, and rows of videos."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import httpx
import psycopg

from tests.stores.driver_stage import staged
from tests.web.conftest import Stage
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.providers.localvoice import LocalVoice
from ytempire.web import create_app

VIDEOS = "/api/v1/videos"


@asynccontextmanager
async def with_videos(stage: Stage, valkey_url: str, database: Database | None = None) -> AsyncIterator[Stage]:
    """The stage with what ordering and looking at videos takes; a model is only said to be there."""
    database = database or stage.parts.database
    async with staged(database, valkey_url) as driver:
        tools = replace(
            driver.platform.tools,
            clock=stage.clock,
            media=stage.parts.platform.tools.media,
            ledger=Ledger(database, stage.clock, load_prices(), Policy()),
            writer=cast("Any", object()),
            voices=cast("Any", {"local": LocalVoice()}),
        )
        platform = replace(driver.platform, tools=tools)
        parts = replace(stage.parts, platform=platform, desk=replace(stage.parts.desk, database=database))
        yield Stage(parts, create_app(parts), stage.clients)


@dataclass
class Creator:
    """A user with a channel, asking."""

    stage: Stage
    id: UUID
    channel: Channel
    client: httpx.AsyncClient

    async def order(self, **wanted: Any) -> dict[str, Any]:
        """An ordered video as the API shows it."""
        given = {"channel_id": str(self.channel.id), "topic": "squid"} | wanted
        made = await self.client.post(VIDEOS, json=given)
        assert made.status_code == 201, made.text
        return cast("dict[str, Any]", made.json())


async def creator(stage: Stage) -> Creator:
    user, client = await stage.signed_in()
    database, clock = stage.parts.database, stage.clock
    channel = await create_channel(database, clock, Channel(new_id(), user, f"c{user.hex[-8:]}", "Deep sea"))
    return Creator(stage, user, channel, client)


async def fill(
    admin: psycopg.AsyncConnection, who: Creator, count: int, *, newest: datetime, state: str = "published"
) -> None:
    """So many videos, a minute between them."""
    await admin.execute(
        "insert into videos (id, user_id, channel_id, state, orders, title, topic, rehearsal, created_at, updated_at)"
        " select gen_random_uuid(), %(user)s, %(channel)s, %(state)s, '{}', 'Video ' || n, '', true, at, at"
        " from generate_series(1, %(count)s) n cross join lateral (select %(newest)s - n * interval '1 minute') t (at)",
        {"user": who.id, "channel": who.channel.id, "state": state, "count": count, "newest": newest},
    )
