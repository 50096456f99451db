"""Verb: exactly one upload per video, whatever dies when (docs/decisions: exactly one upload).

A row per video comes first, the session's address before the first byte, the id after the last. Whoever finds a row
asks the session, then looks for the marker among the channel's uploads, and only then begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ytempire.kit.errors import OutcomeUnknown, Superseded, VendorRefused, YtempireError
from ytempire.kit.failpoints import failpoint
from ytempire.production.model import FinishedVideo
from ytempire.production.step import Work
from ytempire.publishing import store
from ytempire.publishing.model import Provenance, Upload, UploadState
from ytempire.publishing.ports import Listing, UploadProgress, VideoPlatform
from ytempire.publishing.quota import PAGE, Purse, patiently
from ytempire.publishing.rules import marker_of, may_be_older, unclear_wait

SESSIONS_MOST = 3
STANDSTILLS_MOST = 4
PAGES_MOST = 20
SENT_SHARE = 0.7
"""How much of the step's progress the bytes are."""


class AlreadyPublished(YtempireError):  # noqa: N818
    """Another version of the video is on the platform, which can't exchange a file."""

    code = "already_published"


@dataclass(frozen=True)
class Uploading:
    """What the verb works with."""

    work: Work
    platform: VideoPlatform
    purse: Purse
    sessions: store.Sessions
    finished: FinishedVideo
    file: Path
    listing: Listing
    provenance: Provenance


async def upload_once(job: Uploading) -> str:
    """Bring the file to the platform; returns the video's id there.

    Raises AlreadyPublished, VendorRefused (with `retry_after_s` when waiting helps), OutcomeUnknown, Superseded.
    """
    for _ in range(2 * SESSIONS_MOST):
        upload = await _row(job)
        if upload.state is UploadState.DONE:
            if await _stays(job, upload):
                return upload.platform_id
            continue
        platform_id = await _go_on(job, upload) if upload.session else ""
        # No session, or it is gone. Had one been there, its video may be too.
        if not platform_id and upload.session_no:
            platform_id = await _by_marker(job, upload)
        if platform_id:
            await _done(job, platform_id)
            continue
        if upload.session_no:
            wait = unclear_wait(await _row(job), job.work.tools.clock.now())
            if wait:
                raise VendorRefused(
                    "the upload's last piece was sent, but YouTube shows neither session nor video yet",
                    vendor="youtube",
                    reason="upload_unclear",
                    retry_after_s=wait.seconds,
                )
        await _start(job, upload)
    raise VendorRefused(
        f"YouTube lost {SESSIONS_MOST} upload sessions in a row",
        vendor="youtube",
        reason="sessionGone",
        retry_after_s=600.0,
    )


async def _row(job: Uploading) -> Upload:
    video, tools = job.work.video, job.work.tools
    async with tools.database.transaction(video.user_id) as conn:
        return await job.sessions.ensure(
            conn,
            Upload(
                video_id=video.id,
                user_id=video.user_id,
                channel_id=video.channel_id,
                marker=marker_of(video.id),
                state=UploadState.PLANNED,
                session_no=0,
                session="",
                platform_id="",
                file_sha256=job.finished.media.sha256,
                created_at=tools.clock.now(),
                last_piece_at=None,
            ),
        )


async def _stays(job: Uploading, upload: Upload) -> bool:
    """Whether the upload that is there is the one wanted. One of another file may be replaced once it is deleted."""
    if upload.file_sha256 == job.finished.media.sha256:
        return True
    if await job.purse.read("read-back", lambda: job.platform.read(upload.platform_id)):
        raise AlreadyPublished(
            f"an earlier version of this video is published at {job.platform.address(upload.platform_id)},"
            " and YouTube can't exchange a video's file",
            fix="Delete it there, then retry this video (POST /api/v1/videos/{id}/retry, or `ytempire retry`).",
        )
    async with job.work.tools.database.transaction(upload.user_id) as conn:
        await store.forget_upload(conn, upload.video_id, upload.platform_id)
    return False


async def _start(job: Uploading, upload: Upload) -> None:
    tools, size_bytes = job.work.tools, job.finished.media.size_bytes

    async def perform() -> dict[str, object]:
        session = await job.platform.start_upload(
            job.listing, marker=upload.marker, size_bytes=size_bytes, provenance=job.provenance
        )
        failpoint("publish.started")
        async with tools.database.transaction(upload.user_id) as conn:
            stored = await job.sessions.start(conn, upload, session=session, file_sha256=job.finished.media.sha256)
        if not stored:
            raise Superseded("another worker has started this video's upload")
        return {"session_no": upload.session_no + 1}

    await job.purse.upload(upload.session_no + 1, perform)


async def _go_on(job: Uploading, upload: Upload) -> str:
    """Send what the session lacks; the video's id, or empty if the session is gone."""
    size_bytes = job.finished.media.size_bytes
    if upload.file_sha256 != job.finished.media.sha256:
        # begun with an earlier version of the file: at most its end is of interest
        return (await patiently(lambda: job.platform.ask_upload(upload.session, size_bytes=size_bytes))).platform_id
    reached, standstills = -1, 0
    while standstills < STANDSTILLS_MOST:
        try:
            progress = await patiently(lambda: job.platform.ask_upload(upload.session, size_bytes=size_bytes))
            while not progress.platform_id and not progress.gone:
                if progress.received_bytes <= reached:
                    break
                reached, standstills = progress.received_bytes, 0
                await job.work.progress(SENT_SHARE * reached / max(1, size_bytes))
                progress = await _piece(job, upload, progress)
            else:
                return progress.platform_id
        except OutcomeUnknown:
            # a piece's answer was lost: the session itself says how far it got
            if standstills + 1 == STANDSTILLS_MOST:
                raise
        standstills += 1
    raise VendorRefused(
        f"YouTube takes no more than {reached} of {size_bytes} bytes",
        vendor="youtube",
        reason="upload_stuck",
        retry_after_s=60.0,
    )


async def _piece(job: Uploading, upload: Upload, progress: UploadProgress) -> UploadProgress:
    tools = job.work.tools
    if progress.received_bytes + job.platform.piece_bytes >= job.finished.media.size_bytes:
        async with tools.database.transaction(upload.user_id) as conn:
            await store.mark_finishing(conn, upload.video_id, tools.clock.now())
    failpoint("publish.before_call")
    after = await job.platform.send(upload.session, job.file, offset_bytes=progress.received_bytes)
    failpoint("publish.after_call")
    return after


async def _by_marker(job: Uploading, upload: Upload) -> str:
    """The id of the channel's upload that carries the marker, or empty."""
    page = ""
    for _ in range(PAGES_MOST):
        listed = await job.purse.read("own uploads", partial(job.platform.uploads_page, page), units=PAGE)
        for own in listed.uploads:
            if upload.marker in own.tags:
                return own.platform_id
        page = listed.next_page
        if not page or may_be_older((own.uploaded_at for own in listed.uploads), upload):
            return ""
    return ""


async def _done(job: Uploading, platform_id: str) -> None:
    video = job.work.video
    failpoint("publish.uploaded")
    async with job.work.tools.database.transaction(video.user_id) as conn:
        await store.mark_done(conn, video.id, platform_id)
    failpoint("publish.after_commit")
