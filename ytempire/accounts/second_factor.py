"""Verb: the second factor (TOTP, RFC 6238): set it up, confirm it, check a code."""

from __future__ import annotations

import hmac
from uuid import UUID

import pyotp

from ytempire.accounts import store
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.desk import Desk
from ytempire.accounts.model import Account
from ytempire.accounts.rules import TRIES_FOR_ACCOUNT_FROM_ADDRESS, steps_that_fit
from ytempire.accounts.secrets import hashed_recovery_code, new_recovery_code
from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput, Conflict

_EVERY_S = 30
RECOVERY_CODES = 10


async def begin_second_factor(desk: Desk, conn: Connection, account: Account) -> tuple[str, str]:
    """A new secret and its otpauth address; it counts once a code has confirmed it. Raises Conflict."""
    secret = pyotp.random_base32()
    sealed = await desk.keys.seal(
        conn, secret.encode(), user_id=account.id, table="totps", column="secret", row=account.id
    )
    if not await store.begin_totp(conn, account.id, sealed):
        raise Conflict("a second factor is set up already", fix="Ask an operator for a reset link to begin anew.")
    return secret, pyotp.TOTP(secret).provisioning_uri(account.email or account.name, issuer_name="YTEMPIRE")


async def confirm_second_factor(
    desk: Desk, conn: Connection, user_id: UUID, code: str, *, session_id: str
) -> list[str]:
    """From here on it counts, and every session but this one ends: they were begun without it.

    Gives the codes for a lost app, which nobody can look up later. Raises BadInput, TooMany.
    """
    tried = await desk.rates.take(TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"totp|{user_id}", desk.clock.now())
    tried.require("too many codes")
    if not await code_fits(desk, conn, user_id, code, confirmed=False):
        raise BadInput("the code does not fit", field="code", fix="Send the one that your app shows now.")
    await store.confirm_totp(conn, user_id, desk.clock.now())
    await credentials.end_other_sessions(conn, user_id, session_id)
    return await _new_codes(conn, user_id)


async def renew_recovery_codes(desk: Desk, conn: Connection, user_id: UUID, code: str) -> list[str]:
    """Ten new codes for a lost app in place of the earlier ones. Raises BadInput, TooMany."""
    tried = await desk.rates.take(TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"totp|{user_id}", desk.clock.now())
    tried.require("too many codes")
    if not await code_fits(desk, conn, user_id, code, confirmed=True):
        raise BadInput("the code does not fit", field="code", fix="Send the one that your app shows now.")
    return await _new_codes(conn, user_id)


async def _new_codes(conn: Connection, user_id: UUID) -> list[str]:
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    await store.set_recovery_codes(conn, user_id, [hashed_recovery_code(code) for code in codes])
    return codes


async def recovery_code_fits(desk: Desk, conn: Connection, user_id: UUID, code: str) -> bool:
    """Whether it is one of those that nobody has used; it is used from here on."""
    return await store.use_recovery_code(conn, user_id, hashed_recovery_code(code), desk.clock.now())


async def code_fits(desk: Desk, conn: Connection, user_id: UUID, code: str, *, confirmed: bool) -> bool:
    """Whether it is one of the codes of now that nobody has used; it is used from here on."""
    sealed = await store.totp_secret(conn, user_id, confirmed=confirmed)
    if sealed is None:
        return False
    plain = await desk.keys.unseal(conn, bytes(sealed), user_id=user_id, table="totps", column="secret", row=user_id)
    secret = plain.decode()
    for step in steps_that_fit(desk.clock.now()):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * _EVERY_S).encode(), code.strip().encode()):
            return await store.take_code(conn, user_id, step)
    return False
