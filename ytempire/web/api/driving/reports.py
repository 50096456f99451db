"""What another driver (n8n) reports of its workflows, and what an operator sees of the runs that it led."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from ytempire.kit.errors import NotConfigured
from ytempire.kit.rates import Rate
from ytempire.orchestration import Report, page_of_runs, rates_of_runs, take_report
from ytempire.production.model import StepName
from ytempire.web.api.driving.shown import Led
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page, at_time
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Operator, Transaction
from ytempire.web.routing import resource
from ytempire.webhooks import signed_id

reports = resource("webhooks")
admin = resource("admin/runs")

_VIDEO, _USER = "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f", "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6"
_RUN: dict[str, Any] = {
    "video_id": _VIDEO,
    "user_id": _USER,
    "driver": "n8n",
    "workflow": "content-generation",
    "execution": "231",
    "state": "published",
    "reason": "",
    "claimed_at": "2026-11-23T00:00:12Z",
    "seen_at": "2026-11-23T00:04:40Z",
    "ended_at": "2026-11-23T00:04:41Z",
    "goal": "publish",
}
_RATE: dict[str, Any] = {
    "workflow": "content-generation",
    "user_id": _USER,
    "runs": 7,
    "succeeded": 7,
    "taken_over": 0,
    "success_rate": 1.0,
}
_WHERE = "admin/runs"
_REPORTS = Rate("reports", 1_000, 3_600)
"""Many times what 20 runs at once have to say; each is kept for a month, and a driver gone mad fills no disk."""


class ReportGiven(Given):
    """What happened to a workflow."""

    model_config = example(
        {
            "event": "run.failed",
            "workflow": "content-generation",
            "execution": "231",
            "node": "Create voice",
            "message": "the voice is not known",
            "video_id": _VIDEO,
        }
    )
    event: Literal["run.failed", "run.finished", "workflow.failed"]
    workflow: str = Field(max_length=100)
    execution: str = Field(max_length=100)
    node: str = Field("", max_length=200)
    message: str = Field("", max_length=2_000)
    video_id: UUID | None = None


class ReportTaken(BaseModel):
    """Whether it was new."""

    model_config = example({"new": True})
    new: bool = Field(description="False: this message was taken before, and counts once.")


class ListedRunShown(Led):
    """A video that another driver led."""

    model_config = example(_RUN)
    goal: StepName | None = Field(description="The step that was asked for last.")


class RunRateShown(BaseModel):
    """How a workflow's runs for a user ended."""

    model_config = example(_RATE)
    workflow: str
    user_id: UUID
    runs: int = Field(description="That have ended.")
    succeeded: int = Field(description="Published, or waiting for their owner's review.")
    taken_over: int = Field(description="Their driver was silent or failed; the built-in one went on.")
    success_rate: float


@reports.post("/n8n", openapi_extra={"security": []})
async def report(given: ReportGiven, request: Request, parts: PartsOf, response: Response) -> ReportTaken:
    """Report what became of a workflow, signed as standardwebhooks.com says with this installation's secret.

    A failed execution's video is taken over by the built-in driver at once. Each `webhook-id` counts once.
    """
    if not parts.driver_secret:
        raise NotConfigured("no driver reports to this installation", field="driver", fix="Start `ytempire up --n8n`.")
    now = parts.clock.now()
    message = signed_id(request.headers, await request.body(), parts.driver_secret, now)
    parts.rates.count(_REPORTS, "driver", now).require(f"more than {_REPORTS.most:,} reports an hour")
    new = await take_report(parts.platform, Report(id=message, **given.model_dump()))
    response.headers["Cache-Control"] = "no-store"
    return ReportTaken(new=new)


@admin.get("")
async def runs(
    who: Operator, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[ListedRunShown]:
    """Videos that another driver leads or led, of all users, newest first."""
    after = parts.cursors.read_time(_WHERE, who.user_id, cursor)
    rows = await page_of_runs(conn, after=after, limit=limit + 1)
    return parts.cursors.page(
        _WHERE, who.user_id, rows, limit,
        show=lambda row: ListedRunShown(**vars(row)),
        place=lambda row: at_time(row.claimed_at, row.video_id),
    )  # fmt: skip


@admin.get("/rates")
async def rates(
    _who: Operator,
    conn: Transaction,
    parts: PartsOf,
    days: Annotated[int, Query(ge=1, le=366, description="Claimed in the last so many days.")] = 7,
) -> list[RunRateShown]:
    """Success rates by workflow and user, counted from our own rows."""
    found = await rates_of_runs(conn, parts.clock.now() - timedelta(days=days))
    return [RunRateShown(**vars(row), success_rate=round(row.succeeded / row.runs, 4)) for row in found]
