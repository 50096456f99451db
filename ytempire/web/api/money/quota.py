"""YouTube's quota of this Pacific day, and the reserve that operators open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from ytempire.kit.days import next_day_start
from ytempire.ledger import Bucket, BudgetState, Share
from ytempire.orchestration import open_quota_reserve
from ytempire.web.bodies import Given, example
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import Operator, SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("quota")
admin = resource("admin/quota")

_UNITS: dict[str, Any] = {"name": "units", "cap": 7000, "held": 0, "used": 1520, "left": 5480}
_SHARE: dict[str, Any] = {"name": "publishing", "cap": 5500, "held": 0, "used": 1400, "left": 4100}
_QUOTA = {
    "resets_at": "2026-11-26T08:00:00Z",
    "time_zone": "America/Los_Angeles",
    "buckets": [{"name": "uploads", "cap": 100, "held": 0, "used": 14, "left": 86}, _UNITS],
    "shares": [_SHARE],
    "reserve": {"units": 3000, "opened": 0},
}


class BucketShown(BaseModel):
    """A bucket of the API project's day, or a share of its units."""

    model_config = example(_UNITS)
    name: str
    cap: int
    held: int = Field(description="For calls under way.")
    used: int
    left: int


class ReserveShown(BaseModel):
    """Units beyond the shares."""

    model_config = example({"units": 3000, "opened": 0})
    units: int
    opened: int = Field(description="So many an operator opened today, for whichever share needs them.")


class QuotaShown(BaseModel):
    """What is left of YouTube's quota today; all users draw on it."""

    model_config = example(_QUOTA)
    resets_at: datetime = Field(description="Midnight Pacific time.")
    time_zone: str
    buckets: list[BucketShown] = Field(description="uploads and search in calls, units in units.")
    shares: list[BucketShown] = Field(description="What the units are split into.")
    reserve: ReserveShown


class OpenReserve(Given):
    """How much of the reserve, and why."""

    model_config = example({"units": 3000, "why": "captions of the launch"})
    units: int = Field(ge=0, le=1_000_000, description="In all, for the rest of this Pacific day; 0 closes it.")
    why: str = Field(min_length=1, max_length=300)


@router.get("")
async def quota(who: SignedIn, conn: Transaction, parts: PartsOf) -> QuotaShown:
    """YouTube's buckets and shares of this Pacific day."""
    states = await parts.ledger.budgets_at(conn, who.user_id, parts.clock.now())
    return _shown(states, parts)


@admin.post("/open-reserve")
async def open_reserve(given: OpenReserve, who: Operator, conn: Transaction, parts: PartsOf) -> QuotaShown:
    """Open the reserve for the rest of this Pacific day; what waits for quota goes on at once."""
    await open_quota_reserve(parts.platform, conn, who.user_id, given.why, units=given.units)
    return _shown(await parts.ledger.budgets_at(conn, who.user_id, parts.clock.now()), parts)


def _shown(states: list[BudgetState], parts: Parts) -> QuotaShown:
    policy = parts.ledger.policy
    found = {state.name: state for state in states}
    return QuotaShown(
        resets_at=next_day_start(parts.clock.now(), policy.youtube_day_zone),
        time_zone=policy.youtube_day_zone,
        buckets=[_bucket(found[bucket]) for bucket in Bucket],
        shares=[_bucket(found[share]) for share in Share],
        reserve=ReserveShown(units=policy.reserve, opened=found[Bucket.UNITS].opened),
    )


def _bucket(state: BudgetState) -> BucketShown:
    return BucketShown(
        name=state.name,
        cap=state.cap + state.opened,
        held=state.held,
        used=state.spent + state.overrun,
        left=state.left,
    )
