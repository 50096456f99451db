"""Verb: what the user's channels bring to a day."""

from __future__ import annotations

from collections.abc import Sequence

from ytempire.channels import connections_of
from ytempire.channels.model import Channel
from ytempire.kit.database import Connection
from ytempire.planning import store
from ytempire.planning.model import Candidate


async def candidates_of(conn: Connection, channels: Sequence[Channel]) -> list[Candidate]:
    """The channels as candidates, in the same order."""
    connections, pauses = await connections_of(conn), await store.channel_pauses(conn)
    return [
        Candidate(
            channel_id=channel.id,
            handle=channel.handle,
            archived=channel.archived_at is not None,
            connected=channel.id in connections and not connections[channel.id].broken,
            pause=pauses.get(channel.id),
            topics=channel.topics,
            has_sources=bool(channel.sources),
        )
        for channel in channels
    ]
