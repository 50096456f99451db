"""A channel's authorisation at YouTube: begin it, look at it, end it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.channels import begin_connecting, disconnect_channel, find_channel, find_connection
from ytempire.kit.errors import NotFound
from ytempire.publishing import forget_api_data
from ytempire.web.bodies import example
from ytempire.web.links import came_back
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource

router = resource("channels")


class ConnectionShown(BaseModel):
    """How a channel is connected; the token is never shown."""

    model_config = example(
        {
            "connected": True,
            "platform": "youtube",
            "platform_channel_id": "UC7fVcXoR0aWkz1M2n3b4v5c",
            "title": "Fathom Minute",
            "scopes": ["https://www.googleapis.com/auth/youtube.upload"],
            "connected_at": "2026-11-20T08:00:00Z",
            "checked_at": "2026-11-24T17:00:00Z",
            "broken": "",
        }
    )
    connected: bool = Field(description="Whether there is an authorisation; one that broke counts, see `broken`.")
    platform: str = ""
    platform_channel_id: str = ""
    title: str = Field("", description="Of the channel that was picked on Google's page.")
    scopes: list[str] = Field(default_factory=list)
    connected_at: datetime | None = None
    checked_at: datetime | None = None
    broken: str = Field("", description="Why it no longer works, in plain words; empty while it does.")


class ConsentPage(BaseModel):
    """Where the channel's owner says yes."""

    model_config = example(
        {
            "address": "https://accounts.google.com/o/oauth2/v2/auth?client_id=1-abc&state=\u2026",
            "good_until": "2026-11-25T12:15:00Z",
        }
    )
    address: str = Field(description="Open it in the browser in which you are signed in here.")
    good_until: datetime


@router.get("/{channel_id}/connection")
async def look(channel_id: UUID, who: SignedIn, parts: PartsOf) -> ConnectionShown:
    """How the channel is connected."""
    channel = await find_channel(parts.database, who.user_id, channel_id)
    found = await find_connection(parts.database, who.user_id, channel.id)
    if found is None:
        return ConnectionShown(connected=False)
    plain = {name: getattr(found, name) for name in ConnectionShown.model_fields if hasattr(found, name)}
    return ConnectionShown(connected=True, **plain | {"scopes": list(found.scopes)})


@router.post("/{channel_id}/connection")
async def begin(channel_id: UUID, who: SignedIn, parts: PartsOf) -> ConsentPage:
    """Begin to connect: open `address` in a browser, pick the channel and allow; the browser is sent back here."""
    channel = await find_channel(parts.database, who.user_id, channel_id)
    address, until = begin_connecting(
        channel, parts.authoriser, parts.credentials, redirect=came_back(parts.public_url)
    )
    return ConsentPage(address=address, good_until=until)


@router.delete("/{channel_id}/connection", status_code=204)
async def end(channel_id: UUID, who: SignedIn, parts: PartsOf) -> None:
    """Revoke the authorisation at YouTube and delete it here, with what was read from YouTube."""
    channel = await find_channel(parts.database, who.user_id, channel_id)
    forget = partial(forget_api_data, parts.database)
    if not await disconnect_channel(channel, parts.authoriser, parts.credentials, forget):
        raise NotFound("the channel is not connected", field="channel", fix="There is nothing to do.")
