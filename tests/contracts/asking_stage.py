"""One question to the sandbox's model through the real ledger. Run as a module it asks in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import fields
from typing import Any, cast
from uuid import UUID

from ytempire.accounts.local_user import LOCAL_USER_ID, ensure_local_user
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production.asking import Question, ask
from ytempire.production.model import Order, StepName, Video, VideoState
from ytempire.production.scripting import prompts
from ytempire.production.step import Tools, Work
from ytempire.providers.openai import OpenAiWriter

CLOCK = SystemClock()
MESSAGES = (
    ("system", "You propose topics."),
    ("user", "Source: Octopuses. An octopus has three hearts and blue blood."),
)
TOO_FEW_TOKENS = 5


async def answered(
    database: Database, sandbox_url: str, video_id: UUID, *, takes: int = 0, attempt: int = 1, most_tokens: int = 600
) -> dict[str, Any]:
    """The model's answer for the script step of this video; with too few tokens it breaks off."""
    await ensure_local_user(database, CLOCK)
    writer = OpenAiWriter(
        key="sk-sandbox", base_url=f"{sandbox_url}/openai/v1", models={"cheap": "gpt-6-luna"}, stand_in=True
    )
    mine: dict[str, Any] = {
        "database": database,
        "clock": CLOCK,
        "ledger": Ledger(database, CLOCK, load_prices(), Policy()),
        "writer": writer,
    }
    others = {field.name: cast("Any", None) for field in fields(Tools) if field.name not in mine}
    order = Order(remade=(StepName.SCRIPT,) * takes)
    video = Video(video_id, LOCAL_USER_ID, new_id(), VideoState.PRODUCING, order, "T", "", True, CLOCK.now())
    channel = Channel(video.channel_id, LOCAL_USER_ID, "sea", "Sea")
    try:
        work = Work(video, channel, {}, Tools(**mine, **others), attempt, _no_progress)
        question = Question(MESSAGES, prompts.topic_schema(), most_tokens, "topics")
        return await ask(work, StepName.SCRIPT, "cheap", question)
    finally:
        await writer.close()


async def _no_progress(_share: float) -> None:
    return


async def main(database_url: str, sandbox_url: str, video_id: str, takes: str) -> None:
    database = Database(database_url)
    await database.open()
    await answered(database, sandbox_url, UUID(video_id), takes=int(takes))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
