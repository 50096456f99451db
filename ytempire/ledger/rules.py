"""Which budgets a call draws on, what its end adds to them, and what a worker may do about a recorded call."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from uuid import UUID
from zoneinfo import ZoneInfo

from ytempire.kit.days import next_day_start
from ytempire.ledger.model import (
    Bucket,
    BudgetNeed,
    BudgetState,
    Call,
    CallState,
    Category,
    Delta,
    HoldState,
    PaidCall,
    Policy,
    QuotaCall,
    Share,
)

MICROUSD = "microusd"
NEAR_PERCENT = 80


def day_in(zone: str, now: datetime) -> date:
    """The calendar day of an instant in a time zone; days of 23 and 25 hours come out right by themselves."""
    return now.astimezone(ZoneInfo(zone)).date()


def money_budgets(call: PaidCall, policy: Policy, now: datetime) -> tuple[BudgetNeed, ...]:
    """Platform's day, user's day, video, and the video's line for the category."""
    video = video_budget(call.user_id, call.video_id, policy)
    return (
        platform_day(policy, now),
        user_day(call.user_id, policy, now),
        video,
        BudgetNeed(
            f"{video.id}/{call.category}", call.category, call.user_id, MICROUSD, policy.lines[call.category],
            parent_id=video.id,
        ),
    )  # fmt: skip


def video_budget(user_id: UUID, video_id: UUID, policy: Policy) -> BudgetNeed:
    """A video's own money."""
    return BudgetNeed(f"video:{video_id}", "video", user_id, MICROUSD, policy.video_cap, policy.margin)


def platform_day(policy: Policy, now: datetime) -> BudgetNeed:
    """The platform's money of this money day."""
    day = day_in(policy.money_day_zone, now)
    return BudgetNeed(f"platform-day:{day}", "platform-day", None, MICROUSD, policy.platform_day_cap)


def user_day(user_id: UUID, policy: Policy, now: datetime) -> BudgetNeed:
    """A user's money of this money day."""
    day = day_in(policy.money_day_zone, now)
    return BudgetNeed(f"user-day:{user_id}:{day}", "user-day", user_id, MICROUSD, policy.user_day_cap)


def quota_budgets(call: QuotaCall, policy: Policy, now: datetime) -> tuple[BudgetNeed, ...]:
    """The bucket of the API project's day, and its share if it is the units bucket.

    The units bucket's cap is what the shares add up to; the reserve lies beyond it until an operator opens it.
    """
    bucket = youtube_bucket(call.bucket, policy, now)
    if call.bucket is not Bucket.UNITS:
        return (bucket,)
    return (bucket, youtube_share(bucket, call.share, policy))


def youtube_bucket(bucket: Bucket, policy: Policy, now: datetime) -> BudgetNeed:
    """One of the API project's buckets of this Pacific day."""
    caps = {
        Bucket.UPLOADS: policy.uploads,
        Bucket.SEARCH: policy.searches,
        Bucket.UNITS: policy.units - policy.reserve,
    }
    resource = "units" if bucket is Bucket.UNITS else "calls"
    day = day_in(policy.youtube_day_zone, now)
    return BudgetNeed(f"youtube-{bucket}:{day}", bucket, None, resource, caps[bucket])


def youtube_share(units: BudgetNeed, share: Share, policy: Policy) -> BudgetNeed:
    """A share of the units bucket."""
    return BudgetNeed(f"{units.id}/{share}", share, None, "units", policy.shares[share], parent_id=units.id)


def budgets_of_day(user_id: UUID, policy: Policy, now: datetime) -> tuple[BudgetNeed, ...]:
    """What a person looks at: the money days of platform and user, the YouTube buckets, the shares of the units."""
    units = youtube_bucket(Bucket.UNITS, policy, now)
    return (
        platform_day(policy, now),
        user_day(user_id, policy, now),
        youtube_bucket(Bucket.UPLOADS, policy, now),
        youtube_bucket(Bucket.SEARCH, policy, now),
        units,
        *(youtube_share(units, share, policy) for share in Share),
    )


def platform_budgets(policy: Policy, now: datetime) -> tuple[str, dict[str, str]]:
    """Ids of what belongs to no user today: the money day's budget, and the YouTube buckets with their names."""
    buckets = {youtube_bucket(bucket, policy, now).id: str(bucket) for bucket in Bucket}
    return platform_day(policy, now).id, buckets


def limits_of(policy: Policy) -> dict[str, int]:
    """The highest cap of each kind of budget, an opened reserve included; a kind is what a budget's id begins with."""
    return {
        "video": policy.video_cap,
        "user-day": policy.user_day_cap,
        "platform-day": policy.platform_day_cap,
        "platform-day-raise": policy.platform_day_raise,
        "youtube-uploads": policy.uploads,
        "youtube-search": policy.searches,
        "youtube-units": policy.units,
    }


def settled(held: int, actual: int) -> Delta:
    """A bill: booked in full, what lies above its hold as overrun."""
    return Delta(held=-held, spent=min(held, actual), overrun=max(0, actual - held))


def voided(held: int) -> Delta:
    """No bill."""
    return Delta(held=-held)


def unknown(held: int) -> Delta:
    """Nobody knows: the whole hold counts as spent."""
    return Delta(held=-held, spent=held)


def reconciled(held: int, actual: int) -> Delta:
    """The bill of a hold that already counted as spent."""
    return Delta(spent=min(held, actual) - held, overrun=max(0, actual - held))


AGAIN_SOON_S = 60.0
"""When to look again if a budget is full only with holds under way: calls end within minutes."""


def refused_for_s(need: BudgetNeed, amount: int, state: BudgetState | None, policy: Policy, now: datetime) -> float:
    """How long a refused hold waits: until holds under way may have been given back, else until the next day."""
    if state and state.held:
        room = state.cap + state.opened - state.spent - state.overrun
        if need.parent_id or amount <= room:
            return AGAIN_SOON_S
    zone = policy.money_day_zone if need.resource == MICROUSD else policy.youtube_day_zone
    return (next_day_start(now, zone) - now).total_seconds()


def comes_near(used_before: int, used_after: int, cap: int) -> bool:
    """Whether this hold is the one that reaches 80 % of the cap."""
    return used_before * 100 < cap * NEAR_PERCENT <= used_after * 100


class Move(Enum):
    """What to do about a call that is already recorded."""

    ANSWER = "give the recorded result"
    YIELD = "leave it to the worker that has it"
    LOOK = "ask the vendor what became of it"
    RENEW = "count the old hold as spent and call under a new one"
    BEGIN = "call under a new hold; nothing is left of the old one"


def next_move(call: Call, attempt: int, *, can_look: bool) -> Move:
    """Only a higher attempt takes a call from its holder; the same one may go on where it failed."""
    if call.state is CallState.DONE:
        return Move.ANSWER
    if attempt < call.attempt or (attempt == call.attempt and call.claimed):
        return Move.YIELD
    if call.state is not CallState.OPEN:
        return Move.BEGIN
    if can_look:
        return Move.LOOK
    return Move.RENEW if call.hold_state is HoldState.HELD else Move.BEGIN


def shown(amount: int, resource: str) -> str:
    """An amount for people: `$0.012345`, `$3.00`, `50 units`."""
    if resource != MICROUSD:
        return f"{amount} {resource}"
    whole, rest = divmod(amount, 1_000_000)
    return f"${whole}.{rest // 10_000:02d}" if rest % 10_000 == 0 else f"${whole}.{rest:06d}"


def clock_words(at: datetime, zone: str) -> str:
    """An instant for people, on the clocks of a zone: `2026-11-26 00:00 (Europe/Berlin)`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def line_caps(policy: Policy) -> tuple[tuple[Category, int], ...]:
    """The categories in the receipt's order with their lines."""
    return tuple((category, policy.lines[category]) for category in Category)
