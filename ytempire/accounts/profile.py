"""Verb: one's own account: see, change, take along, delete."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from ytempire.accounts import store
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import LOCAL_USER_ID, Account
from ytempire.accounts.rules import TRIES_FOR_ACCOUNT_FROM_ADDRESS, checked_name, checked_time_zone
from ytempire.kit.database import Connection
from ytempire.kit.errors import Conflict, NotAllowed, NotFound
from ytempire.kit.media_store import MediaStore
from ytempire.ledger import forget_user

_HASH = re.compile(r"[0-9a-f]{64}")


async def own_account(conn: Connection, user_id: UUID, *, lock: bool = False) -> Account:
    """The account of this tenant."""
    found = await (store.account_for_update if lock else store.account)(conn, user_id)
    if found is None:
        raise NotFound("there is no such user", fix="Sign in again.")
    return found


async def change_profile(conn: Connection, account: Account, *, name: str | None, time_zone: str | None) -> Account:
    """Another name, another zone. Raises BadInput."""
    changed = replace(
        account,
        name=account.name if name is None else checked_name(name),
        time_zone=account.time_zone if time_zone is None else checked_time_zone(time_zone),
    )
    await store.change_account(conn, changed)
    return changed


async def export_account(conn: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows of this tenant by table, without what is sealed or hashed."""
    return await store.all_rows(conn)


async def delete_account(
    desk: Desk,
    media: MediaStore,
    user_id: UUID,
    *,
    password: str,
    also: Callable[[Connection], Awaitable[object]] | None = None,
) -> None:
    """Delete it for good: rows, data key, media; the ledger keeps amounts under an id that leads to nobody.

    `also` drops, in the same transaction, what hangs on the user without a key that says so. Raises NotAllowed without
    the password, TooMany for who guesses it, Conflict while a paid call is under way.
    """
    if user_id == LOCAL_USER_ID:
        raise NotAllowed("this is the machine's own account", fix="Delete the state folder instead.")
    tried = await desk.rates.take(TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"delete|{user_id}", desk.clock.now())
    tried.require("too many tries to delete this account")
    async with desk.database.transaction(user_id) as conn:
        stored = await store.password_hash(conn, user_id)
    if not await desk.passwords.fits(password, stored):
        raise NotAllowed("the password is not right", fix="Send your password; it can't be undone.")
    async with desk.database.transaction(user_id) as conn:
        await own_account(conn, user_id, lock=True)
        mine = set(_HASH.findall(str(await store.all_rows(conn))))
        if not await forget_user(conn, user_id):
            raise Conflict("a paid call is under way", fix="Try again when no video is being made.")
        if also:
            await also(conn)
        await store.delete_account(conn, user_id)
    async with desk.database.transaction(user_id) as conn:
        others = await store.media_of_others(conn, sorted(mine))
    await asyncio.to_thread(_remove, media, mine - others)


def _remove(media: MediaStore, hashes: set[str]) -> None:
    for ref in [ref for ref in media.refs() if ref.sha256 in hashes]:
        media.remove(ref)
