"""How accounts look on the wire; shared by the routes of auth, users, API keys and admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.accounts.model import Account, Role
from ytempire.web.bodies import example

SHOWN_ID = "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6"
EXAMPLE: dict[str, Any] = {
    "id": SHOWN_ID,
    "name": "Ada",
    "email": "ada@example.org",
    "role": "creator",
    "time_zone": "Europe/Berlin",
    "created_at": "2026-11-25T12:00:00Z",
    "suspended_at": None,
}


class User(BaseModel):
    """An account."""

    model_config = example(EXAMPLE)
    id: UUID
    name: str
    email: str | None
    role: Role
    time_zone: str
    created_at: datetime
    suspended_at: datetime | None


class OneTimeLink(BaseModel):
    """A link that works once; nobody can look it up later."""

    model_config = example({"link": "https://studio.example.org/reset/mTq0…", "works": "once"})
    link: str
    works: Literal["once"] = "once"
    mail: str = Field("off", description="`sent`; `off`: no mail server, so hand it out; else why it was not sent.")


Token = Field(min_length=20, max_length=100, examples=["mTq0n1mYxVb8cRzL3kP5sW7uA9dF2gH4jK6lZ0xC1vB"])


def user_of(account: Account) -> User:
    """The account as it is shown."""
    return User(
        id=account.id,
        name=account.name,
        email=account.email,
        role=account.role,
        time_zone=account.time_zone,
        created_at=account.created_at,
        suspended_at=account.suspended_at,
    )
