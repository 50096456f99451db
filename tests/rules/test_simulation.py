"""Who takes part in a simulation, when their days begin, and which promises are found broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ytempire.ledger import Policy
from ytempire.orchestration.simulation import Report, Wishes, broken_promises, people_of
from ytempire.orchestration.simulation.rules import KINDS, VENDORS, faults_of, midnights, rounded_up

WISHES = Wishes(days=84, users=50)


def test_the_same_seed_gives_the_same_people_and_another_one_others():
    assert people_of(WISHES) == people_of(WISHES)
    assert people_of(WISHES) != people_of(replace(WISHES, seed=2))
    assert len({person.email for person in people_of(WISHES)}) == 50
    assert len({person.time_zone for person in people_of(WISHES)}) >= 20


@pytest.mark.parametrize("person", people_of(WISHES), ids=lambda person: person.time_zone)
def test_everybody_has_as_many_midnights_as_days_and_then_the_one_that_ends_the_last(person):
    found = midnights(person, WISHES)
    days = [at.astimezone(ZoneInfo(person.time_zone)).date() for at in found]
    assert len(set(days)) == 85
    assert (days[-1] - days[0]).days == 84
    assert found[0] >= WISHES.starts_at


def test_84_days_from_the_usual_beginning_hold_both_ways_of_setting_clocks_back():
    lengths = {
        zone: {(two - one).total_seconds() / 3600 for one, two in pairwise(found)}
        for zone in ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
        for found in [midnights(replace(people_of(WISHES)[0], time_zone=zone), WISHES)]
    }
    assert lengths == {"Europe/Berlin": {24.0, 25.0}, "America/New_York": {24.0, 25.0}, "Asia/Tokyo": {24.0}}


def test_faults_of_all_kinds_come_to_the_share_at_every_vendor():
    assert faults_of(0) == []
    for vendor in VENDORS:
        own = [fault for fault in faults_of(0.05) if fault.vendor == vendor]
        assert {fault.kind for fault in own} == set(KINDS)
        assert sum(fault.share for fault in own) == pytest.approx(0.05)


def test_a_job_is_taken_late_and_never_early():
    at = datetime(2026, 10, 5, 0, 0, 0, 500_000, UTC)
    assert rounded_up(at, 10) == datetime(2026, 10, 5, 0, 0, 10, tzinfo=UTC)
    assert rounded_up(at.replace(microsecond=0), 10) == at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"peaks": {"platform-day": 150_000_001}}, "platform-day: 150,000,001 held and spent"),
        ({"peaks": {"video": 3_000_001}}, "video: 3,000,001"),
        ({"peaks": {"units": 7_001}}, "units: 7,001"),
        ({"max_day_at_vendor": {"uploads": 101}}, "YouTube counted 101 uploads"),
        ({"bills_microusd": {"openai": 2}, "by_category": {"openai": 1}}, "openai billed 2 µ$"),
        (
            {"bills_microusd": {"openai": 4}, "by_category": {"openai": 1}, "held_by_category": {"openai": 2}},
            "openai billed 4 µ$, the ledger knows of 3",
        ),
        ({"uploaded_twice": 1}, "1 videos were uploaded twice"),
        ({"paid_twice": 1}, "1 model calls were paid twice"),
        ({"unheld_units": 3}, "3 units or calls"),
        ({"lost": 2}, "2 videos were lost"),
        ({"videos": {"published": 2}, "uploads": 1}, "1 videos are called published"),
        ({"audit": ["budget x"]}, "the ledger's books differ: budget x"),
    ],
)
def test_each_promise_that_is_broken_is_named(fields, says):
    good = Report(WISHES, Policy())
    assert broken_promises(good) == []
    (line,) = broken_promises(replace(good, **fields))
    assert line.startswith(says)


def test_a_bill_that_something_is_still_held_for_is_known():
    report = Report(WISHES, Policy(), bills_microusd={"openai": 3}, by_category={"openai": 1})
    assert broken_promises(report)
    report.held_by_category = {"openai": 2}
    assert broken_promises(report) == []


def test_the_first_day_is_the_one_that_was_wished():
    assert Wishes(begins=date(2027, 3, 1)).starts_at == datetime(2027, 3, 1, tzinfo=UTC)
