"""Verb: make and revoke API keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ytempire.accounts.credentials import store
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import ApiKey, Principal, Scope
from ytempire.accounts.rules import checked_name
from ytempire.accounts.secrets import hashed, new_api_key
from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput, NotFound


async def make_api_key(
    desk: Desk,
    conn: Connection,
    principal: Principal,
    *,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None,
) -> tuple[ApiKey, str]:
    """A key and how it is shown, once. Raises BadInput, NotAllowed: nobody hands out more than they have."""
    for scope in scopes:
        principal.require(scope)
    now = desk.clock.now()
    if expires_at is not None and expires_at <= now:
        raise BadInput("it would be over before it began", field="expires_at", fix="Name a time to come, or none.")
    key_id, secret, shown = new_api_key()
    made = ApiKey(key_id, checked_name(name), tuple(dict.fromkeys(scopes)), now, expires_at, None, None)
    await store.add_api_key(conn, principal.user_id, made, hashed(secret))
    return made, shown


async def revoke_api_key(desk: Desk, conn: Connection, key_id: str) -> None:
    """End a key at once. Raises NotFound."""
    if not await store.revoke_api_key(conn, key_id, desk.clock.now()):
        raise NotFound("there is no such API key", fix="List them to see yours.")


async def list_api_keys(conn: Connection, after: tuple[datetime, str] | None, most: int) -> list[ApiKey]:
    """The user's keys, oldest first."""
    return await store.api_keys(conn, after, most)
