"""What is due over all users: claimed by drivers, looked at by operators."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.kit.errors import BadInput
from ytempire.orchestration import BUILT_IN, give_due
from ytempire.planning import look_at_waiting, waiting_words
from ytempire.planning.model import Why
from ytempire.web.api.plan.shown import CHANNEL, DAY, VIDEO
from ytempire.web.bodies import example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Claiming, Operator, Transaction
from ytempire.web.routing import resource

router = resource("plan")
admin = resource("admin/plan")


class Due(BaseModel):
    """Who asks for work, and how much they take at once."""

    model_config = example({"driver": "n8n", "most": 20})
    driver: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")
    most: int = Field(20, ge=1, le=100)
    workflow: str = Field("", max_length=100, description="Of the driver's own, for the success rates.")
    execution: str = Field("", max_length=100, description="The same.")


class ClaimShown(BaseModel):
    """A slot that was given to the driver, with its video."""

    model_config = example(
        {
            "user_id": CHANNEL,
            "day": DAY,
            "number": 1,
            "channel_id": CHANNEL,
            "video_id": VIDEO,
            "token": "ytr_1f0c…_…",
            "token_ends_at": "2026-11-24T00:00:00Z",
        }
    )
    user_id: UUID
    day: date
    number: int
    channel_id: UUID
    video_id: UUID
    token: str = Field(description="Leads this video and nothing else; shown once.")
    token_ends_at: datetime


class WaitingShown(BaseModel):
    """Due slots of all users that nobody was given yet, for the same reason."""

    model_config = example(
        {
            "why": "quota",
            "slots": 12,
            "again_at": "2026-11-23T08:15:00Z",
            "reason": waiting_words(Why.QUOTA),
        }
    )
    why: Why | None = Field(description="null: nothing stands in the way, a driver has to claim them.")
    slots: int
    again_at: datetime = Field(description="When the first is looked at again; if they wait for a driver: since when.")
    reason: str = Field(description="The same in plain words.")


@router.post("/due")
async def due(wanted: Due, _who: Claiming, parts: PartsOf) -> list[ClaimShown]:
    """Claim what is due over all users, each slot with its video and a token to lead it, for the driver that asks.

    No more are led at once than the installation allows (20): what isn't claimed stays due.
    """
    if wanted.driver == BUILT_IN:
        raise BadInput("the built-in driver claims by itself", field="driver", fix="Name yours, such as n8n.")
    given = await give_due(
        parts.platform, wanted.driver, most=wanted.most, workflow=wanted.workflow, execution=wanted.execution
    )
    return [
        ClaimShown(
            user_id=one.claimed.user_id,
            day=one.claimed.local_day,
            number=one.claimed.number,
            channel_id=one.claimed.channel_id,
            video_id=one.claimed.video_id,
            token=one.begun.token,
            token_ends_at=one.begun.token_ends_at,
        )
        for one in given
    ]


@admin.get("/waiting")
async def waiting(_who: Operator, conn: Transaction, parts: PartsOf) -> list[WaitingShown]:
    """Why due slots wait, in sums over all users: the reason with most slots first. Paused plans do not count."""
    found = await look_at_waiting(conn, parts.clock.now(), rehearsal=parts.platform.rehearsal)
    return [
        WaitingShown(why=one.why, slots=one.slots, again_at=one.again_at, reason=waiting_words(one.why))
        for one in found
    ]
