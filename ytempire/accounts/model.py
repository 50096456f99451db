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
DRIVER_USER_ID = UUID("00000000-0000-7000-8000-000000000002")
"""The account of another driver (n8n): it owns no channel and nobody signs in as it."""


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
Scope = Literal["read", "write", "admin", "drive"]
SCOPES: tuple[Scope, ...] = ("read", "write", "admin", "drive")
"""What a session or an API key may do: look, change, and (operators only) run the installation, or only ask for due
work."""


@dataclass(frozen=True)
class Presented:
    """What a request shows to say who asks: a session's token or an API key, and the address it comes from."""

    kind: Literal["session", "api_key", "run"]
    token: str
    address: str


@dataclass(frozen=True)
class Principal:
    """Who asks, and what they may do."""

    user_id: UUID
    role: Role
    via: Literal["session", "api_key", "run"]
    credential: str
    """The session's, the key's or the run's public id; rates are counted by it."""
    scopes: frozenset[Scope]
    video_id: UUID | None = None
    """A run's: the only video that it may do something with."""

    def require(self, scope: Scope) -> None:
        """Raise NotAllowed without this scope."""
        if scope not in self.scopes:
            raise NotAllowed(f"this takes the scope {scope}", fix=self._way_to(scope))

    def _way_to(self, scope: Scope) -> str:
        if self.via == "run":
            return "A run's token only leads its own video; this takes an API key."
        if scope in {"admin", "drive"} and self.role != "operator":
            return "Ask an operator of this installation: only they may."
        if self.via == "session":
            return "Set up your second factor (POST /api/v1/auth/totp); an operator needs it for this."
        return f"Make an API key with the scope {scope}."


@dataclass(frozen=True)
class Account:
    """A user as an operator sees them, and as they see themselves."""

    id: UUID
    name: str
    email: str | None
    time_zone: str
    created_at: datetime
    role: Role
    suspended_at: datetime | None


@dataclass(frozen=True)
class Session:
    """A browser that is signed in."""

    id: UUID
    user_id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class ApiKey:
    """A program's way in, without its secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class RunHolder:
    """Whose video a run's token leads, and what decides whether it still may."""

    user_id: UUID
    role: Role
    suspended_at: datetime | None
    video_id: UUID
    token_ends_at: datetime


@dataclass(frozen=True)
class KeyHolder:
    """Whose API key it is, and what decides whether they come in."""

    user_id: UUID
    role: Role
    suspended_at: datetime | None
    scopes: tuple[Scope, ...]
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class SessionHolder:
    """Whose session it is, and what decides whether they come in."""

    id: UUID
    user_id: UUID
    role: Role
    suspended_at: datetime | None
    seen_at: datetime
    expires_at: datetime
    second_factor: bool


@dataclass(frozen=True)
class Invitation:
    """An operator's word that this address may have an account."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
