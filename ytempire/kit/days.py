"""Calendar days of a time zone: those of 23 and 25 hours come out right, and those that a zone left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_LONGEST_GAP = timedelta(hours=25)
"""More than any zone ever left out at once (Samoa's 30 December 2011: 24 hours)."""


def local_day(now: datetime, zone: str) -> date:
    """Which day it is in this zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a local day, in UTC: midnight, or where midnight is left out, the moment after the gap."""
    start = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    if local_day(start - _SECOND, zone) < day:
        return start
    before, after = start - _LONGEST_GAP, start  # the gap began before midnight: look for where the date changes
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        before, after = (before, middle) if local_day(middle, zone) >= day else (middle, after)
    return after.replace(microsecond=0)


def next_day_start(now: datetime, zone: str) -> datetime:
    """When the zone's next day begins, in UTC; always later than `now`."""
    day = local_day(now, zone) + timedelta(days=1)
    start = day_start(day, zone)
    if start > now:
        return start
    # Clocks went back over midnight, so this day is entered twice: the second time counts.
    return datetime.combine(day, time(fold=1), ZoneInfo(zone)).astimezone(UTC)
