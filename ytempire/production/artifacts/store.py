"""All SQL of artifacts and of how often they were of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ytempire.kit.database import Connection, Sql

FIND_ARTIFACT: Sql = """
    update artifacts set used_at = %(now)s where kind = %(kind)s and key = %(key)s returning value, made_by, found_by
"""

KEEP_ARTIFACT: Sql = """
    insert into artifacts (user_id, kind, key, value, made_by, made_at, used_at)
    values (%(user_id)s, %(kind)s, %(key)s, %(value)s, %(run)s, %(now)s, %(now)s)
    on conflict (user_id, kind, key) do update set value = excluded.value, made_by = excluded.made_by, found_by = '',
        used_at = excluded.used_at
"""

NOTE_HIT: Sql = """
    with found as (
        update artifacts set found_by = %(run)s where user_id = %(user_id)s and kind = %(kind)s and key = %(key)s
    )
    insert into cache_counts as c (user_id, day, namespace, hits) values (%(user_id)s, %(day)s, %(kind)s, 1)
    on conflict (user_id, day, namespace) do update set hits = c.hits + 1"""

NOTE_MISSES: Sql = """
    insert into cache_counts as c (user_id, day, namespace, misses) values (%(user_id)s, %(day)s, %(kind)s, %(many)s)
    on conflict (user_id, day, namespace) do update set misses = c.misses + excluded.misses"""


@dataclass(frozen=True)
class ArtifactRow:
    """A kept result with the runs that made it and found it last."""

    value: dict[str, Any]
    made_by: str
    found_by: str


@dataclass(frozen=True)
class CacheRate:
    """How often a namespace was asked and had what was asked for."""

    namespace: str
    hits: int
    misses: int


async def find_artifact(conn: Connection, kind: str, key: str, now: datetime) -> ArtifactRow | None:
    """A kept result, marked as used."""
    async with conn.cursor(row_factory=class_row(ArtifactRow)) as cursor:
        await cursor.execute(FIND_ARTIFACT, {"kind": kind, "key": key, "now": now})
        return await cursor.fetchone()


async def keep_artifact(
    conn: Connection, user_id: UUID, kind: str, key: str, value: dict[str, Any], run: str, now: datetime
) -> None:
    """Keep a result under its key."""
    values = {"user_id": user_id, "kind": kind, "key": key, "value": Jsonb(value), "run": run, "now": now}
    await conn.execute(KEEP_ARTIFACT, values)


async def note_hit(conn: Connection, user_id: UUID, kind: str, key: str, run: str, now: datetime) -> None:
    """This run found the result and needs not make it."""
    values = {"user_id": user_id, "kind": kind, "key": key, "run": run, "day": now.date()}
    await conn.execute(NOTE_HIT, values)


async def note_misses(conn: Connection, user_id: UUID, kind: str, many: int, now: datetime) -> None:
    """So many were missing and have been made."""
    await conn.execute(NOTE_MISSES, {"user_id": user_id, "kind": kind, "many": many, "day": now.date()})


async def user_rates(conn: Connection, user_id: UUID, first: date) -> list[CacheRate]:
    """The user's look-ups by namespace since a day (UTC)."""
    async with conn.cursor(row_factory=class_row(CacheRate)) as cursor:
        await cursor.execute(
            "select namespace, sum(hits)::bigint as hits, sum(misses)::bigint as misses from cache_counts"
            " where user_id = %s and day >= %s group by namespace order by namespace",
            (user_id, first),
        )
        return await cursor.fetchall()


async def platform_rates(conn: Connection, first: date) -> list[CacheRate]:
    """The same over all users; nothing unless the transaction is an operator's."""
    async with conn.cursor(row_factory=class_row(CacheRate)) as cursor:
        await cursor.execute(
            "select namespace, hits, misses from cache_counts_for_operator(%s) order by namespace", (first,)
        )
        return await cursor.fetchall()
