"""One's own account."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from ytempire.accounts import change_profile, delete_account, export_account, own_account
from ytempire.web.api.accounts import EXAMPLE, Given, User, forget_session, user_of
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("users/me")


class Profile(Given):
    """What changes; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"time_zone": "Europe/Berlin"}]})
    name: str | None = Field(default=None, max_length=200)
    time_zone: str | None = Field(default=None, max_length=80)


class Export(BaseModel):
    """Every row that is yours, by table, without what is sealed or hashed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"tables": {"users": [EXAMPLE], "channels": []}}]})
    tables: dict[str, list[dict[str, Any]]]


class Farewell(Given):
    """The password once more, because it can't be undone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "plum orbit canvas nine"}]})
    password: str = Field(max_length=200)


@router.get("")
async def get(who: SignedIn, conn: Transaction, response: Response) -> User:
    """Your account."""
    shown = user_of(await own_account(conn, who.user_id))
    with_etag(response, shown)
    return shown


@router.patch("")
async def change(
    given: Profile, who: SignedIn, conn: Transaction, response: Response, if_match: IfMatch = None
) -> User:
    """Change your name or your time zone, which decides what day it is for you."""
    account = await own_account(conn, who.user_id, lock=True)
    require_match(if_match, user_of(account))
    changed = user_of(await change_profile(conn, account, name=given.name, time_zone=given.time_zone))
    with_etag(response, changed)
    return changed


@router.get("/export")
async def export(_who: SignedIn, conn: Transaction) -> Export:
    """Everything that is kept of you, to take along."""
    return Export(tables=await export_account(conn))


@router.delete("", status_code=204)
async def delete(given: Farewell, who: SignedIn, parts: PartsOf, response: Response) -> None:
    """Delete your account for good: rows, data key and media. The ledger keeps amounts that lead to nobody."""
    await delete_account(parts.desk, parts.platform.tools.media, who.user_id, password=given.password)
    forget_session(response, parts)
