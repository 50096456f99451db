"""Channels on a real PostgreSQL: what is stored comes back, and never to somebody else."""

import asyncio
from dataclasses import replace

import pytest

from ytempire.accounts import TenantKeys, User, ensure_local_user
from ytempire.accounts import store as accounts_store
from ytempire.channels import (
    Credentials,
    add_topics,
    change_channel,
    create_channel,
    find_channel,
    find_connection,
    list_channels,
    take_topic,
    used_topics,
)
from ytempire.channels.model import Autopilot, Brand, Channel, Connection, Source, Visibility
from ytempire.kit import crypto
from ytempire.kit.clock import SystemClock
from ytempire.kit.errors import BadInput, NotConfigured, NotFound
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
        playlist="Best of", upload_captions=True, topics=("squid", "vents"),
        sources=(Source("Notes", "Squid are fast.", "https://example.org/a"), Source("More", "{b} 'x'", "")),
    )  # fmt: skip
    await create_channel(database, CLOCK, full)
    assert await find_channel(database, user.id, "deep-sea") == full
    assert await find_channel(database, user.id, str(full.id)) == full
    assert await list_channels(database, user.id) == [full]


async def test_change_keeps_taken_topics_and_the_new_order(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("a", "b", "c")))
    assert await take_topic(database, CLOCK, made, new_id()) == "a"
    changed = await change_channel(database, replace(made, name="Other", topics=("c", "d", "b", "a")))
    assert changed.topics == ("c", "d", "b")
    assert changed.name == "Other"
    assert await used_topics(database, made) == ["a"]
    await create_channel(database, CLOCK, channel_of(user, handle="two"))
    with pytest.raises(BadInput, match="handle: you have a channel"):
        await change_channel(database, replace(made, handle="two"))
    with pytest.raises(BadInput, match="handle: you have a channel"):
        await create_channel(database, CLOCK, channel_of(user))


async def test_a_topic_goes_to_one_video_and_stays_with_it(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=tuple(f"t{i}" for i in range(8))))
    videos = [new_id() for _ in range(8)]
    taken = await asyncio.gather(*(take_topic(database, CLOCK, made, video) for video in videos))
    assert sorted(taken) == [f"t{i}" for i in range(8)]
    again = await asyncio.gather(*(take_topic(database, CLOCK, made, video) for video in videos))
    assert again == taken
    assert await take_topic(database, CLOCK, made, new_id()) is None
    assert await add_topics(database, made, ["t3", "new", "new"]) == 1
    assert await take_topic(database, CLOCK, made, new_id()) == "new"


async def test_another_tenant_sees_and_changes_nothing(database):
    user, other = await owner(database), await stranger(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("a",)))
    assert await list_channels(database, other.id) == []
    with pytest.raises(NotFound, match="You have none yet"):
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
