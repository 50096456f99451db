"""Verbs: look at videos: a list of them, one of them, its steps, its receipt."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import NotFound
from ytempire.ledger import Receipt
from ytempire.orchestration import store
from ytempire.orchestration.model import ListedVideo, StepView, VideoView, Wanted
from ytempire.orchestration.platform import Platform
from ytempire.production import read_order, state_of, steps_now
from ytempire.production.model import StepName


async def page_of_videos(
    database: Database, user_id: UUID, wanted: Wanted, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[ListedVideo]:
    """The user's videos, newest first, from after a place in the list."""
    async with database.transaction(user_id) as conn:
        return await store.listed_videos(conn, user_id, wanted, after=after, limit=limit)


async def look_at_video(database: Database, user_id: UUID, video_id: UUID) -> VideoView:
    """One video. Raises NotFound."""
    async with database.transaction(user_id) as conn:
        return await look_at_video_in(conn, user_id, video_id)


async def look_at_video_in(conn: Connection, user_id: UUID, video_id: UUID) -> VideoView:
    """The same within the transaction of whoever does something with it."""
    found = await store.viewed_video(conn, user_id, video_id)
    if found is None:
        raise _unknown(video_id)
    listed, ordered = found
    return VideoView(listed, read_order(ordered))


async def look_at_steps(platform: Platform, user_id: UUID, video_id: UUID) -> list[StepView]:
    """Every step of the video as it stands, in order, those to come as well. Raises NotFound."""
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        if await state_of(conn, video_id) is None:
            raise _unknown(video_id)
        rows = await steps_now(conn, video_id)
    receipt = await tools.ledger.receipt(user_id, video_id)
    spent: Counter[str] = Counter()
    for line in receipt.lines:
        spent[line.step] += line.actual_microusd
    return [StepView(step, rows.get(step), spent[step]) for step in StepName]


async def receipt_of(platform: Platform, user_id: UUID, video_id: UUID) -> Receipt:
    """What the video cost, line by line. Raises NotFound."""
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        if await state_of(conn, video_id) is None:
            raise _unknown(video_id)
    return await tools.ledger.receipt(user_id, video_id)


def _unknown(video_id: UUID) -> NotFound:
    return NotFound(f"no video {video_id}", field="video", fix="List yours: GET /api/v1/videos.")
