"""All SQL of artifacts and of how often they were of use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ytempire.kit.database import Connection, Sql

FIND_ARTIFACTS: Sql = """
    with wanted as materialized (
        select user_id, kind, key from artifacts where kind = %(kind)s and key = any(%(keys)s) order by key for update
    )
    update artifacts kept set used_at = %(now)s from wanted
    where kept.user_id = wanted.user_id and kept.kind = wanted.kind and kept.key = wanted.key
    returning kept.key, value, made_by, found_by
"""

KEEP_ARTIFACTS: Sql = """
    insert into artifacts (user_id, kind, key, value, made_by, made_at, used_at)
    select %(user_id)s, %(kind)s, made.key, made.value, %(run)s, %(now)s, %(now)s
    from unnest(%(keys)s::text[], %(values)s::jsonb[]) as made (key, value)
    on conflict (user_id, kind, key) do update set value = excluded.value, made_by = excluded.made_by, found_by = '',
        used_at = excluded.used_at
"""

NOTE_HITS: Sql = """
    with found as (
        update artifacts set found_by = %(run)s where user_id = %(user_id)s and kind = %(kind)s and key = any(%(keys)s)
    )
    insert into cache_counts as c (user_id, day, namespace, hits) values (%(user_id)s, %(day)s, %(kind)s, %(many)s)
    on conflict (user_id, day, namespace) do update set hits = c.hits + excluded.hits"""

NOTE_MISSES: Sql = """
    insert into cache_counts as c (user_id, day, namespace, misses) values (%(user_id)s, %(day)s, %(kind)s, %(many)s)
    on conflict (user_id, day, namespace) do update set misses = c.misses + excluded.misses"""


@dataclass(frozen=True)
class ArtifactRow:
    """A kept result with the runs that made it and found it last."""

    key: str
    value: dict[str, Any]
    made_by: str
    found_by: str


@dataclass(frozen=True)
class CacheRate:
    """How often a namespace was asked and had what was asked for."""

    namespace: str
    hits: int
    misses: int


async def find_artifacts(conn: Connection, kind: str, keys: Collection[str], now: datetime) -> list[ArtifactRow]:
    """The kept results among these keys, marked as used. Rows are locked in the order of their keys."""
    async with conn.cursor(row_factory=class_row(ArtifactRow)) as cursor:
        await cursor.execute(FIND_ARTIFACTS, {"kind": kind, "keys": list(keys), "now": now})
        return await cursor.fetchall()


async def keep_artifacts(
    conn: Connection, user_id: UUID, kind: str, made: Mapping[str, dict[str, Any]], run: str, now: datetime
) -> None:
    """Keep results under their keys, in the order of these, so that two writers never wait for each other."""
    keys = sorted(made)
    values = {"user_id": user_id, "kind": kind, "keys": keys, "run": run, "now": now}
    await conn.execute(KEEP_ARTIFACTS, values | {"values": [Jsonb(made[key]) for key in keys]})


async def note_hits(conn: Connection, user_id: UUID, kind: str, keys: Collection[str], run: str, now: datetime) -> None:
    """This run found these results and needs not make them."""
    values = {"user_id": user_id, "kind": kind, "keys": list(keys), "many": len(keys), "run": run, "day": now.date()}
    await conn.execute(NOTE_HITS, values)


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
