"""All SQL of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from ytempire.accounts.model import Account, KeyHolder, RunHolder, SessionHolder, User
from ytempire.kit.database import Connection

T = TypeVar("T")


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


async def _one(conn: Connection, kind: type[T], query: LiteralString, *values: object) -> T | None:
    async with conn.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchone()


async def _many(conn: Connection, kind: type[T], query: LiteralString, *values: object) -> list[T]:
    async with conn.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()


async def _value(conn: Connection, query: LiteralString, *values: object) -> Any:  # noqa: ANN401 - one column
    row = await (await conn.execute(query, values)).fetchone()
    return row[0] if row else None


async def _counted(conn: Connection, query: LiteralString, *values: object) -> bool:
    return (await conn.execute(query, values)).rowcount == 1


# Whose is it? Across tenants, through the listed functions.


async def user_of_email(conn: Connection, email: str) -> UUID | None:
    """The user of this address."""
    found: UUID | None = await _value(conn, "select user_of_email(%s)", email)
    return found


async def holder_of_session(conn: Connection, token_hash: bytes) -> SessionHolder | None:
    """Whose session this is."""
    return await _one(conn, SessionHolder, "select * from holder_of_session(%s)", token_hash)


async def holder_of_api_key(conn: Connection, key_id: str, secret_hash: bytes) -> KeyHolder | None:
    """Whose key this is; nobody's if the secret is another."""
    return await _one(conn, KeyHolder, "select * from holder_of_api_key(%s, %s)", key_id, secret_hash)


async def holder_of_run(conn: Connection, run_id: str, secret_hash: bytes) -> RunHolder | None:
    """Whose video this run leads; nobody's if the secret is another."""
    return await _one(conn, RunHolder, "select * from holder_of_run(%s, %s)", run_id, secret_hash)


async def user_of_invitation(conn: Connection, token_hash: bytes) -> UUID | None:
    """Who made this invitation."""
    found: UUID | None = await _value(conn, "select user_of_invitation(%s)", token_hash)
    return found


async def user_of_reset_link(conn: Connection, token_hash: bytes) -> UUID | None:
    """Whose password this link resets."""
    found: UUID | None = await _value(conn, "select user_of_reset_link(%s)", token_hash)
    return found


async def user_of_email_link(conn: Connection, token_hash: bytes) -> UUID | None:
    """Whose new address this link confirms."""
    found: UUID | None = await _value(conn, "select user_of_email_link(%s)", token_hash)
    return found


async def users_for_operator(conn: Connection, after: tuple[datetime, UUID] | None, most: int) -> list[Account]:
    """Accounts, oldest first; none unless the transaction's tenant is an operator."""
    time, user_id = after or (None, None)
    return await _many(conn, Account, "select * from users_for_operator(%s, %s, %s)", time, user_id, most)


async def media_of_others(conn: Connection, hashes: Sequence[str]) -> set[str]:
    """Which of these files other tenants have, too."""
    return {str(row[0]) async for row in await conn.execute("select media_of_others(%s)", (list(hashes),))}


# The account itself


_ACCOUNT: LiteralString = """
    select id, name, email, time_zone, created_at, role, suspended_at from users where id = %s"""


async def add_account(conn: Connection, account: Account) -> bool:
    """Make an account; False if its address has one."""
    return await _counted(
        conn,
        "insert into users (id, name, email, time_zone, created_at, role) values (%s, %s, %s, %s, %s, %s)"
        " on conflict do nothing",
        account.id, account.name, account.email, account.time_zone, account.created_at, account.role,
    )  # fmt: skip


async def account(conn: Connection, user_id: UUID) -> Account | None:
    """The account, or None."""
    return await _one(conn, Account, _ACCOUNT, user_id)


async def account_for_update(conn: Connection, user_id: UUID) -> Account | None:
    """The account, its row locked."""
    return await _one(conn, Account, _ACCOUNT + " for update", user_id)


async def change_account(conn: Connection, changed: Account) -> None:
    """Write what may change."""
    await conn.execute(
        "update users set name = %s, time_zone = %s, role = %s, suspended_at = %s where id = %s",
        (changed.name, changed.time_zone, changed.role, changed.suspended_at, changed.id),
    )


async def change_email(conn: Connection, user_id: UUID, email: str) -> bool:
    """Write another address; False, and the transaction is lost, if it has an account."""
    try:
        await conn.execute("update users set email = %s where id = %s", (email, user_id))
    except UniqueViolation:
        return False
    return True


async def delete_account(conn: Connection, user_id: UUID) -> None:
    """The user and, by their foreign keys, all their rows outside the ledger."""
    await conn.execute("delete from users where id = %s", (user_id,))


async def all_rows(conn: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of this tenant in every table there is, without what is sealed or hashed."""
    names = await conn.execute(
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
        " and (a.attname = 'user_id' or (c.relname = 'users' and a.attname = 'id')) order by 1"
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for table, owner in await names.fetchall():
        secret = await _value(
            conn,
            "select array_agg(attname::text) from pg_attribute where attrelid = %s::regclass and attnum > 0"
            " and (atttypid = 'bytea'::regtype or (attrelid = 'passwords'::regclass and attname = 'hash'))",
            str(table),
        )
        query = sql.SQL("select to_jsonb(t) - %s::text[] from {} t where {} = app_user()").format(
            sql.Identifier(str(table)), sql.Identifier(str(owner))
        )
        rows = await (await conn.execute(query, (secret or [],))).fetchall()
        found[str(table)] = [row[0] for row in rows]  # type: ignore[misc]
    return found


# Passwords and second factors


async def password_hash(conn: Connection, user_id: UUID) -> str | None:
    """What is stored of the password."""
    found: str | None = await _value(conn, "select hash from passwords where user_id = %s", user_id)
    return found


async def set_password(conn: Connection, user_id: UUID, stored: str, now: datetime) -> None:
    """Keep a new one."""
    await conn.execute(
        "insert into passwords (user_id, hash, changed_at) values (%s, %s, %s)"
        " on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at",
        (user_id, stored, now),
    )


async def totp_secret(conn: Connection, user_id: UUID, *, confirmed: bool) -> bytes | None:
    """The sealed secret of the second factor that counts, or of the one being set up."""
    found: bytes | None = await _value(
        conn, "select secret from totps where user_id = %s and (confirmed_at is not null) = %s", user_id, confirmed
    )
    return found


async def has_totp(conn: Connection, user_id: UUID) -> bool:
    """Whether a second factor counts."""
    return await totp_secret(conn, user_id, confirmed=True) is not None


async def begin_totp(conn: Connection, user_id: UUID, sealed: bytes) -> bool:
    """Keep a secret until a code confirms it; False if one is confirmed already."""
    return await _counted(
        conn,
        "insert into totps as t (user_id, secret) values (%s, %s)"
        " on conflict (user_id) do update set secret = excluded.secret where t.confirmed_at is null",
        user_id, sealed,
    )  # fmt: skip


async def take_code(conn: Connection, user_id: UUID, step: int) -> bool:
    """Note that the code of this step was used; False if it, or a later one, was before."""
    return await _counted(
        conn, "update totps set last_step = %s where user_id = %s and last_step < %s", step, user_id, step
    )


async def confirm_totp(conn: Connection, user_id: UUID, now: datetime) -> None:
    """From here on it counts."""
    await conn.execute("update totps set confirmed_at = %s where user_id = %s", (now, user_id))


async def drop_totp(conn: Connection, user_id: UUID) -> None:
    """Forget the second factor and what stands in for it."""
    await conn.execute("delete from totps where user_id = %s", (user_id,))
    await conn.execute("delete from recovery_codes where user_id = %s", (user_id,))


async def set_recovery_codes(conn: Connection, user_id: UUID, hashes: Sequence[bytes]) -> None:
    """These and no others."""
    await conn.execute("delete from recovery_codes where user_id = %s", (user_id,))
    await conn.execute(
        "insert into recovery_codes (user_id, code_hash) select %s, unnest(%s::bytea[])", (user_id, list(hashes))
    )


async def use_recovery_code(conn: Connection, user_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use it up; False if there is none such that waits."""
    return await _counted(
        conn,
        "update recovery_codes set used_at = %s where user_id = %s and code_hash = %s and used_at is null",
        now, user_id, code_hash,
    )  # fmt: skip
