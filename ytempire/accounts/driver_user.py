"""Verb: the account that the key of another driver (n8n) belongs to."""

from __future__ import annotations

from ytempire.accounts import store
from ytempire.accounts.model import DRIVER_USER_ID, Account, Principal
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database


async def ensure_driver_user(database: Database, clock: Clock) -> Principal:
    """Who makes that key, made on first use.

    An operator's role is what asking for all users' due work takes; without an address and a password nobody can sign
    in as this one, and its keys have no scope but `drive`.
    """
    async with database.transaction(DRIVER_USER_ID) as conn:
        account = Account(
            DRIVER_USER_ID, "n8n", email=None, time_zone="UTC", created_at=clock.now(), role="operator",
            suspended_at=None,
        )  # fmt: skip
        await store.add_account(conn, account)
    return Principal(DRIVER_USER_ID, "operator", "session", "n8n", frozenset({"drive"}))
