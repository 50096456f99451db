"""Whether a channel had a subject already, with an embedder that counts words."""

import math
from collections.abc import Sequence

from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Source
from ytempire.channels.rules import Choices, check_channel
from ytempire.kit.ids import new_id
from ytempire.production.looks.palettes import PALETTES
from ytempire.production.looks.styles import LOOKS
from ytempire.production.scripting.sameness import carrying, is_too_same, nearest, says_nothing
from ytempire.production.scripting.words import content_words, stem


class CountedWords:
    """An Embedder: one dimension per word."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        every = sorted({stem(word) for text in texts for word in content_words(text)})
        rows = [[float([stem(w) for w in content_words(text)].count(word)) for word in every] for text in texts]
        return [[value / (math.hypot(*row) or 1.0) for value in row] for row in rows]


EMBEDDER = CountedWords()
SOURCES = (Source("Bees", "Bees dance to show the way."), Source("Honey", "Honey keeps for years.\n\nMould hates it."))


def test_nothing_is_too_same_where_nothing_was() -> None:
    found = nearest(EMBEDDER, "Why bees dance", [])
    assert (found.similarity, found.title) == (0.0, "")
    assert not is_too_same(found)


def test_the_same_words_are_too_same_and_another_subject_is_not() -> None:
    past = ["How honey keeps for years", "Why bees dance"]
    again = nearest(EMBEDDER, "Why do bees dance?", past)
    assert again.title == "Why bees dance"
    assert is_too_same(again)
    assert not is_too_same(nearest(EMBEDDER, "Why bees sleep in winter", past))


def test_a_topic_needs_a_source_that_speaks_of_it() -> None:
    assert says_nothing(EMBEDDER, "Black holes and galaxies", SOURCES)
    assert not says_nothing(EMBEDDER, "Why bees dance", SOURCES)
    assert carrying(EMBEDDER, "Why bees dance", SOURCES)[0] == "Bees"
    assert carrying(EMBEDDER, "Why bees dance", ()) == ()


def test_the_five_demo_channels_are_whole_and_differ() -> None:
    channels = demo_channels(new_id())
    assert len({channel.handle for channel in channels}) == 5
    assert len({channel.brand.palette for channel in channels}) == 5
    assert {channel.format for channel in channels} == {"9:16", "16:9"}
    assert max(len(channel.topics) for channel in channels) >= 10
    choices = Choices(palettes=frozenset(PALETTES), looks=frozenset(LOOKS))
    for channel in channels:
        check_channel(channel, choices)
