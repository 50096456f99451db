"""`gc` deletes what is old and named by nothing that matters, and nothing else."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.conftest import DatabaseUrls
from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from ytempire.events import announce, events_after
from ytempire.events.model import StepBegun
from ytempire.kit.database import Database
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.local.gc import Freed, Terms, collect

NOW = datetime(2030, 6, 1, tzinfo=UTC)
TERMS = Terms.of_days(NOW, scenes=7, finals=30, events=30)
LONG_AGO, YESTERDAY = NOW - timedelta(days=60), NOW - timedelta(days=1)

_PUBLICATION: LiteralString = """
    insert into publications (video_id, user_id, channel_id, platform, platform_id, url, visibility, disclosure,
        read_back, published_at, checked_at)
    values (%(video)s, %(user)s, %(channel)s, 'sandbox', %(video)s::text, '', 'private', false, '{}', %(at)s, %(at)s)"""


class Stage:
    """Tenants with one video each, and files that rows of theirs name."""

    def __init__(self, admin: psycopg.AsyncConnection, database: Database, dump_url: str, folder: Path) -> None:
        self.admin, self.database, self.dump_url = admin, database, dump_url
        self.media = LocalMediaStore(folder / "media", floor_bytes=0)

    def file(self, *, written: datetime = LONG_AGO) -> MediaRef:
        ref = self.media.put_bytes(os.urandom(64), ".mp4")
        os.utime(self.media.path(ref), (written.timestamp(), written.timestamp()))
        return ref

    async def tenant(self, state: str, *, since: datetime = LONG_AGO) -> dict[str, UUID]:
        ids = new_tenant()
        for statement in TENANT_WITH_A_VIDEO:
            await self.admin.execute(statement, ids)
        await self.admin.execute(
            "update videos set state = %s, created_at = %s, updated_at = %s where id = %s",
            (state, since, since, ids["video"]),
        )
        return ids

    async def scene(self, ids: dict[str, UUID], ref: MediaRef, *, used: datetime) -> None:
        value = Jsonb({"media": asdict(ref), "cpu_ms": 1, "run": "x"})
        await self.admin.execute(
            "insert into artifacts (user_id, kind, key, value, made_at, used_at) values (%s, 'scene', %s, %s, %s, %s)",
            (ids["user"], ref.sha256[:8], value, used, used),
        )

    async def step(self, ids: dict[str, UUID], step: str, result: dict[str, object]) -> None:
        await self.admin.execute(
            "insert into steps (video_id, user_id, step, input_hash, state, result, started_at, used_at)"
            " values (%s, %s, %s, 'x', 'done', %s, %s, %s)",
            (ids["video"], ids["user"], step, Jsonb(result), LONG_AGO, LONG_AGO),
        )

    async def published(self, ids: dict[str, UUID], *, read_back: datetime) -> None:
        await self.admin.execute(_PUBLICATION, {**ids, "at": read_back})

    async def collect(self, *, dry_run: bool = False) -> Freed:
        return await collect(self.dump_url, self.database, self.media, TERMS, dry_run=dry_run)


@pytest.fixture
def stage(admin: psycopg.AsyncConnection, database: Database, database_urls: DatabaseUrls, tmp_path: Path) -> Stage:
    return Stage(admin, database, database_urls.dump, tmp_path)


async def test_old_scenes_of_resting_videos_go_and_lately_used_ones_stay(stage: Stage) -> None:
    rests = await stage.tenant("published")
    old, fresh = stage.file(), stage.file()
    await stage.scene(rests, old, used=LONG_AGO)
    await stage.scene(rests, fresh, used=YESTERDAY)

    planned = await stage.collect(dry_run=True)
    assert planned.scenes == (old,)
    assert stage.media.has(old), "a dry run deletes nothing"
    assert planned.lines(dry_run=True, scene_days=7, final_days=30)[1] == (
        "  1 scenes and mixes unused for 7 days: 0.0 MB"
    )

    assert await stage.collect() == planned
    assert set(stage.media.refs()) == {fresh}
    left = await (await stage.admin.execute("select key from artifacts")).fetchall()
    assert left == [(fresh.sha256[:8],)], "the old one's row has gone with its file"
    assert (await stage.collect()).size_bytes == 0


async def test_what_a_video_at_work_may_have_used_stays_however_long_it_waits(stage: Stage) -> None:
    waits = await stage.tenant("in_review", since=LONG_AGO)
    used, before = stage.file(), stage.file()
    await stage.scene(waits, used, used=LONG_AGO + timedelta(minutes=5))
    await stage.scene(waits, before, used=LONG_AGO - timedelta(days=1))
    assert (await stage.collect()).scenes == (before,)
    assert stage.media.has(used)


async def test_a_file_that_another_tenant_s_row_names_stays(stage: Stage) -> None:
    one, other = await stage.tenant("published"), await stage.tenant("published")
    shared = stage.file()
    await stage.scene(one, shared, used=LONG_AGO)
    await stage.scene(other, shared, used=YESTERDAY)
    assert (await stage.collect()).size_bytes == 0
    assert stage.media.has(shared)


async def test_finals_go_a_month_after_their_read_back_or_the_video_s_end(stage: Stage) -> None:
    gone, kept = [], []
    for state, read_back, goes in (
        ("published", LONG_AGO, True),
        ("published", YESTERDAY, False),
        ("cancelled", None, True),
        ("failed", None, True),
        ("in_review", None, False),
        ("publishing", LONG_AGO, False),
    ):
        ids = await stage.tenant(state)
        final, thumbnail = stage.file(), stage.file()
        await stage.step(ids, "render", {"video": asdict(final), "timeline": {}})
        await stage.step(ids, "thumbnail", {"candidates": [asdict(thumbnail)]})
        if read_back:
            await stage.published(ids, read_back=read_back)
        (gone if goes else kept).append(final)
        kept.append(thumbnail)
    freed = await stage.collect()
    assert set(freed.finals) == set(gone)
    assert set(stage.media.refs()) == set(kept)


async def test_what_nothing_names_goes_when_it_is_old_and_any_mention_anywhere_keeps(stage: Stage) -> None:
    ids = await stage.tenant("published")
    left, new, mentioned = stage.file(), stage.file(written=YESTERDAY), stage.file()
    await stage.admin.execute("create table tomorrow (logo text)")
    await stage.admin.execute("grant select on tomorrow to ytempire_dump")
    await stage.admin.execute("insert into tomorrow values (%s)", (f"own:{mentioned.sha256}",))
    await stage.step(ids, "voice", {"speeches": []})
    freed = await stage.collect()
    assert freed.unnamed == (left,)
    assert set(stage.media.refs()) == {new, mentioned}


async def test_old_events_go_and_their_count_stays(stage: Stage, admin: psycopg.AsyncConnection) -> None:
    ids = await stage.tenant("published")
    for at in (LONG_AGO, LONG_AGO, YESTERDAY):
        async with stage.database.transaction(ids["user"]) as conn:
            await announce(conn, ids["video"], StepBegun(step="voice", tries=0), at)
    told = await stage.collect(dry_run=True)
    assert told.events == 2
    assert "and 2 events" in told.lines(dry_run=True, scene_days=7, final_days=30)[-1]
    await stage.collect()
    async with stage.database.transaction(ids["user"]) as conn:
        await announce(conn, ids["video"], StepBegun(step="voice", tries=0), YESTERDAY)
        events, last = await events_after(conn, 0, None, 10)
    assert [event.number for event in events] == [3]
    assert last == 3
    async with stage.database.transaction(ids["user"]) as conn:
        assert [event.number for event in (await events_after(conn, 0, None, 10))[0]] == [3, 4]


async def test_answers_to_repeated_requests_go_when_their_time_is_over(
    stage: Stage, admin: psycopg.AsyncConnection
) -> None:
    ids = await stage.tenant("published")
    for key, until in (("old", YESTERDAY), ("new", NOW + timedelta(hours=1))):
        await admin.execute(
            "insert into idempotency_keys (user_id, key, fingerprint, claimed_at, expires_at)"
            " values (%s, %s, '', %s, %s)",
            (ids["user"], key, until, until),
        )
    told = await stage.collect(dry_run=True)
    assert (told.answers, "and 1 answers" in told.lines(dry_run=True, scene_days=7, final_days=30)[-1]) == (1, True)
    assert (await stage.collect()).answers == 1
    left = await (await admin.execute("select key from idempotency_keys")).fetchall()
    assert left == [("new",)]
