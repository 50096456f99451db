"""Which budgets a call draws on, how holds end, and who may go on with a recorded call."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.kit.errors import BadInput
from ytempire.ledger import rules
from ytempire.ledger.model import (
    Bucket,
    Call,
    CallState,
    Category,
    HoldState,
    Meters,
    PaidCall,
    Policy,
    QuotaCall,
    Share,
)
from ytempire.ledger.rules import Move, next_move

USER, VIDEO = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
amounts = st.integers(0, 10**12)


def paid(category: Category = Category.OPENAI) -> PaidCall:
    return PaidCall(USER, VIDEO, "script", category, "draft", "once", Meters("openai", "gpt-6-luna"))


def quota(bucket: Bucket, share: Share = Share.PUBLISHING) -> QuotaCall:
    return QuotaCall(USER, VIDEO, "publish", bucket, "upload", "once", share=share)


def test_the_caps_are_those_of_the_mission():
    policy = Policy()
    assert sum(policy.lines.values()) + policy.margin == policy.video_cap == 3_000_000
    assert policy.user_day_cap == 3_000_000
    assert sum(policy.shares.values()) + policy.reserve == policy.units == 10_000
    assert Policy(slots_per_user=3).user_day_cap == 9_000_000


@given(st.decimals("0.01", "1000", places=6))
def test_another_video_cap_scales_the_split_and_loses_nothing(cap):
    policy = Policy.in_dollars(video=str(cap), platform_day="150.00", cpu_hour="0.05", money_day_zone="UTC")
    assert sum(policy.lines.values()) + policy.margin == policy.video_cap == int(cap * 1_000_000)
    assert policy.lines[Category.OPENAI] <= policy.video_cap // 3
    assert policy.cpu_hour_price == 50_000


@given(st.integers(100, 1_000_000))
def test_other_quota_of_the_project_scales_its_shares_and_loses_nothing(units):
    money = {"video": "3", "platform_day": "150", "cpu_hour": "0.05", "money_day_zone": "UTC"}
    policy = Policy.in_dollars(**money, youtube_units=units, youtube_uploads=7)
    assert sum(policy.shares.values()) + policy.reserve == policy.units == units
    assert 0.3 * units <= policy.reserve < 0.3 * units + len(policy.shares)
    assert policy.uploads == 7


@pytest.mark.parametrize("cap", ["", "3,00", "-1", "NaN", "Infinity", "three"])
def test_a_cap_that_is_no_amount_is_named(cap):
    with pytest.raises(BadInput, match="YTEMPIRE_VIDEO_CAP_USD"):
        Policy.in_dollars(video=cap, platform_day="150.00", cpu_hour="0.05", money_day_zone="UTC")


def test_a_paid_call_draws_on_platform_user_video_and_the_videos_line():
    needs = rules.money_budgets(paid(Category.THUMBNAIL), Policy(), NOW)
    assert [(need.id, need.cap, need.parent_id) for need in needs] == [
        ("platform-day:2026-11-23", 150_000_000, None),
        (f"user-day:{USER}:2026-11-23", 3_000_000, None),
        (f"video:{VIDEO}", 3_000_000, None),
        (f"video:{VIDEO}/thumbnail", 200_000, f"video:{VIDEO}"),
    ]
    assert [need.user_id for need in needs] == [None, USER, USER, USER]


def test_each_bucket_of_youtube_has_its_own_day_and_only_units_have_shares():
    (uploads,) = rules.quota_budgets(quota(Bucket.UPLOADS), Policy(), NOW)
    assert (uploads.id, uploads.cap, uploads.resource) == ("youtube-uploads:2026-11-22", 100, "calls")
    (search,) = rules.quota_budgets(quota(Bucket.SEARCH), Policy(), NOW)
    assert (search.id, search.cap) == ("youtube-search:2026-11-22", 100)
    units, share = rules.quota_budgets(quota(Bucket.UNITS, Share.CAPTIONS), Policy(), NOW)
    assert (units.cap, units.margin, share.id, share.cap) == (7_000, 0, f"{units.id}/captions", 400)


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("America/Los_Angeles", "2026-11-23T07:59:59+00:00", date(2026, 11, 22)),  # winter: UTC−8
        ("America/Los_Angeles", "2026-11-23T08:00:00+00:00", date(2026, 11, 23)),
        ("America/Los_Angeles", "2026-07-01T06:59:59+00:00", date(2026, 6, 30)),  # summer: UTC−7
        ("America/Los_Angeles", "2026-07-01T07:00:00+00:00", date(2026, 7, 1)),
        ("America/Los_Angeles", "2026-11-02T07:59:59+00:00", date(2026, 11, 1)),  # the day of 25 hours ends late
        ("America/Los_Angeles", "2026-11-02T08:00:00+00:00", date(2026, 11, 2)),
        ("America/Los_Angeles", "2026-03-09T06:59:59+00:00", date(2026, 3, 8)),  # the day of 23 hours ends early
        ("America/Los_Angeles", "2026-03-09T07:00:00+00:00", date(2026, 3, 9)),
        ("Europe/Berlin", "2026-11-22T23:00:00+00:00", date(2026, 11, 23)),
        ("UTC", "2026-11-22T23:59:59+00:00", date(2026, 11, 22)),
    ],
)
def test_the_day_turns_at_its_own_midnight(zone, at, day):
    assert rules.day_in(zone, datetime.fromisoformat(at)) == day


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)))  # noqa: DTZ001
def test_pacific_days_last_23_to_25_hours(at):
    day = rules.day_in("America/Los_Angeles", at)
    hours = sum(rules.day_in("America/Los_Angeles", at + timedelta(hours=offset)) == day for offset in range(-26, 27))
    assert 23 <= hours <= 25


@given(held=amounts, actual=amounts)
def test_a_bill_is_booked_in_full_and_only_its_excess_is_overrun(held, actual):
    end = rules.settled(held, actual)
    assert end.held == -held
    assert end.spent + end.overrun == actual
    assert 0 <= end.spent <= held
    assert end.overrun == max(0, actual - held)


@given(held=amounts, actual=amounts)
def test_unknown_then_its_bill_comes_to_the_same_as_settling(held, actual):
    first, then, straight = rules.unknown(held), rules.reconciled(held, actual), rules.settled(held, actual)
    assert first.held + then.held == straight.held
    assert first.spent + then.spent == straight.spent
    assert first.overrun + then.overrun == straight.overrun


@given(held=amounts)
def test_void_gives_everything_back_and_unknown_nothing(held):
    assert (rules.voided(held).held, rules.voided(held).spent) == (-held, 0)
    assert (rules.unknown(held).held, rules.unknown(held).spent) == (-held, held)


@given(before=st.integers(0, 1000), more=st.integers(0, 1000))
def test_only_the_hold_that_crosses_80_percent_tells(before, more):
    assert rules.comes_near(before, before + more, 1000) == (before < 800 <= before + more)


def call(attempt=3, state=CallState.OPEN, hold=HoldState.HELD, *, claimed=True) -> Call:
    return Call(UUID(int=3), attempt, state, claimed, 1, False, UUID(int=4), 5, hold, None)


@pytest.mark.parametrize(
    ("recorded", "attempt", "can_look", "move"),
    [
        (call(state=CallState.DONE), 1, True, Move.ANSWER),
        (call(state=CallState.DONE), 9, False, Move.ANSWER),
        (call(), 2, True, Move.YIELD),
        (call(claimed=False), 2, True, Move.YIELD),
        (call(), 3, True, Move.YIELD),
        (call(claimed=False), 3, True, Move.LOOK),
        (call(), 4, True, Move.LOOK),
        (call(), 4, False, Move.RENEW),
        (call(hold=HoldState.UNKNOWN), 4, True, Move.LOOK),
        (call(hold=HoldState.UNKNOWN), 4, False, Move.BEGIN),
        (call(state=CallState.REFUSED, hold=HoldState.VOID, claimed=False), 3, True, Move.BEGIN),
        (call(state=CallState.REFUSED, hold=HoldState.VOID, claimed=False), 2, True, Move.YIELD),
        (call(state=CallState.CACHED, hold=HoldState.VOID, claimed=False), 3, False, Move.BEGIN),
    ],
)
def test_who_may_go_on(recorded, attempt, can_look, move):
    assert next_move(recorded, attempt, can_look=can_look) is move


@given(
    recorded=st.builds(
        call, st.integers(1, 5), st.sampled_from(CallState), st.sampled_from(HoldState), claimed=st.booleans()
    ),
    attempt=st.integers(1, 6),
    can_look=st.booleans(),
)
def test_nobody_calls_while_another_of_the_same_or_a_higher_attempt_has_it(recorded, attempt, can_look):
    move = next_move(recorded, attempt, can_look=can_look)
    if move in (Move.LOOK, Move.RENEW, Move.BEGIN):
        assert recorded.state is not CallState.DONE
        assert attempt > recorded.attempt or (attempt == recorded.attempt and not recorded.claimed)
