"""Publishing with Google's real client to a real sandbox process: the usual way, faults by reason, read-back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from psycopg.types.json import Jsonb

from tests.contracts.running_sandbox import RunningSandbox
from tests.stories.publishing_stage import Stage, eventually, make_file, script_of
from ytempire.channels import disconnect_channel, find_connection
from ytempire.channels.model import Visibility
from ytempire.kit.clock import SetClock, SystemClock
from ytempire.kit.errors import BudgetRefused, NotConfigured, OutcomeUnknown, StandInRefused, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Policy, Share
from ytempire.production.model import Origin, SourceNote
from ytempire.providers.youtube import Endpoints, GoogleConsent, YouTubeChannels
from ytempire.providers.youtube.rehearsal import REHEARSAL_CLIENT_ID, REHEARSAL_CLIENT_SECRET
from ytempire.publishing import AlreadyPublished, forget_api_data, make_release_step
from ytempire.publishing.model import Comparison, Provenance
from ytempire.publishing.rules import marker_of


def remote(stage: Stage, sandbox: RunningSandbox, platform_id: str) -> dict:
    return next(u for u in sandbox.get("/_books")["uploads"] if u["video_id"] == platform_id)


async def test_the_usual_way(stage, sandbox, film):
    await stage.set_up(film, playlist="Sea", upload_captions=True, visibility=Visibility.UNLISTED)
    seen = await stage.publish()
    assert seen.stand_in
    assert seen.read_back == ()
    assert seen.visibility == "unlisted"
    assert seen.url == f"{sandbox.url}/watch?v={seen.platform_id}"
    books = sandbox.get("/_books")
    assert len(stage.marked(books)) == 1
    mine = [row for row in books["playlist_items"] if row["video_id"] == seen.platform_id]
    assert [row["times"] for row in mine] == [1]
    assert [row["video_id"] for row in books["captions"]].count(seen.platform_id) == 1
    assert any(row["video_id"] == seen.platform_id for row in books["thumbnails"])
    receipt = await stage.ledger().receipt(stage.channel.user_id, stage.finished.video_id)
    assert receipt.youtube_uploads == 1
    assert receipt.youtube_units == seen.units_spent
    assert await stage.ledger().audit() == []
    # again: nothing is sent, set or made twice
    again = await stage.publish()
    assert again.platform_id == seen.platform_id
    after = sandbox.get("/_books")
    assert len(stage.marked(after)) == 1
    assert after["playlist_items"] == books["playlist_items"]
    assert again.units_spent <= 4
    # the channel's next video finds the playlist
    await stage.new_video()
    other = await stage.publish(attempt=1)
    assert [(c.field, c.got.split(":")[0]) for c in other.read_back] == [("captions", "no quota")]
    playlists = {row["playlist_id"] for row in sandbox.get("/_books")["playlist_items"]
                 if row["video_id"] in {seen.platform_id, other.platform_id}}  # fmt: skip
    assert len(playlists) == 1


async def test_a_video_that_the_plan_left_out_of_the_playlist_says_so(stage, sandbox, film):
    await stage.set_up(film, playlist="Sea")
    await stage.new_video(in_playlist=False)
    seen = await stage.publish()
    assert [(one.field, one.repaired) for one in seen.read_back] == [("playlist", False)]
    assert "quota was short" in seen.read_back[0].got
    assert not [row for row in sandbox.get("/_books")["playlist_items"] if row["video_id"] == seen.platform_id]


async def test_the_books_agree_with_the_sandbox_on_quota(stage, sandbox, film):
    await stage.set_up(film, playlist="Sea")
    before = {row["bucket"]: row["used"] for row in sandbox.get("/_books")["quota"]}
    await stage.publish()
    after = {row["bucket"]: row["used"] for row in sandbox.get("/_books")["quota"]}
    receipt = await stage.ledger().receipt(stage.channel.user_id, stage.finished.video_id)
    assert after["uploads"] - before.get("uploads", 0) == receipt.youtube_uploads == 1
    assert after["units"] - before.get("units", 0) == receipt.youtube_units


async def test_hostile_words_arrive_whole_and_harmless(stage, sandbox, film):
    await stage.set_up(film)
    said = "{\\b1} 'quoted' : [in] %{} <script>alert(1)</script>\u2028 \x07 ünï " + "слово " * 1500
    stage.finished = replace(
        stage.finished,
        script=script_of(
            title="🧑‍🚀 <b>Wow</b> 🦑" * 12,
            description=said,
            tags=("a" * 30 + " b",) * 3 + tuple(f'tag <{i}>, "{i}" {"x" * 20}' for i in range(40)),
            sources=(SourceNote("On <squid>", "https://example.org/?a=1&b=2"),),
        ),
    )
    seen = await stage.publish()
    assert seen.read_back == ()
    assert len(seen.notes) >= 4
    there = remote(stage, sandbox, seen.platform_id)
    assert there["title"].startswith("🧑‍🚀 bWow/b 🦑")
    assert len(there["title"].encode("utf-16-le")) // 2 <= 100


async def test_what_was_changed_behind_our_back_is_mended_and_only_that(stage, sandbox, film):
    await stage.set_up(film)
    first = await stage.publish()
    platform = await stage.platforms.of(stage.channel)
    listing = (await platform.read(first.platform_id)).listing
    worse = replace(listing, title="Something else", visibility="public", synthetic_media=True)
    await platform.update(first.platform_id, worse, marker=marker_of(stage.finished.video_id))
    seen = await stage.publish()
    assert [(c.field, c.repaired) for c in seen.read_back] == [
        ("title", True), ("visibility", True), ("synthetic_media", True)
    ]  # fmt: skip
    assert remote(stage, sandbox, first.platform_id)["title"] == "Why squid are fast"
    budgets = {b.name: b for b in await stage.ledger().budgets_today(stage.channel.user_id)}
    assert budgets[Share.REPAIR].spent == 50
    assert (await stage.publish()).read_back == ()


@pytest.mark.parametrize(
    ("operation", "reason", "least_s", "most_s"),
    [
        ("videos.insert", "quotaExceeded", 60, 86_460),
        ("videos.insert", "uploadLimitExceeded", 86_400, 86_400),
        ("thumbnails.set", "quotaExceeded", 60, 86_460),
        ("videos.insert", "rate_limit_absurd", 3_600, 3_600),
    ],
)
async def test_a_full_day_defers_with_the_time_and_goes_on_later(
    stage, sandbox, film, operation, reason, least_s, most_s
):
    await stage.set_up(film)
    sandbox.fault("google", operation, reason)
    with pytest.raises(VendorRefused) as refused:
        await stage.publish()
    assert least_s <= refused.value.retry_after_s <= most_s
    await stage.publish()
    assert len(stage.marked(sandbox.get("/_books"))) == 1


AFTER = ["answer_lost", "half_close", "truncated", "broken_json", "nan", "drip"]
BEFORE = ["refused", "html_200", "huge", "rate_limit_seconds", "server_error", "redirect", "unauthorized", "hang"]
CALLS = [
    "videos.insert", "videos.insert.chunk", "thumbnails.set", "playlists.insert", "playlistItems.insert",
    "videos.list", "playlists.list", "oauth.token",
]  # fmt: skip
KINDS = AFTER + BEFORE
SAMPLE = (0, 5)
"""A Latin square: in all rounds each call meets each fault once; in the sample each call meets two."""


@pytest.mark.parametrize(
    "first",
    [pytest.param(at, marks=() if at in SAMPLE else pytest.mark.campaign) for at in range(len(KINDS))],
)
async def test_faults_at_every_call_end_in_one_of_each(stage, sandbox, film, first):
    stage.deadline_s = 2.0
    await stage.set_up(film, playlist="Sea")
    for at, operation in enumerate(CALLS):
        sandbox.fault("google", operation, KINDS[(first + at) % len(KINDS)], retry_after_s=1)
    seen = await eventually(stage.publish, 12)
    books = sandbox.get("/_books")
    assert all(planned["hits"] for planned in sandbox.get("/_faults"))
    assert len(stage.marked(books)) == 1
    assert [r["times"] for r in books["playlist_items"] if r["video_id"] == seen.platform_id] == [1]
    assert seen.read_back == ()
    assert await stage.ledger().audit() == []


async def test_a_lost_session_is_looked_for_before_it_is_begun_anew(stage, sandbox, film):
    await stage.set_up(film)
    sandbox.fault("google", "videos.insert.chunk", "answer_lost", skip=2, times=1)
    sandbox.fault("google", "videos.insert.status", "sessionGone", times=-1, skip=1)
    seen = await stage.publish()
    assert [upload["video_id"] for upload in stage.marked(sandbox.get("/_books"))] == [seen.platform_id]


async def test_a_lost_last_piece_waits_before_anything_is_sent_anew(stage, sandbox, film):
    await stage.set_up(film)
    stage.clock = SetClock(SystemClock().now())
    sandbox.fault("google", "videos.insert.chunk", "refused", skip=2, times=4)
    sandbox.fault("google", "videos.insert.status", "sessionGone", times=-1, skip=1)
    with pytest.raises(VendorRefused, match="neither session nor video") as refused:
        await stage.publish()
    assert refused.value.retry_after_s == pytest.approx(900)
    stage.clock.at += timedelta(minutes=16)
    sandbox.calm()
    sandbox.fault("google", "videos.insert.status", "sessionGone", times=1)
    await stage.publish()
    assert len(stage.marked(sandbox.get("/_books"))) == 1


async def test_a_revoked_authorisation_is_named_and_noted(stage, sandbox, film):
    await stage.set_up(film)
    sandbox.fault("google", "oauth.token", "invalid_grant", times=-1)
    with pytest.raises(NotConfigured, match="7 days") as refused:
        await stage.publish()
    assert refused.value.code == "channel_disconnected"
    assert "ytempire connect" in refused.value.fix
    assert "revoked" in (await find_connection(stage.database, stage.channel.user_id, stage.channel.id)).broken
    sandbox.calm()
    await stage.publish()
    assert (await find_connection(stage.database, stage.channel.user_id, stage.channel.id)).broken == ""


async def test_what_the_platform_never_grants_is_noted_not_fatal(stage, sandbox, film):
    await stage.set_up(film)
    sandbox.fault("google", "thumbnails.set", "forbidden", times=-1)
    seen = await stage.publish()
    assert [(c.field, c.repaired) for c in seen.read_back] == [("thumbnail", False)]
    assert "not properly authorized" in seen.read_back[0].got


async def test_without_quota_nothing_is_sent(stage, sandbox, film):
    await stage.set_up(film)
    stage.policy = Policy(uploads=0)
    with pytest.raises(BudgetRefused) as refused:
        await stage.publish()
    assert refused.value.budget == "uploads"
    assert stage.marked(sandbox.get("/_books")) == []


async def test_another_file_of_a_published_video_is_refused_until_it_is_deleted(stage, sandbox, film, tmp_path):
    await stage.set_up(film, playlist="Sea")
    first = await stage.publish()
    longer = make_file(tmp_path / "longer.mp4", size_bytes=700_000)
    stage.finished = replace(stage.finished, media=stage.media.put(longer))
    with pytest.raises(AlreadyPublished, match=r"watch\?v="):
        await stage.publish()
    platform = await stage.platforms.of(stage.channel)
    await platform._execute("delete", lambda api: api.videos().delete(id=first.platform_id), writes=True)
    second = await stage.publish()
    assert second.platform_id != first.platform_id
    assert second.read_back == ()
    assert second.platform_id in {row["video_id"] for row in sandbox.get("/_books")["playlist_items"]}


async def test_the_real_youtube_takes_nothing_from_a_stand_in(stage, film):
    await stage.set_up(film)
    real = YouTubeChannels(
        credentials=stage.credentials, client_id="1-x", client_secret="y", endpoints=Endpoints(), clock=stage.clock
    )
    with pytest.raises(NotConfigured, match="connected to sandbox"):
        await real.of(stage.channel)
    connection, token = await stage.credentials.reveal(stage.channel)
    await stage.credentials.keep(stage.channel, replace(connection, platform="youtube"), token)
    platform = await real.of(stage.channel)
    assert not platform.stand_in
    listing = None
    for provenance in (Provenance(("script",)), Provenance((), rehearsal=True)):
        with pytest.raises(StandInRefused, match="real YouTube"):
            await platform.start_upload(listing, marker="m", size_bytes=1, provenance=provenance)


async def test_disclosure_follows_the_origins(stage, sandbox, film):
    await stage.set_up(film)
    stage.finished = replace(stage.finished, origins=(Origin.DRAWN, Origin.MODEL))
    seen = await stage.publish()
    assert seen.disclosure
    assert "a model generated" in seen.disclosure_reasons[0]
    platform = await stage.platforms.of(stage.channel)
    assert (await platform.read(seen.platform_id)).listing.synthetic_media


async def test_nobody_answers(stage, film, sandbox):
    await stage.set_up(film)
    stage.sandbox_url = "http://127.0.0.1:9"
    with pytest.raises(VendorRefused, match="could not be reached") as refused:
        await stage.publish()
    assert refused.value.retry_after_s is not None
    assert not isinstance(refused.value, OutcomeUnknown)


async def test_disconnect_deletes_what_youtube_told(stage, sandbox, film, admin):
    """Google's week is not used: the read-back, playlists and sessions of this channel go at once, of no other."""
    await stage.set_up(film, playlist="Sea")
    await stage.publish()
    database = stage.database
    found = {"field": "title", "wanted": "a", "got": "told by YouTube", "repaired": False}
    await admin.execute("update publications set read_back = %s", (Jsonb([found]),))
    await admin.execute("update uploads set session = 'x'")
    other = replace(stage.channel, id=new_id())
    await forget_api_data(database, other)
    assert "told by YouTube" in str(await told(admin))
    consent = GoogleConsent(
        client_id=REHEARSAL_CLIENT_ID,
        client_secret=REHEARSAL_CLIENT_SECRET,
        endpoints=stage.endpoints,
        clock=SystemClock(),
    )
    forget = partial(forget_api_data, database)

    async def broken_off(channel):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await disconnect_channel(stage.channel, consent, stage.credentials, broken_off)
    assert not await disconnect_channel(stage.channel, consent, stage.credentials, forget)
    assert await told(admin) == ([], "", 0, 0)
    assert await find_connection(database, stage.channel.user_id, stage.channel.id) is None


async def test_a_publish_that_ends_after_a_disconnect_keeps_nothing_that_youtube_told(stage, sandbox, film, admin):
    await stage.set_up(film)

    async def read_then_disconnected(at):
        if at == 0.9:  # dressed; what follows is read with the token in hand, and noted once it is gone
            await stage.credentials.forget(stage.channel)
            await forget_api_data(stage.database, stage.channel)

    stage.progress = read_then_disconnected
    seen = await stage.publish()
    assert (seen.visibility, len(stage.marked(sandbox.get("/_books")))) == ("private", 1)
    assert (await told(admin))[:2] == ([], "")
    step = make_release_step(platforms=None, keys=None, finished=None)
    assert step.load(step.dump(replace(seen, read_back=(Comparison("title", "a", "b", repaired=False),)))) == replace(
        seen, read_back=(), visibility=""
    )


async def told(admin):
    return await (
        await admin.execute(
            "select (select read_back from publications), (select visibility from publications),"
            " (select count(*) from playlists), (select count(session) from uploads)"
        )
    ).fetchone()
