"""All SQL of runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from psycopg.rows import class_row, dict_row

from ytempire.kit.database import Connection, Sql
from ytempire.orchestration.runs.model import ListedRun, Report, Run, RunRate, RunState
from ytempire.production.model import StepName

ADD_RUN: Sql = """
    insert into runs (video_id, user_id, driver, workflow, execution, token_id, token_hash, token_ends_at, claimed_at,
        seen_at)
    values (%(video_id)s, %(user_id)s, %(driver)s, %(workflow)s, %(execution)s, %(token_id)s, %(token_hash)s,
        %(token_ends_at)s, %(now)s, %(now)s)"""

READ_RUN: Sql = """
    select video_id, user_id, driver, workflow, execution, state, reason, goal, goal_reached, resume_url, tell_at, told,
        claimed_at, seen_at, ended_at
    from runs where video_id = %(video_id)s"""

ASK_FOR: Sql = """
    update runs set goal = %(goal)s, goal_reached = false, resume_url = '', tell_at = null, told = 0,
        seen_at = %(now)s, workflow = coalesce(nullif(%(workflow)s, ''), workflow),
        execution = coalesce(nullif(%(execution)s, ''), execution)
    where video_id = %(video_id)s and state = 'driving'"""

REACH: Sql = """
    update runs set goal_reached = true, seen_at = %(now)s,
        tell_at = case when resume_url = '' then null else %(now)s end
    where video_id = %(video_id)s and state = 'driving' and goal = %(goal)s"""

END_RUN: Sql = """
    update runs set state = %(state)s, reason = %(reason)s, ended_at = %(now)s,
        token_ends_at = least(token_ends_at, %(token_ends_at)s),
        tell_at = case when resume_url <> '' and goal is not null and not goal_reached then %(now)s else tell_at end
    where video_id = %(video_id)s and state = 'driving'"""


ADD_REPORT: Sql = """
    insert into driver_reports (id, event, workflow, execution, node, message, video_id, received_at)
    values (%(id)s, %(event)s, %(workflow)s, %(execution)s, %(node)s, %(message)s, %(video_id)s, %(now)s)
    on conflict (id) do nothing"""


async def add_run(conn: Connection, run: Run, *, token_id: str, token_hash: bytes, token_ends_at: datetime) -> None:
    """A new run, driving."""
    values = {"video_id": run.video_id, "user_id": run.user_id, "driver": run.driver, "workflow": run.workflow}
    values |= {"execution": run.execution, "token_id": token_id, "token_hash": token_hash, "now": run.claimed_at}
    await conn.execute(ADD_RUN, values | {"token_ends_at": token_ends_at})


async def run_of(conn: Connection, video_id: UUID, *, to_change: bool = False) -> Run | None:
    """The video's run; None: our own driver leads it."""
    lock: Sql = " for update" if to_change else ""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(READ_RUN + lock, {"video_id": video_id})
        row = await cursor.fetchone()
    return Run(**_typed(row)) if row else None


async def under_way(conn: Connection, now: datetime, *, rehearsal: bool) -> tuple[int, datetime | None]:
    """How many runs of all users drive now, but for finished videos that wait for a person; when the latest began."""
    cursor = await conn.execute("select led, begun_at from runs_under_way(%s, %s)", (now, rehearsal))
    row = await cursor.fetchone()
    return cast("tuple[int, datetime | None]", row)


async def to_look_at(conn: Connection, now: datetime, *, rehearsal: bool) -> list[tuple[UUID, UUID]]:
    """(video, user) of runs of all users that drive, or of which something is to be told."""
    cursor = await conn.execute("select video_id, user_id from runs_to_look_at(%s, %s)", (now, rehearsal))
    return [(row[0], row[1]) for row in await cursor.fetchall()]  # type: ignore[misc]


async def ask_for(
    conn: Connection, video_id: UUID, step: StepName, *, workflow: str, execution: str, now: datetime
) -> None:
    """The driver wants this step."""
    values = {"video_id": video_id, "goal": step, "workflow": workflow}
    await conn.execute(ASK_FOR, values | {"execution": execution, "now": now})


async def call_back(conn: Connection, video_id: UUID, resume_url: str) -> None:
    """The driver waits there for what it asked for."""
    await conn.execute("update runs set resume_url = %s where video_id = %s", (resume_url, video_id))


async def reach(conn: Connection, video_id: UUID, step: StepName, now: datetime) -> None:
    """The step that was asked for is there; without effect on another."""
    await conn.execute(REACH, {"video_id": video_id, "goal": step, "now": now})


async def seen(conn: Connection, video_id: UUID, now: datetime) -> None:
    """The driver gave a sign of life."""
    await conn.execute("update runs set seen_at = %s where video_id = %s and state = 'driving'", (now, video_id))


async def end_run(
    conn: Connection, video_id: UUID, state: RunState, reason: str, now: datetime, *, token_ends_at: datetime
) -> bool:
    """The run is over; False if it was already."""
    values = {"video_id": video_id, "state": state, "reason": reason, "now": now, "token_ends_at": token_ends_at}
    return (await conn.execute(END_RUN, values)).rowcount == 1


async def told(conn: Connection, video_id: UUID, times: int, again_at: datetime | None) -> None:
    """So often was it tried to tell the driver; None: that is done with."""
    await conn.execute("update runs set told = %s, tell_at = %s where video_id = %s", (times, again_at, video_id))


async def add_report(conn: Connection, report: Report, now: datetime, *, forget_before: datetime) -> bool:
    """Note a driver's message; False if it was noted before. Old ones go."""
    await conn.execute("delete from driver_reports where received_at < %s", (forget_before,))
    cursor = await conn.execute(ADD_REPORT, vars(report) | {"now": now})
    return cursor.rowcount == 1


async def forget_reports(conn: Connection, user_id: UUID) -> None:
    """Drop what drivers said of the user's videos."""
    await conn.execute(
        "delete from driver_reports where video_id in (select id from videos where user_id = %s)", (user_id,)
    )


async def reported_run(conn: Connection, video_id: UUID | None, execution: str) -> tuple[UUID, UUID] | None:
    """(video, user) of the run that drives and that a report is of."""
    cursor = await conn.execute(
        "select video_id, user_id from run_of_video(%(video_id)s) where %(video_id)s::uuid is not null union all"
        " select video_id, user_id from run_of_execution(%(execution)s) where %(video_id)s::uuid is null"
        " and %(execution)s <> ''",
        {"video_id": video_id, "execution": execution},
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else None  # type: ignore[return-value]


async def page_of_runs(conn: Connection, after: tuple[datetime, UUID] | None, most: int) -> list[ListedRun]:
    """Runs of all users, newest first; none unless the transaction's tenant is an operator."""
    at, video_id = after or (None, None)
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("select * from runs_for_operator(%s, %s, %s)", (at, video_id, most))
        return [ListedRun(**_typed(row)) for row in await cursor.fetchall()]


async def run_rates(conn: Connection, since: datetime) -> list[RunRate]:
    """How runs ended, by workflow and user; the same."""
    async with conn.cursor(row_factory=class_row(RunRate)) as cursor:
        await cursor.execute("select * from run_rates(%s)", (since,))
        return await cursor.fetchall()


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"state": RunState(row["state"]), "goal": StepName(row["goal"]) if row["goal"] else None}
