"""Who takes part, what strikes, and when people look: pure, from the wishes and their seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ytempire.orchestration.simulation.model import Fault, Habits, Person, Wishes
from ytempire.orchestration.simulation.outcome import Report

_ZONES = (
    *("America/New_York",) * 6, *("America/Los_Angeles",) * 4, *("Europe/Berlin",) * 5, *("Europe/London",) * 4,
    *("Asia/Kolkata",) * 4, *("America/Chicago",) * 3, *("America/Sao_Paulo",) * 3, *("Asia/Tokyo",) * 3,
    *("Australia/Sydney",) * 2, *("Africa/Lagos",) * 2, *("Asia/Jakarta",) * 2, *("Europe/Istanbul",) * 2,
    "Pacific/Auckland", "Asia/Kathmandu", "America/St_Johns", "Pacific/Honolulu", "Australia/Lord_Howe",
    "America/Havana", "Asia/Beirut", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo",
)  # fmt: skip
"""As creators live: many in a few zones, some at the edges, where days are odd."""
KINDS = (
    "refused",
    "server_error",
    "rate_limit_seconds",
    "rate_limit_date",
    "html_200",
    "answer_lost",
    "half_close",
    "truncated",
    "broken_json",
    "nan",
)
"""What passes by itself. Not here: `hang` and `drip`, which take real time; `huge`, which takes bandwidth;
`unauthorized`, `redirect` and `rate_limit_absurd`, after which a person has to look. Each has tests of its own."""
VENDORS = ("openai", "elevenlabs", "google")


def people_of(wishes: Wishes) -> list[Person]:
    """The users: most on autopilot, some who review, pause or pin; the same for the same wishes."""
    dice = random.Random(wishes.seed)
    zones = list(_ZONES)
    dice.shuffle(zones)
    return [
        Person(
            number=number,
            name=f"Creator {number + 1}",
            email=f"creator{number + 1}@simulation.example",
            time_zone=zones[number % len(zones)],
            looks_at_hour=dice.randint(8, 20),
            habits=Habits(
                reviews=number % 10 == 7,
                pauses=(dice.randint(3, max(3, wishes.days - 3)), 2) if number % 25 == 11 else None,
                pins_on=dice.randint(1, max(1, min(wishes.days - 1, 14))) if number % 10 == 3 else None,
            ),
        )
        for number in range(wishes.users)
    ]


def faults_of(share: float) -> list[Fault]:
    """Each kind alike often, so that together they strike about this share of every vendor's calls."""
    each = share / len(KINDS)
    options: dict[str, tuple[tuple[str, object], ...]] = {
        "rate_limit_seconds": (("retry_after_s", 2),),
        "rate_limit_date": (("retry_after_s", 20),),
    }
    return [Fault(vendor, kind, each, options.get(kind, ())) for vendor in VENDORS for kind in KINDS] if share else []


def midnights(person: Person, wishes: Wishes) -> Sequence[datetime]:
    """When each of the person's days begins, in UTC, all after the start; the last one is the day after their last."""
    zone, at = ZoneInfo(person.time_zone), wishes.begins
    found: list[datetime] = []
    while len(found) <= wishes.days:
        starts = datetime.combine(at, time(), zone)
        if starts.timestamp() >= wishes.starts_at.timestamp():
            found.append(starts.astimezone(wishes.starts_at.tzinfo))
        at += timedelta(days=1)
    return found


def looks(person: Person, first: date, days: int) -> Sequence[datetime]:
    """When the person looks at what waits for them, in UTC, on each of the days and the one after."""
    zone = ZoneInfo(person.time_zone)
    return [datetime.combine(first + timedelta(days=day), time(person.looks_at_hour), zone) for day in range(days + 1)]


def rounded_up(at: datetime, step_s: int) -> datetime:
    """The next full step: a job is never taken early."""
    late_s = at.timestamp() % step_s
    return at + timedelta(seconds=step_s - late_s) if late_s else at


def broken_promises(of: Report) -> list[str]:
    """Which hard limits were passed and which promises did not hold, in plain words; empty if all is well."""
    caps = {
        "platform-day": of.policy.platform_day_cap + of.overrun_microusd,
        "user-day": of.policy.user_day_cap + of.overrun_microusd,
        "video": of.policy.video_cap + of.overrun_microusd,
        "uploads": of.policy.uploads,
        "search": of.policy.searches,
        "units": of.policy.units - of.policy.reserve,
    }
    wrong = [
        f"{name}: {of.peaks[name]:,} held and spent, the cap is {cap:,}"
        for name, cap in caps.items()
        if of.peaks.get(name, 0) > cap
    ]
    wrong += [
        f"YouTube counted {used:,} {bucket} on one day, the cap is {caps[bucket]:,}"
        for bucket, used in of.max_day_at_vendor.items()
        if bucket in caps and used > caps[bucket]
    ]
    wrong += [
        f"{vendor} billed {bill:,} µ$, the ledger knows of {known:,}"
        for vendor, bill in of.bills_microusd.items()
        if bill > (known := of.by_category.get(vendor, 0) + of.held_by_category.get(vendor, 0))
    ]
    told = (
        (of.uploaded_twice, "videos were uploaded twice"),
        (of.unheld_units, "units or calls of YouTube's quota were taken without the ledger's knowledge"),
        (of.paid_twice, "model calls were paid twice"),
        (of.lost, "videos were lost: not at their end, and nobody drives them"),
        (max(0, of.published - of.uploads), "videos are called published, and YouTube has them not"),
    )
    wrong += [f"{count:,} {words}" for count, words in told if count]
    return wrong + [f"the ledger's books differ: {difference}" for difference in of.audit]
