"""All SQL of events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ytempire.events.model import Event
from ytempire.kit.database import Connection, Sql
from ytempire.kit.ids import new_id

# The count is read in the same statement, hence of the same moment: there is nothing up to it that isn't shown.
_AFTER: Sql = """
    select c.last, e.id, e.number, e.type, e.subject, e.data, e.at
    from event_counts c left join lateral (
        select * from events
        where user_id = c.user_id and number > %(after)s and (%(types)s::text[] is null or type = any(%(types)s))
        order by number limit %(limit)s) e on true
    where c.user_id = app_user() order by e.number"""


async def add_event(conn: Connection, subject: str, kind: str, data: dict[str, Any], now: datetime) -> UUID:
    """Keep an event of the transaction's tenant; its number is given at the commit."""
    made = new_id()
    await conn.execute(
        "insert into events (id, user_id, type, subject, data, at) values (%s, app_user(), %s, %s, %s, %s)",
        (made, kind, subject, Jsonb(data), now),
    )
    return made


async def events_after(
    conn: Connection, after: int, types: Collection[str] | None, limit: int
) -> tuple[list[Event], int]:
    """The tenant's next events of these types, and the number up to which there are no others of them."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_AFTER, {"after": after, "types": list(types) if types else None, "limit": limit})
        rows = await cursor.fetchall()
    last = int(rows[0]["last"]) if rows else 0
    found = [Event(**{name: row[name] for name in Event.__dataclass_fields__}) for row in rows if row["id"]]
    return found, found[-1].number if len(found) == limit else last


async def last_number(conn: Connection) -> int:
    """The number of the tenant's last event; 0 before the first."""
    row = await (await conn.execute("select last from event_counts where user_id = app_user()")).fetchone()
    return int(str(row[0])) if row else 0
