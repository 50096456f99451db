"""The SQL of forgetting."""

from __future__ import annotations

from uuid import UUID

from ytempire.kit.database import Connection


async def has_open_call(conn: Connection, user_id: UUID) -> bool:
    """Whether a paid call of the user is under way."""
    row = await (
        await conn.execute(
            "select exists (select from paid_calls where user_id = %s and hold_state = 'held')", (user_id,)
        )
    ).fetchone()
    return bool(row and row[0])


async def forget_words(conn: Connection, user_id: UUID) -> None:
    """Empty what the user's calls asked and were answered."""
    await conn.execute(
        "update paid_calls set what = '', once = id::text, result = case when result is null then null"
        " else '{}'::jsonb end where user_id = %s",
        (user_id,),
    )
