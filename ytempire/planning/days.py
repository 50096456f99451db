"""A user's local days, and the hour of a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ytempire.kit.days import day_start, local_day, next_day_start

__all__ = ["day_start", "local_day", "next_day_start", "next_hour"]


def next_hour(now: datetime, zone: str, hour: int) -> datetime:
    """The next time that clocks of the zone show this full hour, in UTC; where it is left out, the moment after."""
    day = local_day(now, zone)
    for ahead in range(3):
        at = datetime.combine(day + timedelta(days=ahead), time(hour), ZoneInfo(zone)).astimezone(UTC)
        if at > now:
            return at
    raise AssertionError("three days hold every hour")
