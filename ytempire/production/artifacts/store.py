"""All SQL of artifacts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from ytempire.kit.database import Connection

FIND_ARTIFACT = """
    update artifacts set used_at = %(now)s where kind = %(kind)s and key = %(key)s returning value
"""

KEEP_ARTIFACT = """
    insert into artifacts (user_id, kind, key, value, made_at, used_at)
    values (%(user_id)s, %(kind)s, %(key)s, %(value)s, %(now)s, %(now)s)
    on conflict (user_id, kind, key) do update set value = excluded.value, used_at = excluded.used_at
"""


async def find_artifact(conn: Connection, kind: str, key: str, now: datetime) -> dict[str, Any] | None:
    """A kept result, marked as used."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(FIND_ARTIFACT, {"kind": kind, "key": key, "now": now})
        return await cursor.fetchone()


async def keep_artifact(
    conn: Connection, user_id: UUID, kind: str, key: str, value: dict[str, Any], now: datetime
) -> None:
    """Keep a result under its key."""
    await conn.execute(KEEP_ARTIFACT, {"user_id": user_id, "kind": kind, "key": key, "value": Jsonb(value), "now": now})
