"""The stand-in's writing: only what the sources say, whatever they are about."""

import itertools
import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from sandbox.openai import schema as vendor_schema
from sandbox.openai.composer import compose
from sandbox.openai.composing.topics import read as read_topic
from sandbox.openai.composing.trimming import spoken
from ytempire.channels.model import Channel, Source
from ytempire.kit.ids import new_id
from ytempire.production.model import Script
from ytempire.production.scripting import prompts, rules
from ytempire.production.scripting.listing import kind_of
from ytempire.production.scripting.phrases import shortest_well
from ytempire.production.scripting.reading import read_draft
from ytempire.production.scripting.written import written

CHANNEL = Channel(id=new_id(), user_id=new_id(), handle="t", name="T")
GLASS = """# Glass

Glass is a solid that is put together like a liquid. Its molecules stand in no order, although they hardly move
at all. Most glass is made from sand, soda and lime, which melt together at around 1,500 degrees Celsius (2,700
°F).[3] However, volcanoes made glass long before people did: obsidian, a black volcanic glass, was used for
knives more than 20,000 years ago. Obsidian blades can be sharper than steel, and some surgeons have tried them.

Read more: https://example.com/glass | Subscribe to our newsletter!

The oldest glass objects made by people are beads from Mesopotamia. They are about 4,500 years old. In the 1st
century BC, Syrian craftsmen discovered that hot glass can be blown like a bubble, which made cups cheap. A
legend says that old church windows are thicker at the bottom because glass flows. It does not: at room
temperature, glass would need longer than the age of the universe to sag by the width of an atom."""
CITY = """The subway of a big city moves more people than its streets ever could. A lane of cars carries about 2,000
people an hour. A subway track carries up to 60,000. London opened the first underground railway in 1863, with
steam engines, and the tunnels filled with smoke. Passengers loved it anyway: 38,000 of them came on the first
day. Budapest followed in 1896 with the first electric line on the continent. Tokyo's trains are so full that
staff in white gloves push people in. The deepest station in the world, in Kyiv, lies 105 metres below the
street, and the escalators take about five minutes."""
RECIPE = """Sourdough bread rises without bought yeast. A starter of flour and water catches wild yeast and bacteria
within about a week. The bacteria make acid, which gives the bread its taste and keeps mould away. Bakers
feed the starter every day, and some starters have been fed for more than 100 years. Miners in the Klondike
carried theirs close to their bodies so that it would not freeze; people called them sourdoughs. A cold
night in the fridge slows the yeast but not the taste. The crust cracks where the baker cuts the dough with
a blade, because steam must get out somewhere."""


def draft_of(topic: str, text: str, minutes: float = 0.6, title: str = "Source", seed: int = 1):
    sources = (Source(title, text),)
    messages = prompts.script_messages(CHANNEL, topic, sources, minutes)
    schema = prompts.script_schema(minutes)
    answer = compose([{"role": role, "content": said} for role, said in messages], schema, seed)
    assert vendor_schema.mismatch(answer, schema) is None
    return rules.check(read_draft(answer), sources, topic, prompts.length_for(minutes))


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("Why glass is not a liquid", GLASS),
        ("Glass", GLASS),
        ("How a subway beats the street", CITY),
        ("The subway of a big city", CITY),
        ("Sourdough", RECIPE),
        ("What keeps sourdough alive", RECIPE),
    ],
)
def test_every_line_of_an_unseen_text_is_traced_and_sayable(topic: str, text: str) -> None:
    found = draft_of(topic, text)
    assert found.dropped == ()
    assert not found.ask_again
    facts = [beat for beat in found.draft.beats if beat.quote]
    assert len(facts) >= 4
    for beat in found.draft.beats:
        assert 2 <= len(beat.sentence.split()) <= 23
        assert beat.sentence[0].isupper() or beat.sentence[0].isdigit()
        assert beat.sentence[-1] in '.?!"”'
        assert len(beat.on_screen.split()) <= 6
        assert not any(junk in beat.sentence for junk in ("http", "Subscribe", "[", "(", "However"))
    assert 40 <= sum(len(beat.sentence.split()) for beat in found.draft.beats) <= 115
    assert len({title.casefold() for title in found.draft.titles}) == 3
    assert all(len(title) <= 60 for title in found.draft.titles)


def test_the_last_line_leads_back_to_the_first() -> None:
    beats = draft_of("Why glass is not a liquid", GLASS).draft.beats
    assert "glass is not a liquid" in beats[-1].sentence


def scripts_of(handle: str, most: int) -> list[Script]:
    """The scripts of a demo channel's topics, one after the other, each knowing the titles before it."""
    raw = tomllib.loads(files("ytempire.channels").joinpath(f"demo/{handle}.toml").read_text("utf-8"))
    sources = tuple(Source(one["title"], one["text"].strip()) for one in raw["sources"])
    found: list[Script] = []
    for seed, topic in enumerate(raw["topics"][:most]):
        messages = prompts.script_messages(CHANNEL, topic, sources, raw["minutes"])
        given = [{"role": role, "content": said} for role, said in messages]
        draft = read_draft(compose(given, prompts.script_schema(raw["minutes"]), seed))
        checked = rules.check(draft, sources, topic, prompts.length_for(raw["minutes"]))
        past = [script.title for script in reversed(found)]
        found.append(written(checked, topic, sources, past, "en")[0])
    return found


def test_ten_videos_of_a_channel_have_titles_of_every_kind_and_endings_of_their_own() -> None:
    scripts = scripts_of("deep-sea", 10)
    kinds = Counter(kind_of(script.title) for script in scripts)
    assert all(kinds[kind] >= 2 for kind in ("question", "number", "statement"))
    assert all(len(title) <= 60 for script in scripts for title in script.title_candidates)
    assert len({script.title for script in scripts}) == 10
    assert len({script.scenes[-1].on_screen for script in scripts}) == 10
    for script in scripts:
        shown = [scene.on_screen for scene in script.scenes]
        assert all(0 < len(text.split()) <= 6 for text in shown)
        assert all(one.casefold() != other.casefold() for one, other in itertools.pairwise(shown))


def test_titles_of_a_story_are_of_three_kinds_and_name_it() -> None:
    for topic, text in (("Why glass is not a liquid", GLASS), ("How a subway beats the street", CITY)):
        for seed in range(4):
            titles = draft_of(topic, text, seed=seed).draft.titles
            assert [kind_of(title) for title in titles] == ["question", "number", "statement"]
            assert all(len(title) <= 60 for title in titles)


@pytest.mark.parametrize("seed", range(8))
def test_the_last_line_tells_nobody_what_to_do_and_shows_the_question_s_own_words(seed: int) -> None:
    end = draft_of("Why glass is not a liquid", GLASS, seed=seed).draft.beats[-1]
    assert "why glass is not a liquid" in end.sentence
    assert not {"tell", "ask", "watch", "remember", "subscribe"} & set(end.sentence.lower().split())
    assert shortest_well(end.sentence, 6) == "Why glass is not a liquid"


def test_the_same_prompt_and_seed_say_the_same() -> None:
    assert draft_of("Glass", GLASS, seed=7) == draft_of("Glass", GLASS, seed=7)


def test_a_long_text_gets_chapters_from_its_headings_and_a_recap() -> None:
    parts = {"Glass of old": GLASS.split("\n\n", 1)[1], "Under the city": CITY, "Bread that rises alone": RECIPE}
    text = "\n\n".join(f"## {head}\n\n{body}" for head, body in parts.items())
    found = draft_of("How ordinary things came to be", text, 2.0)
    chapters = [beat.chapter for beat in found.draft.beats if beat.chapter]
    assert set(chapters) >= {"Glass of old", "Under the city", "In short"}
    assert len(chapters) == len(set(chapters))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("However, ice floats.", ["However, ice floats."]),
        ("However, the ice on it floats.", ["The ice on it floats."]),
        (
            "Octopus blood holds a copper-rich protein that carries oxygen around, which makes it look blue.",
            ["Octopus blood holds a copper-rich protein that carries oxygen around.", "That makes it look blue."],
        ),
        (
            "The whale dives deep into the dark water, and it stays there for more than an hour.",
            ["The whale dives deep into the dark water.", "It stays there for more than an hour."],
        ),
        (
            "It is safe to drink unless the pipes are made of lead.",
            ["It is safe to drink unless the pipes are made of lead."],
        ),
        ("The tower (built in 1889) is 330 metres tall.[4]", ["The tower is 330 metres tall."]),
        (
            "Lanternfish glow on the belly, so that their shadow disappears against the light.",
            ["Lanternfish glow on the belly, so that their shadow disappears against the light."],
        ),
    ],
)
def test_written_sentences_become_spoken_ones(written: str, said: list[str]) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Why the sky is blue", "Why is the sky blue?"),
        ("How the anglerfish catches its dinner", "How does the anglerfish catch its dinner?"),
        ("How planes stay up", "How do planes stay up?"),
        ("Why it snows down there", "Why does it snow down there?"),
        ("What lies at the bottom", "What lies at the bottom?"),
        ("How big the Sun really is", "How big is the Sun really?"),
        ("Which fish swims deepest", "Which fish swims deepest?"),
        ("How the zipper took sixty years", "Do you know how the zipper took sixty years?"),
        ("The story of glass", ""),
    ],
)
def test_a_topic_becomes_a_question_only_where_that_is_grammatical(line: str, question: str) -> None:
    assert read_topic(line, ["The Sun and an anglerfish. The sky, planes, a fish, the zipper."]).question == question


def test_topics_are_proposed_from_what_was_not_told_yet() -> None:
    messages = prompts.topic_messages(
        Channel(
            id=new_id(), user_id=new_id(), handle="t", name="T", sources=(Source("City", CITY), Source("Bread", RECIPE))
        ),
        ["A subway track carries up to 60,000"],
    )
    answer = compose([{"role": role, "content": text} for role, text in messages], prompts.topic_schema(), 3)
    assert vendor_schema.mismatch(answer, prompts.topic_schema()) is None
    lines = [topic["topic"] for topic in answer["topics"]]
    assert "A subway track carries up to 60,000" not in lines
    assert any(line in RECIPE for line in lines)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"text": {"type": "string"}}},
        {
            "type": "object",
            "properties": {
                "n": {"type": "integer", "minimum": 3},
                "kind": {"enum": ["a", "b"]},
                "ok": {"type": "boolean"},
                "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}, "minItems": 2},
                "maybe": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
            "$defs": {"row": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}}},
        },
    ],
)
@pytest.mark.parametrize(
    "prompt", ["", "Say hello.", RECIPE, "<source title='x'></source>", "<script>{\\b1}%{}</script>"]
)
def test_any_schema_is_filled_from_any_prompt(schema: dict[str, object], prompt: str) -> None:
    answer = compose([{"role": "user", "content": prompt}], schema, 5)
    assert vendor_schema.mismatch(answer, schema) is None


ROPE_FERRY = """The ferry at Koppel crosses the river on a rope, without any engine. The river itself pushes it.

The trick is an angle. A steel cable holds the boat against the current. The ferryman turns the hull a few degrees. The
water strikes the slanted side and pushes the boat to the other bank, because the cable holds it in its place.

The ferry was built in 1908. A crossing takes four minutes. On market days it carried 60 people and their cows.

In 1996 the council wanted to replace it with a bridge. The villages on both banks objected. Last spring, the villages
voted. Four out of five people wanted to keep the ferry."""


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_an_article_is_told_from_its_lead_with_its_mechanism_in_its_order(seed: int) -> None:
    title = "The ferry that runs on a rope"
    beats = draft_of(title, ROPE_FERRY, 0.6, title, seed).draft.beats
    said = [beat.sentence for beat in beats]
    assert said[0].startswith("The ferry at Koppel")
    assert any("slanted side" in line for line in said)
    flat = " ".join(ROPE_FERRY.split())
    places = [flat.find(line.rstrip(".")) for line in said if line.rstrip(".") in flat]
    assert places == sorted(places)
    assert all(beat.quote for beat in beats)
    assert "voted" not in said[0]


def test_a_source_beside_the_topic_does_not_fill_up_the_length() -> None:
    sources = (Source("Glass", GLASS.split("\n\n")[1]), Source("Sourdough", RECIPE))
    messages = prompts.script_messages(CHANNEL, "Why glass is not a liquid", sources, 1.0)
    given = [{"role": role, "content": said} for role, said in messages]
    answer = str(compose(given, prompts.script_schema(1.0), 1))
    assert not any(word in answer for word in ("yeast", "starter", "Klondike"))
