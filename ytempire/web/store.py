"""All SQL of the web room itself: idempotency keys, and whether the database answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ytempire.kit.database import Connection


@dataclass(frozen=True)
class KnownKey:
    """What an idempotency key stands for; `answer` (sealed) is None while the request is at work."""

    fingerprint: bytes
    answer: bytes | None


async def claim_key(
    conn: Connection,
    user_id: UUID,
    key: str,
    fingerprint: bytes,
    *,
    now: datetime,
    abandoned_before: datetime,
    expires_at: datetime,
) -> bool:
    """Take the key if it is new, expired, or its request was abandoned; the user's expired ones are forgotten."""
    await conn.execute("delete from idempotency_keys where expires_at <= %s", (now,))
    cursor = await conn.execute(
        """
        insert into idempotency_keys as k (user_id, key, fingerprint, claimed_at, expires_at)
        values (%(user)s, %(key)s, %(fingerprint)s, %(now)s, %(expires)s)
        on conflict (user_id, key) do update
          set claimed_at = excluded.claimed_at, expires_at = excluded.expires_at
          where k.answer is null and k.claimed_at < %(abandoned)s and k.fingerprint = excluded.fingerprint
        """,
        {
            "user": user_id, "key": key, "fingerprint": fingerprint, "now": now, "expires": expires_at,
            "abandoned": abandoned_before,
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def key_of(conn: Connection, key: str) -> KnownKey | None:
    """What the key stands for."""
    async with conn.cursor(row_factory=class_row(KnownKey)) as cursor:
        await cursor.execute("select fingerprint, answer from idempotency_keys where key = %s", (key,))
        return await cursor.fetchone()


async def record_answer(conn: Connection, key: str, claimed_at: datetime, answer: bytes) -> bool:
    """Keep the answer; False if another request has taken the key over."""
    cursor = await conn.execute(
        "update idempotency_keys set answer = %s where key = %s and claimed_at = %s and answer is null",
        (answer, key, claimed_at),
    )
    return cursor.rowcount == 1


async def release_key(conn: Connection, key: str, claimed_at: datetime) -> None:
    """Let the key be used again: nothing was done under it."""
    await conn.execute(
        "delete from idempotency_keys where key = %s and claimed_at = %s and answer is null", (key, claimed_at)
    )


async def ping(conn: Connection) -> None:
    """Nothing but an answer."""
    await conn.execute("select 1")
