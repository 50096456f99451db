"""Verbs: move, pin, skip and rewrite topics of the backlog. A used one stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from ytempire.channels.backlog import store
from ytempire.channels.backlog.topics import no_topic
from ytempire.channels.model import Channel, Topic, TopicState
from ytempire.channels.rules import check_backlog, check_notes, check_topic, moved
from ytempire.channels.sources.store import lock_channel
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput


async def change_topic(
    database: Database,
    channel: Channel,
    topic_id: UUID,
    *,
    topic: str | None = None,
    notes: str | None = None,
    pinned: bool | None = None,
    skipped: bool | None = None,
    place: int | None = None,
    expects: Callable[[Topic], None] | None = None,
) -> Topic:
    """Change what is named; all of it or nothing. Raises NotFound, BadInput, and what `expects` raises.

    `expects` is shown the topic as it is, locked, before it is changed.
    `place` counts from 1 among the waiting ones as they will be taken; pinned ones stay before the others.
    """
    async with database.transaction(channel.user_id) as conn:
        await lock_channel(conn, channel.id)
        old = await _open_topic(conn, channel, topic_id, expects)
        new = replace(
            old,
            topic=old.topic if topic is None else topic.strip(),
            notes=old.notes if notes is None else notes.strip(),
            pinned=old.pinned if pinned is None else pinned,
            state=old.state if skipped is None else TopicState.SKIPPED if skipped else TopicState.WAITING,
        )
        if new.state is TopicState.SKIPPED:
            new = replace(new, pinned=False)
        check_topic(new.topic)
        check_notes(new.notes)
        if not await store.write_topic(conn, new):
            raise BadInput(f"the channel has {new.topic!r} already", field="topic", fix="Use other words.")
        if place is not None:
            await _move(conn, channel, new, place)
        check_backlog(await store.topics(conn, channel.id, TopicState.WAITING))
        changed = await store.topic_by_id(conn, channel.id, topic_id)
    if changed is None:
        raise RuntimeError("the topic's row is gone within its own transaction")
    return changed


async def _open_topic(
    conn: Connection, channel: Channel, topic_id: UUID, expects: Callable[[Topic], None] | None
) -> Topic:
    found = await store.topic_by_id(conn, channel.id, topic_id)
    if found is None:
        raise no_topic(channel, topic_id)
    if expects:
        expects(found)
    if found.state is TopicState.USED:
        raise BadInput("a video has taken it, so it stays as it was", field="topic", fix="Add a new topic instead.")
    return found


async def _move(conn: Connection, channel: Channel, topic: Topic, place: int) -> None:
    if topic.state is not TopicState.WAITING:
        raise BadInput("it is skipped, so it has no place", field="position", fix="Let it wait again first.")
    if place < 1:
        raise BadInput(f"{place} is no place", field="position", fix="Count from 1.")
    order = moved(await store.topics(conn, channel.id, TopicState.WAITING), topic.id, place)
    await store.write_order(conn, [one.id for one in order])
