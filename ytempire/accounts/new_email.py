"""Verb: another e-mail address, once a one-time link that was sent to it is used.

Whether an address has an account already is told to nobody who can't read its mail.
"""

from __future__ import annotations

from uuid import UUID

from ytempire.accounts import store
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import LOCAL_USER_ID, Account
from ytempire.accounts.rules import EMAIL_LINK_GOOD_FOR, TRIES_FOR_ACCOUNT_FROM_ADDRESS, checked_email, may_sign_in
from ytempire.accounts.secrets import hashed, new_token
from ytempire.kit.database import Connection, become
from ytempire.kit.errors import Conflict, NotAllowed, NotFound


async def require_password(desk: Desk, user_id: UUID, *, email: str, password: str) -> str:
    """The new address in its one form, if the password is right. Raises BadInput, NotAllowed, TooMany.

    Each try counts, from wherever: nobody guesses passwords here, or sends strangers letters without end.
    """
    email, now = checked_email(email), desk.clock.now()
    taken = await desk.rates.take(TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"email|{user_id}", now)
    taken.require("too many tries to change the address")
    async with desk.database.transaction(user_id) as conn:
        stored = await store.password_hash(conn, user_id)
    if not await desk.passwords.fits(password, stored):
        raise NotAllowed("the password is not right", fix="Send your password with the new address.")
    return email


async def make_email_link(desk: Desk, conn: Connection, user_id: UUID, email: str) -> str | None:
    """The token, or None if the address has an account; `conn` is a transaction of this user."""
    if await store.user_of_email(conn, email) is not None:
        return None
    token = new_token()
    expires_at = desk.clock.now() + EMAIL_LINK_GOOD_FOR
    await credentials.set_email_link(conn, user_id, email, hashed(token), expires_at=expires_at)
    return token


async def email_link_for(desk: Desk, conn: Connection, account: Account, email: str) -> str:
    """The token that an operator hands out; `conn` is a transaction of this account. Raises BadInput, Conflict."""
    if account.email is None:
        raise Conflict("this account is used on its machine only", fix="It needs no address.")
    token = await make_email_link(desk, conn, account.id, checked_email(email))
    if token is None:
        raise _taken()
    return token


async def look_at_email_link(desk: Desk, token: str) -> str | None:
    """The address that this token confirms; None: it is used or over."""
    async with desk.database.system() as conn:
        user_id = await store.user_of_email_link(conn, hashed(token))
        await become(conn, user_id or LOCAL_USER_ID)
        return await credentials.waiting_email(conn, hashed(token), desk.clock.now()) if user_id else None


async def confirm_email(desk: Desk, token: str) -> tuple[Account, str]:
    """From here on the new address counts: the account as it was, and its address. Raises NotFound, Conflict.

    A reset link that waits in the old mailbox ends with it.
    """
    async with desk.database.system() as conn:
        user_id = await store.user_of_email_link(conn, hashed(token))
        await become(conn, user_id or LOCAL_USER_ID)
        email = await credentials.use_email_link(conn, hashed(token), desk.clock.now())
        account = await store.account_for_update(conn, user_id) if user_id else None
        if email is None or account is None or not may_sign_in(account):
            raise NotFound("this link is used or over", field="token", fix="Ask for the change once more.")
        if not await store.change_email(conn, account.id, email):
            raise _taken()  # somebody made an account of it in the meantime
        await credentials.drop_reset_link(conn, account.id)
        return account, email


def _taken() -> Conflict:
    return Conflict("this address has an account", field="email", fix="Use another address.")
