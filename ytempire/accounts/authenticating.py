"""Verb: who holds this session or API key."""

from __future__ import annotations

from ytempire.accounts import store
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import Presented, Principal
from ytempire.accounts.rules import (
    UNKNOWN_CREDENTIALS,
    key_is_good,
    may_sign_in,
    scopes_of_key,
    scopes_of_role,
    seen_too_long_ago,
    session_is_good,
)
from ytempire.accounts.secrets import hashed, parts_of_key, same_secret
from ytempire.kit.database import become


async def authenticate(desk: Desk, presented: Presented) -> Principal | None:
    """Who asks; None: nobody known. Raises TooMany for an address that goes on guessing."""
    known = await (_by_session if presented.kind == "session" else _by_key)(desk, presented.token)
    if known is None:
        tried = await desk.rates.take(UNKNOWN_CREDENTIALS, presented.address, desk.clock.now())
        tried.require("too many unknown sessions or API keys from this address")
    return known


async def _by_session(desk: Desk, token: str) -> Principal | None:
    now = desk.clock.now()
    async with desk.database.system() as conn:
        user_id = await store.user_of_session(conn, hashed(token))
        if user_id is None:
            return None
        await become(conn, user_id)
        account, session = await store.account(conn, user_id), await credentials.session(conn, hashed(token))
        if account is None or session is None or not may_sign_in(account) or not session_is_good(session, now):
            return None
        if seen_too_long_ago(session.seen_at, now):
            await credentials.session_seen(conn, session.id, now)
        second = account.role == "operator" and await store.has_totp(conn, user_id)
    scopes = scopes_of_role(account.role, second_factor=second)
    return Principal(user_id, account.role, "session", str(session.id), scopes)


async def _by_key(desk: Desk, shown: str) -> Principal | None:
    parts = parts_of_key(shown)
    if parts is None:
        return None
    key_id, secret = parts
    now = desk.clock.now()
    async with desk.database.system() as conn:
        user_id = await store.user_of_api_key(conn, key_id)
        if user_id is None:
            return None
        await become(conn, user_id)
        account, key = await store.account(conn, user_id), await credentials.api_key(conn, key_id)
        stored = await credentials.secret_hash(conn, key_id)
        if key is None or stored is None or not same_secret(secret, stored):
            return None
        if account is None or not may_sign_in(account) or not key_is_good(key, now):
            return None
        if seen_too_long_ago(key.used_at, now):
            await credentials.key_used(conn, key_id, now)
    return Principal(user_id, account.role, "api_key", key_id, scopes_of_key(key.scopes, account.role))
