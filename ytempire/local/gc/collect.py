"""Verb: delete media that nobody needs any more, and events past their days.

What a row still names stays. A scene's row goes before its file, and only if nobody used it since: whoever looks for it
then makes it anew. Should a scene be made again in the very moment between the two, its file is missed at the join, and
the render's next try makes it.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from ytempire.kit.database import Database, read_only
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.local.gc import store
from ytempire.local.gc.model import Freed, Seen, Terms


async def collect(dump_url: str, database: Database, media: LocalMediaStore, terms: Terms, *, dry_run: bool) -> Freed:
    """What was freed, or with `dry_run` would be. `database` is open, as the app role."""
    files = await asyncio.to_thread(lambda: list(media.refs()))  # before the rows: what comes later is not looked at
    seen = await _seen(dump_url, terms)
    free = [artifact for artifact in seen.artifacts if artifact.media.sha256 not in seen.needed]
    old = {artifact.media.sha256 for artifact in free}
    finals = [ref for ref in seen.finals if ref.sha256 not in seen.needed | old]
    named = seen.needed | old | {ref.sha256 for ref in finals}
    unnamed = [ref for ref in files if ref.sha256 not in named and _is_old(media, ref, terms.scenes_before)]
    scenes: list[MediaRef] = []
    there = set(files)
    for artifact in free:
        if not dry_run:
            async with database.transaction(artifact.user_id) as conn:
                if not await store.forget(conn, artifact, terms.scenes_before):
                    continue
            media.remove(artifact.media)
        if artifact.media in there:
            scenes.append(artifact.media)
    finals = [ref for ref in finals if ref in there]
    if not dry_run:
        for ref in (*finals, *unnamed):
            media.remove(ref)
        for user_id in seen.events:
            async with database.transaction(user_id) as conn:
                await store.forget_events(conn, terms.events_before)
        for user_id in seen.answers:  # a user who never posts again would keep theirs for good
            async with database.transaction(user_id) as conn:
                await store.forget_answers(conn, terms.answers_before)
    counted = sum(seen.events.values()), sum(seen.answers.values())
    return Freed(tuple(dict.fromkeys(scenes)), tuple(finals), tuple(unnamed), *counted)


async def _seen(dump_url: str, terms: Terms) -> Seen:
    async with read_only(dump_url, field="DATABASE_DUMP_URL") as conn:
        artifacts = await store.old_artifacts(conn, terms)
        resting = await store.resting_videos(conn, terms)
        finals = await store.finals_of(conn, resting)
        needed = await store.named_hashes(conn, artifacts, resting)
        events = await store.old_events(conn, terms.events_before)
        answers = await store.old_answers(conn, terms.answers_before)
    return Seen(tuple(artifacts), tuple(finals), needed, events, answers)


def _is_old(media: LocalMediaStore, ref: MediaRef, before: datetime) -> bool:
    written = media.written_at(ref)
    return written is not None and written < before
