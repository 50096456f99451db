"""Set money or units aside before a call, or refuse naming the budget that has too little left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.errors import BudgetRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import store
from ytempire.ledger.model import BudgetNeed, Charge, Delta
from ytempire.ledger.rules import MICROUSD, NEAR_PERCENT, comes_near

FIXES = {
    "video": "Raise YTEMPIRE_VIDEO_CAP_USD, or make the video shorter.",
    "user-day": "Wait for the next day of YTEMPIRE_MONEY_DAY_ZONE, or raise YTEMPIRE_VIDEO_CAP_USD.",
    "platform-day": "Wait for the next day of YTEMPIRE_MONEY_DAY_ZONE, or raise YTEMPIRE_PLATFORM_DAY_CAP_USD.",
    "uploads": "Wait for midnight Pacific time.",
    "search": "Wait for midnight Pacific time.",
    "units": "Wait for midnight Pacific time, or let the operator open the reserve.",
}
LINE_OF_MONEY = "Use a cheaper model or voice; the margin for all categories is used up."
LINE_OF_UNITS = "Wait for midnight Pacific time, or let the operator open the reserve."


async def take_hold(conn: Connection, charge: Charge, call_id: UUID, now: datetime) -> UUID:
    """Take the charge's amount from all its budgets, for that call. Raises BudgetRefused; then roll back.

    The budgets exist (`Books.ensure`).
    """
    taken = await store.take(conn, charge.budgets, charge.amount)

    for need in charge.budgets:
        if need.id not in taken.levels if need.parent_id is None else not taken.line_gave:
            raise refused(need, charge)

    hold_id = new_id()
    await store.append_transfer(
        conn,
        user_id=charge.user_id,
        call_id=call_id,
        hold_id=hold_id,
        kind="hold",
        budgets=[need.id for need in charge.budgets],
        delta=Delta(held=charge.amount),
        attempt=charge.attempt,
        now=now,
    )
    await store.set_hold(conn, call_id, hold_id, charge.amount, now)
    for need in charge.budgets:
        if need.id in taken.levels:
            used, cap = taken.levels[need.id]
            if comes_near(used - charge.amount, used, cap):
                words = f"{need.name} has reached {NEAR_PERCENT} % of its cap: {shown(used, need.resource)}"
                await store.add_alert(conn, need.id, need.name, "near", words, need.user_id, now)
    return hold_id


def refused(need: BudgetNeed, charge: Charge) -> BudgetRefused:
    """The error of a budget that has too little left."""
    line_fix = LINE_OF_MONEY if need.resource == MICROUSD else LINE_OF_UNITS
    return BudgetRefused(
        f"{charge.what}: {shown(charge.amount, need.resource)} more would pass the cap of budget {need.name!s}"
        f" ({shown(need.cap, need.resource)})",
        budget=str(need.name),
        fix=line_fix if need.parent_id else FIXES[need.name],
        never_fits=charge.amount > need.cap,
    )


def shown(amount: int, resource: str) -> str:
    """An amount for people: `$0.012345`, `50 units`."""
    if resource == MICROUSD:
        return f"${amount // 1_000_000}.{amount % 1_000_000:06d}"
    return f"{amount} {resource}"
