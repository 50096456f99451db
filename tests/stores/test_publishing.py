"""What the publishing tables promise, on a real PostgreSQL."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from ytempire.accounts import TenantKeys, ensure_local_user
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.ids import new_id
from ytempire.production import insert_video
from ytempire.production.model import Order, Video, VideoState
from ytempire.publishing import store
from ytempire.publishing.model import Upload, UploadState
from ytempire.publishing.rules import marker_of

CLOCK = SystemClock()
SESSIONS = store.Sessions(TenantKeys(b"k" * 32, CLOCK))


@pytest.fixture
async def channel(database):
    user = await ensure_local_user(database, CLOCK)
    return await create_channel(database, CLOCK, Channel(new_id(), user.id, "sea", "Sea"))


async def new_upload(database, channel) -> Upload:
    now = CLOCK.now()
    video = Video(new_id(), channel.user_id, channel.id, VideoState.APPROVED, Order(), "", "", False, now)
    wanted = Upload(
        video.id, channel.user_id, channel.id, marker_of(video.id), UploadState.PLANNED, 0, "", "", "a", now, None
    )
    async with database.transaction(channel.user_id) as conn:
        await insert_video(conn, video, now)
        return await SESSIONS.ensure(conn, wanted)


async def test_of_two_workers_one_stores_its_session_and_it_is_sealed(database, channel, admin):
    upload = await new_upload(database, channel)

    async def start(session: str) -> bool:
        async with database.transaction(channel.user_id) as conn:
            return await SESSIONS.start(conn, upload, session=session, file_sha256="b")

    took = await asyncio.gather(start("https://up.example/1"), start("https://up.example/2"))
    assert sorted(took) == [False, True]
    async with database.transaction(channel.user_id) as conn:
        stored = await SESSIONS.find(conn, upload.video_id)
    assert stored.session == f"https://up.example/{1 + took.index(True)}"
    assert (stored.session_no, stored.state, stored.file_sha256) == (1, UploadState.STARTED, "b")
    raw = await (await admin.execute("select session from uploads")).fetchone()
    assert b"example" not in raw[0]


async def test_a_finished_upload_stays_finished(database, channel):
    upload = await new_upload(database, channel)
    async with database.transaction(channel.user_id) as conn:
        await store.mark_done(conn, upload.video_id, "yt1")
        await store.mark_finishing(conn, upload.video_id, CLOCK.now())
        assert not await SESSIONS.start(conn, upload, session="s", file_sha256="b")
        await store.forget_upload(conn, upload.video_id, "another")
        found = await SESSIONS.ensure(conn, upload)
    assert (found.state, found.platform_id, found.session) == (UploadState.DONE, "yt1", "")


async def test_a_stranger_sees_no_upload_and_can_make_none_of_it(database, channel):
    upload = await new_upload(database, channel)
    stranger = new_id()
    async with database.transaction(stranger) as conn:
        assert await SESSIONS.find(conn, upload.video_id) is None
        await store.mark_done(conn, upload.video_id, "theirs")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.transaction(stranger) as conn:
            await conn.execute(
                "insert into uploads (video_id, user_id, channel_id, marker, state, session_no, platform_id,"
                " file_sha256, created_at) values (%s, %s, %s, 'm', 'planned', 0, '', '', %s)",
                (upload.video_id, channel.user_id, channel.id, CLOCK.now()),
            )
    async with database.transaction(channel.user_id) as conn:
        assert (await SESSIONS.find(conn, upload.video_id)).state is UploadState.PLANNED


async def test_one_video_makes_the_playlist_and_a_dead_one_s_claim_is_taken_over(database, channel):
    key = store.PlaylistKey(channel.user_id, channel.id, "UC1", "Best of")
    now, videos = CLOCK.now(), [new_id() for _ in range(6)]

    async def claim(video, at=now):
        async with database.transaction(channel.user_id) as conn:
            return await store.claim_playlist(conn, key, video_id=video, now=at, stale_before=at - timedelta(minutes=5))

    claims = await asyncio.gather(*(claim(video) for video in videos))
    assert [mine for _, mine in claims].count(True) == 1
    maker = videos[[mine for _, mine in claims].index(True)]
    assert await claim(maker) == ("", True)
    other = next(video for video in videos if video != maker)
    assert await claim(other, now + timedelta(minutes=6)) == ("", True)
    async with database.transaction(channel.user_id) as conn:
        await store.keep_playlist(conn, key, "PL1")
    assert {await claim(video) for video in videos} == {("PL1", False), ("PL1", True)}
