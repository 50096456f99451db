"""What the channel made before: read so that nothing is repeated."""

from __future__ import annotations

from pydantic import TypeAdapter

from ytempire.production import recorded, store
from ytempire.production.model import Shot, StepName
from ytempire.production.step import Work

LATEST = 400
_shots = TypeAdapter(tuple[Shot, ...])


async def recent_titles(work: Work) -> list[str]:
    """Titles and topics of the channel's other videos, newest first, each once."""
    async with work.tools.database.transaction(work.video.user_id) as conn:
        past = await store.past_titles(conn, work.channel.id, except_id=work.video.id, limit=LATEST)
    return list(dict.fromkeys(past))


async def recent_visuals(work: Work) -> tuple[list[Shot], list[tuple[str, ...]], list[str]]:
    """Shots, layout sequences and music names of the channel's last ten videos, newest first."""
    async with work.tools.database.transaction(work.video.user_id) as conn:
        results = await recorded.recent_results(conn, work.video, StepName.VISUALS)
    shots = [shot for result in results for shot in _shots.validate_python(result.get("shots", ()))]
    layouts = [tuple(result.get("layouts", ())) for result in results]
    music = [str(result.get("music_name", "")) for result in results]
    return shots, layouts, music
