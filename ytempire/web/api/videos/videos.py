"""Videos: ordered, listed, looked at, decided on, sent on again."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from ytempire.channels import channel_in, look_at_channel, named_media
from ytempire.kit.errors import BadInput
from ytempire.orchestration import look_at_video_in, order_video_in, page_of_videos
from ytempire.orchestration.model import Wanted
from ytempire.production import OrderWishes, new_order, own_media
from ytempire.production.model import VideoState
from ytempire.web.api.videos.shown import CHANNEL, VideoInFull, VideoShown, answer, in_full, shown
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page, at_time
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("videos")


class NewVideo(Given):
    """A video to be made; what is left out is as the channel has it."""

    model_config = example({"channel_id": CHANNEL, "topic": "Why squid glow"})
    channel_id: UUID
    topic: str = Field(
        "", max_length=2000, description="What it is about; without topic, script and article: the channel's next one."
    )
    script: str | None = Field(None, description="Your own text, spoken word for word; at most 200,000 bytes.")
    article: str | None = Field(
        None, description="A text to make the video from: plain, Markdown or HTML; at most 200,000 bytes."
    )
    article_title: str = Field("", max_length=2000)
    title: str = Field("", max_length=1000, description="Your own title, at most 100 characters.")
    format: str = Field("", max_length=20, description="9:16 or 16:9.")
    voice: str = Field("", max_length=200, description="local:NAME or elevenlabs:VOICE_ID.")
    look: str = Field("", max_length=200)
    minutes: float | None = Field(None, description="Length wished, 0.25 to 10.")
    media_ids: list[UUID] = Field(
        default_factory=list,
        max_length=50,
        description="Pictures and clips of the channel that it shows in any case.",
    )
    even_if_similar: bool = Field(False, description="Make it although the channel had something like it.")

    def wishes(self) -> OrderWishes:
        """The same as production takes it."""
        given = self.model_dump(exclude={"channel_id", "media_ids", "script", "article"})
        return OrderWishes(**given, script_text=self.script, article_text=self.article)


Day = Annotated[date | None, Query(description="Ordered on this day of your time zone.", examples=["2026-11-23"])]
States = Annotated[
    list[VideoState] | None, Query(alias="state", description="In one of these states; may be repeated.")
]


@router.post("", status_code=201)
async def order(wanted: NewVideo, who: SignedIn, conn: Transaction, parts: PartsOf, response: Response) -> VideoInFull:
    """Order a video: it is made, reviewed and published as its channel says."""
    channel = (await channel_in(conn, wanted.channel_id)).channel
    own = [own_media(one) for one in await named_media(conn, channel.id, wanted.media_ids)] if wanted.media_ids else []
    ordered = new_order(channel, wanted.wishes(), own_media=own, tools=parts.platform.tools)
    video = await order_video_in(conn, parts.platform, channel, ordered)
    response.headers["Location"] = f"/api/v1/videos/{video.id}"
    return in_full(parts, await look_at_video_in(conn, who.user_id, video.id), response)


@router.get("")
async def list_videos(
    who: SignedIn,
    parts: PartsOf,
    states: States = None,
    channel_id: Annotated[UUID | None, Query(description="Of this channel.")] = None,
    day: Day = None,
    first: Annotated[date | None, Query(alias="from", description="Ordered on this day or later.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Ordered on this day or earlier.")] = None,
    rehearsal: Annotated[bool | None, Query(description="Only the rehearsal's, or only the others.")] = None,
    cursor: After = None,
    limit: Limit = 50,
) -> Page[VideoShown]:
    """Your videos, newest first. `state=in_review` is the review inbox."""
    if day and (first or last):
        raise BadInput("a day and a span were given together", field="day", fix="Give `day`, or `from` and `to`.")
    wanted = Wanted(tuple(sorted(set(states or ()))), channel_id, first or day, last or day, rehearsal)
    what = f"videos?{wanted}"
    after = parts.cursors.read_time(what, who.user_id, cursor)
    rows = await page_of_videos(parts.database, who.user_id, wanted, after=after, limit=limit + 1)
    if not rows and channel_id:
        await look_at_channel(parts.database, who.user_id, channel_id)  # is it one of yours at all?
    cap = parts.platform.tools.ledger.policy.video_cap
    return parts.cursors.page(
        what,
        who.user_id,
        rows,
        limit,
        show=lambda row: shown(row, cap),
        place=lambda row: at_time(row.created_at, row.id),
    )


@router.get("/{video_id}")
async def get(video_id: UUID, who: SignedIn, parts: PartsOf, response: Response) -> VideoInFull:
    """One of your videos, and how far it is right now."""
    return await answer(parts, who.user_id, video_id, response)
