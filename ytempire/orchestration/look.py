"""Verbs: look at videos: a list of them, one of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import NotFound
from ytempire.orchestration import store
from ytempire.orchestration.model import ListedVideo, VideoView, Wanted
from ytempire.production import read_order


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
        raise NotFound(f"no video {video_id}", field="video", fix="List yours: GET /api/v1/videos.")
    listed, ordered = found
    return VideoView(listed, read_order(ordered))
