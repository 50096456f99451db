"""The SQL of the ladder."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ytempire.kit.database import Connection, Sql
from ytempire.ledger.ladder.model import CheaperWay

TAKE_WAY: Sql = """
    insert into cheaper_ways (user_id, video_id, step, take, way, instead_of, because, at)
    values (%(user_id)s, %(video_id)s, %(step)s, %(take)s, %(way)s, %(instead_of)s, %(because)s, %(now)s)
    on conflict do nothing"""

ROLES: Sql = """
    select count(*) filter (where role = 'cheap'), count(*) filter (where role = 'strong')
    from (
        select role from paid_calls where user_id = %(user_id)s and role <> '' and state in ('open', 'done')
        order by number desc limit %(window)s
    ) latest"""


async def way(conn: Connection, user_id: UUID, video_id: UUID, step: str, take: str) -> CheaperWay | None:
    """The way that this take of the step went, if it is a cheaper one."""
    async with conn.cursor(row_factory=class_row(CheaperWay)) as cursor:
        await cursor.execute(
            "select step, way, instead_of, because, at from cheaper_ways"
            " where user_id = %s and video_id = %s and step = %s and take = %s",
            (user_id, video_id, step, take),
        )
        return await cursor.fetchone()


async def ways(conn: Connection, user_id: UUID, video_id: UUID) -> list[CheaperWay]:
    """All of a video, oldest first."""
    async with conn.cursor(row_factory=class_row(CheaperWay)) as cursor:
        await cursor.execute(
            "select step, way, instead_of, because, at from cheaper_ways where user_id = %s and video_id = %s"
            " order by at, step",
            (user_id, video_id),
        )
        return await cursor.fetchall()


async def take_way(
    conn: Connection,
    user_id: UUID,
    video_id: UUID,
    take: str,
    chosen: CheaperWay,
    now: datetime,
) -> None:
    """Write the way down; the first one stands."""
    values = {"user_id": user_id, "video_id": video_id, "take": take, "now": now}
    await conn.execute(
        TAKE_WAY,
        values
        | {
            "step": chosen.step,
            "way": chosen.way,
            "instead_of": chosen.instead_of,
            "because": chosen.because,
        },
    )


async def roles(conn: Connection, user_id: UUID, window: int) -> tuple[int, int]:
    """How many of the user's latest calls to models were cheap and how many strong, those under way among them."""
    row = await (await conn.execute(ROLES, {"user_id": user_id, "window": window})).fetchone()
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)
