"""Verb: read the published video back and repair only what is missing or different."""

from __future__ import annotations

from dataclasses import replace

from ytempire.ledger import Share
from ytempire.publishing.dress import set_thumbnail, wait_until_processed
from ytempire.publishing.model import Comparison
from ytempire.publishing.ports import RemoteVideo
from ytempire.publishing.quota import UPDATE
from ytempire.publishing.rules import differences, marker_of
from ytempire.publishing.upload import Uploading


async def read_back(
    job: Uploading, platform_id: str, missing: list[Comparison]
) -> tuple[tuple[Comparison, ...], RemoteVideo]:
    """Compare field by field; returns every difference found with whether it is mended, and the video as it stands.

    `missing` are parts that the platform refused: they are not tried again.
    """
    remote = await wait_until_processed(job, platform_id)
    found = _compare(job, remote, missing)
    if not found:
        return tuple(missing), remote
    if any(difference.field != "thumbnail" for difference in found):
        marker = marker_of(job.work.video.id)
        await job.purse.write(
            f"repair:{job.work.attempt}",
            "repair of " + ", ".join(difference.field for difference in found),
            UPDATE,
            lambda: job.platform.update(platform_id, job.listing, marker=marker),
            share=Share.REPAIR,
        )
    if any(difference.field == "thumbnail" for difference in found):
        await set_thumbnail(job, platform_id, again=True)
    remote = await wait_until_processed(job, platform_id)
    still = {difference.field for difference in _compare(job, remote, missing)}
    mended = tuple(replace(difference, repaired=difference.field not in still) for difference in found)
    return (*missing, *mended), remote


def _compare(job: Uploading, remote: RemoteVideo, missing: list[Comparison]) -> list[Comparison]:
    found = differences(job.listing, remote.listing, marker=marker_of(job.work.video.id))
    refused = {part.field for part in missing}
    if remote.has_thumbnail is False and job.finished.thumbnails and "thumbnail" not in refused:
        found.append(Comparison("thumbnail", "set", "missing", repaired=False))
    return found
