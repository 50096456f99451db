"""Verb: an operator invites an address; whoever holds the link makes an account of it, once."""

from __future__ import annotations

from uuid import UUID

from ytempire.accounts import store
from ytempire.accounts.by_token import hash_by_token
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import Account, Invitation, Role
from ytempire.accounts.rules import (
    INVITATION_GOOD_FOR,
    checked_email,
    checked_name,
    checked_password,
    checked_time_zone,
)
from ytempire.accounts.secrets import hashed, new_token
from ytempire.accounts.signing_in import open_session
from ytempire.kit.database import Connection, become
from ytempire.kit.errors import Conflict, NotFound
from ytempire.kit.ids import new_id


async def invite(desk: Desk, conn: Connection, operator: UUID, *, email: str, role: Role) -> tuple[Invitation, str]:
    """A new invitation and its token, which nobody can look up later. Raises BadInput, Conflict."""
    email = checked_email(email)
    if await store.user_of_email(conn, email) is not None:
        raise Conflict("this address has an account", field="email", fix="Hand out a reset link instead.")
    token, now = new_token(), desk.clock.now()
    made = Invitation(new_id(), email, role, now, now + INVITATION_GOOD_FOR, None)
    await credentials.add_invitation(conn, operator, made, hashed(token))
    return made, token


async def accept_invitation(
    desk: Desk, *, token: str, name: str, password: str, time_zone: str, agent: str
) -> tuple[str, Account]:
    """The new account, signed in: its session's token. Raises BadInput, NotFound, Conflict, TooMany.

    Everything happens in one transaction, so that two who hold the link make one account.
    """
    name, time_zone = checked_name(name), checked_time_zone(time_zone)
    stored = await hash_by_token(desk, password, token, store.user_of_invitation)
    if stored is None:
        raise _no_invitation()
    now = desk.clock.now()
    async with desk.database.system() as conn:
        inviter = await store.user_of_invitation(conn, hashed(token))
        await become(conn, inviter or new_id())
        accepted = await credentials.accept_invitation(conn, hashed(token), now)
        if accepted is None:
            raise _no_invitation()
        email, role = accepted
        checked_password(password, email)
        account = Account(new_id(), name, email, time_zone, now, role, None)
        await become(conn, account.id)
        if not await store.add_account(conn, account):
            raise Conflict("this address has an account", field="email", fix="Sign in with it.")
        await store.set_password(conn, account.id, stored, now)
        return await open_session(desk, conn, account.id, agent), account


async def look_at_invitation(desk: Desk, token: str) -> Invitation | None:
    """The invitation of this token, if it still waits."""
    async with desk.database.system() as conn:
        inviter = await store.user_of_invitation(conn, hashed(token))
        if inviter is None:
            return None
        await become(conn, inviter)
        return await credentials.waiting_invitation(conn, hashed(token), desk.clock.now())


async def withdraw(conn: Connection, invitation_id: UUID) -> None:
    """Take an invitation back. Raises NotFound."""
    if not await credentials.withdraw_invitation(conn, invitation_id):
        raise NotFound("there is no such invitation that waits", fix="List them to see what there is.")


def _no_invitation() -> NotFound:
    return NotFound("this invitation is used, withdrawn or over", field="token", fix="Ask the operator for a new one.")
