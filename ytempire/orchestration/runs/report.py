"""Verb: take what a driver says of its own workflows. A run whose execution failed is taken over at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog

from ytempire.events import announce
from ytempire.events.model import RunTakenOver
from ytempire.kit.metrics import RUNS
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.model import Report, RunState
from ytempire.orchestration.runs.rules import AFTER_END

log = structlog.get_logger()

KEPT = timedelta(days=30)


async def take_report(platform: Platform, report: Report) -> bool:
    """Note it, and act on it; False if this message was taken before.

    A failed execution asks for nothing more, so waiting until it counts as silent would only lose time.
    """
    tools = platform.tools
    now = tools.clock.now()
    async with tools.database.system() as conn:
        if not await store.add_report(conn, report, now, forget_before=now - KEPT):
            return False
        found = await store.reported_run(conn, report.video_id, report.execution)
    log.info("a driver reports", said=report.event, workflow=report.workflow, execution=report.execution)
    if report.event == "run.failed" and found is not None:
        await _take_over(platform, *found, _in_words(report))
    return True


async def _take_over(platform: Platform, video_id: UUID, user_id: UUID, reason: str) -> None:
    tools = platform.tools
    async with tools.database.transaction(user_id) as conn:
        run = await store.run_of(conn, video_id, to_change=True)
        if run is None or run.state is not RunState.DRIVING:
            return
        now = tools.clock.now()
        await store.end_run(conn, video_id, RunState.TAKEN_OVER, reason, now, token_ends_at=now + AFTER_END)
        await platform.queue.enqueue(conn, video_id, user_id, "light", rehearsal=platform.rehearsal)
        await announce(conn, video_id, RunTakenOver(driver=run.driver, reason=reason), now)
    RUNS.labels(RunState.TAKEN_OVER).inc()


def _in_words(report: Report) -> str:
    at = f" at {report.node!r}" if report.node else ""
    why = f": {report.message}" if report.message else ""
    return f"execution {report.execution} of {report.workflow} failed{at}{why}: the built-in driver goes on"
