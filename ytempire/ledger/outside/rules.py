"""What another driver's holds may be, and what their ends may book: pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ytempire.kit.errors import BadInput, BudgetRefused, Conflict
from ytempire.ledger import rules
from ytempire.ledger.model import (
    Bucket,
    BudgetState,
    Category,
    Charge,
    HoldState,
    Meters,
    PaidCall,
    Policy,
    QuotaCall,
    Share,
)
from ytempire.ledger.outside.model import OutsideCall, OutsideHold

YOUTUBE = "youtube"
CATEGORIES = (Category.OPENAI, Category.ELEVENLABS, Category.THUMBNAIL)
STEPS = {Category.OPENAI: "script", Category.ELEVENLABS: "voice", Category.THUMBNAIL: "thumbnail", YOUTUBE: "publish"}
MOST_UNITS = 600
"""Of one video: thumbnail 50, playlist 50, captions 400, and some reads."""
MOST_CALLS = 1_000
"""Of one video, relayed ones among them: what is on record is never deleted."""


def once_of(video_id: UUID, key: str) -> str:
    """The call's name in the books."""
    return f"{video_id}:call:{key}"


def charge_of(hold: OutsideHold, policy: Policy, now: datetime) -> Charge:
    """The hold in the words of the books. Raises BadInput for another category."""
    step, once = STEPS.get(hold.category, ""), once_of(hold.video_id, hold.key)
    if hold.category == YOUTUBE:
        quota = QuotaCall(
            hold.user_id, hold.video_id, step, Bucket.UNITS, hold.what, once, hold.amount, Share.PUBLISHING
        )
        resource, category = "units", str(Share.PUBLISHING)
        meters: dict[str, object] = {"bucket": Bucket.UNITS, "units": hold.amount}
        budgets = rules.quota_budgets(quota, policy, now)
    elif hold.category in CATEGORIES:
        resource, category = rules.MICROUSD, hold.category
        meters = {"vendor": hold.category, "model": ""}
        paid = PaidCall(
            hold.user_id, hold.video_id, step, Category(hold.category), hold.what, once, Meters(hold.category, "")
        )
        budgets = rules.money_budgets(paid, policy, now)
    else:
        raise BadInput(
            f"{hold.category!r} is no category of what a driver pays for",
            field="category",
            fix=f"Choose one of: {', '.join((*CATEGORIES, YOUTUBE))}.",
        )
    return Charge(
        user_id=hold.user_id,
        video_id=hold.video_id,
        step=step,
        resource=resource,
        category=category,
        what=hold.what,
        once=once,
        attempt=1,
        amount=hold.amount,
        meters=meters,
        budgets=budgets,
        refusal_is_billed=False,
    )


def require_few_units(units: int) -> None:
    """Raise BadInput if another driver would take more for one video: the platform's quota is everybody's."""
    if units > MOST_UNITS:
        raise BadInput(
            f"this video would take {units:,} units of YouTube's quota, and {MOST_UNITS} are the most for one",
            field="units",
            fix="Settle or void what is not needed.",
        )


def require_few_calls(before: int) -> None:
    """Raise BadInput if the video has as many as it may have."""
    if before >= MOST_CALLS:
        raise BadInput(
            f"this video has {before:,} calls on record, and {MOST_CALLS:,} are the most for one",
            field="video",
            fix="Look for what repeats calls: one that is sent again as it was is not recorded again.",
        )


def require_same(call: OutsideCall, charge: Charge) -> None:
    """Raise BadInput if the key stands for another hold."""
    said = (call.category, call.resource, call.what, call.hold_amount)
    if said != (charge.category, charge.resource, charge.what, charge.amount):
        raise BadInput(
            f"this key holds {rules.shown(call.hold_amount, call.resource)} for {call.what!r}",
            field="key",
            fix="Use a key of its own for each call, such as executionId:nodeId:item.",
            code="key_reused",
        )


def require_open(call: OutsideCall, amount: int | None) -> bool:
    """Whether the hold is to be ended now; False: it was, in the same way. `amount` None: as void.

    Raises Conflict if it ended otherwise.
    """
    if call.hold_state in (HoldState.HELD, HoldState.UNKNOWN):
        return True
    ended = "void" if call.hold_state is HoldState.VOID else f"settled with {rules.shown(call.booked, call.resource)}"
    same = amount is None if call.hold_state is HoldState.VOID else amount == call.booked
    if same:
        return False
    raise Conflict(f"this call was {ended}", field="key", fix="Hold anew, under another key, for another call.")


def require_room(call: OutsideCall, budgets: Sequence[BudgetState], amount: int) -> None:
    """A bill above its hold is taken as far as the budgets have room for the rest. Raises BudgetRefused.

    Our own vendors' bills are booked whatever they are; what a driver says of another's must not close the platform.
    """
    above = amount - call.hold_amount
    for state in budgets:
        if "/" not in state.id and above > state.left:
            raise BudgetRefused(
                f"{call.what}: {rules.shown(above, call.resource)} above its hold would pass the cap of budget"
                f" {state.name!s}, which has {rules.shown(state.left, call.resource)} left",
                budget=str(state.name),
                fix="Look whether the amount is in whole micro-dollars ($1 is 1000000) or units; hold enough before.",
            )
