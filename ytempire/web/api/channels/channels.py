"""Channels: what gives them their character, their archive, and the consent that their autopilot needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from ytempire.channels import (
    archive_channel,
    change_channel,
    consent_to_autopilot,
    create_channel,
    look_at_channel,
    on_autopilot,
    page_of_channels,
    restore_channel,
    revoke_autopilot,
)
from ytempire.channels.model import Autopilot, Brand, Channel, ListedChannel, Visibility
from ytempire.kit.ids import new_id
from ytempire.production import channel_choices
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page, at_time
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource

router = resource("channels")

_CHARACTER: dict[str, Any] = {
    "name": "Fathom Minute",
    "niche": "life in the deep sea",
    "tone": "calm, exact",
    "language": "en",
    "format": "9:16",
    "minutes": 0.75,
    "voice": "local:heart",
    "music_mood": "calm",
    "intro": "A minute below.",
    "visibility": "private",
    "publish_hour": 17,
    "time_zone": "Europe/Berlin",
}
EXAMPLE: dict[str, Any] = _CHARACTER | {
    "id": "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6",
    "handle": "deep-sea",
    "version": 3,
    "created_at": "2026-11-20T08:00:00Z",
    "archived_at": None,
    "audience": "",
    "outro": "",
    "palette": "midnight",
    "look": "bold",
    "mark": "FM",
    "colours": [],
    "category_id": "28",
    "made_for_kids": False,
    "autopilot": "review",
    "on_autopilot": False,
    "consent": None,
    "playlist": "",
    "upload_captions": False,
    "connected_to": "Fathom Minute",
    "broken": "",
    "topics_left": 12,
    "own_sources": 5,
    "feeds": 1,
}
_BRAND = ("palette", "look", "mark", "colours")


class ChannelEdit(Given):
    """What gives a channel its character; what is left out stays as it is."""

    model_config = example({"tone": "calm, exact"})
    handle: str | None = Field(None, description="Short name, unique among yours.", max_length=200)
    name: str | None = Field(None, max_length=500)
    niche: str | None = Field(None, max_length=2000)
    audience: str | None = Field(None, max_length=2000)
    tone: str | None = Field(None, max_length=2000)
    language: str | None = Field(None, description="Language tag.", max_length=200)
    format: str | None = Field(None, description="9:16 or 16:9.", max_length=20)
    minutes: float | None = Field(None, description="Usual length, 0.25 to 10.")
    voice: str | None = Field(None, description="local:NAME or elevenlabs:VOICE_ID.", max_length=200)
    music_mood: str | None = Field(None, max_length=200)
    intro: str | None = Field(None, description="Spoken first in every video; at most 160 characters.", max_length=2000)
    outro: str | None = Field(None, description="Spoken last in every video; at most 160 characters.", max_length=2000)
    palette: str | None = Field(None, max_length=200)
    look: str | None = Field(None, max_length=200)
    mark: str | None = Field(None, max_length=200)
    colours: list[str] | None = Field(
        None, description="Five own colours: background, surface, text, accent, second accent; none: the palette's."
    )
    category_id: str | None = Field(None, description="YouTube's category number.", max_length=20)
    made_for_kids: bool | None = None
    visibility: Visibility | None = None
    autopilot: Autopilot | None = Field(None, description="`auto` needs a consent: POST /channels/{id}/consent.")
    playlist: str | None = Field(None, max_length=2000)
    upload_captions: bool | None = None
    publish_hour: int | None = Field(None, description="Full hour, 0 to 23.", ge=-1, le=100)
    time_zone: str | None = Field(None, description="Of that hour; empty: yours.", max_length=200)


class NewChannel(ChannelEdit):
    """A channel to be made."""

    model_config = example({"handle": "deep-sea", **_CHARACTER})
    handle: str = Field(description="Short name, unique among yours.", max_length=200)
    consents: bool = Field(
        False, description="You agree, today, to publishing as `visibility` says without seeing each video."
    )


class ConsentShown(BaseModel):
    """What you agreed to with the autopilot."""

    given_at: datetime
    visibility: Visibility
    disclosure: str


class ChannelShown(BaseModel):
    """A channel."""

    model_config = example(EXAMPLE)
    id: UUID
    handle: str
    version: int
    created_at: datetime
    archived_at: datetime | None = None
    name: str
    niche: str
    audience: str
    tone: str
    language: str
    format: str
    minutes: float
    voice: str
    music_mood: str
    intro: str
    outro: str
    palette: str
    look: str
    mark: str
    colours: list[str]
    category_id: str
    made_for_kids: bool
    visibility: Visibility
    autopilot: Autopilot
    on_autopilot: bool = Field(description="Whether videos are published unseen: switched on, agreed to, not archived.")
    consent: ConsentShown | None = None
    playlist: str
    upload_captions: bool
    publish_hour: int
    time_zone: str
    connected_to: str
    broken: str = Field(description="Why the connection no longer works; empty while it does.")
    topics_left: int
    own_sources: int
    feeds: int


@router.get("")
async def list_channels(
    who: SignedIn,
    parts: PartsOf,
    archived: Annotated[bool, Query(description="Those that were put away, instead of the live ones.")] = False,
    cursor: After = None,
    limit: Limit = 50,
) -> Page[ChannelShown]:
    """Your channels, oldest first."""
    what = f"channels?archived={archived}"
    after = parts.cursors.read_time(what, who.user_id, cursor)
    rows = await page_of_channels(parts.database, who.user_id, archived=archived, after=after, limit=limit + 1)
    return parts.cursors.page(
        what, who.user_id, rows, limit, show=shown, place=lambda row: at_time(row.created_at, row.channel.id)
    )


@router.post("", status_code=201)
async def create(wanted: NewChannel, who: SignedIn, parts: PartsOf, response: Response) -> ChannelShown:
    """Make a channel; connecting it to YouTube is a step of its own."""
    blank = Channel(new_id(), who.user_id, wanted.handle, wanted.name or wanted.handle)
    channel = _with(blank, wanted.model_dump(exclude_none=True, exclude={"consents"}))
    tools = parts.platform.tools
    await create_channel(parts.database, parts.clock, channel, channel_choices(tools), consents=wanted.consents)
    return await _answer(parts, who.user_id, channel.id, response)


@router.get("/{channel_id}")
async def get(channel_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> ChannelShown:
    """One of your channels, an archived one too."""
    return await _answer(parts, who.user_id, channel_id, response)


@router.patch("/{channel_id}")
async def change(
    channel_id: UUID, edit: ChannelEdit, who: SignedIn, parts: PartsOf, response: Response, if_match: IfMatch = None
) -> ChannelShown:
    """Change what is given."""
    current = await look_at_channel(parts.database, who.user_id, channel_id)
    require_match(if_match, shown(current))
    # of two edits at once the verb takes one: it names the version that was just read
    channel = _with(current.channel, edit.model_dump(exclude_none=True))
    await change_channel(parts.database, channel, channel_choices(parts.platform.tools))
    return await _answer(parts, who.user_id, channel_id, response)


@router.post("/{channel_id}/archive")
async def archive(channel_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> ChannelShown:
    """Put a channel away: it makes no videos and loses nothing."""
    found = await look_at_channel(parts.database, who.user_id, channel_id)
    await archive_channel(parts.database, parts.clock, found.channel)
    return await _answer(parts, who.user_id, channel_id, response)


@router.post("/{channel_id}/restore")
async def restore(channel_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> ChannelShown:
    """Bring an archived channel back."""
    found = await look_at_channel(parts.database, who.user_id, channel_id)
    await restore_channel(parts.database, found.channel)
    return await _answer(parts, who.user_id, channel_id, response)


@router.post("/{channel_id}/consent")
async def consent(channel_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> ChannelShown:
    """Agree, today, to publishing as the channel's visibility says without seeing each video: the autopilot is on."""
    found = await look_at_channel(parts.database, who.user_id, channel_id)
    await consent_to_autopilot(parts.database, parts.clock, found.channel)
    return await _answer(parts, who.user_id, channel_id, response)


@router.delete("/{channel_id}/consent")
async def revoke(channel_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> ChannelShown:
    """Take the consent back: videos wait for your review, those under way as well."""
    found = await look_at_channel(parts.database, who.user_id, channel_id)
    await revoke_autopilot(parts.database, parts.clock, found.channel)
    return await _answer(parts, who.user_id, channel_id, response)


async def _answer(parts: Parts, user_id: UUID, channel_id: UUID, response: Response) -> ChannelShown:
    made = shown(await look_at_channel(parts.database, user_id, channel_id))
    with_etag(response, made)
    return made


def _with(channel: Channel, given: dict[str, Any]) -> Channel:
    brand = {name: given.pop(name) for name in _BRAND if name in given}
    if "colours" in brand:
        brand["colours"] = tuple(brand["colours"])
    return replace(channel, brand=replace(channel.brand, **brand), **given)


def shown(listed: ListedChannel) -> ChannelShown:
    """A channel on the wire."""
    channel, agreed = listed.channel, listed.channel.consent
    brand: Brand = channel.brand
    plain = {name: getattr(channel, name) for name in ChannelShown.model_fields if hasattr(channel, name)}
    counted = {name: getattr(listed, name) for name in ChannelShown.model_fields if hasattr(listed, name)}
    own = {
        "on_autopilot": on_autopilot(channel),
        "consent": ConsentShown(**vars(agreed)) if agreed else None,
        "palette": brand.palette,
        "look": brand.look,
        "mark": brand.mark,
        "colours": list(brand.colours),
    }
    return ChannelShown.model_validate(plain | counted | own)
