"""The topic and script steps on a real database and ledger, their model the sandbox's: what is paid, kept, refused."""

import json
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from typing import Any, cast

import pytest

from tests.contracts.running_sandbox import RunningSandbox
from ytempire.accounts.local_user import LOCAL_USER_ID, ensure_local_user
from ytempire.channels import add_series, create_channel, find_channel
from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Channel, NewTopic
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, BudgetRefused, NotConfigured
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production import insert_video, script, script_brief, topic, with_draft
from ytempire.production.model import CardKind, Order, Origin, StepName, Video, VideoState
from ytempire.production.script import ScriptResult
from ytempire.production.scripting import prompts
from ytempire.production.scripting.reading import DraftRefused
from ytempire.production.step import Tools, Work
from ytempire.production.topic import TopicResult
from ytempire.providers.minilm import MiniLm
from ytempire.providers.openai import OpenAiWriter

CLOCK = SystemClock()
EMBEDDER = MiniLm()
OWN = (
    "# Tides\nThe Moon pulls the sea twice a day. Some tides rise 16 metres.\n\n"
    "That is a house of five floors. Watch the next one."
)
ARTICLE = """# The bridge that sings

The bridge over the Golden Gate began to sing in 2020. Engineers had fitted slimmer railings, so that storms
would do less harm. Wind now whistles through 12,000 slats. People heard the hum as far as 5 kilometres away.
Some called it a giant flute. The engineers fixed it with U-shaped clips on the railings. Each clip holds a
strip of rubber that stops the slats from trembling. The bridge is still stronger in a storm than it was before."""


async def nothing(_share: float) -> None:
    return


@pytest.fixture
async def tools(database: Database, sandbox: RunningSandbox) -> AsyncIterator[Tools]:
    await ensure_local_user(database, CLOCK)
    writer = OpenAiWriter(
        key="sk-sandbox",
        base_url=f"{sandbox.url}/openai/v1",
        models={"cheap": "gpt-6-luna", "strong": "gpt-6.1-terra"},
        stand_in=True,
    )
    mine: dict[str, Any] = {
        "database": database,
        "clock": CLOCK,
        "ledger": Ledger(database, CLOCK, load_prices(), Policy()),
        "writer": writer,
        "embedder": EMBEDDER,
    }
    others = {field.name: cast("Any", None) for field in fields(Tools) if field.name not in mine}
    yield Tools(**mine, **others)
    await writer.close()


async def channel_of(tools: Tools, **changes: Any) -> Channel:
    demo = demo_channels(LOCAL_USER_ID)[0]
    few = (demo.sources[0], demo.sources[1], demo.sources[4])  # fewer paragraphs to embed
    wanted = replace(demo, handle=f"c-{str(new_id())[-12:]}", sources=few, **changes)
    await create_channel(tools.database, tools.clock, wanted, consents=True)
    return await find_channel(tools.database, LOCAL_USER_ID, wanted.handle)


async def work_on(tools: Tools, channel: Channel, order: Order) -> Work:
    video = Video(new_id(), LOCAL_USER_ID, channel.id, VideoState.PRODUCING, order, order.topic, "", True, CLOCK.now())
    async with tools.database.transaction(LOCAL_USER_ID) as conn:
        await insert_video(conn, video, CLOCK.now())
    return Work(video, channel, {}, tools, 1, nothing)


async def scripted(work: Work) -> ScriptResult:
    decided = await topic.run(work)
    return await script.run(replace(work, results={StepName.TOPIC: decided}))


async def test_a_topic_of_the_backlog_becomes_a_traced_script_paid_once(tools: Tools, sandbox: RunningSandbox) -> None:
    channel = await channel_of(tools)
    work = await work_on(tools, channel, Order(minutes=0.85))
    with sandbox.paying("openai", 1):
        made = await scripted(work)
        again = await scripted(work)
    assert made == again
    assert (made.route, made.roles) == ("model", ("cheap",))
    assert made.script.origin is Origin.STAND_IN
    assert made.script.sources
    text = {source.title: source.text for source in channel.sources}
    for trace in made.traced:
        if trace.quote:
            assert trace.quote in text[trace.source_title]
    assert sum(bool(trace.quote) for trace in made.traced) >= len(made.script.scenes) - 3
    assert script.STEP.load(script.STEP.dump(made)) == made


async def test_the_bill_in_the_ledger_is_the_vendor_s(tools: Tools, sandbox: RunningSandbox) -> None:
    work = await work_on(tools, await channel_of(tools), Order(minutes=0.3))
    before = sandbox.get("/_books")["vendors"]["openai"]["cost_microusd"]
    await scripted(work)
    receipt = await tools.ledger.receipt(LOCAL_USER_ID, work.video.id)
    assert receipt.overrun_microusd == 0
    assert 0 < receipt.actual_microusd <= receipt.estimate_microusd
    billed = sandbox.get("/_books")["vendors"]["openai"]["cost_microusd"] - before
    assert billed > 0


async def test_two_videos_get_two_topics_and_a_too_similar_one_is_skipped(tools: Tools) -> None:
    first, third = "Why it snows at the bottom of the sea", "How dark the deep sea really is"
    channel = await channel_of(tools, topics=(first, "Why does it snow at the sea's bottom", third))
    one = await topic.run(await work_on(tools, channel, Order()))
    channel = await find_channel(tools.database, LOCAL_USER_ID, channel.handle)
    earlier = await work_on(tools, channel, Order(topic=first))
    assert earlier.video.title == first
    two = await topic.run(await work_on(tools, channel, Order()))
    assert (one.topic, two.topic) == (first, third)
    assert "skipped" in two.notes[0]
    assert two.nearest
    assert two.source_titles


async def test_a_topic_of_the_backlog_that_no_source_carries_is_passed_over(tools: Tools) -> None:
    told = "How dark the deep sea really is"
    channel = await channel_of(tools, topics=("How to file a tax return in Ohio", told))
    decided = await topic.run(await work_on(tools, channel, Order()))
    assert decided.topic == told
    assert decided.notes == ("skipped 'How to file a tax return in Ohio': no source says anything about it",)
    empty = replace(channel, sources=())
    with pytest.raises(BadInput, match="no sources to take facts from"):
        await topic.run(await work_on(tools, empty, Order()))


async def test_what_was_noted_of_a_topic_reaches_the_script_as_a_wish(tools: Tools) -> None:
    channel = await channel_of(tools, topics=())
    noted = NewTopic("How dark the deep sea really is", "Speak <slowly>.")
    await add_series(tools.database, tools.clock, channel, "Light", [noted])
    work = await work_on(tools, await find_channel(tools.database, LOCAL_USER_ID, channel.handle), Order(minutes=0.3))
    decided = await topic.run(work)
    assert decided.brief == "Part 1 of the series “Light”.\nSpeak <slowly>."
    told = replace(work, results={StepName.TOPIC: decided})
    untold = replace(work, results={StepName.TOPIC: replace(decided, brief="")})
    assert script.inputs(told) != script.inputs(untold)
    asked = prompts.script_messages(channel, decided.topic, channel.sources, 0.3, brief=decided.brief)[1][1]
    assert "Speak &lt;slowly&gt;." in asked
    assert (await script.run(told)).script.scenes


async def test_an_empty_backlog_is_filled_by_a_proposal(tools: Tools, sandbox: RunningSandbox) -> None:
    channel = await channel_of(tools, topics=())
    work = await work_on(tools, channel, Order())
    with sandbox.paying("openai", 1):
        proposed = await topic.run(work)
        assert await topic.run(work) == proposed
    assert proposed.decided_by == "model"
    assert proposed.topic


async def test_what_the_channel_had_is_refused_unless_it_is_wanted(tools: Tools, sandbox: RunningSandbox) -> None:
    channel = await channel_of(tools)
    await work_on(tools, channel, Order(topic="How the anglerfish catches its dinner"))
    order = Order(topic="How does the anglerfish catch its dinner?")
    with sandbox.paying("openai", 0), pytest.raises(BadInput, match="even_if_similar"):
        await topic.run(await work_on(tools, channel, order))
    anyway = await topic.run(await work_on(tools, channel, replace(order, even_if_similar=True)))
    assert anyway.sameness > 0.78
    assert anyway.decided_by == "order"


async def test_a_topic_no_source_speaks_of_is_refused_before_money_is_spent(
    tools: Tools, sandbox: RunningSandbox
) -> None:
    work = await work_on(tools, await channel_of(tools), Order(topic="The best pizza recipe"))
    with sandbox.paying("openai", 0), pytest.raises(BadInput, match="no source"):
        await topic.run(work)


async def test_the_creator_s_words_need_no_model(tools: Tools, sandbox: RunningSandbox) -> None:
    channel = await channel_of(tools)
    work = await work_on(replace(tools, writer=None), channel, Order(script_text=OWN))
    with sandbox.paying("openai", 0):
        made = await scripted(work)
    assert [scene.sentence for scene in made.script.scenes] == [
        "The Moon pulls the sea twice a day.",
        "Some tides rise 16 metres.",
        "That is a house of five floors.",
        "Watch the next one.",
    ]
    assert made.script.origin is Origin.CREATOR
    assert made.script.scenes[1].card is CardKind.NUMBER
    assert made.script.title == "Tides"


async def test_the_creator_s_title_stands_before_the_model_s(tools: Tools, sandbox: RunningSandbox) -> None:
    work = await work_on(tools, await channel_of(tools), Order(minutes=0.3))
    theirs = await scripted(work)
    video = replace(work.video, order=replace(work.video.order, title="🐙 Three hearts"))
    with sandbox.paying("openai", 0):
        made = await scripted(replace(work, video=video))
    assert script.STEP.tells(made) == {"title": "🐙 Three hearts"}
    assert made.script.title_candidates[1:] == theirs.script.title_candidates
    assert made.script.scenes == theirs.script.scenes


async def test_an_edit_costs_nothing_and_changes_one_scene(tools: Tools, sandbox: RunningSandbox) -> None:
    work = await work_on(tools, await channel_of(tools), Order(minutes=0.4))
    before = await scripted(work)
    video = replace(work.video, order=replace(work.video.order, sentence_edits=((2, "It weighs 7 tons."),)))
    with sandbox.paying("openai", 0):
        after = await scripted(replace(work, video=video))
    changed = [
        at for at, pair in enumerate(zip(before.script.scenes, after.script.scenes, strict=True)) if pair[0] != pair[1]
    ]
    assert changed == [2]
    assert after.script.scenes[2].card is CardKind.NUMBER
    assert after.script.title == before.script.title
    far = replace(video, order=replace(video.order, sentence_edits=((99, "No."),)))
    with pytest.raises(BadInput, match="no sentence 100"):
        await scripted(replace(work, video=far))


async def test_every_sentence_of_an_unseen_article_is_traced_to_it(tools: Tools) -> None:
    work = await work_on(tools, await channel_of(tools), Order(article_text=ARTICLE, minutes=0.5))
    made = await scripted(work)
    assert made.route == "article"
    assert [note.title for note in made.script.sources] == ["The bridge that sings"]
    body = " ".join(ARTICLE.split())
    told = [trace for trace in made.traced if trace.quote]
    assert len(told) >= 5
    assert all(trace.quote in body for trace in told)
    assert len(made.traced) == len(made.script.scenes)


async def test_without_a_model_an_article_says_what_to_do(tools: Tools) -> None:
    work = await work_on(replace(tools, writer=None), await channel_of(tools), Order(article_text=ARTICLE))
    with pytest.raises(NotConfigured, match="--script"):
        await scripted(work)


async def test_a_long_script_that_came_out_short_goes_to_the_strong_model(
    tools: Tools, sandbox: RunningSandbox
) -> None:
    thin = (
        "Sand is grains of stone. Sand sings on some dunes. Wind sorts the sand by size. Rivers carry sand to the sea. "
        "Glass is molten sand. Wet sand holds a castle. Dry sand runs in hourglasses. Storms fill beaches with sand."
    )
    work = await work_on(tools, await channel_of(tools), Order(article_text=thin, article_title="Sand", minutes=3.0))
    decided = await topic.run(work)
    with sandbox.paying("openai", 2):
        made = await script.run(replace(work, results={StepName.TOPIC: decided}))
    assert made.roles == ("cheap", "strong")


async def test_a_budget_that_is_spent_stops_before_the_call(tools: Tools, sandbox: RunningSandbox) -> None:
    poor = replace(tools, ledger=Ledger(tools.database, CLOCK, load_prices(), Policy(video_cap=1, margin=0)))
    work = await work_on(poor, await channel_of(tools), Order())
    with sandbox.paying("openai", 0), pytest.raises(BudgetRefused):
        await scripted(work)


def test_a_topic_survives_its_record() -> None:
    result = TopicResult("T", ("S",), 0.1, "N", "order", ("n",))
    assert topic.STEP.load(topic.STEP.dump(result)) == result


async def test_an_answer_that_another_driver_hands_in_is_the_script_and_no_model_is_asked(
    tools: Tools, sandbox: RunningSandbox
) -> None:
    channel = await channel_of(tools)
    work = await work_on(tools, channel, Order(minutes=0.85))
    decided = await topic.run(work)
    work = replace(work, results={StepName.TOPIC: decided})
    brief = script_brief(work)
    assert brief.question
    assert brief.model == "gpt-6-luna"
    assert tools.writer
    written = await tools.writer.write(
        "cheap",
        brief.question.messages,
        schema=brief.question.schema,
        max_output_tokens=brief.question.max_output_tokens,
        once=f"{work.video.id}:by-hand",
    )
    order = with_draft(work, json.dumps(written.answer))(work.video.order)
    handed = replace(work, video=replace(work.video, order=order))
    assert script.inputs(handed) != script.inputs(work)
    with sandbox.paying("openai", 0):
        made = await script.run(handed)
    asked = await script.run(work)
    assert made.script == asked.script
    assert made.roles == ("handed in",)
    assert script_brief(handed).why == "a script was handed in already"
    assert order.again(StepName.SCRIPT).draft == ""

    broken = {**written.answer, "beats": []}
    for answer, error, said in (
        (broken, DraftRefused, "beats"),
        ("no json", BadInput, "no JSON"),
        ([1], BadInput, "no JSON object"),
    ):
        with pytest.raises(error, match=said):
            with_draft(work, answer)
    own = await work_on(tools, channel, Order(script_text=OWN))
    own = replace(own, results={StepName.TOPIC: decided})
    assert script_brief(own).question is None
    with pytest.raises(BadInput, match="own words"):
        with_draft(own, written.answer)
