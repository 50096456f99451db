"""What operators do: invite, see who there is, suspend, hand out a link."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from ytempire.accounts import (
    account_of,
    change_standing,
    email_letter,
    email_link_for,
    invitation_letter,
    invite,
    list_accounts,
    list_invitations,
    mail,
    own_account,
    reset_letter,
    reset_link_for,
    withdraw,
)
from ytempire.accounts.model import Account, Invitation, Role
from ytempire.web.api.accounts.shown import SHOWN_ID, OneTimeLink, User, user_of
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page, at_time
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.links import link
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Operator, Transaction
from ytempire.web.routing import resource

invitations = resource("admin/invitations")
users = resource("admin/users")
_EXAMPLE: dict[str, Any] = {
    "id": SHOWN_ID,
    "email": "ada@example.org",
    "role": "creator",
    "created_at": "2026-11-25T12:00:00Z",
    "expires_at": "2026-12-02T12:00:00Z",
    "accepted_at": None,
}


class NewInvitation(Given):
    """Whom to invite."""

    model_config = example({"email": "ada@example.org", "role": "creator"})
    email: str = Field(max_length=254)
    role: Role = "creator"


class InvitationShown(BaseModel):
    """An invitation."""

    model_config = example(_EXAMPLE)
    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None


class InvitationWithLink(InvitationShown):
    """A new invitation: `link` is shown this once."""

    model_config = example({**_EXAMPLE, "link": "https://studio.example.org/join/mTq0…", "mail": "off"})
    link: str
    mail: str = Field(
        description="`sent`; `off`: no mail server is set up, so hand the link out; else why it was not sent."
    )


class AddressWanted(Given):
    """Which address is to be confirmed."""

    model_config = example({"email": "ada@example.net"})
    email: str = Field(max_length=254)


class Standing(Given):
    """What changes; what is left out stays."""

    model_config = example({"suspended": True})
    role: Role | None = None
    suspended: bool | None = None


def _place(row: Account | Invitation) -> tuple[str, str]:
    return at_time(row.created_at, row.id)


@invitations.get("")
async def list_yours(
    who: Operator, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[InvitationShown]:
    """Your invitations, oldest first."""
    rows = await list_invitations(conn, parts.cursors.read_time("invitations", who.user_id, cursor), limit + 1)
    return parts.cursors.page(
        "invitations", who.user_id, rows, limit, show=lambda row: InvitationShown(**vars(row)), place=_place
    )


@invitations.post("", status_code=201)
async def make(given: NewInvitation, who: Operator, parts: PartsOf) -> InvitationWithLink:
    """Invite an address, by mail where a server is set up; an earlier invitation of yours to it ends."""
    async with parts.database.transaction(who.user_id) as conn:
        made, token = await invite(parts.desk, conn, who.user_id, email=given.email, role=given.role)
    at = link("invitation", token, parts.public_url)
    told = await mail(parts.post, invitation_letter(made.email, at))
    return InvitationWithLink(**vars(made), link=at, mail=told)


@invitations.delete("/{invitation_id}", status_code=204)
async def take_back(invitation_id: UUID, _who: Operator, conn: Transaction) -> None:
    """Take an invitation back."""
    await withdraw(conn, invitation_id)


@users.get("")
async def list_users(
    who: Operator, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[User]:
    """Everybody, oldest account first."""
    rows = await list_accounts(conn, parts.cursors.read_time("users", who.user_id, cursor), limit + 1)
    return parts.cursors.page("users", who.user_id, rows, limit, show=user_of, place=_place)


# What follows is done as the tenant it concerns, so in a transaction of its own (the request's is the operator's).


@users.get("/{user_id}")
async def get(user_id: UUID, _who: Operator, parts: PartsOf, response: Response) -> User:
    """One account."""
    async with parts.database.transaction(user_id) as conn:
        shown = user_of(await account_of(conn, user_id))
    with_etag(response, shown)
    return shown


@users.patch("/{user_id}")
async def change(
    user_id: UUID, given: Standing, who: Operator, parts: PartsOf, response: Response, if_match: IfMatch = None
) -> User:
    """Give another role, suspend, or let in again; who is suspended is signed out at once."""
    async with parts.database.transaction(user_id) as conn:
        account = await account_of(conn, user_id)
        require_match(if_match, user_of(account))
        changed = await change_standing(
            parts.desk, conn, account, operator=who.user_id, role=given.role, suspended=given.suspended
        )
    shown = user_of(changed)
    with_etag(response, shown)
    return shown


@users.post("/{user_id}/reset-link", status_code=201)
async def make_reset_link(user_id: UUID, _who: Operator, parts: PartsOf) -> OneTimeLink:
    """A one-time link with which this user chooses a new password; mailed to them where a server is set up."""
    async with parts.database.transaction(user_id) as conn:
        token = await reset_link_for(parts.desk, conn, user_id)
        account = await own_account(conn, user_id)
    at = link("reset", token, parts.public_url)
    return OneTimeLink(link=at, mail=await mail(parts.post, reset_letter(account.email or "", at)))


@users.post("/{user_id}/email-link", status_code=201)
async def make_email_link(user_id: UUID, given: AddressWanted, _who: Operator, parts: PartsOf) -> OneTimeLink:
    """A one-time link by which this user confirms another e-mail address; mailed to it where a server is set up."""
    async with parts.database.transaction(user_id) as conn:
        token = await email_link_for(parts.desk, conn, await account_of(conn, user_id), given.email)
    at = link("email", token, parts.public_url)
    return OneTimeLink(link=at, mail=await mail(parts.post, email_letter(given.email.strip(), at)))
