"""All SQL of `gc`: reading as the dump role, across tenants; deleting as each tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from ytempire.kit.database import Connection, Sql
from ytempire.kit.media_store import MediaRef
from ytempire.local.gc.model import Artifact, Terms

KINDS = ["scene", "mix"]

# A user's video at work may have used any scene since it was made, so what was used since then stays.
OLD_ARTIFACTS: Sql = """
    select a.user_id, a.kind, a.key, a.value -> 'media' as media
    from artifacts a
    where a.kind = any(%(kinds)s) and a.used_at < %(scenes_before)s and a.used_at < coalesce((
        select min(v.created_at) from videos v
        where v.user_id = a.user_id and v.state not in ('published', 'cancelled', 'failed')), 'infinity')"""

RESTING: Sql = """
    select v.id from videos v left join publications p on p.video_id = v.id
    where (v.state = 'published' and p.checked_at < %(finals_before)s)
        or (v.state in ('cancelled', 'failed') and v.updated_at < %(finals_before)s)"""

FINALS: Sql = """
    select distinct s.result -> 'video' from steps s
    where s.step = 'render' and s.video_id = any(%(resting)s) and s.result ? 'video'"""

# Any mention counts, in any column of any table, so a table added tomorrow is searched as well. What is taken out are
# the very rows by which the files above are old.
NAMED: Sql = """
    select distinct m[1] from (select t::text as row_text from {table} t where {counts}) as rows,
        regexp_matches(row_text, '[0-9a-f]{{64}}', 'g') as m"""
_COUNTS: dict[str, Sql] = {
    "artifacts": "not (t.kind || '/' || t.key || '/' || t.user_id = any(%(artifacts)s))",
    "steps": "not (t.step = 'render' and t.video_id = any(%(resting)s))",
    "uploads": "not (t.video_id = any(%(resting)s))",
}

FORGET: Sql = """
    delete from artifacts where kind = %(kind)s and key = %(key)s and used_at < %(scenes_before)s returning key"""


async def old_artifacts(conn: Connection, terms: Terms) -> list[Artifact]:
    """Scenes and mixes that are old enough, and not of use to a video at work."""
    cursor = await conn.execute(OLD_ARTIFACTS, {"kinds": KINDS, "scenes_before": terms.scenes_before})
    rows: list[Any] = await cursor.fetchall()
    return [Artifact(user_id, kind, key, MediaRef(**media)) for user_id, kind, key, media in rows]


async def resting_videos(conn: Connection, terms: Terms) -> list[UUID]:
    """Videos whose finished file has done its work."""
    cursor = await conn.execute(RESTING, {"finals_before": terms.finals_before})
    return [UUID(str(row[0])) for row in await cursor.fetchall()]


async def finals_of(conn: Connection, videos: list[UUID]) -> list[MediaRef]:
    """Their finished files, of every version."""
    rows: list[Any] = await (await conn.execute(FINALS, {"resting": videos})).fetchall()
    return [MediaRef(**row[0]) for row in rows]


async def named_hashes(conn: Connection, artifacts: list[Artifact], resting: list[UUID]) -> frozenset[str]:
    """Every hash named by any row, but for those artifacts and the finals of those videos."""
    values = {"artifacts": [f"{one.kind}/{one.key}/{one.user_id}" for one in artifacts], "resting": resting}
    tables = await conn.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and not relispartition"
    )
    found: set[str] = set()
    for (table,) in await tables.fetchall():
        name = str(table)
        query = sql.SQL(NAMED).format(table=sql.Identifier(name), counts=sql.SQL(_COUNTS.get(name, "true")))
        found.update(str(row[0]) for row in await (await conn.execute(query, values)).fetchall())
    return frozenset(found)


async def forget(conn: Connection, artifact: Artifact, before: datetime) -> bool:
    """Delete the row, unless somebody used it in the meantime."""
    values = {"kind": artifact.kind, "key": artifact.key, "scenes_before": before}
    return await (await conn.execute(FORGET, values)).fetchone() is not None


async def old_events(conn: Connection, before: datetime) -> dict[UUID, int]:
    """How many events of each user are older."""
    rows: list[Any] = await (
        await conn.execute("select user_id, count(*) from events where at < %s group by user_id", (before,))
    ).fetchall()
    return {row[0]: row[1] for row in rows}


async def old_answers(conn: Connection, before: datetime) -> dict[UUID, int]:
    """How many answers to Idempotency-Keys of each user are past their time."""
    rows: list[Any] = await (
        await conn.execute(
            "select user_id, count(*) from idempotency_keys where expires_at <= %s group by user_id", (before,)
        )
    ).fetchall()
    return {user_id: int(count) for user_id, count in rows}


async def forget_answers(conn: Connection, before: datetime) -> None:
    """Delete those of the tenant."""
    await conn.execute("delete from idempotency_keys where expires_at <= %s", (before,))


async def forget_events(conn: Connection, before: datetime) -> None:
    """Delete the tenant's old events."""
    await conn.execute("delete from events where at < %s", (before,))
