"""A channel's backlog and series."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from ytempire.channels import add_series, add_topics, change_topic, look_at_channel, look_at_topic, page_of_topics
from ytempire.channels.model import NewTopic, Topic, TopicState
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn
from ytempire.web.routing import resource

router = resource("channels")

_TOPIC: dict[str, Any] = {
    "id": "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f",
    "topic": "Why squid glow",
    "notes": "",
    "state": "waiting",
    "pinned": False,
    "series": "",
    "part": None,
    "video_id": None,
    "added_at": "2026-11-20T08:00:00Z",
}


class TopicShown(BaseModel):
    """A topic of a channel."""

    model_config = example(_TOPIC)
    id: UUID
    topic: str
    notes: str
    state: TopicState
    pinned: bool = Field(description="Before all that are not.")
    series: str = Field(description="Title of its series; empty: none.")
    part: int | None = None
    video_id: UUID | None = Field(None, description="The video that took it.")
    added_at: datetime


class TopicWanted(BaseModel):
    """A topic to be added."""

    topic: str = Field(max_length=1000)
    notes: str = Field("", description="A wish for the script; facts come from sources.", max_length=10_000)


class TopicsWanted(Given):
    """Topics for the end of the backlog, or the next parts of a series."""

    model_config = example({"topics": [{"topic": "Why squid glow"}], "series": ""})
    topics: list[TopicWanted] = Field(min_length=1, max_length=1000)
    series: str = Field("", description="Title of the series that they are the next parts of.", max_length=1000)
    series_notes: str = Field("", max_length=10_000)


class TopicsAdded(BaseModel):
    """How many of them were new."""

    model_config = example({"added": 1, "known": 0})
    added: int
    known: int = Field(description="The channel had these already, waiting, used or skipped.")


class TopicEdit(Given):
    """What to change of a topic; all of it happens or nothing."""

    model_config = example({"place": 1})
    topic: str | None = Field(None, max_length=1000)
    notes: str | None = Field(None, max_length=10_000)
    pinned: bool | None = None
    skipped: bool | None = None
    place: int | None = Field(None, description="Its place among those that wait, from 1.", ge=1, le=1_000_000)


@router.get("/{channel_id}/topics")
async def list_of_topics(
    channel_id: UUID,
    who: SignedIn,
    parts: PartsOf,
    state: Annotated[TopicState, Query(description="Which topics.")] = TopicState.WAITING,
    cursor: After = None,
    limit: Limit = 50,
) -> Page[TopicShown]:
    """A channel's topics; those that wait as they will be taken."""
    what = f"topics?channel={channel_id}&state={state}"
    place = parts.cursors.read(what, who.user_id, cursor)
    after = (place[0] == "pinned", int(place[1]), UUID(place[2])) if place else None
    rows = await page_of_topics(parts.database, who.user_id, channel_id, state, after=after, limit=limit + 1)
    return parts.cursors.page(what, who.user_id, rows, limit, show=_shown, place=_place)


@router.post("/{channel_id}/topics", status_code=201)
async def add_to_backlog(channel_id: UUID, wanted: TopicsWanted, who: SignedIn, parts: PartsOf) -> TopicsAdded:
    """Put topics at the end of the backlog."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    new = [NewTopic(one.topic, one.notes) for one in wanted.topics]
    if wanted.series:
        added = await add_series(parts.database, parts.clock, channel, wanted.series, new, notes=wanted.series_notes)
    else:
        added = await add_topics(parts.database, parts.clock, channel, new)
    return TopicsAdded(added=added, known=len(new) - added)


@router.get("/{channel_id}/topics/{topic_id}")
async def look_at_topic_of(
    channel_id: UUID, topic_id: UUID, who: SignedIn, parts: PartsOf, response: Response
) -> TopicShown:
    """One topic."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    shown = _shown(await look_at_topic(parts.database, channel, topic_id))
    with_etag(response, shown)
    return shown


@router.patch("/{channel_id}/topics/{topic_id}")
async def change_topic_of(
    channel_id: UUID,
    topic_id: UUID,
    edit: TopicEdit,
    who: SignedIn,
    parts: PartsOf,
    response: Response,
    if_match: IfMatch = None,
) -> TopicShown:
    """Move, pin, skip or rewrite a topic. One that a video has taken stays as it was."""
    channel = (await look_at_channel(parts.database, who.user_id, channel_id)).channel
    wanted = edit.model_dump(exclude_none=True)
    changed = await change_topic(
        parts.database, channel, topic_id, **wanted, expects=lambda now: require_match(if_match, _shown(now))
    )
    shown = _shown(changed)
    with_etag(response, shown)
    return shown


def _place(topic: Topic) -> tuple[str, str, str]:
    return ("pinned" if topic.pinned else "", str(topic.position), str(topic.id))


def _shown(topic: Topic) -> TopicShown:
    return TopicShown.model_validate({name: getattr(topic, name) for name in TopicShown.model_fields})
