"""A password that comes with a one-time token: of an invitation, or of a link to reset it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from ytempire.accounts.desk import Desk
from ytempire.accounts.rules import checked_password
from ytempire.accounts.secrets import hashed
from ytempire.kit.database import Connection

Whose = Callable[[Connection, bytes], Awaitable[UUID | None]]


async def hash_by_token(desk: Desk, password: str, token: str, whose: Whose) -> str | None:
    """The password's hash; None: the token is nobody's. Raises BadInput.

    Hashing is dear on purpose, so nobody has it done with a token that they made up; and no transaction is open
    meanwhile, so whoever uses the token asks again in the one that uses it.
    """
    checked_password(password, "")
    async with desk.database.system() as conn:
        if await whose(conn, hashed(token)) is None:
            return None
    return await desk.passwords.hash(password)
