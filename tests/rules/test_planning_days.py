"""Local days: whatever the zone, whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.planning.days import day_start, local_day, next_day_start, next_hour

ZONES = sorted(available_timezones())
instants = st.integers(0, 25 * 366 * 86_400).map(lambda s: datetime(2012, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
BEFORE = timedelta(seconds=1)


@given(st.sampled_from(ZONES), instants)
def test_a_day_begins_where_the_date_changes(zone, now):
    start = next_day_start(now, zone)
    assert now < start <= now + timedelta(hours=26)
    assert local_day(start, zone) == local_day(now, zone) + timedelta(days=1)
    assert local_day(start - BEFORE, zone) == local_day(now, zone)
    assert day_start(local_day(start, zone), zone) == start


@given(st.sampled_from(ZONES), instants)
def test_from_midnight_to_midnight_no_day_is_left_out_and_none_comes_twice(zone, now):
    days = []
    for _ in range(400):  # both changes of a year
        days.append(local_day(now, zone))
        now = next_day_start(now, zone)
    assert days == [days[0] + timedelta(days=n) for n in range(400)]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 23),
        ("Europe/Berlin", date(2027, 10, 31), 25),
        ("America/Los_Angeles", date(2027, 3, 14), 23),
        ("America/Los_Angeles", date(2027, 11, 7), 25),
        ("America/Havana", date(2027, 3, 14), 23),  # its clocks go on at midnight: the day begins at 1:00
        ("Australia/Lord_Howe", date(2027, 4, 4), 24.5),
        ("Asia/Kolkata", date(2027, 3, 28), 24),
    ],
)
def test_days_of_other_lengths(zone, day, hours):
    start = day_start(day, zone)
    assert next_day_start(start, zone) - start == timedelta(hours=hours)


def test_a_day_that_a_zone_left_out_is_no_trap():
    """Samoa went from 29 to 31 December 2011."""
    at = datetime(2011, 12, 30, 9, tzinfo=UTC)
    assert local_day(at, "Pacific/Apia") == date(2011, 12, 29)
    start = next_day_start(at, "Pacific/Apia")
    assert local_day(start, "Pacific/Apia") == date(2011, 12, 31)
    assert start == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_midnight_that_comes_twice_is_waited_for_once_more():
    """St John's went back from 0:01 to 23:01, until 2011."""
    second_evening = datetime(2010, 11, 7, 3, 0, tzinfo=UTC)
    assert local_day(second_evening, "America/St_Johns") == date(2010, 11, 6)
    assert next_day_start(second_evening, "America/St_Johns") == datetime(2010, 11, 7, 3, 30, tzinfo=UTC)


def test_a_gap_over_midnight_begins_the_day_where_it_ends():
    """Toronto went from 23:30 to 0:30 on 30 March 1919."""
    start = day_start(date(1919, 3, 31), "America/Toronto")
    assert start == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)
    assert local_day(start - BEFORE, "America/Toronto") == date(1919, 3, 30)


@given(st.sampled_from(ZONES), instants, st.integers(0, 23))
def test_the_next_hour_is_within_two_days_and_shows_that_hour_unless_it_is_left_out(zone, now, hour):
    at = next_hour(now, zone, hour)
    assert now < at <= now + timedelta(hours=48)
    shown = at.astimezone(ZoneInfo(zone))
    assert shown.hour == hour or (shown.hour - hour) % 24 == 1
