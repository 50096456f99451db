"""Onboarding: from an account to a planned channel in one call, and what is left to do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, Field

from ytempire.channels import channel_in, first_channel, handle_for, mark_for
from ytempire.channels.model import Autopilot, Brand, Channel, ListedChannel, Source, Visibility
from ytempire.kit.database import Connection
from ytempire.kit.errors import YtempireError
from ytempire.kit.ids import new_id
from ytempire.planning import left_to_do, onboard
from ytempire.planning.model import Left
from ytempire.production import channel_choices
from ytempire.web.api.channels.channels import EXAMPLE as CHANNEL
from ytempire.web.api.channels.channels import ChannelShown, shown
from ytempire.web.api.channels.sources import TextWanted
from ytempire.web.bodies import Given, example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource, takes_body

router = resource("onboarding")

_WHERE = {
    Left.CHANNEL: ("POST", "/api/v1/onboarding"),
    Left.CONNECT: ("POST", "/api/v1/channels/{channel_id}/connection"),
    Left.SOURCES: ("POST", "/api/v1/channels/{channel_id}/sources"),
    Left.PLAN: ("POST", "/api/v1/plan/resume"),
    Left.CONSENT: ("POST", "/api/v1/channels/{channel_id}/consent"),
}
_GROUPS = {
    "channel": ("handle", "name", "niche", "audience", "tone", "language", "format", "minutes", "topics", "sources"),
    "voice": ("voice", "music_mood", "intro", "outro"),
    "schedule": ("publish_hour", "time_zone"),
    "publishing": ("visibility", "autopilot", "category_id", "made_for_kids", "playlist", "upload_captions"),
}
_GROUP_OF = {field: f"{group}.{field}" for group, fields in _GROUPS.items() for field in fields}


class NewChannelPart(Given):
    """What the channel is about. Only you know its name and niche; the rest has a default."""

    name: str = Field(max_length=500)
    niche: str = Field(max_length=2000)
    handle: str | None = Field(None, description="Short name; empty: made of the name.", max_length=200)
    audience: str = Field("", max_length=2000)
    tone: str = Field("", max_length=2000)
    language: str = Field("en", max_length=200)
    format: str = Field("9:16", max_length=20)
    minutes: float = Field(0.75, description="Usual length, 0.25 to 10.")
    topics: list[str] = Field([], description="The first ones of its backlog.", max_length=1000)
    sources: list[TextWanted] = Field(
        [], description="Texts that its facts come from; feeds: POST /channels/{id}/feeds.", max_length=50
    )


class BrandPart(Given):
    """How it looks."""

    palette: str = Field("midnight", max_length=200)
    look: str = Field("bold", max_length=200)
    mark: str | None = Field(None, description="Two letters or an icon; empty: the name's initials.", max_length=200)
    colours: list[str] = Field([], description="Five own colours as #rrggbb; none: the palette's.", max_length=20)


class VoicePart(Given):
    """How it sounds."""

    voice: str = Field("local:heart", description="local:NAME or elevenlabs:VOICE_ID.", max_length=200)
    music_mood: str = Field("calm", max_length=200)
    intro: str = Field("", description="Spoken first in every video.", max_length=2000)
    outro: str = Field("", description="Spoken last in every video.", max_length=2000)


class SchedulePart(Given):
    """When it comes out."""

    publish_hour: int = Field(17, description="Full hour, 0 to 23.", ge=-1, le=100)
    time_zone: str = Field("", description="Of that hour; empty: yours.", max_length=200)
    start: bool = Field(True, description="Start the plan: a video a day, on your channels in turn.")


class PublishingPart(Given):
    """How it is published."""

    visibility: Visibility = Visibility.PRIVATE
    consents: bool = Field(
        False,
        description="You agree, today, to publishing as `visibility` says without seeing each video, and to declaring"
        " generated content. Revocable: DELETE /channels/{id}/consent.",
    )
    category_id: str = Field("27", max_length=20)
    made_for_kids: bool = False
    playlist: str = Field("", max_length=2000)
    upload_captions: bool = False


_LIGHT = (
    "Squid of the deep sea glow by organs in their skin that are called photophores. Below 200 meters hardly any"
    " sunlight is left, and a squid seen from below would be a dark shape against it. A firefly squid, 7 centimeters"
    " long, lights its belly as bright as the water above and so hides from the fish that hunt it. The vampire squid"
    " lives at 600 to 1,200 meters and, when it is attacked, throws out a cloud of glowing slime that lasts for up to"
    " 10 minutes. Many squid also flash to find one another in the dark, each kind in a pattern of its own."
)


class Beginning(Given):
    """Everything that a first channel takes; `channel.name` and `channel.niche` suffice to begin."""

    model_config = example(
        {
            "channel": {
                "name": "Fathom Minute",
                "niche": "life in the deep sea",
                "topics": ["Why squid glow"],
                "sources": [
                    {"title": "Light in the deep sea", "text": _LIGHT, "url": "https://example.org/deep-sea-light"}
                ],
            },
            "brand": {"palette": "midnight", "look": "bold"},
            "voice": {"voice": "local:heart", "outro": "Dive again tomorrow."},
            "schedule": {"publish_hour": 17, "time_zone": "Europe/Berlin"},
            "publishing": {"visibility": "unlisted", "consents": True},
        }
    )
    channel: NewChannelPart
    brand: BrandPart = BrandPart()
    voice: VoicePart = VoicePart()
    schedule: SchedulePart = SchedulePart()
    publishing: PublishingPart = PublishingPart()


_TO_DO: dict[str, Any] = {
    "what": "connect",
    "words": "Let YTEMPIRE publish on YouTube for “Fathom Minute”.",
    "needed": True,
    "method": "POST",
    "address": "/api/v1/channels/0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6/connection",
}


class ToDoShown(BaseModel):
    """One thing that is left to do, and where."""

    model_config = example(_TO_DO)
    what: Left
    words: str
    needed: bool = Field(description="Without it no video is made by the plan.")
    method: str | None = None
    address: str | None = Field(None, description="Where this is done; none: by whoever runs this installation.")


class Standing(BaseModel):
    """How far you are."""

    model_config = example({"channel": CHANNEL, "ready": False, "left": [_TO_DO]})
    channel: ChannelShown | None = Field(description="Your first channel.")
    ready: bool = Field(description="Nothing that is needed is left: the plan makes its videos.")
    left: list[ToDoShown]


@router.get("")
async def look(request: Request, who: SignedIn, conn: Transaction) -> Standing:
    """What is left to do before your first live channel's videos are made."""
    return await _standing(request, conn, who.user_id, await first_channel(conn))


@router.post("", status_code=201)
@takes_body(2_000_000)
async def begin(
    wanted: Beginning, request: Request, who: SignedIn, conn: Transaction, parts: PartsOf, response: Response
) -> Standing:
    """Make a channel with its sources, brand, voice, schedule and consent, and start the plan: all of it or nothing."""
    channel = _channel(wanted, who.user_id)
    try:
        await onboard(
            conn,
            parts.clock.now(),
            channel,
            channel_choices(parts.platform.tools),
            consents=wanted.publishing.consents,
            starts=wanted.schedule.start,
            rehearsal=parts.platform.rehearsal,
        )
    except YtempireError as error:
        field, dot, rest = (error.field or "").partition(".")
        error.field = _GROUP_OF.get(field, field) + dot + rest or None
        raise
    response.headers["Location"] = f"/api/v1/channels/{channel.id}"
    return await _standing(request, conn, who.user_id, await channel_in(conn, channel.id))


def _channel(wanted: Beginning, user_id: UUID) -> Channel:
    groups = [getattr(wanted, group).model_dump(include=set(fields)) for group, fields in _GROUPS.items()]
    given: dict[str, Any] = {name: value for group in groups for name, value in group.items()}
    name = wanted.channel.name
    mark = mark_for(name) if wanted.brand.mark is None else wanted.brand.mark
    brand = Brand(wanted.brand.palette, wanted.brand.look, mark, tuple(wanted.brand.colours))
    sources = tuple(Source(each.title, each.text, each.url) for each in wanted.channel.sources)
    given |= {"handle": wanted.channel.handle or handle_for(name), "topics": tuple(wanted.channel.topics)}
    given |= {"sources": sources}
    autopilot = Autopilot.AUTO if wanted.publishing.consents else Autopilot.REVIEW
    return Channel(new_id(), user_id, brand=brand, autopilot=autopilot, **given)


async def _standing(request: Request, conn: Connection, user_id: UUID, channel: ListedChannel | None) -> Standing:
    left = []
    for todo in await left_to_do(conn, user_id, channel):
        method, template = _WHERE[todo.what]
        here = template in request.app.openapi()["paths"]
        address = template.replace("{channel_id}", str(channel.channel.id) if channel else "")
        where = {"method": method, "address": address} if here else {}
        left.append(ToDoShown(what=todo.what, words=todo.words, needed=todo.needed, **where))
    ready = not any(todo.needed for todo in left)
    return Standing(channel=shown(channel) if channel else None, ready=ready, left=left)
