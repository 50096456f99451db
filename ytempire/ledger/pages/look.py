"""Verbs: look at a day's money, at days, at videos."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.kit.days import next_day_start
from ytempire.kit.errors import BadInput
from ytempire.ledger import rules
from ytempire.ledger.alerts.store import alerts_since
from ytempire.ledger.ladder.rules import WINDOW
from ytempire.ledger.ladder.store import roles
from ytempire.ledger.model import Alert, BudgetNeed, BudgetState, Policy
from ytempire.ledger.orders.give import standing
from ytempire.ledger.pages import store
from ytempire.ledger.pages.model import ModelMix, MoneyDay, PlatformDay
from ytempire.ledger.store import budget_states

MOST_DAYS = 366
USUAL_DAYS = 30


async def look_at_day(conn: Connection, policy: Policy, user_id: UUID, now: datetime, *, operator: bool) -> MoneyDay:
    """The user's money day; `operator`: and the platform's."""
    day = rules.day_in(policy.money_day_zone, now)
    mine, all_users = rules.user_day(user_id, policy, now), rules.platform_day(policy, now)
    found = {state.id: state for state in await budget_states(conn, [mine.id, all_users.id])}
    platform = None
    if operator:
        by_category = tuple(await store.platform_days(conn, day, day))
        platform = PlatformDay(found.get(all_users.id, untouched(all_users)), by_category)
    cheap, strong = await roles(conn, user_id, WINDOW)
    return MoneyDay(
        day=day,
        resets_at=next_day_start(now, policy.money_day_zone),
        standing=await standing(conn, policy, now),
        budget=found.get(mine.id, untouched(mine)),
        by_category=tuple(await store.user_days(conn, user_id, day, day)),
        mix=ModelMix(cheap, strong, policy.cheap_percent),
        alerts=tuple(await alerts_of(conn, user_id, now - timedelta(days=1), operator=operator)),
        platform=platform,
    )


async def alerts_of(conn: Connection, user_id: UUID, since: datetime, *, operator: bool) -> list[Alert]:
    """The user's alerts, for an operator the platform's as well."""
    return [alert for alert in await alerts_since(conn, user_id, since) if operator or alert.user_id]


def days_between(policy: Policy, now: datetime, first: date | None, last: date | None) -> tuple[date, date]:
    """The days asked for; without any, thirty up to today. Raises BadInput."""
    today = rules.day_in(policy.money_day_zone, now)
    end = last or today
    try:
        begin = first or end - timedelta(days=USUAL_DAYS - 1)
    except OverflowError:
        begin = end
    if begin > end:
        raise BadInput(f"{begin} is after {end}", field="first", fix="Name the earlier day first.")
    if (end - begin).days >= MOST_DAYS:
        raise BadInput(
            f"{(end - begin).days + 1} days are not shown at once", field="first", fix=f"Ask for up to {MOST_DAYS}."
        )
    return begin, end


def untouched(need: BudgetNeed) -> BudgetState:
    """A budget that nobody drew on yet."""
    return BudgetState(need.id, str(need.name), need.resource, need.cap, 0, 0, 0, 0)
