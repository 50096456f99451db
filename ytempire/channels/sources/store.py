"""All SQL of a channel's sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ytempire.channels.model import Source
from ytempire.kit import database
from ytempire.kit.ids import new_id


async def add_sources(
    conn: database.Connection,
    sources: Sequence[Source],
    *,
    user_id: UUID,
    channel_id: UUID,
    kind: str,
    now: datetime,
) -> list[UUID]:
    """Put the creator's own texts after those there are; their ids."""
    ids = [new_id() for _ in sources]
    await conn.execute(
        """
        insert into channel_sources (id, user_id, channel_id, position, kind, title, text, url, added_at)
        select n.id, %(user)s, %(channel)s,
          n.at + coalesce((select max(position) from channel_sources where channel_id = %(channel)s), 0),
          %(kind)s, n.title, n.text, n.url, %(now)s
        from unnest(%(ids)s::uuid[], %(titles)s::text[], %(texts)s::text[], %(urls)s::text[])
          with ordinality as n (id, title, text, url, at)
        """,
        {
            "user": user_id,
            "channel": channel_id,
            "kind": kind,
            "now": now,
            "ids": ids,
            "titles": [source.title for source in sources],
            "texts": [source.text for source in sources],
            "urls": [source.url for source in sources],
        },
    )
    return ids
