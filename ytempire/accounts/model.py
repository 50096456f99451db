"""Who owns channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from ytempire.kit.errors import NotAllowed

LOCAL_USER_ID = UUID("00000000-0000-7000-8000-000000000001")
"""The one owner of an installation that is used from the command line only.

A fixed id needs no look-up across tenants and no lock: two processes that make it at once make the same row.
"""


@dataclass(frozen=True)
class User:
    """An owner of channels; the user is the tenant."""

    id: UUID
    name: str
    email: str | None
    time_zone: str
    """IANA name (`Europe/Berlin`): decides which day it is for this user."""
    created_at: datetime


Role = Literal["creator", "operator"]
Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "write", "admin")
"""What a session or an API key may do: look, change, and (operators only) run the installation."""


@dataclass(frozen=True)
class Presented:
    """What a request shows to say who asks: a session's token or an API key, and the address it comes from."""

    kind: Literal["session", "api_key"]
    token: str
    address: str


@dataclass(frozen=True)
class Principal:
    """Who asks, and what they may do."""

    user_id: UUID
    role: Role
    via: Literal["session", "api_key"]
    credential: str
    """The session's or the key's public id; rates are counted by it."""
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Raise NotAllowed without this scope."""
        if scope not in self.scopes:
            raise NotAllowed(f"this takes the scope {scope}", fix=f"Make an API key with the scope {scope}.")
