"""The topic step: what the video is about, and whether the channel had it already. Decided before money is spent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ytempire.channels import brief_of, take_topic
from ytempire.kit.errors import BadInput
from ytempire.production.asking import Question, ask
from ytempire.production.model import StepName
from ytempire.production.past import recent_titles
from ytempire.production.scripting import prompts
from ytempire.production.scripting.article import read_article
from ytempire.production.scripting.own_script import clean_text, read_own_script
from ytempire.production.scripting.sameness import (
    Nearest,
    Remembering,
    carrying,
    is_too_same,
    nearest,
    paragraphs,
    says_nothing,
)
from ytempire.production.scripting.words import shortened
from ytempire.production.step import Step, Work

TITLE_CHARACTERS = 90


@dataclass(frozen=True)
class TopicResult:
    """What the video is about, and how that was decided."""

    topic: str
    source_titles: tuple[str, ...]
    """The channel's sources that carry it, best first (the article's title for an article)."""
    sameness: float
    """Similarity (0–1) to the nearest of the channel's earlier videos."""
    nearest: str
    """That video's title; empty if the channel has none."""
    decided_by: str
    """`order`, `script`, `article`, `backlog` or `model`."""
    notes: tuple[str, ...] = ()
    brief: str = ""
    """What the creator noted of it for the script: the series and its part, notes."""


def inputs(work: Work) -> object:
    """What was ordered. A topic once taken from the backlog or proposed stays the video's."""
    order = work.video.order
    return {
        "topic": order.topic,
        "script": order.script_text,
        "article": [order.article_text, order.article_title],
        "even_if_similar": order.even_if_similar,
        "channel": str(work.channel.id),
    }


async def run(work: Work) -> TopicResult:
    """Take what was ordered, else the backlog's next, else what the model proposes."""
    order, channel = work.video.order, work.channel
    past = await recent_titles(work)
    embedder = Remembering(work.tools.embedder)
    work = replace(work, tools=replace(work.tools, embedder=embedder))
    compared = list(past)
    if not order.script_text and not order.article_text:
        compared += [*channel.topics, *(text for _, text in paragraphs(channel.sources))]
    # Half a second of CPU for a channel with a long past, so away from the loop that keeps the worker's pulse.
    await asyncio.to_thread(embedder.embed, compared)
    if order.script_text:
        return _given(work, _script_topic(work), "script", past)
    if order.article_text:
        return _given(work, read_article(order.article_text, order.article_title).title, "article", past)
    if order.topic:
        topic = " ".join(clean_text(order.topic, "topic").split())
        _carried(work, topic)
        return _given(work, topic, "order", past)
    return await _from_backlog(work, past) or await _proposed(work, past)


def _script_topic(work: Work) -> str:
    """The first heading, else the first sentence."""
    spoken = read_own_script(work.video.order.script_text)
    return shortened(spoken[0].chapter or spoken[0].sentence, TITLE_CHARACTERS).rstrip(".")


def _given(work: Work, topic: str, decided_by: str, past: Sequence[str]) -> TopicResult:
    found = nearest(work.tools.embedder, topic, past)
    if is_too_same(found) and not work.video.order.even_if_similar:
        raise BadInput(
            f"the channel has had this: {found.title!r} ({found.similarity:.0%} alike)",
            field="topic" if decided_by == "order" else decided_by,
            fix="Choose another subject, or order it once more with `even_if_similar` (--even-if-similar).",
        )
    titles: tuple[str, ...] = (topic,) if decided_by == "article" else ()
    if decided_by == "order":
        titles = carrying(work.tools.embedder, topic, work.channel.sources)
    return _result(topic, titles, found, decided_by)


async def _from_backlog(work: Work, past: Sequence[str]) -> TopicResult | None:
    tools, channel = work.tools, work.channel
    if channel.topics:
        _has_sources(work)
    skipped = {}
    for line in channel.topics:
        found = nearest(tools.embedder, line, past)
        if is_too_same(found):
            skipped[line] = f"{found.similarity:.0%} like {found.title!r}"
        elif says_nothing(tools.embedder, line, channel.sources):
            skipped[line] = "no source says anything about it"
    topic = await take_topic(tools.database, tools.clock, channel, work.video.id, skip=tuple(skipped))
    if topic is None:
        return None
    notes = tuple(f"skipped {line!r}: {why}" for line, why in skipped.items())
    titles = carrying(tools.embedder, topic, channel.sources)
    made = _result(topic, titles, nearest(tools.embedder, topic, past), "backlog", notes)
    return replace(made, brief=await brief_of(tools.database, channel, work.video.id))


async def _proposed(work: Work, past: Sequence[str]) -> TopicResult:
    channel, embedder = work.channel, work.tools.embedder
    if not channel.sources:
        raise BadInput(
            f"the backlog of {channel.handle!r} is empty and it has no sources to propose a topic from",
            field="topic",
            fix="Add a text or a feed to the channel, or order a video with your own `script` or `article`.",
        )
    question = Question(prompts.topic_messages(channel, past), prompts.topic_schema(), 600, "topic proposals")
    answer = await ask(work, StepName.TOPIC, "cheap", question)
    lines = [" ".join(str(entry.get("topic", "")).split()).rstrip(".") for entry in answer.get("topics", [])]
    offered = [
        (line, nearest(embedder, line, past))
        for line in lines
        if line and not says_nothing(embedder, line, channel.sources)
    ]
    fresh = [(line, found) for line, found in offered if not is_too_same(found)]
    if not fresh:
        raise BadInput(
            f"the backlog of {channel.handle!r} is empty and its sources offer nothing it has not had",
            field="topic",
            fix="Add a source or a topic to the channel, or name a topic yourself.",
            remake=StepName.TOPIC,
        )
    line, found = fresh[0]
    notes = tuple(
        f"passed over {other!r}: {near.similarity:.0%} like {near.title!r}"
        for other, near in offered
        if is_too_same(near)
    )
    return _result(shortened(line, TITLE_CHARACTERS), carrying(embedder, line, channel.sources), found, "model", notes)


def _carried(work: Work, topic: str) -> None:
    """Facts come only from sources, so a topic that none speaks of can't be told."""
    _has_sources(work)
    if says_nothing(work.tools.embedder, topic, work.channel.sources):
        raise BadInput(
            f"no source of {work.channel.handle!r} says anything about {topic!r}",
            field="topic",
            fix="Choose a topic of the channel, add a source about it, or order with an `article` (--article).",
        )


def _has_sources(work: Work) -> None:
    if not work.channel.sources:
        raise BadInput(
            f"the channel {work.channel.handle!r} has no sources to take facts from",
            field="topic",
            fix="Add a text or a feed to the channel, or order with an `article` or your own `script`.",
        )


def _result(
    topic: str, titles: tuple[str, ...], found: Nearest, decided_by: str, notes: tuple[str, ...] = ()
) -> TopicResult:
    return TopicResult(topic, titles, round(found.similarity, 3), found.title, decided_by, notes)


def _tells(result: TopicResult) -> dict[str, str]:
    return {"topic": result.topic}


STEP = Step(StepName.TOPIC, TopicResult, inputs, run, tells=_tells)
