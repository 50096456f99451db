"""Verb: what an operator sees and does: list accounts and invitations, suspend, change a role, hand out a link."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ytempire.accounts import store
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import Account, Invitation, Role
from ytempire.accounts.reset import make_reset_link
from ytempire.kit.database import Connection, become
from ytempire.kit.errors import Conflict, NotFound


async def list_accounts(conn: Connection, after: tuple[datetime, UUID] | None, most: int) -> list[Account]:
    """All accounts, oldest first; the database gives rows to operators only."""
    return await store.users_for_operator(conn, after, most)


async def list_invitations(conn: Connection, after: tuple[datetime, UUID] | None, most: int) -> list[Invitation]:
    """The operator's own invitations, oldest first."""
    return await credentials.invitations(conn, after, most)


async def account_of(conn: Connection, user_id: UUID) -> Account:
    """An account, its row locked; the transaction is that user's from here on. Raises NotFound."""
    await become(conn, user_id)
    found = await store.account_for_update(conn, user_id)
    if found is None:
        raise NotFound("there is no such user", fix="List them to see who there is.")
    return found


async def change_standing(
    desk: Desk, conn: Connection, account: Account, *, operator: UUID, role: Role | None, suspended: bool | None
) -> Account:
    """Another role, suspended or not; who is suspended is signed out. Raises Conflict for oneself."""
    if account.id == operator:
        raise Conflict("this is your own account", fix="Let another operator do it, so that one is left.")
    changed = replace(account, role=role or account.role)
    if suspended is not None:
        since = account.suspended_at or desk.clock.now()
        changed = replace(changed, suspended_at=since if suspended else None)
    await store.change_account(conn, changed)
    if changed.suspended_at or changed.role != account.role:
        await credentials.end_sessions(conn, account.id)
    return changed


async def reset_link_for(desk: Desk, conn: Connection, user_id: UUID) -> str:
    """A one-time link's token for a user; it leaves the second factor as it is."""
    account = await account_of(conn, user_id)
    if account.email is None:
        raise Conflict("this account is used on its machine only", fix="It needs no password.")
    return await make_reset_link(desk, conn, user_id, with_totp=False)
