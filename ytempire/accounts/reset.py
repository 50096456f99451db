"""Verb: a one-time link with which a user chooses a new password; and the installation's first operator."""

from __future__ import annotations

from uuid import UUID

from ytempire.accounts import store
from ytempire.accounts.by_token import hash_by_token
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.inviting import invite
from ytempire.accounts.model import LOCAL_USER_ID, Account
from ytempire.accounts.rules import RESET_GOOD_FOR, TRIES_FOR_ACCOUNT_FROM_ADDRESS, checked_email, checked_password
from ytempire.accounts.secrets import hashed, new_token
from ytempire.accounts.signing_in import open_session, require_code
from ytempire.kit.database import Connection, become
from ytempire.kit.errors import BadInput, NotFound


async def make_reset_link(desk: Desk, conn: Connection, user_id: UUID, *, with_totp: bool) -> str:
    """The token; `conn` is a transaction of this user. With `with_totp` the second factor goes as well."""
    token = new_token()
    expires_at = desk.clock.now() + RESET_GOOD_FOR
    await credentials.set_reset_link(conn, user_id, hashed(token), with_totp=with_totp, expires_at=expires_at)
    return token


async def reset_password(desk: Desk, *, token: str, password: str, code: str | None, agent: str) -> tuple[str, Account]:
    """A new password; all sessions end and a new one begins.

    Raises BadInput, NotFound, TooMany, CodeNeeded, NotSignedIn. Who has the link has read somebody's mail: that stands
    in for the password, never for the second factor. Without its code nothing changes, and the link waits on.
    """
    stored = await hash_by_token(desk, password, token, store.user_of_reset_link)
    if stored is None:
        raise _no_link()
    now = desk.clock.now()
    async with desk.database.system() as conn:
        user_id = await store.user_of_reset_link(conn, hashed(token))
        await become(conn, user_id or LOCAL_USER_ID)
        with_totp = await credentials.use_reset_link(conn, hashed(token), now)
        account = await store.account(conn, user_id) if user_id else None
        if with_totp is None or account is None or account.suspended_at is not None:
            raise _no_link()
        checked_password(password, account.email or "")
        await store.set_password(conn, account.id, stored, now)
        if with_totp:
            await store.drop_totp(conn, account.id)
        elif code:
            tried = await desk.rates.take(TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"totp|{account.id}", now)
            tried.require("too many codes")
        await require_code(desk, conn, account.id, code)
        await credentials.end_sessions(conn, account.id)
        return await open_session(desk, conn, account.id, agent), account


async def look_at_reset_link(desk: Desk, token: str) -> str | None:
    """The address of the account whose password this token resets; None: it is used or over."""
    async with desk.database.system() as conn:
        user_id = await store.user_of_reset_link(conn, hashed(token))
        if user_id is None:
            return None
        await become(conn, user_id)
        account = await store.account(conn, user_id)
        waits = await credentials.reset_link_waits(conn, hashed(token), desk.clock.now())
    return (account.email or "") if waits and account and account.suspended_at is None else None


async def operator_link(desk: Desk, email: str) -> tuple[str, str]:
    """What `ytempire operator create` hands out: ("invitation" or "reset", token).

    Who runs commands on this machine is the root of trust: an operator who lost password and second factor gets both
    anew, and nobody who is a creator becomes more than that by accident.
    """
    email = checked_email(email)
    async with desk.database.system() as conn:
        user_id = await store.user_of_email(conn, email)
        await become(conn, user_id or LOCAL_USER_ID)
        if user_id is None:
            return "invitation", (await invite(desk, conn, LOCAL_USER_ID, email=email, role="operator"))[1]
        account = await store.account(conn, user_id)
        if account is None or account.role != "operator":
            raise BadInput(
                "this address belongs to a creator",
                field="EMAIL",
                fix="Use another address, or let an operator change it.",
            )
        return "reset", await make_reset_link(desk, conn, user_id, with_totp=True)


def _no_link() -> NotFound:
    return NotFound("this link is used or over", field="token", fix="Ask the operator for a new one.")
