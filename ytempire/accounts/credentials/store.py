"""All SQL of sessions, API keys, invitations and the links of resets and new addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg.rows import class_row

from ytempire.accounts.model import ApiKey, Invitation, Role, Session
from ytempire.kit.database import Connection

T = TypeVar("T")
_KEY: LiteralString = "select id, name, scopes, created_at, expires_at, used_at, revoked_at from api_keys"
_INVITATION: LiteralString = "select id, email, role, created_at, expires_at, accepted_at from invitations"


async def _all(conn: Connection, kind: type[T], query: LiteralString, *values: Any) -> list[T]:  # noqa: ANN401
    async with conn.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()


async def add_session(conn: Connection, made: Session, token_hash: bytes) -> None:
    """Keep a new session; the user's ended ones are forgotten."""
    await conn.execute("delete from sessions where user_id = %s and expires_at <= %s", (made.user_id, made.created_at))
    await conn.execute(
        "insert into sessions (id, user_id, token_hash, agent, created_at, seen_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (made.id, made.user_id, token_hash, made.agent, made.created_at, made.seen_at, made.expires_at),
    )


async def session_seen(conn: Connection, session_id: UUID, now: datetime) -> None:
    """Note that it was used."""
    await conn.execute("update sessions set seen_at = %s where id = %s", (now, session_id))


async def end_session(conn: Connection, session_id: str) -> None:
    """End one."""
    await conn.execute("delete from sessions where id::text = %s", (session_id,))


async def end_sessions(conn: Connection, user_id: UUID) -> None:
    """End all of the user's."""
    await conn.execute("delete from sessions where user_id = %s", (user_id,))


async def end_other_sessions(conn: Connection, user_id: UUID, keep: str) -> None:
    """End all of the user's but this one."""
    await conn.execute("delete from sessions where user_id = %s and id::text <> %s", (user_id, keep))


async def api_keys(conn: Connection, after: tuple[datetime, str] | None, most: int) -> list[ApiKey]:
    """The user's keys, oldest first."""
    query: LiteralString = (
        " where %s::timestamptz is null or (created_at, id) > (%s, %s) order by created_at, id limit %s"
    )
    time, key_id = after or (None, None)
    return await _all(conn, ApiKey, _KEY + query, time, time, key_id, most)


async def add_api_key(conn: Connection, user_id: UUID, made: ApiKey, secret: bytes) -> None:
    """Keep a new key."""
    await conn.execute(
        "insert into api_keys (id, user_id, name, secret_hash, scopes, created_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (made.id, user_id, made.name, secret, list(made.scopes), made.created_at, made.expires_at),
    )


async def key_used(conn: Connection, key_id: str, now: datetime) -> None:
    """Note that it was used."""
    await conn.execute("update api_keys set used_at = %s where id = %s", (now, key_id))


async def revoke_api_key(conn: Connection, key_id: str, now: datetime) -> bool:
    """End it; False if there is no such key. One that has ended stays ended when it did."""
    cursor = await conn.execute(
        "update api_keys set revoked_at = coalesce(revoked_at, %s) where id = %s", (now, key_id)
    )
    return cursor.rowcount == 1


async def add_invitation(conn: Connection, user_id: UUID, made: Invitation, token_hash: bytes) -> None:
    """Keep a new invitation; an earlier one to the same address ends."""
    await conn.execute("delete from invitations where email = %s and accepted_at is null", (made.email,))
    await conn.execute(
        "insert into invitations (id, user_id, email, role, token_hash, created_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (made.id, user_id, made.email, made.role, token_hash, made.created_at, made.expires_at),
    )


async def invitations(conn: Connection, after: tuple[datetime, UUID] | None, most: int) -> list[Invitation]:
    """The operator's invitations, oldest first."""
    query: LiteralString = (
        " where %s::timestamptz is null or (created_at, id) > (%s, %s) order by created_at, id limit %s"
    )
    time, one = after or (None, None)
    return await _all(conn, Invitation, _INVITATION + query, time, time, one, most)


async def waiting_invitation(conn: Connection, token_hash: bytes, now: datetime) -> Invitation | None:
    """The invitation of this token, if it is neither used nor over."""
    query: LiteralString = " where token_hash = %s and accepted_at is null and expires_at > %s"
    return next(iter(await _all(conn, Invitation, _INVITATION + query, token_hash, now)), None)


async def accept_invitation(conn: Connection, token_hash: bytes, now: datetime) -> tuple[str, Role] | None:
    """Use it up: its address and role; None if it is used or over."""
    row = await (
        await conn.execute(
            "update invitations set accepted_at = %(now)s where token_hash = %(hash)s and accepted_at is null"
            " and expires_at > %(now)s returning email, role",
            {"now": now, "hash": token_hash},
        )
    ).fetchone()
    return (str(row[0]), row[1]) if row else None  # type: ignore[return-value]


async def withdraw_invitation(conn: Connection, invitation_id: UUID) -> bool:
    """Take it back; False if there is none that waits."""
    cursor = await conn.execute("delete from invitations where id = %s and accepted_at is null", (invitation_id,))
    return cursor.rowcount == 1


async def set_reset_link(
    conn: Connection, user_id: UUID, token_hash: bytes, *, with_totp: bool, expires_at: datetime
) -> None:
    """Keep a link; an earlier one ends."""
    await conn.execute(
        "insert into reset_links (user_id, token_hash, with_totp, expires_at) values (%s, %s, %s, %s)"
        " on conflict (user_id) do update set token_hash = excluded.token_hash, with_totp = excluded.with_totp,"
        " expires_at = excluded.expires_at",
        (user_id, token_hash, with_totp, expires_at),
    )


async def reset_link_waits(conn: Connection, token_hash: bytes, now: datetime) -> bool:
    """Whether the link of this token can still be used."""
    query: LiteralString = "select 1 from reset_links where token_hash = %s and expires_at > %s"
    return await (await conn.execute(query, (token_hash, now))).fetchone() is not None


async def use_reset_link(conn: Connection, token_hash: bytes, now: datetime) -> bool | None:
    """Use it up: whether the second factor goes as well; None if it is over."""
    row = await (
        await conn.execute(
            "delete from reset_links where token_hash = %s and expires_at > %s returning with_totp", (token_hash, now)
        )
    ).fetchone()
    return bool(row[0]) if row else None


async def drop_reset_link(conn: Connection, user_id: UUID) -> None:
    """End a link that waits."""
    await conn.execute("delete from reset_links where user_id = %s", (user_id,))


async def set_email_link(
    conn: Connection, user_id: UUID, email: str, token_hash: bytes, *, expires_at: datetime
) -> None:
    """Keep a link to a new address; an earlier one ends."""
    await conn.execute(
        "insert into email_links (user_id, email, token_hash, expires_at) values (%s, %s, %s, %s)"
        " on conflict (user_id) do update set email = excluded.email, token_hash = excluded.token_hash,"
        " expires_at = excluded.expires_at",
        (user_id, email, token_hash, expires_at),
    )


async def waiting_email(conn: Connection, token_hash: bytes, now: datetime) -> str | None:
    """The address that the link of this token confirms, if it can still be used."""
    query: LiteralString = "select email from email_links where token_hash = %s and expires_at > %s"
    row = await (await conn.execute(query, (token_hash, now))).fetchone()
    return str(row[0]) if row else None


async def use_email_link(conn: Connection, token_hash: bytes, now: datetime) -> str | None:
    """Use it up: the address; None if it is over."""
    query: LiteralString = "delete from email_links where token_hash = %s and expires_at > %s returning email"
    row = await (await conn.execute(query, (token_hash, now))).fetchone()
    return str(row[0]) if row else None
