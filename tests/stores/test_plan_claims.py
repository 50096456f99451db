"""Claiming slots on a real database: one a user and day whoever asks, in turn, and what doesn't fit waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.conftest import DatabaseUrls
from tests.stores.plan_stage import MONDAY, PlanStage
from ytempire.channels import find_channel
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput
from ytempire.ledger import Policy, Share
from ytempire.planning import claim_due, pause_channel, pause_plan, pin_topic, resume_channel, resume_plan
from ytempire.planning.model import Why


@pytest.fixture
async def stage(database: Database, admin: psycopg.AsyncConnection) -> PlanStage:
    return PlanStage(database, admin)


async def test_days_of_many_users_with_several_claimers_at_once(stage: PlanStage, database_urls: DatabaseUrls) -> None:
    """Four claimers on two pools race at each hour of five days over both hemispheres; a change of clocks between."""
    stage.clock.at = datetime(2027, 3, 26, 20, 30, tzinfo=UTC)
    zones = ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland", "UTC", "America/Havana"]
    users = [await stage.user(5, zone=zone) for zone in zones]
    other = Database(database_urls.app)
    await other.open()
    planners = [await stage.planner(), await PlanStage(other, stage.admin, clock=stage.clock).planner()] * 2
    begins, claims = stage.clock.at, []
    for hour in range(5 * 24):
        stage.clock.at = begins + timedelta(hours=hour)
        got = await asyncio.gather(*(claim_due(planner, stage.clock.now(), "x") for planner in planners))
        claims += [each for some in got for each in some]
        await stage.publish_all()
    await other.close()
    assert max(Counter((each.user_id, each.local_day, each.number) for each in claims).values()) == 1
    for user in users:
        slots = await stage.slots(user)
        days = [datetime.fromisoformat(slot[0]) for slot in slots]
        assert 5 <= len(days) <= 6
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert [slot[1:] for slot in slots] == [(1, "claimed", f"c{n % 5 + 1}", "") for n in range(len(days))]
    rows = await stage.admin.execute(
        "select count(*), count(distinct video_id), (select count(*) from videos),"
        " (select count(distinct args->>'video_id') from procrastinate_jobs) from slots"
    )
    counted = await rows.fetchone()
    assert counted == (len(claims),) * 4


async def test_nobodys_second_before_everybodys_first(stage: PlanStage) -> None:
    users = [await stage.user() for _ in range(4)]
    await stage.admin.execute("update plans set slots_per_day = 2")
    claims = [(await stage.claim(most=1))[0] for _ in range(8)]
    assert [each.number for each in claims] == [1] * 4 + [2] * 4
    assert {each.user_id for each in claims[:4]} == {each.user_id for each in claims[4:]} == set(users)
    assert await stage.claim() == []


async def test_the_least_recently_served_user_is_first_when_little_is_left(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    """The platform's money is enough for two videos a day: over six days each of three users gets four."""
    stage = PlanStage(database, admin, Policy(platform_day_cap=6_000_000))
    users = [await stage.user() for _ in range(3)]
    got: Counter[object] = Counter()
    for day in range(6):
        stage.clock.at = MONDAY + timedelta(days=day, hours=1)
        claims = await stage.claim()
        assert len(claims) == 2
        got.update(each.user_id for each in claims)
        waiting = next(user for user in users if user not in {each.user_id for each in claims})
        assert (await stage.slots(waiting))[-1][2:] == ("deferred", None, Why.MONEY)
        await stage.claim()  # nothing changed: nothing more is given
        await stage.admin.execute("update videos set state = 'published'")
    assert set(got.values()) == {4}


async def test_what_videos_under_way_may_still_take_is_not_given_twice(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    stage = PlanStage(database, admin, Policy(uploads=3))
    for _ in range(8):
        await stage.user()
    planners = [await stage.planner() for _ in range(4)]
    got = await asyncio.gather(*(claim_due(planner, stage.clock.now(), "x") for planner in planners))
    assert sum(map(len, got)) == 3
    rows = await admin.execute("select reason from slots where state = 'deferred'")
    reasons = [row[0] for row in await rows.fetchall()]
    assert len(reasons) == 5
    assert all("uploads has 3 of 3 calls left today, and videos under way may take 3" in reason for reason in reasons)


async def test_where_the_quota_is_short_a_video_stays_outside_its_playlist_before_it_waits(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    shares = {**Policy().shares, Share.PUBLISHING: 150}
    stage = PlanStage(database, admin, Policy(shares=shares))
    for _ in range(3):
        await stage.user(playlist="Sea")
    await stage.claim()
    rows = await admin.execute("select (orders ->> 'in_playlist')::boolean from videos order by id")
    assert [row[0] for row in await rows.fetchall()] == [True, False]
    rows = await admin.execute("select state, reason from slots where state = 'deferred'")
    assert [(state, "publishing has 150 of 150 units left" in why) for state, why in await rows.fetchall()] == [
        ("deferred", True)
    ]


async def test_a_deferred_slot_is_tried_again_when_it_may_fit_and_skipped_when_its_day_is_over(
    stage: PlanStage,
) -> None:
    user = await stage.user(0)
    assert await stage.claim() == []
    assert await stage.slots(user) == [("2026-11-23", 1, "deferred", None, Why.NO_CHANNEL)]
    channel = await stage.channel(user, "late", connected=False)
    stage.clock.at = MONDAY + timedelta(minutes=6)
    assert await stage.claim() == []
    assert await stage.slots(user) == [("2026-11-23", 1, "deferred", None, Why.NO_CONNECTION)]
    stage.clock.at = MONDAY + timedelta(days=1)
    assert await stage.claim() == []
    assert await stage.slots(user) == [
        ("2026-11-23", 1, "skipped", None, Why.NO_CONNECTION),
        ("2026-11-24", 1, "deferred", None, Why.NO_CONNECTION),
    ]
    await stage.connect(channel)
    assert await stage.claim() == [], "not before it is looked at again"
    stage.clock.at += timedelta(minutes=5)
    assert len(await stage.claim()) == 1
    stage.clock.at = MONDAY + timedelta(days=9)  # the machine was off for a week: no day is made up for
    assert len(await stage.claim()) == 1
    assert [slot[:3] for slot in (await stage.slots(user))[1:]] == [
        ("2026-11-24", 1, "claimed"),
        ("2026-12-02", 1, "claimed"),
    ]


async def test_a_plan_that_stumbles_leaves_nothing_behind_and_the_others_are_served(stage: PlanStage) -> None:
    users = [await stage.user() for _ in range(3)]
    stage.order_fails[users[0]] = RuntimeError("a fault")
    assert {each.user_id for each in await stage.claim()} == set(users[1:])
    assert await stage.slots(users[0]) == []
    assert await stage.claim() == []
    del stage.order_fails[users[0]]
    stage.clock.at += timedelta(minutes=6)
    assert [each.user_id for each in await stage.claim()] == users[:1]
    rows = await stage.admin.execute("select count(*), (select count(*) from procrastinate_jobs) from videos")
    assert await rows.fetchone() == (3, 3)


async def test_an_order_that_is_refused_leaves_no_video_and_its_words_as_the_reason(stage: PlanStage) -> None:
    user = await stage.user()
    stage.order_fails[user] = BadInput("no model is configured", field="OPENAI_API_KEY", fix="Set it.")
    assert await stage.claim() == []
    assert await stage.slots(user) == [("2026-11-23", 1, "deferred", None, Why.NOT_POSSIBLE)]
    rows = await stage.admin.execute("select reason, (select count(*) from videos) from slots")
    assert await rows.fetchone() == ("OPENAI_API_KEY: no model is configured. Set it.", 0)


async def test_pauses(stage: PlanStage) -> None:
    user = await stage.user(2)
    database, now = stage.database, stage.clock.now()
    await pause_plan(database, user, now, until=(MONDAY + timedelta(days=2)).date())
    await stage.claim()
    stage.clock.at = MONDAY + timedelta(days=1)
    await stage.claim()
    stage.clock.at = MONDAY + timedelta(days=2)
    await stage.claim()
    assert await stage.slots(user) == [
        ("2026-11-23", 1, "skipped", None, Why.PAUSED),
        ("2026-11-24", 1, "skipped", None, Why.PAUSED),
        ("2026-11-25", 1, "claimed", "c1", ""),
    ]
    await pause_plan(database, user, stage.clock.now())
    stage.clock.at = MONDAY + timedelta(days=3)
    assert await stage.claim() == []
    await resume_plan(database, user, stage.clock.now(), rehearsal=True)
    assert len(await stage.claim()) == 1, "resumed: at once"
    await stage.publish_all()
    channel = await find_channel(database, user, "c1")
    await pause_channel(database, channel, stage.clock.now())
    for day in (4, 5):
        stage.clock.at = MONDAY + timedelta(days=day)
        await stage.claim()
    assert await resume_channel(database, channel, stage.clock.now())
    stage.clock.at = MONDAY + timedelta(days=6)
    await stage.claim()
    assert [slot[3] for slot in (await stage.slots(user))[3:]] == ["c2", "c2", "c2", "c1"]


async def test_a_pinned_topic_is_used_once(stage: PlanStage) -> None:
    user = await stage.user(1)
    channel = await stage.channel(user, "second")
    await pin_topic(stage.database, channel, "giant  squid", stage.clock.now(), day=stage.clock.now().date())
    for day in range(3):
        stage.clock.at = MONDAY + timedelta(days=day, hours=1)
        await stage.claim()
    rows = await stage.admin.execute("select topic from slots order by local_day")
    assert [row[0] for row in await rows.fetchall()] == ["giant squid", "", ""]
    assert [slot[3] for slot in await stage.slots(user)] == ["second", "c1", "second"]


async def test_a_video_appears_at_its_channels_hour(stage: PlanStage) -> None:
    """Made on the user's day; the hour is the channel's, in its zone, else in the user's."""
    user = await stage.user(1, zone="Europe/Berlin", publish_hour=17)
    await stage.channel(user, "far", publish_hour=6, time_zone="Asia/Tokyo")
    await stage.claim()
    stage.clock.at = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    await stage.claim()
    rows = await stage.admin.execute("select orders->>'publish_at' from videos order by created_at")
    hours = [datetime.fromisoformat(row[0]) for row in await rows.fetchall()]
    assert hours == [datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 21, tzinfo=UTC)]


async def test_a_user_who_moves_is_looked_at_in_the_new_zone_and_gets_no_second_video_that_day(
    stage: PlanStage,
) -> None:
    user = await stage.user(zone="UTC")
    await stage.claim()
    await stage.admin.execute("update users set time_zone = 'Pacific/Auckland' where id = %s", (user,))
    assert len(await stage.claim()) == 1, "there it is tomorrow"
    await stage.admin.execute("update users set time_zone = 'America/Los_Angeles' where id = %s", (user,))
    assert await stage.claim() == []
    assert [slot[0] for slot in await stage.slots(user)] == ["2026-11-23", "2026-11-24"]


async def test_a_rehearsals_worker_serves_no_real_plan(stage: PlanStage) -> None:
    user = await stage.user()
    await stage.admin.execute("update plans set rehearsal = false")
    assert await stage.claim() == []
    assert await stage.slots(user) == []


async def test_a_suspended_accounts_plan_rests_until_it_is_let_go_on(stage: PlanStage) -> None:
    user = await stage.user()
    await stage.admin.execute("update users set suspended_at = created_at")
    assert await stage.claim() == []
    await stage.admin.execute("update users set suspended_at = null")
    assert [each.user_id for each in await stage.claim()] == [user]
