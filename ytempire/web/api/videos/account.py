"""How a video came about: its steps and its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.orchestration import look_at_steps, receipt_of
from ytempire.orchestration.model import StepView
from ytempire.production.model import StepName
from ytempire.web.api.videos.shown import VIDEO
from ytempire.web.bodies import example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Leading, SignedIn
from ytempire.web.routing import resource

router = resource("videos")

_STEP: dict[str, Any] = {
    "step": "voice",
    "state": "done",
    "tries": 1,
    "cause": "",
    "remake": None,
    "started_at": "2026-11-23T05:00:09Z",
    "ended_at": "2026-11-23T05:00:21Z",
    "duration_s": 12.1,
    "spent_microusd": 81200,
    "share": None,
}
_CHEAPER: dict[str, Any] = {
    "step": "voice",
    "way": "local:heart",
    "instead_of": "elevenlabs:rachel",
    "because": "3 sentence(s): $0.12 more would pass the cap of budget elevenlabs ($0.50)",
}
_LINE: dict[str, Any] = {
    "step": "voice",
    "category": "elevenlabs",
    "what": "7 sentences",
    "estimate_microusd": 90000,
    "held_microusd": 90000,
    "actual_microusd": 81200,
    "overrun_microusd": 0,
    "saved_microusd": 0,
    "state": "settled",
}
_CATEGORY = {"category": "elevenlabs", "spent_microusd": 81200, "cap_microusd": 500000}
_SUMS = {name: _LINE[name] for name in _LINE if name.endswith("microusd")}


class StepShown(BaseModel):
    """A step as it stands."""

    model_config = example(_STEP)
    step: StepName
    state: Literal["waiting", "running", "done", "failed"]
    tries: int
    cause: str = Field(description="Why its last try failed, in plain words.")
    remake: StepName | None = Field(None, description="Of a failed step: the one whose result is at fault.")
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_s: float | None = Field(None, description="Of its last try.")
    spent_microusd: int
    share: float | None = Field(None, description="How far it is, 0 to 1, while it runs and tells.")


class StepsShown(BaseModel):
    """All steps in their order."""

    model_config = example({"steps": [_STEP]})
    steps: list[StepShown]


class LineShown(BaseModel):
    """A call, or one of its holds."""

    model_config = example(_LINE)
    step: str
    category: str
    what: str
    estimate_microusd: int
    held_microusd: int
    actual_microusd: int
    overrun_microusd: int = Field(description="What a bill was above its hold.")
    saved_microusd: int = Field(description="What a cache made unnecessary.")
    state: str = Field(description="`held`, `settled`, `void`, `unknown` (counts as spent) or `cached`.")


class CategoryShown(BaseModel):
    """A category's share of the video's money."""

    model_config = example(_CATEGORY)
    category: str
    spent_microusd: int
    cap_microusd: int = Field(description="Without the margin that all may draw on.")


class CheaperWayShown(BaseModel):
    """Where the video went a cheaper way because its own money was short."""

    model_config = example(_CHEAPER)
    step: str
    way: str
    instead_of: str
    because: str


class ReceiptShown(BaseModel):
    """What a video cost, in micro-dollars."""

    model_config = example(
        _SUMS | {"video_id": VIDEO, "cap_microusd": 3000000, "youtube_uploads": 1, "youtube_units": 104}
        | {"lines": [_LINE], "by_category": [_CATEGORY], "cheaper": [_CHEAPER]}
    )  # fmt: skip
    video_id: UUID
    lines: list[LineShown]
    estimate_microusd: int
    held_microusd: int
    actual_microusd: int
    overrun_microusd: int
    saved_microusd: int
    cap_microusd: int
    by_category: list[CategoryShown]
    youtube_uploads: int
    youtube_units: int
    cheaper: list[CheaperWayShown]


@router.get("/{video_id}/steps")
async def steps(video_id: UUID, who: SignedIn, parts: PartsOf) -> StepsShown:
    """Every step of the newest version, those to come as well."""
    views = await look_at_steps(parts.platform, who.user_id, video_id)
    at_work = await parts.platform.live.read(video_id)
    return StepsShown(steps=[_step(view, at_work) for view in views])


@router.get("/{video_id}/receipt")
async def receipt(video_id: UUID, who: Leading, parts: PartsOf) -> ReceiptShown:
    """What it cost: estimates, holds, actuals, savings and YouTube's quota."""
    told = await receipt_of(parts.platform, who.user_id, video_id)
    lines = [LineShown.model_validate(vars(line)) for line in told.lines]
    shares = [
        CategoryShown(category=name, spent_microusd=spent, cap_microusd=cap) for name, spent, cap in told.by_category
    ]
    cheaper = [CheaperWayShown.model_validate(vars(way)) for way in told.cheaper]
    return ReceiptShown.model_validate(vars(told) | {"lines": lines, "by_category": shares, "cheaper": cheaper})


def _step(view: StepView, at_work: tuple[str, float] | None) -> StepShown:
    row = view.row
    if row is None:
        return StepShown(step=view.step, state="waiting", tries=0, cause="", spent_microusd=view.spent_microusd)
    told = at_work is not None and at_work[0] == view.step and row.state == "running"
    return StepShown.model_validate(
        {name: getattr(row, name) for name in StepShown.model_fields if hasattr(row, name)}
        | {"spent_microusd": view.spent_microusd, "share": at_work[1] if at_work and told else None}
    )
