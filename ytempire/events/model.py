"""The nouns of events: every kind of news with what it tells, and an event as it is kept and sent.

A kind's fields are the event's `data`; its first line is what docs/reference/events.md says of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, ClassVar, TypeVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class News:
    """What is told of something that happened."""

    type: ClassVar[str]

    def data(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, kw_only=True)
class VideoOrdered(News):
    """A video was ordered, by the plan or by a person."""

    type = "video.ordered"
    channel_id: UUID
    topic: str


@dataclass(frozen=True, kw_only=True)
class VideoChanged(News):
    """A video has another state, or its state another reason."""

    type = "video.changed"
    channel_id: UUID
    title: str
    state: str
    was: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReviewWanted(News):
    """A video waits for a person's decision."""

    type = "video.review_wanted"
    channel_id: UUID
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StepBegun(News):
    """A step of a video is being made; `tries` counts how often."""

    type = "video.step_begun"
    step: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class StepDone(News):
    """A step of a video is made."""

    type = "video.step_done"
    step: str


@dataclass(frozen=True, kw_only=True)
class StepFailed(News):
    """A step of a video failed; what follows from it is told by `video.changed`, or it is tried again."""

    type = "video.step_failed"
    step: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class VideoPublished(News):
    """A video stands on the platform, at this address."""

    type = "video.published"
    channel_id: UUID
    platform: str
    url: str
    visibility: str


@dataclass(frozen=True, kw_only=True)
class Progress(News):
    """How far a step is, 0 to 1. Only streams tell it; it is not kept, has no id, and may be left out."""

    type = "video.progress"
    step: str
    share: float


@dataclass(frozen=True, kw_only=True)
class SlotClaimed(News):
    """A slot of the plan got its channel and video."""

    type = "plan.claimed"
    local_day: date
    number: int
    channel_id: UUID
    video_id: UUID
    driver: str


@dataclass(frozen=True, kw_only=True)
class SlotDeferred(News):
    """A slot of the plan has to wait; `why` is one word, `reason` says what would help."""

    type = "plan.deferred"
    local_day: date
    number: int
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RunTakenOver(News):
    """Another driver (n8n) was silent for too long: the built-in one goes on with the video."""

    type = "run.taken_over"
    driver: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConnectionBroken(News):
    """A channel's access to the platform stopped working: it has to be connected anew."""

    type = "channel.connection_broken"
    reason: str


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(News):
    """A webhook of yours was switched off, because its address took nothing for days or is gone."""

    type = "webhook.disabled"
    url: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WebhookTest(News):
    """Somebody tries a webhook out; only that one gets it."""

    type = "webhook.test"
    words: str


@dataclass(frozen=True, kw_only=True)
class BudgetNews(News):
    """What is told of a budget; of one that all share, to whoever's call it was and without what others spent."""

    budget: str
    words: str


class BudgetNear(BudgetNews):
    """A budget of money or quota has reached 80 % of its cap."""

    type = "budget.near"


class BudgetRefused(BudgetNews):
    """A budget had too little left for a call: it was not made."""

    type = "budget.refused"


class BudgetUsedUp(BudgetNews):
    """The day's money is used up: nothing more is made until the next day, or until an operator raises the cap."""

    type = "budget.used_up"


class BudgetOverrun(BudgetNews):
    """A vendor's bill was higher than what was set aside for it."""

    type = "budget.overrun"


class BudgetUnpriced(BudgetNews):
    """A bill came for what has no price: all that was set aside for it counts as spent."""

    type = "budget.unpriced"


Kind = TypeVar("Kind", bound=News)


@dataclass(frozen=True)
class Event:
    """Something that happened, as it is kept and sent."""

    id: UUID
    number: int
    """Its place among the tenant's events, without a gap; streams resume by it."""
    type: str
    subject: str
    data: dict[str, Any]
    at: datetime

    @cached_property
    def wire(self) -> str:
        """As JSON on one line: what a stream, a list and a webhook send; made once, however many receive it."""
        return on_wire(self.number, self.type, self.subject, self.data, self.at)


def on_wire(number: int | None, kind: str, subject: str, data: dict[str, Any], at: datetime) -> str:
    """An event's JSON."""
    shown = {"id": number, "type": kind, "timestamp": stamp(at), "subject": subject, "data": data}
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False)


def stamp(at: datetime) -> str:
    """A time as JSON has it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kinds(of: type[Kind]) -> Iterator[type[Kind]]:
    """Every kind of such news there is."""
    for kind in of.__subclasses__():
        if "type" in vars(kind):
            yield kind
        yield from kinds(kind)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return stamp(value)
    return str(value) if isinstance(value, UUID | date) else value
