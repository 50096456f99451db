"""Which events the platform writes of what it does, each in the transaction that does it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.stores.driver_stage import Said, Stage, staged, walk
from tests.stores.ledger_vendor import HELD, Vendor, call
from tests.stores.plan_stage import PlanStage
from tests.stores.test_publishing import channel, new_upload  # noqa: F401 - a fixture
from ytempire.channels import Credentials
from ytempire.events import announce, events_after
from ytempire.events.model import Event, News, StepBegun, kinds
from ytempire.events.page import EXAMPLES
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, RenderFailed, YtempireError
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.orchestration import decide, tell_alert
from ytempire.planning import pause_plan
from ytempire.production import WaitsForReview, begin_step, claim_video, end_step, move_video
from ytempire.production.model import StepName, VideoState
from ytempire.production.step import Work
from ytempire.publishing import store as publishing


@pytest.fixture
async def stage(database: Database, valkey_url: str) -> AsyncIterator[Stage]:
    async with staged(database, valkey_url) as made:
        yield made


async def told(database: Database, user_id: UUID, after: int = 0) -> list[Event]:
    """The user's events; each is of a documented kind and tells what the page says it tells."""
    async with database.transaction(user_id) as conn:
        events, _ = await events_after(conn, after, None, 1000)
    for event in events:
        assert set(event.data) == set(EXAMPLES[event.type][1].data()), event.type
    assert [event.number for event in events] == list(range(after + 1, after + len(events) + 1))
    return events


def brief(event: Event) -> tuple[str, str]:
    return event.type.split(".")[1], str(event.data.get("step") or event.data.get("state") or "")


async def test_a_video_s_whole_life_is_told(stage: Stage, database: Database) -> None:
    video = await stage.order()
    await walk(stage, video, "light", "render", "light")
    events = await told(database, video.user_id)
    assert {event.subject for event in events} == {str(video.id)}
    assert [brief(event) for event in events] == [
        ("ordered", ""),
        ("step_begun", "topic"), ("changed", "producing"), ("step_done", "topic"),
        ("step_begun", "script"), ("step_done", "script"),
        ("step_begun", "render"), ("step_done", "render"),
        ("step_begun", "quality"), ("step_done", "quality"), ("changed", "ready"),
        ("step_begun", "publish"), ("changed", "publishing"), ("step_done", "publish"), ("changed", "published"),
    ]  # fmt: skip
    last = events[-1].data
    assert (last["title"], last["was"], last["reason"]) == ("script of squid", "publishing", "")


async def test_what_goes_wrong_is_told_with_its_reason(stage: Stage, database: Database) -> None:
    async def fails(_work: Work) -> Said:
        raise RenderFailed("no")

    stage.script.instead[StepName.SCRIPT] = fails
    video = await stage.order()
    for _ in range(10):
        await walk(stage, video, "light")
    events = await told(database, video.user_id)
    failed = [event.data["cause"] for event in events if event.type == "video.step_failed"]
    assert set(failed) == {"no"}
    assert events[-1].data["state"] == "failed"
    assert "no" in events[-1].data["reason"]
    tries = [event.data["tries"] for event in events if brief(event) == ("step_begun", "script")]
    assert tries == [1 + n for n in range(len(failed))]


async def test_a_wait_for_review_is_no_failure_and_a_field_is_named_once(stage: Stage, database: Database) -> None:
    async def waits(_work: Work) -> Said:
        raise WaitsForReview("look at it", fix="Approve it.")

    async def refuses(_work: Work) -> Said:
        raise BadInput("had", field="topic", fix="Another.")

    stage.script.instead[StepName.TOPIC] = waits
    seen = await stage.order()
    await walk(stage, seen, "light")
    news = [brief(event) for event in await told(database, seen.user_id)]
    assert news[-2:] == [("changed", "in_review"), ("review_wanted", "")]
    assert not [kind for kind, _ in news if kind == "step_failed"]

    stage.script.instead[StepName.TOPIC] = refuses
    refused = await stage.order()
    await walk(stage, refused, "light")
    last = (await told(database, refused.user_id))[-1]
    assert (last.data["state"], last.data["reason"]) == ("failed", "topic: had. Another.")


async def test_a_review_is_wanted_once_and_a_decision_is_told(stage: Stage, database: Database) -> None:
    video = await stage.order()
    async with database.transaction(video.user_id) as conn:
        attempt = await claim_video(conn, video.id, video.created_at)
        assert attempt
        for _ in range(2):
            await move_video(conn, video.id, attempt, VideoState.IN_REVIEW, video.created_at, reason="look")
    await decide.reject(stage.platform, video.user_id, video.id, "dull")
    events = await told(database, video.user_id, after=1)
    assert [brief(event) for event in events] == [
        ("changed", "in_review"),
        ("review_wanted", ""),
        ("changed", "cancelled"),
    ]
    assert events[1].data["reason"] == "look"
    assert "dull" in events[2].data["reason"]


async def test_an_overtaken_worker_tells_nothing(stage: Stage, database: Database) -> None:
    video = await stage.order()
    now = video.created_at
    async with database.transaction(video.user_id) as conn:
        assert await claim_video(conn, video.id, now) == 1
        assert await claim_video(conn, video.id, now) == 2
        assert await begin_step(conn, video, 1, StepName.SCRIPT, "x", now) is None
        assert not await end_step(conn, video.id, 1, StepName.SCRIPT, "x", now, result={})
        assert not await move_video(conn, video.id, 1, VideoState.READY, now)
    assert [event.type for event in await told(database, video.user_id)] == ["video.ordered"]


async def test_the_plan_tells_what_it_claims_and_once_why_it_can_t(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    stage = PlanStage(database, admin)
    user = await stage.user()
    (claimed,) = await stage.claim()
    first = (await told(database, user))[-1]
    assert (first.type, first.subject) == ("plan.claimed", "2026-11-23/1")
    assert (first.data["video_id"], first.data["driver"]) == (str(claimed.video_id), "built-in")
    await pause_plan(database, user, until=None, now=stage.clock.now())
    for _ in range(3):  # looked at again and again, with the same outcome
        stage.clock.at += timedelta(days=1, hours=1)
        await stage.claim()
        async with database.transaction(user) as conn:
            await conn.execute("update plans set next_at = %s", (stage.clock.now(),))
        await stage.claim()
    deferred = await told(database, user, after=first.number)
    assert [(event.type, event.subject, event.data["why"]) for event in deferred] == [
        ("plan.deferred", f"{date(2026, 11, 24 + n)}/1", "paused") for n in range(3)
    ]


async def test_a_publication_is_told_with_its_address_and_a_read_back_is_not(
    database: Database,
    channel: Any,  # noqa: F811
) -> None:
    upload = await new_upload(database, channel)
    made = publishing.Publication(
        upload.video_id, channel.user_id, channel.id, "sandbox", "abc", "http://127.0.0.1/abc", "public", False, ()
    )
    for one in (made, made, replace(made, platform_id="def", url="http://127.0.0.1/def")):
        async with database.transaction(channel.user_id) as conn:
            await publishing.save_publication(conn, one, upload.created_at)
    events = [event for event in await told(database, channel.user_id) if event.type == "video.published"]
    assert [event.data["url"] for event in events] == ["http://127.0.0.1/abc", "http://127.0.0.1/def"]


async def test_a_broken_connection_is_told_once(database: Database, admin: psycopg.AsyncConnection) -> None:
    stage = PlanStage(database, admin)
    user = await stage.user(start=False)
    credentials = Credentials(database, None, SystemClock())  # type: ignore[arg-type]
    async with database.transaction(user) as conn:
        row = await (await conn.execute("select id from channels")).fetchone()
    channel_id = row[0]
    for broken in ("", "revoked", "revoked", "still revoked", "", "revoked again"):
        await credentials.checked(user, channel_id, broken=broken)
    assert [(event.subject, event.data["reason"]) for event in await told(database, user)] == [
        (str(channel_id), "revoked"), (str(channel_id), "revoked again"),
    ]  # fmt: skip


async def test_what_a_budget_says_is_told_once_to_whose_call_it_was(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    stage = PlanStage(database, admin)
    user = await stage.user(start=False)
    ledger = Ledger(database, stage.clock, load_prices(), Policy(platform_day_cap=2 * HELD), announce=tell_alert)
    for number in range(5):
        with suppress(YtempireError):
            await ledger.spend(call(f"u{number}", user=user, video=new_id()), Vendor().perform)
    budgets = [event for event in await told(database, user) if event.data["budget"] == "platform-day"]
    assert [event.type for event in budgets] == ["budget.near", "budget.refused", "budget.used_up"]
    assert all(event.data["words"] for event in budgets)
    assert budgets[0].subject.startswith("platform-day:")
    assert not set("$0123456789") & set(budgets[0].data["words"])  # what all others spent is for operators


async def test_a_user_deleted_in_the_transaction_of_their_event_leaves_none(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    stage = PlanStage(database, admin)
    user, other = await stage.user(start=False), await stage.user(start=False)
    now = stage.clock.now()
    async with database.transaction(user) as conn:
        await announce(conn, new_id(), StepBegun(step="x", tries=0), now)
        await conn.execute("delete from users where id = %s", (user,))
    async with database.transaction(other) as conn:
        await announce(conn, new_id(), StepBegun(step="y", tries=0), now)
        await conn.execute("select set_config('app.user_id', %s, true)", (str(user),))  # an operator's acts do this
    assert [event.data["step"] for event in await told(database, other)] == ["y"]
    rows = await (await admin.execute("select user_id from events union select user_id from event_counts")).fetchall()
    assert rows == [(other,)]


def test_every_kind_has_a_name_of_its_own() -> None:
    names = [kind.type for kind in kinds(News)]
    assert len(names) == len(set(names)) == len(EXAMPLES)
