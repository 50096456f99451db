"""Verb: sign in with e-mail, password and, where it is set up, a code; sign out."""

from __future__ import annotations

from uuid import UUID

from ytempire.accounts import store
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import Account, Session
from ytempire.accounts.rules import (
    SESSION_GOOD_FOR,
    TRIES_FOR_ACCOUNT,
    TRIES_FOR_ACCOUNT_FROM_ADDRESS,
    TRIES_FROM_ADDRESS,
    may_sign_in,
)
from ytempire.accounts.second_factor import code_fits, recovery_code_fits
from ytempire.accounts.secrets import hashed, new_token
from ytempire.kit.database import Connection
from ytempire.kit.errors import NotSignedIn
from ytempire.kit.ids import new_id

_AGENT_MAX = 200


class CodeNeeded(NotSignedIn):
    """The password is right, and the account has a second factor: the code is missing."""

    code = "code_needed"


async def sign_in(
    desk: Desk, *, email: str, password: str, code: str | None, address: str, agent: str
) -> tuple[str, Account]:
    """The new session's token and whose it is. Raises NotSignedIn, CodeNeeded, TooMany.

    An unknown address takes the same way, argon2 included, and gets the same answer.
    """
    email = email.strip().lower()
    await _count(desk, email, address)
    async with desk.database.system() as conn:
        user_id = await store.user_of_email(conn, email)
    async with desk.database.transaction(user_id or new_id()) as conn:
        account = await store.account(conn, user_id) if user_id else None
        stored = await store.password_hash(conn, user_id or new_id())
    right = await desk.passwords.fits(password, stored)  # no connection is held while it computes
    if account is None or not right or not may_sign_in(account):
        raise _refused()
    async with desk.database.transaction(account.id) as conn:
        await require_code(desk, conn, account.id, code)
        return await open_session(desk, conn, account.id, agent), account


async def open_session(desk: Desk, conn: Connection, user_id: UUID, agent: str) -> str:
    """A new session's token."""
    token, now = new_token(), desk.clock.now()
    made = Session(new_id(), user_id, agent[:_AGENT_MAX], now, now, now + SESSION_GOOD_FOR)
    await credentials.add_session(conn, made, hashed(token))
    return token


async def sign_out(conn: Connection, session_id: str) -> None:
    """End this session."""
    await credentials.end_session(conn, session_id)


async def _count(desk: Desk, email: str, address: str) -> None:
    """Every try counts, also a right one: who knows the password needs few."""
    now = desk.clock.now()
    for rate, whose in (
        (TRIES_FROM_ADDRESS, address),
        (TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"{hashed(email).hex()}|{address}"),
        (TRIES_FOR_ACCOUNT, hashed(email).hex()),
    ):
        (await desk.rates.take(rate, whose, now)).require("too many tries to sign in")


async def require_code(desk: Desk, conn: Connection, user_id: UUID, code: str | None) -> None:
    """Raise CodeNeeded or NotSignedIn unless the account has no second factor, or this is one of its codes."""
    if not await store.has_totp(conn, user_id):
        return
    if not code:
        raise CodeNeeded("this account has a second factor", field="code", fix="Send the code of your app as well.")
    if await code_fits(desk, conn, user_id, code, confirmed=True):
        return
    if not await recovery_code_fits(desk, conn, user_id, code):
        raise _refused()


def _refused() -> NotSignedIn:
    return NotSignedIn("e-mail, password or code is not right", fix="Check them, or ask the operator for a reset link.")
