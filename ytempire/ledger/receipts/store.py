"""The SQL of receipts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from ytempire.kit.database import Connection, Sql

RECEIPT: Sql = """
    select c.id, c.step, c.resource, c.category, c.what, c.estimate, c.saved, c.state, h.kinds, h.taken, h.spent,
        h.overrun
    from paid_calls c
    left join lateral (
        select hold_id, array_agg(kind order by number) as kinds, min(number) as number,
            sum(held) filter (where kind = 'hold') as taken, sum(spent) as spent, sum(overrun) as overrun
        from transfers where call_id = c.id group by hold_id
    ) h on true
    where c.user_id = %(user_id)s and c.video_id = %(video_id)s and (h.hold_id is not null or c.state = 'cached')
    order by c.number, h.number"""


async def receipt_rows(conn: Connection, user_id: UUID, video_id: UUID) -> list[dict[str, Any]]:
    """One row per hold of the video's calls, and one per cached result, in the order they came."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(RECEIPT, {"user_id": user_id, "video_id": video_id})
        return await cursor.fetchall()
