"""Whose turn it is, what stands in the way, and when to look again: facts and time in, decisions out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from ytempire.ledger.model import BudgetState, UsualCost
from ytempire.planning.days import next_day_start
from ytempire.planning.model import (
    BudgetForecast,
    Candidate,
    Choice,
    Deferral,
    Forecast,
    Means,
    Need,
    Pause,
    Pin,
    Served,
    Slot,
    SlotState,
    Why,
)

AGAIN = {
    Why.NO_CHANNEL: timedelta(minutes=5),
    Why.NO_CONNECTION: timedelta(minutes=5),
    Why.NO_SOURCE: timedelta(minutes=5),
    Why.MONEY: timedelta(minutes=15),
    Why.QUOTA: timedelta(minutes=15),
    Why.NOT_POSSIBLE: timedelta(minutes=15),
}
"""When what stood in the way may have changed: a person did something, holds were given back, a budget's day ended.

What is missing here changes with the local day, or by a verb that makes the plan due at once."""
_NEVER: Served = (date.min, 0)


def holds(pause: Pause | None, day: date) -> bool:
    """Whether a pause covers this local day."""
    return pause is not None and (pause.until is None or day < pause.until)


def next_channel(channels: Sequence[UUID], served: Mapping[UUID, Served]) -> UUID:
    """Least recently served first; ties keep the owner's order. There must be one."""
    return min(channels, key=lambda channel: served.get(channel, _NEVER))


def choose(
    day: date, candidates: Sequence[Candidate], served: Mapping[UUID, Served], pins: Sequence[Pin]
) -> Choice | Deferral:
    """The channel of the day's next slot.

    Archived, paused and unconnected channels and those without a source are left out; they keep their place, so they
    are first once they can be served. A topic pinned to this day calls its channel out of turn; one pinned to a day
    that has passed waits for its channel's turn.
    """
    able = [each.channel_id for each in candidates if _is_able(each, day)]
    if not able:
        return _nobody(day, candidates)
    today = next((pin for pin in pins if pin.local_day == day and pin.channel_id in able), None)
    if today:
        return Choice(today.channel_id, today.topic, today.id)
    channel = next_channel(able, served)
    pin = next((pin for pin in pins if pin.channel_id == channel and pin.local_day <= day), None)
    return Choice(channel, pin.topic, pin.id) if pin else Choice(channel)


def _is_able(candidate: Candidate, day: date) -> bool:
    # a topic, also a pinned one, is no fact: without a source its video would fail and the day be lost
    live = candidate.connected and not candidate.archived and not holds(candidate.pause, day)
    return live and candidate.has_sources


def _nobody(day: date, candidates: Sequence[Candidate]) -> Deferral:
    """Why no channel can be served: the last hurdle that any of them came to."""
    live = [each for each in candidates if not each.archived]
    if not live:
        return Deferral(
            Why.NO_CHANNEL,
            "you have no channel yet: make one (POST /api/v1/onboarding, or `ytempire channel add HANDLE`)",
        )
    connected = [each for each in live if each.connected]
    if not connected:
        return Deferral(
            Why.NO_CONNECTION,
            "none of your channels is connected to YouTube: sign one in (POST /api/v1/channels/{id}/connection, or"
            f" `ytempire connect {live[0].handle}`)",
        )
    going = [each for each in connected if not holds(each.pause, day)]
    if not going:
        return Deferral(
            Why.CHANNELS_PAUSED,
            "all your connected channels are paused: let one go on (POST /api/v1/plan/resume with its `channel_id`, or"
            f" `ytempire plan resume {connected[0].handle}`)",
        )
    return Deferral(
        Why.NO_SOURCE,
        f"{_and([each.handle for each in going])} {'has' if len(going) == 1 else 'have'} no source to take facts from:"
        f" add a text or a feed (POST /api/v1/channels/{{id}}/sources or /feeds, or"
        f" `ytempire channel add-source {going[0].handle}`)",
    )


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def estimate_microusd(usual: UsualCost, video_cap_microusd: int) -> int:
    """What the next video costs at most, as far as one can tell: the dearest of the latest; without any, the cap."""
    return min(usual.most_microusd, video_cap_microusd) if usual.videos else video_cap_microusd


def refusal(need: Need, means: Means) -> Deferral | None:
    """Why one more video would not fit into the day, or None.

    What is under way counts with all that it may still take. This keeps videos from being begun that couldn't be
    finished today; that no cap is passed is the business of the ledger's holds.
    """
    ahead = max(0, means.under_way.videos * means.video_cap_microusd - means.under_way.used_microusd)
    for name, wanted, others, whose in (
        ("user-day", need.microusd, 0, "your day's money"),
        ("platform-day", need.microusd, ahead, "the platform's money for today"),
    ):
        left = means.budgets[name].left
        if wanted + others > left:
            rest = f", of which {dollars(min(others, left))} is set aside for videos under way" if others else ""
            return Deferral(
                Why.MONEY, f"{whose} has {dollars(left)} left{rest}; the next video may cost {dollars(wanted)}"
            )
    for name, wanted in need.quota.items():
        others, left = means.quota_under_way.get(name, 0), _left_of(means.budgets, name)
        if wanted and wanted + others > left:
            return Deferral(Why.QUOTA, _quota_words(means.budgets[name], left, others, wanted))
    return None


def _left_of(budgets: Mapping[str, BudgetState], name: str) -> int:
    """What a bucket has left. A share may also draw on the reserve, once an operator has opened it."""
    state = budgets[name]
    return state.left if "/" not in state.id else min(budgets["units"].left, state.left + budgets["units"].opened)


def _quota_words(state: BudgetState, left: int, others: int, wanted: int) -> str:
    rest = f", and videos under way may take {min(others, left):,}" if others else ""
    return (
        f"YouTube's quota for {state.name} has {left:,} of {state.cap:,} {state.resource} left today{rest};"
        f" the next video takes {wanted:,}. It is full again at midnight in California"
    )


def dollars(microusd: int) -> str:
    """`$2.50`, to the cent, rounded up."""
    cents = -(-microusd // 10_000)
    return f"${cents // 100}.{cents % 100:02}"


def again_at(why: Why, now: datetime, zone: str) -> datetime:
    """When a deferred slot is looked at again: always later than `now`, at the latest on the user's next day."""
    midnight = next_day_start(now, zone)
    return min(now + AGAIN[why], midnight) if why in AGAIN else midnight


_WAITING = {
    None: "for a driver, who claims what is due within a minute",
    Why.PAUSED: "their owners paused their plans",
    Why.NO_CHANNEL: "their owners have no channel",
    Why.NO_CONNECTION: "no channel of theirs is connected to YouTube",
    Why.CHANNELS_PAUSED: "their owners paused all connected channels",
    Why.NO_SOURCE: "no channel of theirs has a source to take facts from",
    Why.MONEY: "the day's money is used, or set aside for videos under way (YTEMPIRE_PLATFORM_DAY_CAP_USD)",
    Why.QUOTA: "YouTube's quota of the day is used, or set aside for videos under way (YTEMPIRE_YOUTUBE_UNITS_PER_DAY)",
    Why.NOT_POSSIBLE: "their videos can't be ordered; each owner's plan says why",
}


def waiting_words(why: Why | None) -> str:
    """Why due slots wait, to who runs the server."""
    return _WAITING[why]


def project(
    days: Sequence[date],
    candidates: Sequence[Candidate],
    served: Mapping[UUID, Served],
    pins: Sequence[Pin],
    *,
    slots_per_day: int = 1,
    pause: Pause | None = None,
    first_number: int = 1,
) -> Iterator[Slot]:
    """The slots to come if nothing changes, by the same choice as on the day itself.

    `first_number` is the first open slot of the first day. A backlog empties as it is used.
    """
    served, pins, left = dict(served), list(pins), {each.channel_id: each for each in candidates}
    for at, day in enumerate(days):
        for number in range(first_number if at == 0 else 1, slots_per_day + 1):
            if holds(pause, day):
                yield Slot(day, number, SlotState.SKIPPED, why=Why.PAUSED, reason=paused_words(pause))
                continue
            choice = choose(day, list(left.values()), served, pins)
            if isinstance(choice, Deferral):
                yield Slot(day, number, SlotState.DEFERRED, why=choice.why, reason=choice.words)
                continue
            served[choice.channel_id] = (day, number)
            topic = choice.topic
            if choice.pin_id:
                pins = [pin for pin in pins if pin.id != choice.pin_id]
            else:
                channel = left[choice.channel_id]
                topic = channel.topics[0] if channel.topics else ""
                left[choice.channel_id] = replace(channel, topics=channel.topics[1:])
            yield Slot(day, number, SlotState.PLANNED, choice.channel_id, topic)


def paused_words(pause: Pause | None) -> str:
    """A pause as a person reads it."""
    until = f" until {pause.until}" if pause and pause.until else ""
    return f"your plan is paused{until}: let it go on (POST /api/v1/plan/resume, or `ytempire plan resume`)"


def forecast(
    means: Means, usual: UsualCost, *, my_slots: int, money_slots: int, quota_slots: int, coming: Mapping[str, int]
) -> Forecast:
    """How the day's budgets will stand; `coming` is what publishing the videos of `quota_slots` takes of the quota.

    Money is told at what videos usually cost, quota at what it is at most.
    """
    each = usual.mean_microusd if usual.videos else means.video_cap_microusd
    ahead = max(0, means.under_way.videos * each - means.under_way.used_microusd)
    lines = [
        _line(means.budgets["user-day"], under_way=0, coming=my_slots * each),
        _line(means.budgets["platform-day"], under_way=ahead, coming=money_slots * each),
        *(_line(means.budgets[name], means.quota_under_way.get(name, 0), taken) for name, taken in coming.items()),
    ]
    return Forecast(each, usual.videos, money_slots, quota_slots, tuple(lines))


def _line(state: BudgetState, under_way: int, coming: int) -> BudgetForecast:
    return BudgetForecast(state.name, state.resource, state.cap + state.opened, state.used, under_way, coming)
