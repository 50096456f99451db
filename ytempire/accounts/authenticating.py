"""Verb: who holds this session, API key or run."""

from __future__ import annotations

from ytempire.accounts import store
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import Presented, Principal
from ytempire.accounts.rules import (
    UNKNOWN_CREDENTIALS,
    key_is_good,
    run_is_good,
    scopes_of_key,
    scopes_of_role,
    seen_too_long_ago,
    session_is_good,
)
from ytempire.accounts.secrets import hashed, parts_of_key


async def authenticate(desk: Desk, presented: Presented) -> Principal | None:
    """Who asks; None: nobody known. Raises TooMany for an address that goes on guessing."""
    look = {"session": _by_session, "api_key": _by_key, "run": _by_run}[presented.kind]
    known = await look(desk, presented.token)
    if known is None:
        tried = await desk.rates.take(UNKNOWN_CREDENTIALS, presented.address, desk.clock.now())
        tried.require("too many unknown sessions or API keys from this address")
    return known


async def _by_session(desk: Desk, token: str) -> Principal | None:
    now = desk.clock.now()
    async with desk.database.single() as conn:
        held = await store.holder_of_session(conn, hashed(token))
    if held is None or not session_is_good(held, now):
        return None
    if seen_too_long_ago(held.seen_at, now):
        async with desk.database.transaction(held.user_id) as conn:
            await credentials.session_seen(conn, held.id, now)
    scopes = scopes_of_role(held.role, second_factor=held.second_factor)
    return Principal(held.user_id, held.role, "session", str(held.id), scopes)


async def _by_key(desk: Desk, shown: str) -> Principal | None:
    parts = parts_of_key(shown)
    if parts is None:
        return None
    key_id, secret = parts
    now = desk.clock.now()
    async with desk.database.single() as conn:
        held = await store.holder_of_api_key(conn, key_id, hashed(secret))
    if held is None or not key_is_good(held, now):
        return None
    if seen_too_long_ago(held.used_at, now):
        async with desk.database.transaction(held.user_id) as conn:
            await credentials.key_used(conn, key_id, now)
    return Principal(held.user_id, held.role, "api_key", key_id, scopes_of_key(held.scopes, held.role))


async def _by_run(desk: Desk, shown: str) -> Principal | None:
    parts = parts_of_key(shown)
    if parts is None:
        return None
    run_id, secret = parts
    async with desk.database.single() as conn:
        held = await store.holder_of_run(conn, run_id, hashed(secret))
    if held is None or not run_is_good(held, desk.clock.now()):
        return None
    return Principal(held.user_id, held.role, "run", run_id, frozenset(), held.video_id)
