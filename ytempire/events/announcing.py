"""Verb: announce what happens, in the transaction in which it happens: there are both, or neither."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.events import store
from ytempire.events.model import News
from ytempire.kit.database import Connection


async def announce(conn: Connection, subject: object, news: News, now: datetime) -> UUID:
    """Tell the tenant of this transaction, once it is committed; the event's id. `subject`: what it is about."""
    return await store.add_event(conn, str(subject), news.type, news.data(), now)
