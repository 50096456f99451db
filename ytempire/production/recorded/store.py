"""All SQL of the steps' records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb

from ytempire.events import announce
from ytempire.events.model import StepBegun, StepDone, StepFailed
from ytempire.kit.database import Connection
from ytempire.kit.media_store import MediaRef
from ytempire.production.model import StepName, Video

FORGIVE_TRIES = "update steps set tries = 0 where video_id = %(video_id)s and state = 'failed'"

SCENE_COUNT = """
    select coalesce(jsonb_array_length(result -> 'script' -> 'scenes'), 0) from steps
    where video_id = %(video_id)s and step = 'script' and state = 'done' order by used_at desc limit 1
"""

BEGIN_STEP = """
    insert into steps (video_id, user_id, step, input_hash, state, started_at, used_at)
    select %(video_id)s, %(user_id)s, %(step)s, %(input_hash)s, 'running', %(now)s, %(now)s
    from videos where id = %(video_id)s and attempt = %(attempt)s
    on conflict (video_id, step, input_hash) do update
    set state = 'running', tries = steps.tries + 1, cause = '', started_at = excluded.started_at,
        used_at = excluded.used_at, ended_at = null
    returning tries
"""

END_STEP = """
    update steps set state = %(state)s, result = %(result)s, cause = %(cause)s, ended_at = %(now)s
    where video_id = %(video_id)s and step = %(step)s and input_hash = %(input_hash)s
        and exists (select from videos where id = %(video_id)s and attempt = %(attempt)s)
    returning true
"""

USE_STEP = """
    update steps set used_at = %(now)s
    where video_id = %(video_id)s and step = %(step)s and input_hash = %(input_hash)s and state = 'done'
        and exists (select from videos where id = %(video_id)s and attempt = %(attempt)s)
    returning result
"""

SELECT_STEPS = """
    select step, input_hash, state, tries, cause, started_at, ended_at, used_at, result
    from steps where video_id = %(video_id)s order by used_at
"""

STEPS_NOW = """
    select distinct on (step) step, input_hash, state, tries, cause, started_at, ended_at, used_at,
        case when state = 'failed' then result end as result
    from steps where video_id = %(video_id)s order by step, used_at desc
"""

MADE_OF = """
    select result, used_at from steps
    where video_id = %(video_id)s and step = %(step)s and state = 'done'
        and (%(by)s::timestamptz is null or used_at <= %(by)s)
    order by used_at desc limit 1
"""

PASSED_FILES = """
    select distinct on (step) step,
        case step when 'render' then jsonb_build_object('video', result -> 'video')
            when 'thumbnail' then jsonb_build_object('candidates', result -> 'candidates')
            else jsonb_build_object('srt', result -> 'srt', 'vtt', result -> 'vtt') end as result
    from steps
    where video_id = %(video_id)s and step in ('render', 'thumbnail', 'captions') and state = 'done' and used_at <= (
        select max(used_at) from steps where video_id = %(video_id)s and step = 'quality' and state = 'done')
    order by step, used_at desc
"""

SELECT_FILES = """
    select distinct on (made.video_id, checked.state = 'done')
        made.video_id, made.result -> 'video' as media, checked.state = 'done' as passed, checked.used_at
    from steps checked cross join lateral (
        select video_id, result, state from steps
        where video_id = checked.video_id and step = 'render' and used_at <= checked.used_at
        order by used_at desc limit 1) made
    where checked.video_id = any(%(video_ids)s) and checked.step = 'quality' and made.state = 'done'
        and (checked.state = 'done' or checked.state = 'failed' and checked.result ? 'remake')
    order by made.video_id, checked.state = 'done', checked.used_at desc
"""

RECENT_RESULTS = """
    select distinct on (v.created_at, v.id) s.result
    from videos v join steps s on s.video_id = v.id
    where v.channel_id = %(channel_id)s and v.id <> %(except_id)s and s.step = %(step)s and s.state = 'done'
        and v.state not in ('cancelled') and v.created_at <= %(before)s
    order by v.created_at desc, v.id, s.used_at desc limit %(limit)s
"""


@dataclass(frozen=True)
class StepRow:
    """A row of `steps`."""

    step: str
    input_hash: str
    state: str
    tries: int
    cause: str
    started_at: datetime
    ended_at: datetime | None
    used_at: datetime
    """When the driver met it last: the latest of a step is the one the video has now."""
    result: dict[str, Any] | None
    """Of a failed step at most `remake`, the step to make anew."""

    @property
    def made(self) -> dict[str, Any] | None:
        """What the step made; None unless it is done."""
        return self.result if self.state == "done" else None

    @property
    def remake(self) -> StepName | None:
        """The step whose result made this one fail and may be made anew, if one is known."""
        named = (self.result or {}).get("remake") if self.state == "failed" else None
        return StepName(named) if named else None

    @property
    def duration_s(self) -> float | None:
        """How long its last try took."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


@dataclass(frozen=True)
class MadeFiles:
    """A video's newest file that passed the quality gate, and a newer one that it refused."""

    passed: MediaRef | None
    refused: MediaRef | None


async def forgive_tries(conn: Connection, video_id: UUID) -> None:
    """A person sends the video on: tries of what failed count anew."""
    await conn.execute(FORGIVE_TRIES, {"video_id": video_id})


async def scene_count(conn: Connection, video_id: UUID) -> int:
    """How many scenes the video's newest script has; 0 without one."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(SCENE_COUNT, {"video_id": video_id})
        return await cursor.fetchone() or 0


async def begin_step(
    conn: Connection, video: Video, attempt: int, step: StepName, input_hash: str, now: datetime
) -> int | None:
    """Note that a step runs and return its number of tries; None if another worker has taken over."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            BEGIN_STEP,
            {
                "video_id": video.id,
                "user_id": video.user_id,
                "step": step,
                "input_hash": input_hash,
                "attempt": attempt,
                "now": now,
            },
        )
        tries: int | None = await cursor.fetchone()
    if tries is not None:
        await announce(conn, video.id, StepBegun(step=step, tries=tries), now)
    return tries


async def end_step(
    conn: Connection,
    video_id: UUID,
    attempt: int,
    step: StepName,
    input_hash: str,
    now: datetime,
    *,
    result: dict[str, Any],
) -> bool:
    """Record a step's result; False if another worker has taken over."""
    return await _end_step(conn, video_id, attempt, step, input_hash, now, state="done", result=result, cause="")


async def fail_step(
    conn: Connection,
    video_id: UUID,
    attempt: int,
    step: StepName,
    input_hash: str,
    now: datetime,
    *,
    cause: str,
    remake: str,
    waits: bool = False,
) -> bool:
    """Record why a step failed and which step's result is at fault, if one is; False if another worker took over.

    `waits`: for a person, which is no failure to announce.
    """
    result = {"remake": remake} if remake else None
    return await _end_step(
        conn, video_id, attempt, step, input_hash, now, state="failed", result=result, cause=cause, announced=not waits
    )


async def _end_step(
    conn: Connection,
    video_id: UUID,
    attempt: int,
    step: StepName,
    input_hash: str,
    now: datetime,
    *,
    state: str,
    result: dict[str, Any] | None,
    cause: str,
    announced: bool = True,
) -> bool:
    cursor = await conn.execute(
        END_STEP,
        {
            "video_id": video_id,
            "attempt": attempt,
            "step": step,
            "input_hash": input_hash,
            "state": state,
            "result": None if result is None else Jsonb(result),
            "cause": cause,
            "now": now,
        },
    )
    if await cursor.fetchone() is None:
        return False
    if announced:
        news = StepDone(step=step) if state == "done" else StepFailed(step=step, cause=cause)
        await announce(conn, video_id, news, now)
    return True


async def use_step(
    conn: Connection, video_id: UUID, attempt: int, step: StepName, input_hash: str, now: datetime
) -> dict[str, Any] | None:
    """The recorded result of a step for these inputs, which is the video's newest from now on.

    None without one, or if another worker has taken over.
    """
    values = {"video_id": video_id, "attempt": attempt, "step": step, "input_hash": input_hash, "now": now}
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(USE_STEP, values)
        return await cursor.fetchone()


async def select_steps(conn: Connection, video_id: UUID) -> list[StepRow]:
    """All step rows of a video, those of its newest version last."""
    async with conn.cursor(row_factory=class_row(StepRow)) as cursor:
        await cursor.execute(SELECT_STEPS, {"video_id": video_id})
        return await cursor.fetchall()


async def newest_steps(conn: Connection, video_id: UUID) -> dict[str, StepRow]:
    """The newest row of each step: a step whose inputs changed has several."""
    return {row.step: row for row in await select_steps(conn, video_id)}


async def steps_now(conn: Connection, video_id: UUID) -> dict[str, StepRow]:
    """The newest row of each step without what it made."""
    async with conn.cursor(row_factory=class_row(StepRow)) as cursor:
        await cursor.execute(STEPS_NOW, {"video_id": video_id})
        return {row.step: row for row in await cursor.fetchall()}


async def made_of(
    conn: Connection, video_id: UUID, step: StepName, *, by: datetime | None = None
) -> tuple[dict[str, Any], datetime] | None:
    """The step's newest result that the driver met not later than `by`, and when it did; None without one."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(MADE_OF, {"video_id": video_id, "step": step, "by": by})
        row = await cursor.fetchone()
    return (row["result"], row["used_at"]) if row else None


async def passed_files(conn: Connection, video_id: UUID) -> dict[str, dict[str, Any]]:
    """What `render`, `thumbnail` and `captions` made of the newest version that passed the gate; empty without one."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(PASSED_FILES, {"video_id": video_id})
        return {row["step"]: row["result"] for row in await cursor.fetchall()}


async def select_files(conn: Connection, video_ids: Collection[UUID]) -> dict[UUID, MadeFiles]:
    """The newest files of each of these videos that the quality gate has looked at."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(SELECT_FILES, {"video_ids": list(video_ids)})
        rows = await cursor.fetchall()
    files = dict.fromkeys(video_ids, MadeFiles(None, None))
    for row in sorted(rows, key=lambda row: row["used_at"]):
        of, media = row["video_id"], MediaRef(**row["media"])
        passed = None if files[of].passed == media else files[of].passed  # looked at again, it was refused
        files[of] = MadeFiles(media, None) if row["passed"] else MadeFiles(passed, media)
    return files


async def recent_results(conn: Connection, video: Video, step: StepName, *, limit: int = 10) -> list[dict[str, Any]]:
    """A step's results of the channel's videos before this one, newest first."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            RECENT_RESULTS,
            {
                "channel_id": video.channel_id,
                "except_id": video.id,
                "before": video.created_at,
                "step": step,
                "limit": limit,
            },
        )
        return await cursor.fetchall()
