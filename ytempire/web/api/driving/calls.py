"""What a driver pays for elsewhere: hold first, then settle or void; and what is left for the video."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Field

from ytempire.kit.errors import BadInput
from ytempire.ledger import OutsideCall, OutsideHold
from ytempire.orchestration import hold_call, means_of_video, settle_call, void_call
from ytempire.web.api.videos.shown import VIDEO
from ytempire.web.bodies import Given, example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Leading
from ytempire.web.routing import resource

router = resource("videos")

_KEY = r"^[A-Za-z0-9._:~-]{1,200}$"
_MOST_MICROUSD = 1_000_000_000
_MOST_UNITS = 10_000
_HELD: dict[str, Any] = {"call_id": VIDEO, "key": "231:thumbnail:0", "state": "held", "held": 60000, "actual": None}
_MEANS: dict[str, Any] = {
    "fits": True,
    "reason": "",
    "video_left_microusd": 2400000,
    "day_left_microusd": 2400000,
    "platform_left_microusd": 91000000,
    "units_left": 5480,
    "uploads_left": 86,
}
Key = Annotated[str, Path(pattern=_KEY, description="The key it was held under.", examples=["231:thumbnail:0"])]


class HoldWanted(Given):
    """What is about to be paid, at most."""

    model_config = example(
        {"category": "thumbnail", "what": "a picture", "key": "231:thumbnail:0", "estimate_microusd": 60000}
    )
    category: Literal["openai", "elevenlabs", "thumbnail", "youtube"]
    what: str = Field(min_length=1, max_length=200, description="Words for the receipt.")
    key: str = Field(pattern=_KEY, description="Names this call within the video: `executionId:nodeId:item`.")
    estimate_microusd: int | None = Field(None, ge=1, le=_MOST_MICROUSD, description="The most it may cost.")
    units: int | None = Field(None, ge=1, le=_MOST_UNITS, description="Of `youtube`, in place of money.")


class Bill(Given):
    """What it came to."""

    model_config = example({"actual_microusd": 42000})
    actual_microusd: int | None = Field(None, ge=0, le=_MOST_MICROUSD)
    units: int | None = Field(None, ge=0, le=_MOST_UNITS, description="Of `youtube`, in place of money.")


class CallShown(BaseModel):
    """A call as it is on record."""

    model_config = example(_HELD)
    call_id: UUID
    key: str
    state: Literal["held", "settled", "void", "unknown"] = Field(
        description="`unknown`: not settled within an hour, so it counts as spent; it may still be settled or voided."
    )
    held: int = Field(description="Micro-dollars, or units.")
    actual: int | None = Field(None, description="What was booked; null until then.")


class MeansShown(BaseModel):
    """What is left for the video."""

    model_config = example(_MEANS)
    fits: bool = Field(description="Whether that takes the video to its end, as far as one can tell.")
    reason: str = Field(description="What is short, in plain words.")
    video_left_microusd: int
    day_left_microusd: int
    platform_left_microusd: int
    units_left: int
    uploads_left: int


@router.get("/{video_id}/means")
async def means(video_id: UUID, who: Leading, parts: PartsOf) -> MeansShown:
    """What is left of the video's, its owner's and the platform's money, and of YouTube's quota, and if that fits."""
    return MeansShown(**vars(await means_of_video(parts.platform, who.user_id, video_id)))


@router.post("/{video_id}/calls")
async def hold(video_id: UUID, given: HoldWanted, who: Leading, parts: PartsOf) -> CallShown:
    """Hold money, or units of YouTube's quota, for a call that you are about to make elsewhere.

    The same again answers the first one. What is not settled within an hour counts as spent.
    """
    wanted, other = ("units", "estimate_microusd") if given.category == "youtube" else ("estimate_microusd", "units")
    amount = getattr(given, wanted)
    if amount is None or getattr(given, other) is not None:
        field = wanted if amount is None else other
        raise BadInput(f"{given.category} is held in {wanted}", field=field, fix=f"Send {wanted} and not {other}.")
    hold = OutsideHold(who.user_id, video_id, given.category, given.what, given.key, amount)
    return _shown(await hold_call(parts.platform, hold, by_run=who.via == "run"), given.key)


@router.post("/{video_id}/calls/{key}/settle")
async def settle(video_id: UUID, key: Key, given: Bill, who: Leading, parts: PartsOf) -> CallShown:
    """Book what the call came to, once. More than was held is booked too, as far as the budgets have room, and told."""
    ended = await settle_call(
        parts.platform, who.user_id, video_id, key, microusd=given.actual_microusd, units=given.units
    )
    return _shown(ended, key)


@router.post("/{video_id}/calls/{key}/void")
async def void(video_id: UUID, key: Key, who: Leading, parts: PartsOf) -> CallShown:
    """Give back what was held: there was no call, or it cost nothing."""
    return _shown(await void_call(parts.platform, who.user_id, video_id, key), key)


def _shown(call: OutsideCall, key: str) -> CallShown:
    booked = call.booked if call.hold_state in ("settled", "unknown") else None
    return CallShown(call_id=call.id, key=key, state=call.hold_state.value, held=call.hold_amount, actual=booked)
