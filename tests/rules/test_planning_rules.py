"""Whose turn it is, what stands in the way, when to look again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytempire.ledger.model import BudgetState, UsualCost
from ytempire.planning.days import local_day, next_day_start
from ytempire.planning.model import (
    Candidate,
    Choice,
    Deferral,
    Means,
    Need,
    Pause,
    Pin,
    SlotState,
    UnderWay,
    Why,
)
from ytempire.planning.rules import again_at, choose, estimate_microusd, next_channel, project, refusal

DAY = date(2026, 11, 23)
ONE = timedelta(days=1)
ZONES = sorted(available_timezones())


def channels(count: int, **more) -> list[Candidate]:
    return [Candidate(UUID(int=n + 1), f"c{n + 1}", has_sources=True, **more) for n in range(count)]


def chosen(choice: Choice | Deferral) -> int:
    assert isinstance(choice, Choice), choice
    return choice.channel_id.int


def why(choice: Choice | Deferral) -> Why:
    assert isinstance(choice, Deferral), choice
    assert "/api/v1/" in choice.words, "who has no shell is helped as well"
    assert "`ytempire " in choice.words
    return choice.why


def test_fifty_users_of_five_channels_for_84_days():
    """On a virtual clock: each user looked at at each local midnight, whatever the zone and its changes."""
    for user in range(50):
        zone = ZONES[user * 11 % len(ZONES)]
        now = datetime(2027, 2, 20, tzinfo=UTC) + timedelta(minutes=user * 37)
        mine, served, days = channels(5), {}, []
        for _ in range(84):
            day = local_day(now, zone)
            channel = chosen(choose(day, mine, served, []))
            served[UUID(int=channel)] = (day, 1)
            days.append((day, channel))
            now = next_day_start(now, zone)
        assert [day for day, _ in days] == [days[0][0] + timedelta(days=n) for n in range(84)], zone
        assert [channel for _, channel in days] == [n % 5 + 1 for n in range(84)]


@given(st.lists(st.booleans(), min_size=5, max_size=5), st.integers(0, 60), st.data())
def test_the_turn_goes_round_among_those_that_can_be_served(ready, days, data):
    """Whatever comes and goes, nobody who is ready waits longer than all the others together take."""
    served: dict[UUID, tuple[date, int]] = {}
    waiting: Counter[UUID] = Counter()
    for n in range(days):
        at = data.draw(st.integers(0, 4))
        ready[at] = not ready[at]
        mine = [replace(each, connected=ok) for each, ok in zip(channels(5), ready, strict=True)]
        choice = choose(DAY + timedelta(days=n), mine, served, [])
        if not any(ready):
            assert why(choice) is Why.NO_CONNECTION
            continue
        channel = UUID(int=chosen(choice))
        assert next(each for each in mine if each.channel_id == channel).connected
        served[channel] = (DAY + timedelta(days=n), 1)
        for each in mine:
            waiting[each.channel_id] = waiting[each.channel_id] + 1 if each.connected else 0
        waiting[channel] = 0
        assert max(waiting.values()) < 5


def test_ties_keep_the_owners_order():
    one, two, three = (UUID(int=n) for n in (9, 4, 7))
    assert next_channel([one, two, three], {}) == one
    assert next_channel([one, two, three], {one: (DAY, 1)}) == two
    assert next_channel([one, two], {one: (DAY, 2), two: (DAY, 1)}) == two


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"archived": True}, Why.NO_CHANNEL),
        ({"connected": False}, Why.NO_CONNECTION),
        ({"pause": Pause()}, Why.CHANNELS_PAUSED),
        ({"pause": Pause(DAY + timedelta(days=1))}, Why.CHANNELS_PAUSED),
        ({"has_sources": False}, Why.NO_SOURCE),
        ({"has_sources": False, "topics": ("squid",)}, Why.NO_SOURCE),
    ],
)
def test_who_cannot_be_served_is_left_out_and_the_reason_is_said(change, expected):
    one, two = channels(2)
    assert chosen(choose(DAY, [replace(one, **change), two], {two.channel_id: (DAY, 1)}, [])) == 2
    assert why(choose(DAY, [replace(one, **change)], {}, [])) is expected
    assert why(choose(DAY, [], {}, [])) is Why.NO_CHANNEL


def test_a_pause_ends_on_its_day():
    paused = channels(1, pause=Pause(DAY))
    assert chosen(choose(DAY, paused, {}, [])) == 1
    assert why(choose(DAY - timedelta(days=1), paused, {}, [])) is Why.CHANNELS_PAUSED


def test_a_pin_for_the_day_comes_out_of_turn_and_one_for_a_day_that_passed_waits_its_turn():
    mine = channels(3)
    pins = [Pin(UUID(int=91), UUID(int=3), "squid", DAY - 2 * ONE), Pin(UUID(int=92), UUID(int=2), "krill", DAY)]
    assert choose(DAY, mine, {}, pins) == Choice(UUID(int=2), "krill", UUID(int=92))
    yesterday = DAY - timedelta(days=1)
    assert choose(yesterday, mine, {}, pins) == Choice(UUID(int=1))
    served = {UUID(int=1): (yesterday, 1), UUID(int=2): (DAY, 1)}
    assert choose(DAY, mine, served, pins[:1]) == Choice(UUID(int=3), "squid", UUID(int=91))
    late = {UUID(int=1): (DAY, 1), UUID(int=3): (DAY, 2)}
    assert choose(DAY + timedelta(days=1), mine, late, pins[1:]) == Choice(UUID(int=2), "krill", UUID(int=92))


def test_a_pinned_topic_has_no_facts_either_and_waits_for_a_source():
    one, two = channels(2)
    pin = Pin(UUID(int=91), UUID(int=1), "squid", DAY)
    bare = replace(one, has_sources=False)
    assert why(choose(DAY, [bare], {}, [pin])) is Why.NO_SOURCE
    assert choose(DAY, [bare, two], {}, [pin]) == Choice(UUID(int=2))
    assert choose(DAY + ONE, [one, two], {UUID(int=2): (DAY, 1)}, [pin]) == Choice(UUID(int=1), "squid", UUID(int=91))


@settings(max_examples=50)
@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 20), st.integers(0, 3))
def test_the_projection_is_what_the_days_then_bring(count, per_day, days, pinned):
    mine = [replace(each, topics=("a", "b")) for each in channels(count)]
    pins = [Pin(UUID(int=90 + n), UUID(int=n % count + 1), f"pin {n}", DAY - ONE) for n in range(pinned)]
    dates = [DAY + timedelta(days=n) for n in range(days)]
    told = list(project(dates, mine, {}, pins, slots_per_day=per_day))
    served: dict[UUID, tuple[date, int]] = {}
    for slot in told:
        choice = choose(slot.local_day, mine, served, pins)
        assert isinstance(choice, Choice)
        assert (slot.channel_id, slot.state) == (choice.channel_id, SlotState.PLANNED)
        assert not choice.topic or slot.topic == choice.topic
        pins = [pin for pin in pins if pin.id != choice.pin_id]
        served[choice.channel_id] = (slot.local_day, slot.number)
    assert [(slot.local_day, slot.number) for slot in told] == [(d, n + 1) for d in dates for n in range(per_day)]


def test_the_projection_empties_the_backlog_and_then_leaves_the_topic_to_the_sources():
    mine = [Candidate(UUID(int=1), "c1", topics=("krill", "squid"), has_sources=True)]
    told = list(project([DAY + timedelta(days=n) for n in range(3)], mine, {}, []))
    assert [(slot.state, slot.topic) for slot in told] == [
        (SlotState.PLANNED, "krill"), (SlotState.PLANNED, "squid"), (SlotState.PLANNED, ""),
    ]  # fmt: skip
    assert [slot.why for slot in project([DAY], [replace(mine[0], has_sources=False)], {}, [])] == [Why.NO_SOURCE]
    paused = list(project([DAY, DAY + timedelta(days=1)], mine, {}, [], pause=Pause(DAY + timedelta(days=1))))
    assert [slot.state for slot in paused] == [SlotState.SKIPPED, SlotState.PLANNED]


def budget(name: str, cap: int, used: int = 0, opened: int = 0) -> BudgetState:
    share = name in {"publishing", "reads"}
    return BudgetState(f"units/{name}" if share else name, name, "units", cap, 0, used, 0, opened)


def means(under_way: UnderWay = UnderWay(), quota: dict[str, int] | None = None, **used: int) -> Means:  # noqa: B008
    caps = {"user-day": 3_000_000, "platform-day": 150_000_000, "uploads": 100, "units": 7_000, "publishing": 5_500,
            "reads": 600}  # fmt: skip
    names = {name: used.get(name.replace("-", "_"), 0) for name in caps}
    budgets = {name: budget(name, caps[name], spent) for name, spent in names.items()}
    return Means(budgets, 3_000_000, under_way, quota or {})


NEED = Need(500_000, {"uploads": 1, "units": 103, "publishing": 100, "reads": 3})


@pytest.mark.parametrize(
    ("have", "expected", "words"),
    [
        (means(), None, ""),
        (means(user_day=2_500_000), None, ""),
        (means(user_day=2_500_001), Why.MONEY, "your day's money has $0.50 left; the next video may cost $0.50"),
        (means(platform_day=149_600_000), Why.MONEY, "the platform's money"),
        (means(UnderWay(49, 0, 0)), None, ""),
        (means(UnderWay(50, 0, 0)), Why.MONEY, "set aside for videos under way"),
        (means(UnderWay(50, 0, 5_000_000)), None, ""),
        (means(uploads=99), None, ""),
        (means(uploads=100), Why.QUOTA, "uploads has 0 of 100"),
        (means(uploads=98, quota={"uploads": 2}), Why.QUOTA, "videos under way may take 2"),
        (means(publishing=5_400), None, ""),
        (means(publishing=5_401), Why.QUOTA, "publishing has 99 of 5,500 units"),
        (means(reads=598), Why.QUOTA, "reads"),
        (means(units=6_900), Why.QUOTA, "units"),
    ],
)
def test_what_does_not_fit_is_deferred_with_the_budget_that_refuses(have, expected, words):
    found = refusal(NEED, have)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.why is expected
        assert words in found.words


def test_an_opened_reserve_lets_more_be_planned():
    full = means(publishing=5_500, units=6_950)
    opened = dict(full.budgets) | {"units": budget("units", 7_000, 6_950, opened=3_000)}
    assert refusal(NEED, full) is not None
    assert refusal(NEED, replace(full, budgets=opened)) is None


def test_the_next_video_is_taken_to_cost_what_the_dearest_of_the_latest_did():
    assert estimate_microusd(UsualCost(0, 0, 0), 3_000_000) == 3_000_000
    assert estimate_microusd(UsualCost(4, 100_000, 250_000), 3_000_000) == 250_000
    assert estimate_microusd(UsualCost(4, 100_000, 4_000_000), 3_000_000) == 3_000_000


@given(
    st.sampled_from(list(Why)),
    st.sampled_from(ZONES),
    st.integers(0, 25 * 366 * 86_400).map(lambda s: datetime(2012, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
)
def test_a_deferred_slot_is_looked_at_again_later_and_on_the_same_day_or_at_its_end(reason, zone, now):
    at = again_at(reason, now, zone)
    assert now < at <= next_day_start(now, zone)
