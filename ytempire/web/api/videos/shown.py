"""What a video looks like on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from ytempire.orchestration import look_at_video
from ytempire.orchestration.model import ListedVideo, VideoView
from ytempire.production.model import Order, StepName, VideoState
from ytempire.web.bodies import example
from ytempire.web.etags import with_etag
from ytempire.web.parts import Parts

VIDEO, CHANNEL = "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f", "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6"
_AT_WORK = {VideoState.PRODUCING, VideoState.PUBLISHING}
_MONEY = {"held_microusd": 0, "spent_microusd": 184300, "cap_microusd": 3000000}
_RELEASE = {
    "platform": "youtube",
    "watch_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "visibility": "public",
    "published_at": "2026-11-23T16:00:04Z",
}
_LISTED: dict[str, Any] = {
    "id": VIDEO,
    "channel_id": CHANNEL,
    "channel_handle": "deep-sea",
    "channel_name": "Fathom Minute",
    "state": "published",
    "reason": "",
    "title": "Why squid glow",
    "topic": "Why squid glow",
    "rehearsal": False,
    "created_at": "2026-11-23T05:00:00Z",
    "updated_at": "2026-11-23T16:00:04Z",
    "money": _MONEY,
    "release": _RELEASE,
}
_ORDER: dict[str, Any] = {
    "made_from": "topic",
    "title": "",
    "format": "9:16",
    "minutes": 0.75,
    "voice": "local:heart",
    "look": "bold",
    "palette": "midnight",
    "music_mood": "calm",
    "language": "en",
    "own_media": 0,
    "edited_sentences": 0,
    "even_if_similar": False,
    "publish_at": "2026-11-23T16:00:00Z",
}


class MoneyShown(BaseModel):
    """A video's money."""

    model_config = example(_MONEY)
    held_microusd: int = Field(description="Set aside for calls under way.")
    spent_microusd: int
    cap_microusd: int = Field(description="More than this no video costs: it is cancelled.")


class ReleaseShown(BaseModel):
    """Where a video was published."""

    model_config = example(_RELEASE)
    platform: str = Field(description="`youtube`, or `sandbox` in a rehearsal.")
    watch_url: str
    visibility: str = Field(description="As it was read back; empty once the channel was disconnected.")
    published_at: datetime


class OrderShown(BaseModel):
    """What was ordered."""

    model_config = example(_ORDER)
    made_from: str = Field(description="`topic`, `script`, `article`, or `backlog`: the channel's next topic.")
    title: str = Field(description="The one that was wished; empty: the best of the script's.")
    format: str
    minutes: float
    voice: str
    look: str
    palette: str
    music_mood: str
    language: str
    own_media: int = Field(description="How many pictures and clips of your own came with it.")
    edited_sentences: int
    even_if_similar: bool
    publish_at: datetime | None = Field(
        None, description="When it is to become public; null: as soon as it is there, or never if it isn't public."
    )


class ProgressShown(BaseModel):
    """How far the step at work is."""

    model_config = example({"step": "render", "share": 0.42})
    step: StepName
    share: float = Field(description="0 to 1.")


class VideoShown(BaseModel):
    """A video."""

    model_config = example(_LISTED)
    id: UUID
    channel_id: UUID
    channel_handle: str
    channel_name: str
    state: VideoState
    reason: str = Field(description="Why it waits, failed or was cancelled, in plain words; empty otherwise.")
    title: str = Field(description="Its topic until it has one; empty until that is decided.")
    topic: str
    rehearsal: bool = Field(description="Made with stand-ins: it can't reach the real YouTube.")
    created_at: datetime
    updated_at: datetime
    money: MoneyShown
    release: ReleaseShown | None = None


class VideoInFull(VideoShown):
    """A video, what was ordered, and how far it is right now."""

    model_config = example(_LISTED | {"state": "producing", "release": None, "order": _ORDER}
                           | {"progress": {"step": "render", "share": 0.42}})  # fmt: skip
    order: OrderShown
    progress: ProgressShown | None = Field(None, description="Of the step at work, where it tells; not in the ETag.")


def shown(video: ListedVideo, cap_microusd: int) -> VideoShown:
    """A video in a list."""
    return VideoShown.model_validate(_plain(video, cap_microusd))


async def answer(parts: Parts, user_id: UUID, video_id: UUID, response: Response) -> VideoInFull:
    """One video with its ETag and its progress. Raises NotFound."""
    view = await look_at_video(parts.database, user_id, video_id)
    made = in_full(parts, view, response)
    at_work = await parts.platform.live.read(video_id) if made.state in _AT_WORK else None
    if at_work and at_work[0] in set(StepName):
        made.progress = ProgressShown(step=StepName(at_work[0]), share=at_work[1])
    return made


def in_full(parts: Parts, view: VideoView, response: Response) -> VideoInFull:
    """One video with its ETag."""
    plain = _plain(view.listed, parts.platform.tools.ledger.policy.video_cap)
    made = VideoInFull.model_validate(plain | {"order": _order(view.order)})
    with_etag(response, made)
    return made


def _plain(video: ListedVideo, cap_microusd: int) -> dict[str, Any]:
    money = MoneyShown(
        held_microusd=video.held_microusd, spent_microusd=video.spent_microusd, cap_microusd=cap_microusd
    )
    release = ReleaseShown.model_validate(vars(video.release)) if video.release else None
    return vars(video) | {"money": money, "release": release}


def _order(order: Order) -> OrderShown:
    given = {"script": order.script_text, "article": order.article_text, "topic": order.topic}
    plain = {name: getattr(order, name) for name in OrderShown.model_fields if hasattr(order, name)}
    own = {
        "made_from": next((name for name, text in given.items() if text), "backlog"),
        "own_media": len(order.own_media),
        "edited_sentences": len(order.sentence_edits),
    }
    return OrderShown.model_validate(plain | own)
