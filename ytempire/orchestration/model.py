"""The nouns of driving: what may happen to a step that failed, what a person's retry does, a video as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ytempire.kit.errors import BadInput, YtempireError
from ytempire.production import StepRow
from ytempire.production.model import Order, StepName, VideoState


class WrongState(BadInput):
    """The video is in a state in which this can't be done; nothing was changed."""

    code = "wrong_state"


class NoRecordedCall(YtempireError):  # noqa: N818
    """What was handed in was paid outside of the books: no call of this video for it is recorded."""

    code = "no_recorded_call"


@dataclass(frozen=True)
class Retry:
    """Try the step again after a while."""

    after_s: float


@dataclass(frozen=True)
class Defer:
    """Nothing is wrong with the video: it goes on when money, quota, disk or memory are there again."""

    after_s: float
    reason: str
    after_order: int | None = None
    """An operator's order newer than this one brings it on earlier; None: orders change nothing."""


@dataclass(frozen=True)
class Wait:
    """A person decides."""

    reason: str


@dataclass(frozen=True)
class Cancel:
    """A rule ends the video."""

    reason: str


@dataclass(frozen=True)
class Fail:
    """The step can't be done; a person mends the cause and retries."""

    reason: str


@dataclass(frozen=True)
class Keep:
    """The video stays published as it is."""

    reason: str


@dataclass(frozen=True)
class RetryPlan:
    """What a person's retry does, in steps and micro-dollars."""

    begins: StepName
    """The first step that is made; after it follows whatever depends on it."""
    remake: StepName | None
    """Its result is at fault, or unwanted: made anew although it, or parts of it, stand recorded. None: just go on."""
    kept: tuple[StepName, ...]
    """Steps before `begins`, whose results are used again."""
    kept_microusd: int
    """What those cost: not paid again."""
    again_microusd: int
    """What `begins` and later steps cost so far: about the most that making them anew costs."""


@dataclass(frozen=True)
class Wanted:
    """Which videos a list is of; what is empty or None keeps none out."""

    states: tuple[VideoState, ...] = ()
    channel_id: UUID | None = None
    first: date | None = None
    """First and last day on which they were ordered, days of the user's zone."""
    last: date | None = None
    rehearsal: bool | None = None


@dataclass(frozen=True)
class Release:
    """What is known of a video that stands, or stood, on the platform."""

    platform: str
    """`youtube`, or `sandbox` in a rehearsal."""
    watch_url: str
    visibility: str
    """As it was read back; empty once the channel was disconnected."""
    published_at: datetime


@dataclass(frozen=True)
class ListedVideo:
    """A video as lists show it. Money is in micro-dollars."""

    id: UUID
    channel_id: UUID
    channel_handle: str
    channel_name: str
    state: VideoState
    reason: str
    title: str
    topic: str
    rehearsal: bool
    created_at: datetime
    updated_at: datetime
    held_microusd: int
    spent_microusd: int
    release: Release | None


@dataclass(frozen=True)
class VideoView:
    """One video with what was ordered."""

    listed: ListedVideo
    order: Order


@dataclass(frozen=True)
class StepView:
    """A step of a video as it stands; `row` is None until it begins. Money is in micro-dollars."""

    step: StepName
    row: StepRow | None
    spent_microusd: int


Outcome = Retry | Defer | Wait | Cancel | Fail | Keep
