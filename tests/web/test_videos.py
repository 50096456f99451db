"""Videos over REST: ordered once, listed by pages and filters in one query, looked at; and never another tenant's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncCursor

from tests.conftest import DatabaseUrls
from tests.web.conftest import Stage
from tests.web.video_stage import VIDEOS, Creator, creator, fill, with_videos
from ytempire.channels import archive_media, keep_media
from ytempire.channels.model import ChannelMedia
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.production.model import StepName


@pytest.fixture
async def served(stage: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    async with with_videos(stage, valkey_url) as made:
        yield made


async def pages(who: Creator, **query: Any) -> list[list[dict[str, Any]]]:
    found, cursor = [], None
    while True:
        answer = await who.client.get(VIDEOS, params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        cursor = answer.json()["next"]
        if cursor is None:
            return found


async def test_a_video_is_ordered_once_and_looked_at(served: Stage, admin: psycopg.AsyncConnection) -> None:
    who = await creator(served)
    wanted = {"channel_id": str(who.channel.id), "topic": "Why squid glow", "minutes": 0.5, "format": "16:9"}
    first = await who.client.post(VIDEOS, json=wanted, headers={"Idempotency-Key": "k"})
    again = await who.client.post(VIDEOS, json=wanted, headers={"Idempotency-Key": "k"})
    other = await who.client.post(VIDEOS, json=wanted | {"topic": "x"}, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
    video = first.json()
    assert (video["state"], video["title"], video["order"]["format"]) == ("planned", "Why squid glow", "16:9")
    assert video["order"]["made_from"] == "topic"
    assert (video["money"]["spent_microusd"], video["money"]["cap_microusd"]) == (0, 3_000_000)
    jobs = await (await admin.execute("select args ->> 'video_id' from procrastinate_jobs")).fetchall()
    assert jobs == [(video["id"],)], "one video, one job"
    looked_at = await who.client.get(first.headers["location"])
    assert (looked_at.json(), looked_at.headers["etag"]) == (video, first.headers["etag"])
    assert (await who.order(topic="", script="Squid glow."))["order"]["made_from"] == "script"
    assert (await who.order(topic="", article="Squid glow. They do.", title="Glow"))["order"]["title"] == "Glow"
    assert (await who.order(topic=""))["order"]["made_from"] == "backlog"


async def test_a_video_shows_what_its_channel_s_library_has(served: Stage, admin: psycopg.AsyncConnection) -> None:
    who, other = await creator(served), await creator(served)
    media, now = served.parts.platform.tools.media, served.clock.now()
    squid, gone = (
        ChannelMedia(
            new_id(), media.put_bytes(f"picture {n}".encode(), ".png"), "image", 640, 360, 0.0, "Squid", "a red squid",
            ("deep sea",), "CC BY 4.0", "Ada Marin", now, archived_at,
        )
        for n, archived_at in enumerate((None, now))
    )  # fmt: skip
    async with served.parts.database.transaction(who.id) as conn:
        for one in (squid, gone):
            await keep_media(conn, who.channel, one)
        await archive_media(conn, gone, now)
    video = await who.order(media_ids=[str(squid.id), str(squid.id)])
    assert video["order"]["own_media"] == 1
    (own,) = (await (await admin.execute("select orders -> 'own_media' from videos")).fetchone() or ([],))[0]
    assert (own["words"], own["licence"]) == ("a red squid deep sea", "Ada Marin – CC BY 4.0")
    for asker, media_id, status in ((who, gone.id, 422), (who, new_id(), 404), (other, squid.id, 404)):
        wanted = {"channel_id": str(asker.channel.id), "topic": "x", "media_ids": [str(media_id)]}
        refused = await asker.client.post(VIDEOS, json=wanted)
        assert (refused.status_code, refused.json()["field"]) == (status, "media")


async def test_progress_is_told_while_it_is_made_and_is_not_in_the_tag(
    served: Stage, admin: psycopg.AsyncConnection
) -> None:
    who = await creator(served)
    at = f"{VIDEOS}/{(video := await who.order())['id']}"
    live = served.parts.platform.live
    await live.note(who.id, UUID(video["id"]), StepName.RENDER, 0.25)
    assert (await who.client.get(at)).json()["progress"] is None, "it waits"
    await admin.execute("update videos set state = 'producing'")
    one = await who.client.get(at)
    assert one.json()["progress"] == {"step": "render", "share": 0.25}
    await live.note(who.id, UUID(video["id"]), StepName.RENDER, 0.5)
    other = await who.client.get(at)
    assert (other.json()["progress"]["share"], other.headers["etag"]) == (0.5, one.headers["etag"])


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"script": "x"}, 422, "topic"), ({"topic": "", "script": " "}, 422, "script"),
        ({"minutes": 99}, 422, "minutes"),
        ({"topic": "x" * 201}, 422, "topic"), ({"topic": "a\x1b[31m"}, 422, "topic"), ({"title": "a<b"}, 422, "title"),
        ({"topic": "", "article": "é" * 100_001}, 422, "article"), ({"format": "4:3"}, 422, "format"),
        ({"topic": "", "article": "x", "article_title": "a\x1b[2J"}, 422, "article_title"),
        ({"topic": "", "article": "x", "article_title": "x" * 201}, 422, "article_title"),
        ({"voice": "local:nobody"}, 422, "voice"), ({"look": "none"}, 422, "look"), ({"unknown": 1}, 422, "unknown"),
        ({"channel_id": "7"}, 422, "channel_id"), ({"channel_id": str(new_id())}, 404, "channel"),
    ],
)  # fmt: skip
async def test_what_cannot_be_ordered_is_named(served: Stage, given: dict[str, Any], status: int, field: str) -> None:
    who = await creator(served)
    refused = await who.client.post(VIDEOS, json={"channel_id": str(who.channel.id), "topic": "squid"} | given)
    assert (refused.status_code, refused.json()["field"]) == (status, field)
    assert refused.json()["fix"]
    assert await pages(who) == [[]]


async def test_pages_go_on_over_changing_rows(served: Stage, admin: psycopg.AsyncConnection) -> None:
    """What is shown once is not shown again, whatever comes, goes, or moves between two pages."""
    who = await creator(served)
    await fill(admin, who, 25, newest=served.clock.at, state="in_review")
    # several of one moment, so that time alone is no place
    await admin.execute("update videos set created_at = %s where title in ('Video 9', 'Video 10', 'Video 11')",
                        (served.clock.at - timedelta(minutes=10),))  # fmt: skip
    first = (await who.client.get(VIDEOS, params={"state": "in_review", "limit": 10})).json()
    seen = [video["title"] for video in first["items"]]
    await admin.execute("update videos set state = 'approved' where title in ('Video 3', 'Video 15')")
    await fill(admin, who, 2, newest=served.clock.at + timedelta(hours=1), state="in_review")
    cursor, rest = first["next"], []
    while cursor:
        page = (await who.client.get(VIDEOS, params={"state": "in_review", "limit": 10, "cursor": cursor})).json()
        rest += [video["title"] for video in page["items"]]
        cursor = page["next"]
    assert len(seen + rest) == len(set(seen + rest)) == 24
    assert set(seen + rest) == {f"Video {n}" for n in range(1, 26)} - {"Video 15"}
    wrong = await who.client.get(VIDEOS, params={"state": "failed", "cursor": first["next"]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_cursor")


async def test_filters(served: Stage, admin: psycopg.AsyncConnection) -> None:
    who = await creator(served)
    await admin.execute("update users set time_zone = 'America/New_York' where id = %s", (who.id,))
    await fill(admin, who, 1, newest=datetime(2026, 11, 24, 5, 0, tzinfo=UTC))  # 23:59 on the 23rd in New York
    await fill(admin, who, 1, newest=datetime(2026, 11, 24, 5, 2, tzinfo=UTC), state="failed")  # 00:01 on the 24th
    await fill(admin, who, 1, newest=datetime(2026, 11, 26, 12, 0, tzinfo=UTC), state="in_review")
    await admin.execute("update videos set rehearsal = false where state = 'failed'")

    async def states(**query: Any) -> list[str]:
        return [video["state"] for page in await pages(who, **query) for video in page]

    assert await states() == ["in_review", "failed", "published"]
    assert await states(day="2026-11-23") == ["published"]
    assert await states(**{"from": "2026-11-24", "to": "2026-11-25"}) == ["failed"]
    assert await states(state=["failed", "in_review"], rehearsal=True) == ["in_review"]
    assert await states(channel_id=str(who.channel.id), rehearsal=False) == ["failed"]
    assert await states(channel_id=str(who.channel.id), state="planned") == []
    assert (await who.client.get(VIDEOS, params={"channel_id": str(new_id())})).status_code == 404
    assert await states(to="9999-12-31", **{"from": "0001-01-01"}) == await states()
    for query in ({"day": "2026-11-23", "to": "2026-11-24"}, {"day": "soon"}, {"state": "gone"}, {"rehearsal": "x"}):
        assert (await who.client.get(VIDEOS, params=query)).status_code == 422, query


async def test_another_tenant_s_videos_are_not_found(served: Stage) -> None:
    mine, theirs = await creator(served), await creator(served)
    video = await mine.order()
    for at in (video["id"], str(new_id())):
        answer = await theirs.client.get(f"{VIDEOS}/{at}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    foreign = await theirs.client.post(VIDEOS, json={"channel_id": str(mine.channel.id), "topic": "squid"})
    assert (foreign.status_code, foreign.json()["field"]) == (404, "channel")
    assert (await theirs.client.get(VIDEOS, params={"channel_id": str(mine.channel.id)})).status_code == 404
    assert await pages(theirs) == [[]]
    assert (await mine.client.get(f"{VIDEOS}/{video['id']}")).status_code == 200


class _Counting(AsyncCursor[Any]):
    statements: list[str] = []  # noqa: RUF012 - one list for all cursors is the point

    async def execute(self, query: Any, *args: Any, **more: Any) -> Any:
        self.statements.append(str(query))
        return await super().execute(query, *args, **more)


@pytest.mark.parametrize(
    "query", [{}, {"state": "in_review"}, {"state": ["failed", "in_review"], "rehearsal": True}, {"day": "2026-11-25"}]
)
async def test_a_page_is_one_query_however_many_videos_there_are(
    stage: Stage, valkey_url: str, database_urls: DatabaseUrls, admin: psycopg.AsyncConnection, query: dict[str, Any]
) -> None:
    database = Database(database_urls.app)
    database.pool.kwargs["cursor_factory"] = _Counting
    await database.open()
    async with with_videos(stage, valkey_url, database) as served:
        who = await creator(served)
        await who.client.get(VIDEOS)  # notes when the key was used, as the first request of a while does
        counts = []
        for videos in (10, 1200):
            await fill(admin, who, videos, newest=served.clock.at, state="in_review")
            _Counting.statements.clear()
            assert len((await who.client.get(VIDEOS, params=query)).json()["items"]) == min(videos, 50)
            counts.append(list(_Counting.statements))
        _Counting.statements.clear()
        assert (await who.client.get(f"{VIDEOS}/{new_id()}")).status_code == 404
        of_one = list(_Counting.statements)
    await database.close()
    assert counts[0] == counts[1], "the same statements"
    assert sum("from videos" in text for text in counts[1]) == 1
    assert len(counts[1]) == len(of_one), "besides, whose key it is and the tenant's setting, as for a single video"
