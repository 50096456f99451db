"""Channels on a real PostgreSQL: what is stored comes back, and never to somebody else."""

import asyncio
from dataclasses import replace

import pytest

from ytempire.accounts import TenantKeys, User, ensure_local_user
from ytempire.accounts import store as accounts_store
from ytempire.channels import (
    Credentials,
    add_topics,
    archive_channel,
    change_channel,
    consent_to_autopilot,
    create_channel,
    find_channel,
    find_connection,
    list_channels,
    on_autopilot,
    ready_channels,
    require_live,
    restore_channel,
    revoke_autopilot,
    take_topic,
)
from ytempire.channels.model import Autopilot, Brand, Channel, Connection, Source, Visibility
from ytempire.kit import crypto
from ytempire.kit.clock import SystemClock
from ytempire.kit.errors import BadInput, NotConfigured, NotFound, VersionConflict
from ytempire.kit.ids import new_id

CLOCK = SystemClock()


async def owner(database) -> User:
    return await ensure_local_user(database, CLOCK)


async def stranger(database) -> User:
    user = User(new_id(), "stranger", None, "UTC", CLOCK.now())
    async with database.transaction(user.id) as conn:
        await accounts_store.add_user(conn, user)
    return user


def channel_of(user: User, **fields) -> Channel:
    given = {"id": new_id(), "user_id": user.id, "handle": "deep-sea", "name": "Deep Sea"} | fields
    return Channel(**given)


async def test_every_field_comes_back(database):
    user = await owner(database)
    full = channel_of(
        user, name="🐙 Tiefsee", niche="sea", audience="all", tone="warm", language="pt-BR", format="16:9",
        minutes=2.5, voice="elevenlabs:abc", music_mood="bright",
        brand=Brand("ember", "paper", "DS", ("#101010", "#202020", "#ffffff", "#00ffcc", "#ffcc00")),
        category_id="28", made_for_kids=True, visibility=Visibility.UNLISTED, autopilot=Autopilot.REVIEW,
        playlist="Best of", upload_captions=True, intro="Welcome below.", outro="Dive again tomorrow",
        publish_hour=6, time_zone="America/St_Johns", topics=("squid", "vents"),
        sources=(Source("Notes", "Squid are fast.", "https://example.org/a"), Source("More", "{b} 'x'", "")),
    )  # fmt: skip
    await create_channel(database, CLOCK, full)
    assert await find_channel(database, user.id, "deep-sea") == full
    assert await find_channel(database, user.id, str(full.id)) == full
    assert await list_channels(database, user.id) == [full]


async def test_a_change_names_the_version_it_was_read_with(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("a", "b"), sources=(Source("S", "Text."),)))
    changed = await change_channel(database, replace(made, name="Other", intro="Hello.", topics=(), sources=()))
    assert (changed.name, changed.intro, changed.version) == ("Other", "Hello.", 2)
    assert (changed.topics, changed.sources) == (("a", "b"), (Source("S", "Text."),)), "they have verbs of their own"
    with pytest.raises(VersionConflict, match="version 1, now 2"):
        await change_channel(database, replace(made, name="Third"))
    at_once = [change_channel(database, replace(changed, name=f"n{i}")) for i in range(8)]
    ended = await asyncio.gather(*at_once, return_exceptions=True)
    assert sum(isinstance(one, Channel) for one in ended) == 1
    assert sum(isinstance(one, VersionConflict) for one in ended) == 7
    await create_channel(database, CLOCK, channel_of(user, handle="two"))
    now = await find_channel(database, user.id, made.id)
    with pytest.raises(BadInput, match="handle: you have a channel"):
        await change_channel(database, replace(now, handle="two"))
    with pytest.raises(BadInput, match="handle: you have a channel"):
        await create_channel(database, CLOCK, channel_of(user))


async def test_an_archived_channel_makes_no_videos_and_loses_nothing(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("a",), sources=(Source("S", "Text."),)))
    put_away = await archive_channel(database, CLOCK, made)
    again = await archive_channel(database, CLOCK, made)
    assert put_away.archived_at is not None
    assert again == put_away, "archiving twice keeps the date"
    assert await list_channels(database, user.id) == []
    assert await list_channels(database, user.id, archived=True) == [put_away]
    assert await find_channel(database, user.id, "deep-sea") == put_away
    with pytest.raises(BadInput, match="channel restore deep-sea"):
        async with database.transaction(user.id) as conn:
            await require_live(conn, made)
    with pytest.raises(BadInput, match="it can be restored"):
        await create_channel(database, CLOCK, channel_of(user))
    back = await restore_channel(database, made)
    assert replace(back, version=1) == made
    async with database.transaction(user.id) as conn:
        await require_live(conn, made)


async def test_autopilot_needs_a_consent_that_covers_the_visibility(database, admin):
    user = await owner(database)
    with pytest.raises(BadInput, match="autopilot: the autopilot needs the owner's consent"):
        await create_channel(database, CLOCK, channel_of(user, autopilot=Autopilot.AUTO))
    made = await create_channel(database, CLOCK, channel_of(user, autopilot=Autopilot.AUTO), consents=True)
    assert on_autopilot(made)
    assert await find_channel(database, user.id, made.id) == made
    with pytest.raises(BadInput, match="covers publishing as private, not as public"):
        await change_channel(database, replace(made, visibility=Visibility.PUBLIC))
    shown = await change_channel(database, replace(made, visibility=Visibility.PUBLIC, autopilot=Autopilot.REVIEW))
    agreed = await consent_to_autopilot(database, CLOCK, shown)
    assert on_autopilot(agreed)
    assert agreed.consent.visibility is Visibility.PUBLIC
    assert "altered or synthetic" in agreed.consent.disclosure
    assert not on_autopilot(await archive_channel(database, CLOCK, agreed))
    revoked = await revoke_autopilot(database, CLOCK, await restore_channel(database, agreed))
    assert (revoked.autopilot, revoked.consent, on_autopilot(revoked)) == (Autopilot.REVIEW, None, False)
    with pytest.raises(BadInput, match="consent"):
        await change_channel(database, replace(revoked, autopilot=Autopilot.AUTO))
    kept = await (
        await admin.execute("select visibility, revoked_at >= given_at from channel_consents order by given_at")
    ).fetchall()
    assert kept == [("private", True), ("public", True)]
    with pytest.raises(Exception, match="permission denied"):
        async with database.transaction(user.id) as conn:
            await conn.execute("update channel_consents set visibility = 'private'")


async def test_a_plan_sees_live_connected_channels_only(database):
    user = await owner(database)
    vault = Credentials(database, TenantKeys(crypto.new_key(), CLOCK), CLOCK)
    one, two, broken, _alone = [
        await create_channel(
            database,
            CLOCK,
            channel_of(user, handle=handle, time_zone=zone, autopilot=auto, topics=topics),
            consents=True,
        )
        for handle, zone, auto, topics in (
            ("one", "Asia/Tokyo", Autopilot.AUTO, ("first", "second")),
            ("two", "", Autopilot.REVIEW, ()),
            ("broken", "", Autopilot.AUTO, ()),
            ("alone", "", Autopilot.AUTO, ()),
        )
    ]
    for channel in (one, two, broken):
        await vault.keep(channel, Connection(channel.id, "sandbox", "UC1", "Sea", (), CLOCK.now()), "1//secret")
    await vault.checked(user.id, broken.id, broken="revoked")
    first, second = await ready_channels(database, user.id)
    assert (first.id, first.time_zone, first.publish_hour) == (one.id, "Asia/Tokyo", 17)
    assert (first.on_autopilot, first.next_topic, first.topics_left) == (True, "first", 2)
    assert (second.time_zone, second.on_autopilot, second.next_topic) == (user.time_zone, False, "")
    await archive_channel(database, CLOCK, one)
    assert [ready.handle for ready in await ready_channels(database, user.id)] == ["two"]


async def test_a_topic_goes_to_one_video_and_stays_with_it(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=tuple(f"t{i}" for i in range(8))))
    videos = [new_id() for _ in range(8)]
    taken = await asyncio.gather(*(take_topic(database, CLOCK, made, video) for video in videos))
    assert sorted(taken) == [f"t{i}" for i in range(8)]
    again = await asyncio.gather(*(take_topic(database, CLOCK, made, video) for video in videos))
    assert again == taken
    assert await take_topic(database, CLOCK, made, new_id()) is None
    assert await add_topics(database, CLOCK, made, ["t3", "new", "new"]) == 1
    assert await take_topic(database, CLOCK, made, new_id()) == "new"


async def test_another_tenant_sees_and_changes_nothing(database):
    user, other = await owner(database), await stranger(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("a",)))
    assert await list_channels(database, other.id) == []
    with pytest.raises(NotFound, match="ytempire channel add HANDLE"):
        await find_channel(database, other.id, made.id)
    with pytest.raises(NotFound):
        await change_channel(database, replace(made, user_id=other.id, name="mine"))
    assert await take_topic(database, CLOCK, replace(made, user_id=other.id), new_id()) is None
    same_handle = await create_channel(database, CLOCK, channel_of(other))
    assert [c.id for c in await list_channels(database, other.id)] == [same_handle.id]
    with pytest.raises(NotFound, match="You have: deep-sea"):
        await find_channel(database, user.id, "nope")


async def test_tokens_are_sealed_and_go_at_disconnect(database, admin):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user))
    vault = Credentials(database, TenantKeys(crypto.new_key(), CLOCK), CLOCK)
    with pytest.raises(NotConfigured, match="ytempire connect deep-sea"):
        await vault.reveal(made)
    link = Connection(made.id, "sandbox", "UC1", "Sea", ("upload",), CLOCK.now())
    await vault.keep(made, link, "1//secret")
    found, token = await vault.reveal(made)
    assert token == "1//secret"
    assert found == link
    stored = await (await admin.execute("select refresh_token from channel_connections")).fetchone()
    assert len(stored[0]) > 16
    assert b"secret" not in stored[0]
    await vault.checked(user.id, made.id, broken="revoked")
    assert (await find_connection(database, user.id, made.id)).broken == "revoked"
    await vault.forget(made)
    assert await find_connection(database, user.id, made.id) is None
