"""Verb: give the uploaded video its thumbnail, its playlist and, where the channel wants it, a caption track.

What the platform refuses for good (a channel that is not verified may set no thumbnail) is noted, not fatal: the video
stands. What waiting mends is raised, and the step comes back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from ytempire.channels import find_connection
from ytempire.kit.errors import BudgetRefused, VendorRefused
from ytempire.ledger import Share
from ytempire.production.model import FinishedVideo
from ytempire.publishing import store
from ytempire.publishing.model import Comparison
from ytempire.publishing.ports import RemoteVideo
from ytempire.publishing.quota import (
    CAPTION_INSERT,
    CAPTION_LIST,
    INSERT,
    THUMBNAIL,
    pause,
)
from ytempire.publishing.rules import GONE, NOT_FOUND, PROCESSING_AGAIN_S, REJECTED, is_short, processed, rejection
from ytempire.publishing.upload import Uploading

PROCESSING_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Two minutes in all; then the driver comes back later."""
CLAIM_HOLDS = timedelta(minutes=5)


async def dress(job: Uploading, platform_id: str) -> list[Comparison]:
    """Thumbnail, playlist, captions; returns those that the platform refused for good."""
    missing: list[Comparison] = []
    await _noted(missing, "thumbnail", lambda: _thumbnail(job, platform_id))
    if job.work.channel.playlist and not job.work.video.order.in_playlist:
        missing.append(Comparison("playlist", "set", "left out: YouTube's quota was short that day", repaired=False))
    elif job.work.channel.playlist:
        await _noted(missing, "playlist", lambda: _playlist(job, platform_id))
    if job.work.channel.upload_captions:
        await _noted(missing, "captions", lambda: _captions(job, platform_id))
    return missing


async def wait_until_processed(job: Uploading, platform_id: str) -> RemoteVideo:
    """Read until the platform is done with the file. Raises VendorRefused: rejected, gone, or not yet."""
    remote: RemoteVideo | None = None
    for wait_s in (0.0, *PROCESSING_WAITS_S):
        await pause(wait_s)
        remote = await job.purse.read("processing", lambda: job.platform.read(platform_id))
        if remote is None:
            continue
        why = rejection(remote)
        if why:
            raise VendorRefused(
                why, vendor="youtube", reason=REJECTED, fix="See the video in YouTube Studio for the details."
            )
        if processed(remote):
            return remote
    if remote is None:
        raise VendorRefused(
            f"the uploaded video {platform_id} is not at YouTube any more",
            vendor="youtube",
            reason=NOT_FOUND,
            fix="Was it deleted there? Order the video again if it was not meant to be.",
        )
    raise VendorRefused(
        "YouTube is still processing the video", vendor="youtube", reason="processing", retry_after_s=PROCESSING_AGAIN_S
    )


async def set_thumbnail(job: Uploading, platform_id: str, *, again: bool = False) -> None:
    """Set the chosen thumbnail; `again` when the read-back misses it."""
    image = job.finished.thumbnails[0]
    path = job.work.tools.media.path(image)
    name = f"thumbnail:{platform_id}:{image.sha256[:16]}" + (f":again:{job.work.attempt}" if again else "")
    await job.purse.write(
        name,
        "thumbnail",
        THUMBNAIL,
        lambda: job.platform.set_thumbnail(platform_id, path),
        share=Share.REPAIR if again else Share.PUBLISHING,
    )


async def _thumbnail(job: Uploading, platform_id: str) -> None:
    if not job.finished.thumbnails:
        return
    if is_short(job.finished):
        await wait_until_processed(job, platform_id)
    await set_thumbnail(job, platform_id)


async def _playlist(job: Uploading, platform_id: str) -> None:
    for last in (False, True):
        key = await _playlist_key(job)
        playlist_id = await _playlist_id(job, key)
        look = partial(job.purse.read, "playlist entry", partial(job.platform.in_playlist, playlist_id, platform_id))
        try:
            await job.purse.write(
                f"playlist:{playlist_id}:{platform_id}",
                "into the playlist",
                INSERT,
                lambda there=playlist_id: job.platform.add_to_playlist(there, platform_id),  # type: ignore[misc]
                look=look,
            )
        except VendorRefused as refused:
            if refused.reason != "playlistNotFound" or last:
                raise
            # deleted on the platform: forget it and make another
            async with job.work.tools.database.transaction(key.user_id) as conn:
                await store.keep_playlist(conn, key, "")
        else:
            return


async def _playlist_key(job: Uploading) -> store.PlaylistKey:
    channel = job.work.channel
    connection = await find_connection(job.work.tools.database, channel.user_id, channel.id)
    theirs = connection.platform_channel_id if connection else ""
    return store.PlaylistKey(channel.user_id, channel.id, theirs, channel.playlist)


async def _playlist_id(job: Uploading, key: store.PlaylistKey) -> str:
    tools, video = job.work.tools, job.work.video
    now = tools.clock.now()
    async with tools.database.transaction(key.user_id) as conn:
        known, mine = await store.claim_playlist(conn, key, video_id=video.id, now=now, stale_before=now - CLAIM_HOLDS)
    if known:
        return known
    if not mine:
        raise VendorRefused(
            "another video of the channel is making the playlist right now",
            vendor="youtube",
            reason="playlist_in_making",
            retry_after_s=20.0,
        )
    found = await job.purse.read("playlists", lambda: job.platform.find_playlist(key.title))
    if found is None:
        visibility = job.work.channel.visibility.value
        made: list[str] = []

        async def make() -> None:
            made.append(await job.platform.make_playlist(key.title, visibility))

        async def look() -> bool:
            there = await job.purse.read("playlists", lambda: job.platform.find_playlist(key.title))
            made.extend([there] if there else [])
            return there is not None

        await job.purse.write(f"make-playlist:{job.work.attempt}", "new playlist", INSERT, make, look=look)
        found = made[-1]
    async with tools.database.transaction(key.user_id) as conn:
        await store.keep_playlist(conn, key, found)
    return found


async def _captions(job: Uploading, platform_id: str) -> None:
    finished: FinishedVideo = job.finished
    language = job.listing.language
    path = job.work.tools.media.path(finished.captions_srt)

    async def look() -> bool:
        return await job.purse.read(
            "caption tracks",
            lambda: job.platform.has_captions(platform_id, language),
            units=CAPTION_LIST,
            share=Share.CAPTIONS,
        )

    await job.purse.write(
        f"captions:{platform_id}:{finished.captions_srt.sha256[:16]}",
        "captions",
        CAPTION_INSERT,
        lambda: job.platform.add_captions(platform_id, path, language=language, name=""),
        share=Share.CAPTIONS,
        look=look,
    )


async def _noted(missing: list[Comparison], field: str, give: Callable[[], Awaitable[None]]) -> None:
    try:
        await give()
    except VendorRefused as refused:
        if refused.retry_after_s is not None or refused.reason in GONE:
            raise
        missing.append(Comparison(field, "set", f"refused: {refused.message}", repaired=False))
    except BudgetRefused as refused:
        # the video does not wait a day for its captions (400 units are that day's whole share) or its playlist
        if field == "thumbnail":
            raise
        missing.append(Comparison(field, "set", f"no quota: {refused.message}", repaired=False))
