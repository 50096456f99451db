"""All SQL of accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ytempire.accounts.model import User
from ytempire.kit.database import Connection


async def add_user(conn: Connection, user: User) -> None:
    """Make a user unless there is one of this id."""
    await conn.execute(
        "insert into users (id, name, email, time_zone, created_at) values (%s, %s, %s, %s, %s)"
        " on conflict (id) do nothing",
        (user.id, user.name, user.email, user.time_zone, user.created_at),
    )


async def user_by_id(conn: Connection, user_id: UUID) -> User | None:
    """The user, or None."""
    async with conn.cursor(row_factory=class_row(User)) as cursor:
        await cursor.execute("select id, name, email, time_zone, created_at from users where id = %s", (user_id,))
        return await cursor.fetchone()


async def set_time_zone(conn: Connection, user_id: UUID, time_zone: str) -> None:
    """Move the user to another zone."""
    await conn.execute("update users set time_zone = %s where id = %s", (time_zone, user_id))


async def add_key(conn: Connection, user_id: UUID, wrapped: bytes, now: datetime) -> None:
    """Keep a wrapped data key unless the user has one."""
    await conn.execute(
        "insert into tenant_keys (user_id, wrapped_key, created_at) values (%s, %s, %s)"
        " on conflict (user_id) do nothing",
        (user_id, wrapped, now),
    )


async def wrapped_key(conn: Connection, user_id: UUID) -> bytes | None:
    """The user's wrapped data key, or None."""
    row = await (await conn.execute("select wrapped_key from tenant_keys where user_id = %s", (user_id,))).fetchone()
    return bytes(row[0]) if row else None  # type: ignore[call-overload]
