"""The backlog: order, pins, skips, series; what is taken, by whom, and what a script is told of it."""

import asyncio
from dataclasses import replace

import pytest

from tests.stores.test_channels import CLOCK, channel_of, owner, stranger
from ytempire.channels import (
    add_series,
    add_topics,
    brief_of,
    change_topic,
    create_channel,
    find_channel,
    list_topics,
    take_topic,
)
from ytempire.channels.model import Channel, NewTopic, Topic, TopicState
from ytempire.channels.rules import TOPICS_MAX
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.ids import new_id


async def waiting(database, channel: Channel) -> list[str]:
    return [topic.topic for topic in await list_topics(database, channel)]


async def named(database, channel: Channel, words: str, state: TopicState = TopicState.WAITING) -> Topic:
    (found,) = [topic for topic in await list_topics(database, channel, state) if topic.topic == words]
    return found


async def test_moved_pinned_and_skipped_topics_are_taken_in_the_order_that_is_shown(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("a", "b", "c", "d", "e")))
    ids = {topic.topic: topic.id for topic in await list_topics(database, made)}
    await change_topic(database, made, ids["d"], place=1)
    assert await waiting(database, made) == ["d", "a", "b", "c", "e"]
    await change_topic(database, made, ids["a"], place=99)
    assert await waiting(database, made) == ["d", "b", "c", "e", "a"]
    await change_topic(database, made, ids["e"], pinned=True)
    await change_topic(database, made, ids["b"], skipped=True)
    assert await waiting(database, made) == ["e", "d", "c", "a"]
    assert list((await find_channel(database, user.id, made.id)).topics) == ["e", "d", "c", "a"]
    assert [await take_topic(database, CLOCK, made, new_id()) for _ in range(3)] == ["e", "d", "c"]
    await change_topic(database, made, ids["b"], skipped=False, topic="b again", notes="short")
    assert await waiting(database, made) == ["b again", "a"]
    used = await named(database, made, "e", TopicState.USED)
    assert (used.pinned, used.video_id is not None) == (False, True)
    with pytest.raises(BadInput, match="a video has taken it"):
        await change_topic(database, made, used.id, notes="too late")
    with pytest.raises(BadInput, match="has 'a' already"):
        await change_topic(database, made, ids["b"], topic="a")
    with pytest.raises(BadInput, match="position"):
        await change_topic(database, made, ids["b"], place=0)
    with pytest.raises(NotFound):
        await change_topic(database, made, new_id(), pinned=True)


async def test_parts_of_a_series_stay_in_their_order_whatever_is_moved(database):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user, topics=("single",)))
    parts = ["one", NewTopic("two", "With the eyes."), "three"]
    assert await add_series(database, CLOCK, made, "Squid  week", parts, notes="Calm.") == 3
    assert await add_series(database, CLOCK, made, "Squid week", ["four", "two"]) == 1
    assert await waiting(database, made) == ["single", "one", "two", "three", "four"]
    two, three = await named(database, made, "two"), await named(database, made, "three")
    assert (two.series, two.part) == ("Squid week", 2)
    for wish in ({"place": 1}, {"pinned": True}):
        with pytest.raises(BadInput, match="part 2 of “Squid week” would come before part 1"):
            await change_topic(database, made, two.id, **wish)
    assert await waiting(database, made) == ["single", "one", "two", "three", "four"], "nothing half done"
    one = await named(database, made, "one")
    await change_topic(database, made, one.id, pinned=True)
    await change_topic(database, made, two.id, pinned=True)
    await change_topic(database, made, three.id, skipped=True)
    assert await waiting(database, made) == ["one", "two", "single", "four"]
    videos = [new_id(), new_id()]
    assert [await take_topic(database, CLOCK, made, video) for video in videos] == ["one", "two"]
    assert await brief_of(database, made, videos[1]) == "Part 2 of the series “Squid week”.\nCalm.\nWith the eyes."
    assert await brief_of(database, made, new_id()) == ""


async def test_many_at_once_and_at_the_same_time(database):
    user, other = await owner(database), await stranger(database)
    made = await create_channel(database, CLOCK, channel_of(user))
    lists = [[f"t{i}" for i in range(at, 400, 2)] for at in (0, 1)] + [[f"t{i}" for i in range(400)]]
    assert sum(await asyncio.gather(*(add_topics(database, CLOCK, made, one) for one in lists))) == 400
    listed = await list_topics(database, made)
    assert len({topic.position for topic in listed}) == 400
    page = await list_topics(database, made, after=(False, listed[99].position, listed[99].id), limit=50)
    assert page == listed[100:150]
    with pytest.raises(BadInput, match="too many"):
        await add_topics(database, CLOCK, made, [f"more {i}" for i in range(TOPICS_MAX - 399)])
    await asyncio.gather(*(change_topic(database, made, topic.id, place=1) for topic in listed[:12]))
    assert sorted(await waiting(database, made)) == sorted(topic.topic for topic in listed), "none lost, none doubled"
    theirs = replace(made, user_id=other.id)
    assert await list_topics(database, theirs) == []
    with pytest.raises(NotFound):
        await change_topic(database, theirs, listed[0].id, pinned=True)
    with pytest.raises(NotFound):
        await add_topics(database, CLOCK, theirs, ["x"])


@pytest.mark.parametrize("notes", ["x" * 2001, "a\x00b", "a\x1b[31m"])
async def test_notes_are_text(database, notes):
    user = await owner(database)
    made = await create_channel(database, CLOCK, channel_of(user))
    with pytest.raises(BadInput, match="notes: "):
        await add_topics(database, CLOCK, made, [NewTopic("a", notes)])
    assert await add_topics(database, CLOCK, made, [NewTopic("a", "two\nlines")]) == 1
