"""Events: as a list to ask for again and again, or as a stream (`Accept: text/event-stream`)."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Header, Query, Request, Response
from pydantic import BaseModel, Field

from ytempire.events import events_after
from ytempire.events.model import News, VideoPublished, kinds
from ytempire.kit.errors import BadInput
from ytempire.web.bodies import example
from ytempire.web.cursors import Limit
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource
from ytempire.web.streams import EVENT_STREAM, EventStream

router = resource("events")
MOST_NUMBER = 2**63 - 1
EXAMPLE: dict[str, Any] = {
    "id": 1042,
    "type": VideoPublished.type,
    "timestamp": "2026-11-25T12:00:00.000Z",
    "subject": "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6",
    "data": {
        "channel_id": "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e7",
        "platform": "youtube",
        "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "visibility": "public",
    },
}

_STREAMED = f"event: {EXAMPLE['type']}\ndata: {json.dumps(EXAMPLE)}\nid: {EXAMPLE['id']}\n\n"


class EventShown(BaseModel):
    """Something that happened. docs/reference/events.md lists the types and their data."""

    model_config = example(EXAMPLE)
    id: int = Field(description="Counts your events, without a gap, in the order in which they became true.")
    type: str
    timestamp: str
    subject: str = Field(description="What it is about: mostly the id of a video or channel.")
    data: dict[str, Any]


class EventPage(BaseModel):
    """A page of events. Ask again with `after` = `last`: now if there is `more`, else whenever you like."""

    items: list[EventShown]
    last: int = Field(description="There is no other event of these types up to this number.", examples=[1042])
    more: bool = Field(description="Whether there are some beyond already.", examples=[False])


AfterNumber = Annotated[
    int | None,
    Query(
        ge=0,
        le=MOST_NUMBER,
        description="Only events after this `id`; without it a list begins with the oldest, a stream with what is new.",
        examples=[1041],
    ),
]
Types = Annotated[
    list[str] | None,
    Query(
        max_length=50, description="Only events of these types; repeat it for several.", examples=[["video.published"]]
    ),
]
LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", description="As `after`, and before it: browsers send it by themselves.")
]


@router.get(
    "",
    response_model=EventPage,
    responses={
        200: {
            "content": {EVENT_STREAM: {"schema": {"type": "string"}, "example": _STREAMED}},
            "description": "A page, or a stream.",
        }
    },
)
async def list_or_follow(
    request: Request,
    who: SignedIn,
    parts: PartsOf,
    after: AfterNumber = None,
    types: Types = None,
    limit: Limit = 50,
    last_event_id: LastEventId = None,
) -> Response:
    """Your events, oldest first; with `Accept: text/event-stream` they are sent as they happen.

    A stream also tells `video.progress`. It ends with the session or API key that opened it, at the latest after
    15 minutes: connect again, with `Last-Event-ID`, and nothing is lost.
    """
    wanted = checked_types(types) if types else None
    place = _number(last_event_id) if last_event_id else after
    if any(EVENT_STREAM in accepted for accepted in request.headers.getlist("accept")):
        told = parts.followers.follow(who.user_id, who.credential, after=place, types=wanted)
        return EventStream(told, parts.clock)
    async with parts.database.transaction(who.user_id) as conn:
        events, last = await events_after(conn, place or 0, wanted, limit)
    more = json.dumps(len(events) == limit)
    items = ",".join(event.wire for event in events)
    return Response(f'{{"items":[{items}],"last":{last},"more":{more}}}', media_type="application/json")


def checked_types(types: list[str]) -> list[str]:
    """These types. Raises BadInput for one that isn't there."""
    known = {kind.type for kind in kinds(News)}
    unknown = next((name for name in types if name not in known), None)
    if unknown is not None:
        raise BadInput(
            f"there is no type of events {unknown[:100]!r}",
            field="types",
            fix=f"There are {', '.join(sorted(known))}.",
        )
    return sorted(set(types))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MOST_NUMBER):
        raise BadInput("this is no id of an event", field="Last-Event-ID", fix="Send the last `id` you were told.")
    return int(text[:20])
