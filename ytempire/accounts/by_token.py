"""A password that comes with a one-time token: of an invitation, or of a link to reset it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from ytempire.accounts.desk import Desk
from ytempire.accounts.rules import TRIES_BY_LINK, checked_password
from ytempire.accounts.secrets import hashed
from ytempire.kit.database import Connection

Whose = Callable[[Connection, bytes], Awaitable[UUID | None]]


async def hash_by_token(desk: Desk, password: str, token: str, whose: Whose) -> str | None:
    """The password's hash; None: the token is nobody's. Raises BadInput, TooMany.

    Hashing is dear on purpose, so nobody has it done with a token that they made up, or often with one that they have,
    used ones included; and no transaction is open meanwhile, so whoever uses the token asks again in the one that uses
    it.
    """
    checked_password(password, "")
    async with desk.database.system() as conn:
        if await whose(conn, hashed(token)) is None:
            return None
    tried = await desk.rates.take(TRIES_BY_LINK, hashed(token).hex(), desk.clock.now())
    tried.require("too many tries with this link")
    return await desk.passwords.hash(password)
