"""One's own account."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field

from ytempire.accounts import change_profile, delete_account, export_account, own_account
from ytempire.channels import revoke_all
from ytempire.kit.database import Connection
from ytempire.orchestration import drop_jobs, forget_reports
from ytempire.web.api.accounts.shown import EXAMPLE, User, user_of
from ytempire.web.bodies import Given, example
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.mails import send_email_link
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource
from ytempire.web.session_cookie import forget_session

router = resource("users/me")


class Profile(Given):
    """What changes; what is left out stays."""

    model_config = example({"time_zone": "Europe/Berlin"})
    name: str | None = Field(default=None, max_length=200)
    time_zone: str | None = Field(default=None, max_length=80)


class Export(BaseModel):
    """Every row that is yours, by table, without what is sealed or hashed."""

    model_config = example({"tables": {"users": [EXAMPLE], "channels": []}})
    tables: dict[str, list[dict[str, Any]]]


class Deleted(BaseModel):
    """It is gone. Where access could not be given back, you can end it in your Google account's settings."""

    model_config = example({"access_given_back": ["Fathom Minute"], "access_left": {}})
    access_given_back: list[str] = Field(description="Titles of YouTube channels.")
    access_left: dict[str, str] = Field(description="Titles, and why: end it in your Google account's settings.")


class NewEmail(Given):
    """Another address, and the password once more."""

    model_config = example({"email": "ada@example.net", "password": "plum orbit canvas nine"})
    email: str = Field(max_length=254)
    password: str = Field(max_length=200)


class Farewell(Given):
    """The password once more, because it can't be undone."""

    model_config = example({"password": "plum orbit canvas nine"})
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


@router.post("/email", status_code=204)
async def ask_for_email(given: NewEmail, who: SignedIn, parts: PartsOf) -> None:
    """Ask for another e-mail address: it counts when the link that is mailed to it has been used, within a day.

    The answer is the same whether the address has an account or not. Without a mail server ask the operator.
    """
    await send_email_link(parts, who, given.email, given.password)


@router.get("/export")
async def export(_who: SignedIn, conn: Transaction) -> Export:
    """Everything that is kept of you, to take along."""
    return Export(tables=await export_account(conn))


@router.delete("")
async def delete(given: Farewell, who: SignedIn, parts: PartsOf, response: Response) -> Deleted:
    """Delete your account for good: rows, data key, media, the cache. The ledger keeps amounts that lead to nobody.

    What waited in the queue is dropped, and the access to your YouTube channels is given back at Google.
    """

    async def forget_the_rest(conn: Connection) -> None:
        await drop_jobs(conn, who.user_id)
        await forget_reports(conn, who.user_id)

    tokens = await parts.credentials.tokens_of(who.user_id)
    await delete_account(
        parts.desk,
        parts.platform.tools.media,
        who.user_id,
        password=given.password,
        also=forget_the_rest,
    )
    await parts.cache.forget_user(who.user_id)
    told = await revoke_all(parts.authoriser, tokens)
    forget_session(response, parts)
    return Deleted(
        access_given_back=[name for name, why in told.items() if not why],
        access_left={name: why for name, why in told.items() if why},
    )
