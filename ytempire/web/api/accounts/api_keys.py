"""API keys: how programs get in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from ytempire.accounts import list_api_keys, make_api_key, revoke_api_key
from ytempire.accounts.model import ApiKey, Scope
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("api-keys")
_EXAMPLE: dict[str, Any] = {
    "id": "9f2c4e1a7b3d5f60",
    "name": "n8n",
    "scopes": ["read", "write"],
    "created_at": "2026-11-25T12:00:00Z",
    "expires_at": None,
    "used_at": None,
    "revoked_at": None,
}


class NewKey(Given):
    """What it is for and what it may do."""

    model_config = example({"name": "n8n", "scopes": ["read", "write"]})
    name: str = Field(max_length=200)
    scopes: list[Scope] = Field(min_length=1, max_length=3)
    expires_at: AwareDatetime | None = None


class Key(BaseModel):
    """A key without its secret."""

    model_config = example(_EXAMPLE)
    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class KeyWithSecret(Key):
    """A new key: `key` is shown this once."""

    model_config = example({**_EXAMPLE, "key": "yte_9f2c4e1a7b3d5f60_mTq0…"})
    key: str


def _shown(key: ApiKey) -> Key:
    return Key(**vars(key) | {"scopes": list(key.scopes)})


@router.get("")
async def list_keys(
    who: SignedIn, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[Key]:
    """Your keys, oldest first."""
    place = parts.cursors.read("api-keys", who.user_id, cursor)
    rows = await list_api_keys(conn, (datetime.fromisoformat(place[0]), place[1]) if place else None, limit + 1)
    return parts.cursors.page(
        "api-keys", who.user_id, rows, limit, show=_shown, place=lambda key: (key.created_at.isoformat(), key.id)
    )


@router.post("", status_code=201)
async def make(given: NewKey, who: SignedIn, conn: Transaction, parts: PartsOf) -> KeyWithSecret:
    """Make a key; it is shown this once."""
    made, shown = await make_api_key(
        parts.desk, conn, who, name=given.name, scopes=given.scopes, expires_at=given.expires_at
    )
    return KeyWithSecret(**_shown(made).model_dump(), key=shown)


@router.delete("/{key_id}", status_code=204)
async def revoke(key_id: str, _who: SignedIn, conn: Transaction, parts: PartsOf) -> None:
    """End a key at once."""
    await revoke_api_key(parts.desk, conn, key_id)
