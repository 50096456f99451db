"""Verb: order a video. The row and its first job come into being together."""

from __future__ import annotations

from ytempire.channels import require_live
from ytempire.channels.model import Channel
from ytempire.kit.database import Connection
from ytempire.kit.ids import new_id
from ytempire.orchestration.platform import Platform
from ytempire.production import insert_video
from ytempire.production.model import Order, Video, VideoState


async def order_video(platform: Platform, channel: Channel, order: Order) -> Video:
    """Plan a video on the channel and send it on its way. The order comes from `production.new_order`.

    Raises BadInput if the channel is archived.
    """
    async with platform.tools.database.transaction(channel.user_id) as conn:
        return await order_video_in(conn, platform, channel, order)


async def order_video_in(
    conn: Connection, platform: Platform, channel: Channel, order: Order, *, led_by_another: bool = False
) -> Video:
    """The same within the transaction of whoever decides that it is ordered.

    `led_by_another`: no job of ours begins it, a run does.
    """
    now = platform.tools.clock.now()
    video = Video(
        id=new_id(),
        user_id=channel.user_id,
        channel_id=channel.id,
        state=VideoState.PLANNED,
        order=order,
        title=order.topic or order.article_title,
        reason="",
        rehearsal=platform.rehearsal,
        created_at=now,
    )
    await require_live(conn, channel)
    await insert_video(conn, video, now)
    if not led_by_another:
        await platform.queue.enqueue(conn, video.id, video.user_id, "light", rehearsal=video.rehearsal)
    return video
