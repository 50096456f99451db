"""The step PUBLISH: from a finished, approved video to one that stands on the platform as it should."""

from __future__ import annotations

from collections.abc import Callable

from ytempire.accounts import TenantKeys
from ytempire.kit.ids import content_hash
from ytempire.production.model import FinishedVideo, StepName
from ytempire.production.step import Step, Work
from ytempire.publishing import store
from ytempire.publishing.dress import dress
from ytempire.publishing.listing import compose_listing
from ytempire.publishing.model import PublishResult
from ytempire.publishing.ports import Platforms
from ytempire.publishing.quota import Purse
from ytempire.publishing.read_back import read_back
from ytempire.publishing.rules import appears_at, disclosure_of, marker_of, provenance_of
from ytempire.publishing.upload import SENT_SHARE, Uploading, upload_once

Finished = Callable[[Work], FinishedVideo]
"""Where the finished video is among the results of the steps before."""


def make_release_step(*, platforms: Platforms, keys: TenantKeys, finished: Finished) -> Step:
    """The step, with what it needs from outside: the channels' platforms and the tenants' keys."""

    async def run(work: Work) -> PublishResult:
        return await release(work, finished(work), platforms=platforms, sessions=store.Sessions(keys))

    return Step(name=StepName.PUBLISH, result=PublishResult, inputs=lambda work: _inputs(work, finished(work)), run=run)


async def release(
    work: Work, finished: FinishedVideo, *, platforms: Platforms, sessions: store.Sessions
) -> PublishResult:
    """Upload once, dress, read back, repair, note the publication.

    Raises StandInRefused before anything is sent, BudgetRefused, VendorRefused (with `retry_after_s` when waiting
    helps), OutcomeUnknown, NotConfigured (`channel_disconnected`), AlreadyPublished, Superseded.
    """
    platform = await platforms.of(work.channel)
    provenance = provenance_of(finished, rehearsal=work.video.rehearsal)
    if not platform.stand_in:
        provenance.require_real()
    disclosure = disclosure_of(finished)
    appears = appears_at(work.video.order.publish_at, work.channel.visibility, work.tools.clock.now())
    composed = compose_listing(work.channel, finished, disclosure, marker=marker_of(work.video.id), appears_at=appears)
    purse = Purse(work)
    job = Uploading(
        work=work,
        platform=platform,
        purse=purse,
        sessions=sessions,
        finished=finished,
        file=work.tools.media.path(finished.media),
        listing=composed.listing,
        provenance=provenance,
    )

    platform_id = await upload_once(job)
    await work.progress(SENT_SHARE)
    missing = await dress(job, platform_id)
    await work.progress(0.9)
    compared, remote = await read_back(job, platform_id, missing)

    result = PublishResult(
        platform_id=platform_id,
        url=platform.address(platform_id),
        stand_in=platform.stand_in,
        visibility=remote.listing.visibility,
        read_back=compared,
        disclosure=disclosure.needed,
        disclosure_reasons=disclosure.reasons,
        notes=composed.notes,
        units_spent=purse.units_spent,
        title=finished.script.title,
    )
    async with work.tools.database.transaction(work.video.user_id) as conn:
        await store.save_publication(conn, _publication(work, result), work.tools.clock.now())
    await work.progress(1.0)
    return result


def _publication(work: Work, result: PublishResult) -> store.Publication:
    return store.Publication(
        video_id=work.video.id,
        user_id=work.video.user_id,
        channel_id=work.video.channel_id,
        platform="sandbox" if result.stand_in else "youtube",
        platform_id=result.platform_id,
        url=result.url,
        visibility=result.visibility,
        disclosure=result.disclosure,
        read_back=result.read_back,
    )


def _inputs(work: Work, finished: FinishedVideo) -> object:
    """What the publication depends on: the file, the words around it, and what the channel says about publishing."""
    channel = work.channel
    return {
        "file": finished.media.sha256,
        "thumbnails": [image.sha256 for image in finished.thumbnails],
        "captions": finished.captions_srt.sha256 if channel.upload_captions else "",
        "words": content_hash(
            [
                finished.script.title,
                finished.script.description,
                finished.script.tags,
                [(source.title, source.url) for source in finished.script.sources],
                finished.credits,
                finished.scene_starts_s,
            ]
        ),
        "channel": [
            str(channel.id),
            channel.category_id,
            channel.visibility,
            channel.made_for_kids,
            channel.playlist,
            channel.upload_captions,
        ],
    }
