"""Plan and driver together: a worker's look orders the day's video, and what becomes of it is the slot's state."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import psycopg

from tests.stores.driver_stage import Stage, staged, walk
from tests.stores.plan_stage import SOURCE, PlanStage
from ytempire.channels import add_sources
from ytempire.kit.database import Database
from ytempire.orchestration import serve_plan
from ytempire.planning import look_at_plan, resume_plan
from ytempire.planning.model import SlotState
from ytempire.production import select_videos


async def ready(stage: Stage, database: Database, admin: psycopg.AsyncConnection, *, writer: object) -> Stage:
    """The stage with a connected channel that has a source, a started plan, and perhaps a model."""
    tools = replace(stage.platform.tools, writer=cast("Any", writer))
    await PlanStage(database, admin).connect(stage.channel)
    await add_sources(database, tools.clock, stage.channel, [SOURCE])
    await resume_plan(database, stage.channel.user_id, tools.clock.now(), rehearsal=True)
    return replace(stage, platform=replace(stage.platform, tools=tools))


async def test_the_days_video_is_ordered_once_and_its_end_is_the_slots(
    database: Database, valkey_url: str, admin: psycopg.AsyncConnection
) -> None:
    async with staged(database, valkey_url) as bare:
        stage = await ready(bare, database, admin, writer=object())
        served = await asyncio.gather(*(serve_plan(stage.platform) for _ in range(4)))
        (claimed,) = [each for some in served for each in some]
        assert await stage.jobs(admin) == [("rehearsal-light", "todo")]
        user, now = stage.channel.user_id, stage.platform.tools.clock.now()
        (slot,) = (await look_at_plan(database, user, now, days=1)).slots
        assert (slot.state, slot.video_id, slot.video_state) == (SlotState.CLAIMED, claimed.video_id, "planned")
        async with database.transaction(user) as conn:
            (video,) = await select_videos(conn)
        await walk(stage, video, "light", "render", "light")
        (slot,) = (await look_at_plan(database, user, now, days=1)).slots
        assert (slot.state, slot.video_state) == (SlotState.PRODUCED, "published")
        assert await serve_plan(stage.platform) == []


async def test_without_a_model_the_day_waits_and_says_which_setting_is_missing(
    database: Database, valkey_url: str, admin: psycopg.AsyncConnection
) -> None:
    async with staged(database, valkey_url) as bare:
        stage = await ready(bare, database, admin, writer=None)
        assert await serve_plan(stage.platform) == []
        now = stage.platform.tools.clock.now()
        (slot,) = (await look_at_plan(database, stage.channel.user_id, now, days=1)).slots
        assert slot.state is SlotState.DEFERRED
        assert "OPENAI_API_KEY" in slot.reason
        assert await stage.jobs(admin) == []
