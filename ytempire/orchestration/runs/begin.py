"""Verb: begin a run, in the transaction in which its video is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ytempire.accounts import hashed, new_run_token
from ytempire.kit.database import Connection
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.runs import store
from ytempire.orchestration.runs.model import Run, RunState
from ytempire.orchestration.runs.rules import TOKEN_GOOD_FOR
from ytempire.production.model import Video


@dataclass(frozen=True)
class Begun:
    """What the driver gets: the token is shown once."""

    token: str
    token_ends_at: datetime


async def begin_run(
    conn: Connection, video: Video, now: datetime, *, driver: str, workflow: str, execution: str
) -> Begun:
    """Let this driver lead the video; our own leaves it alone."""
    token_id, secret, token = new_run_token()
    ends_at = now + TOKEN_GOOD_FOR
    run = Run(
        video_id=video.id,
        user_id=video.user_id,
        driver=driver,
        workflow=workflow,
        execution=execution,
        state=RunState.DRIVING,
        reason="",
        goal=None,
        goal_reached=False,
        resume_url="",
        tell_at=None,
        told=0,
        claimed_at=now,
        seen_at=now,
        ended_at=None,
    )
    await store.add_run(conn, run, token_id=token_id, token_hash=hashed(secret), token_ends_at=ends_at)
    return Begun(token, ends_at)


async def has_room(conn: Connection, platform: Platform) -> bool:
    """Whether one more run may begin; the caller's transaction has the turn, so the answer stays true."""
    led, _ = await store.under_way(conn, platform.tools.clock.now(), rehearsal=platform.rehearsal)
    return led < platform.runs_at_once


async def began_one(conn: Connection, platform: Platform, within: timedelta) -> bool:
    """Whether another driver took a video lately."""
    now = platform.tools.clock.now()
    _, begun_at = await store.under_way(conn, now, rehearsal=platform.rehearsal)
    return begun_at is not None and begun_at > now - within
