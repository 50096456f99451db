"""Nobody's video is forgotten: jobs of dead workers go to living ones, and a video without a job gets one."""

from __future__ import annotations

from datetime import timedelta

import structlog

from ytempire.orchestration import store
from ytempire.orchestration.platform import Platform

log = structlog.get_logger()

GRACE_S = 5.0
EVERY_S = 2.0


async def reconcile(platform: Platform) -> int:
    """Bring back what has lost its driver; how many."""
    tools = platform.tools
    recovered = await platform.queue.recover_stalled()
    async with tools.database.system() as conn:
        brought_on = await store.bring_on(conn)  # an order may have been given while a video was being put off
        idle = await store.videos_without_job(conn, tools.clock.now() - timedelta(seconds=GRACE_S))
    for video_id, user_id, rehearsal in idle:
        async with tools.database.transaction(user_id) as conn:
            await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=rehearsal)
    if recovered or idle or brought_on:
        log.info("reconciled", stalled_jobs=recovered, videos_without_job=len(idle), brought_on=brought_on)
    return recovered + len(idle) + brought_on
