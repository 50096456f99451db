"""Verb: the one owner of a command-line installation."""

from __future__ import annotations

from ytempire.accounts import store
from ytempire.accounts.model import LOCAL_USER_ID, User
from ytempire.accounts.rules import checked_time_zone
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database


async def ensure_local_user(database: Database, clock: Clock, *, time_zone: str | None = None) -> User:
    """The installation's owner, made on first use; a time zone given is kept from then on (at first: UTC)."""
    zone = checked_time_zone(time_zone) if time_zone else None
    async with database.transaction(LOCAL_USER_ID) as conn:
        user = await store.user_by_id(conn, LOCAL_USER_ID)
        if user is None:
            await store.add_user(
                conn,
                User(LOCAL_USER_ID, "owner", email=None, time_zone=zone or "UTC", created_at=clock.now()),
            )
        elif zone and zone != user.time_zone:
            await store.set_time_zone(conn, LOCAL_USER_ID, zone)
        else:
            return user
        made = await store.user_by_id(conn, LOCAL_USER_ID)
    if made is None:
        raise RuntimeError("the local user's row is gone within its own transaction")
    return made
