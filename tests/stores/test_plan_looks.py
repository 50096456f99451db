"""Looking at a plan: what was, what is to come, what the day has left; and what each verb refuses."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest

from tests.stores.plan_stage import MONDAY, PlanStage
from ytempire.channels import find_channel
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound
from ytempire.ledger import Policy
from ytempire.planning import (
    look_at_forecast,
    look_at_plan,
    look_at_waiting,
    pause_channel,
    pause_plan,
    pin_topic,
    unpin_topic,
)
from ytempire.planning.model import SlotState, Waiting, Why

TODAY = MONDAY.date()


@pytest.fixture
async def stage(database: Database, admin: psycopg.AsyncConnection) -> PlanStage:
    return PlanStage(database, admin)


async def test_what_is_to_come_is_what_then_comes(stage: PlanStage) -> None:
    user = await stage.user(3)
    channel = await find_channel(stage.database, user, "c2")
    now = stage.clock.now()
    await pin_topic(stage.database, channel, "krill", now, day=TODAY + timedelta(days=3))
    told = await look_at_plan(stage.database, user, now, days=6)
    handles = [told.handles[slot.channel_id] for slot in told.slots if slot.channel_id]
    assert handles == ["c1", "c2", "c3", "c2", "c1", "c3"]
    assert [slot.topic for slot in told.slots][2:4] == ["c3 topic 0", "krill"]
    assert {slot.state for slot in told.slots} == {SlotState.PLANNED}
    for day in range(6):
        stage.clock.at = now + timedelta(days=day)
        assert len(await stage.claim()) == 1
        await stage.publish_all()
    then = await look_at_plan(stage.database, user, stage.clock.now(), first=TODAY, days=6)
    assert [(slot.local_day, slot.channel_id) for slot in then.slots] == [
        (slot.local_day, slot.channel_id) for slot in told.slots
    ]
    assert {slot.state for slot in then.slots} == {SlotState.PRODUCED}
    assert then.pins == ()


async def test_a_deferred_day_says_why_and_what_it_waits_to_make(stage: PlanStage) -> None:
    user = await stage.user(2)
    await pause_plan(stage.database, user, stage.clock.now(), until=TODAY + timedelta(days=1))
    await stage.claim()
    seen = await look_at_plan(stage.database, user, stage.clock.now(), days=2)
    assert [(slot.state, slot.why) for slot in seen.slots] == [
        (SlotState.DEFERRED, Why.PAUSED),
        (SlotState.PLANNED, ""),
    ]
    assert "until 2026-11-24" in seen.slots[0].reason
    assert seen.handles[seen.slots[1].channel_id] == "c1"


async def test_a_failed_video_tells_its_reason_in_the_calendar(stage: PlanStage) -> None:
    user = await stage.user()
    await stage.claim()
    await stage.admin.execute("update videos set state = 'failed', reason = 'voice: no such voice', title = 'Squid'")
    (slot,) = (await look_at_plan(stage.database, user, stage.clock.now(), days=1)).slots
    assert (slot.state, slot.video_state, slot.reason) == (SlotState.CLAIMED, "failed", "voice: no such voice")
    assert slot.topic == "Squid"


async def test_nobody_sees_or_moves_anothers_plan(stage: PlanStage) -> None:
    mine, theirs = await stage.user(1), await stage.user(1)
    channel = await find_channel(stage.database, theirs, "c1")
    pin = await pin_topic(stage.database, channel, "krill", stage.clock.now())
    await stage.claim()
    assert len((await look_at_plan(stage.database, mine, stage.clock.now(), days=3)).slots) == 3
    assert (await look_at_plan(stage.database, mine, stage.clock.now())).pins == ()
    with pytest.raises(NotFound):
        await unpin_topic(stage.database, mine, pin.id)


async def test_without_a_plan_nothing_is_shown_or_claimed(stage: PlanStage) -> None:
    user = await stage.user(1, start=False, zone="Pacific/Auckland")
    seen = await look_at_plan(stage.database, user, stage.clock.now())
    assert (seen.plan, seen.slots) == (None, ())
    assert seen.today == TODAY + timedelta(days=1)
    assert await stage.claim() == []
    with pytest.raises(NotFound, match="plan resume"):
        await pause_plan(stage.database, user, stage.clock.now())


async def test_what_cannot_be_is_refused_by_name(stage: PlanStage) -> None:
    user = await stage.user(1)
    channel, now = await find_channel(stage.database, user, "c1"), stage.clock.now()
    for verb in (
        lambda: pause_plan(stage.database, user, now, until=TODAY),
        lambda: pause_channel(stage.database, channel, now, until=TODAY),
        lambda: pin_topic(stage.database, channel, " ", now),
        lambda: pin_topic(stage.database, channel, "x" * 201, now),
        lambda: pin_topic(stage.database, channel, "x", now, day=TODAY - timedelta(days=1)),
        lambda: look_at_plan(stage.database, user, now, days=0),
        lambda: look_at_plan(stage.database, user, now, days=1000),
        lambda: look_at_plan(stage.database, user, now, first=date.max),
        lambda: look_at_plan(stage.database, user, now, first=date.min),
        lambda: pin_topic(stage.database, channel, "left\u202eright", now),
    ):
        with pytest.raises(BadInput) as refused:
            await verb()
        assert refused.value.field in {"until", "topic", "day", "days", "first"}
        assert refused.value.fix


async def test_the_forecast_counts_what_is_used_under_way_and_coming(stage: PlanStage) -> None:
    users = [await stage.user(1, playlist="all") for _ in range(3)]
    planner = await stage.planner()
    before = {line.name: line for line in (await look_at_forecast(planner, users[0], stage.clock.now())).budgets}
    assert (before["uploads"].under_way, before["uploads"].coming) == (0, 3)
    assert before["publishing"].coming == 300
    assert before["user-day"].coming == 3_000_000
    assert before["platform-day"].coming == 9_000_000
    await stage.claim(most=1)
    for each in await stage.claim(most=1):
        await stage.admin.execute(  # half of its money is spent
            "insert into budgets (id, user_id, name, resource, cap, margin, spent)"
            " values ('video:' || %s, %s, 'video', 'microusd', 3000000, 0, 500000)",
            (each.video_id, each.user_id),
        )
        after = await look_at_forecast(planner, each.user_id, stage.clock.now())
        lines = {line.name: line for line in after.budgets}
        assert (after.video_microusd, after.videos_seen) == (500_000, 1)
        assert (after.money_slots, after.quota_slots) == (1, 3), "two midnights come before California's"
        assert (lines["uploads"].under_way, lines["uploads"].coming) == (2, 3)
        assert lines["user-day"].coming == 0
        assert (lines["platform-day"].under_way, lines["platform-day"].coming) == (500_000, 500_000)
        assert all(line.fits for line in after.budgets)


async def test_a_suspended_user_waits_for_nobody_and_who_moved_or_was_paused_till_now_is_due(stage: PlanStage) -> None:
    async def waiting() -> list[tuple[Why | None, int]]:
        async with stage.database.system() as conn:
            return [(one.why, one.slots) for one in await look_at_waiting(conn, stage.clock.now(), rehearsal=True)]

    user = await stage.user()
    await stage.admin.execute("update users set suspended_at = now() where id = %s", (user,))
    assert await waiting() == []
    await stage.admin.execute("update users set suspended_at = null where id = %s", (user,))
    await pause_plan(stage.database, user, stage.clock.now(), until=TODAY + timedelta(days=1))
    assert await waiting() == []
    await stage.claim()
    stage.clock.at += timedelta(days=1)
    assert await waiting() == [(None, 1)]
    assert len(await stage.claim()) == 1
    assert await waiting() == []
    await stage.admin.execute("update users set time_zone = 'Pacific/Kiritimati' where id = %s", (user,))
    assert await waiting() == [(None, 1)]
    assert len(await stage.claim()) == 1


async def test_a_cap_of_the_settings_counts_at_once_also_for_who_plans(stage: PlanStage) -> None:
    stage.policy = Policy(uploads=1)
    for _ in range(3):
        await stage.user()
    assert len(await stage.claim()) == 1
    day = "youtube-uploads:2026-11-23"
    await stage.admin.execute(
        "insert into budgets (id, name, resource, cap, margin, held, spent, overrun)"
        " values (%s, 'uploads', 'calls', 1, 0, 0, 1, 0)",
        (day,),
    )
    await stage.publish_all()
    stage.clock.at += timedelta(minutes=16)
    assert await stage.claim() == []
    stage.policy = Policy(uploads=3)
    stage.clock.at += timedelta(minutes=16)
    assert len(await stage.claim()) == 2
    forecast = await look_at_forecast(await stage.planner(), await stage.user(), stage.clock.now())
    assert {line.name: line.cap for line in forecast.budgets}["uploads"] == 3


async def test_why_due_work_waits_is_told_in_sums_over_all_users(stage: PlanStage) -> None:
    async def waiting() -> list[Waiting]:
        async with stage.database.system() as conn:
            return await look_at_waiting(conn, stage.clock.now(), rehearsal=True)

    stage.policy = Policy(uploads=1)
    await stage.user(start=False)
    for _ in range(4):
        await stage.user()
    assert [(one.why, one.slots) for one in await waiting()] == [(None, 4)]
    paused = await stage.user()
    await pause_plan(stage.database, paused, stage.clock.now())
    assert len(await stage.claim()) == 1
    found = await waiting()
    assert [(one.why, one.slots) for one in found] == [(Why.QUOTA, 3)]
    assert found[0].again_at == stage.clock.now() + timedelta(minutes=15)
    async with stage.database.system() as conn:
        assert await look_at_waiting(conn, stage.clock.now(), rehearsal=False) == []
    stage.policy = Policy()
    stage.clock.at = found[0].again_at
    assert [(one.why, one.slots) for one in await waiting()] == [(None, 3)], "its reason may be gone"
    assert len(await stage.claim()) == 3
    assert await waiting() == []
