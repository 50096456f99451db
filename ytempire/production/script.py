"""The script step: sentences with what the viewer sees, from a model's draft, the creator's own words, or an article.

A model's draft is checked without a model: a sentence stays only if its quote stands in the source. The creator's words
are spoken as they are. Edits of single sentences are laid over the result, so they cost nothing and change one scene.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ytempire.channels.model import Source
from ytempire.kit.errors import BadInput, BudgetRefused
from ytempire.kit.ids import content_hash
from ytempire.ledger import Category
from ytempire.production.asking import ASK_AGAIN, AnswerUnusable, Question, ask, require_writer
from ytempire.production.ladder import gives_way, in_words, take_way, way_taken
from ytempire.production.model import (
    Origin,
    Script,
    StepName,
)
from ytempire.production.past import recent_titles
from ytempire.production.scripting import director, listing, prompts, rules
from ytempire.production.scripting.article import read_article
from ytempire.production.scripting.lines import with_lines, words_of
from ytempire.production.scripting.model import ScriptResult, Trace
from ytempire.production.scripting.own_script import WORDS_PER_MINUTE, clean_text, read_own_script
from ytempire.production.scripting.reading import DraftRefused, read_draft
from ytempire.production.scripting.words import shortened, spoken_words
from ytempire.production.scripting.written import written
from ytempire.production.step import Step, Work
from ytempire.production.topic import TopicResult

__all__ = ["STEP", "ScriptResult", "Trace", "inputs", "run"]

_CHEAP, _HANDED_IN = "cheap", "handed in"
MOST_SOURCE_CHARACTERS = 40_000
VERSION = 4
"""Raised when the same inputs should give another script."""


def inputs(work: Work) -> object:
    """What was ordered, what the channel is, and what it is about."""
    order, channel = work.video.order, work.channel
    own: dict[str, object] = {
        "version": VERSION,
        "edits": sorted(order.sentence_edits),
        "language": order.language,
    }
    if order.draft:
        own["draft"] = content_hash(order.draft)
    if order.title:
        own["title"] = order.title
    if channel.intro or channel.outro:
        own["lines"] = [channel.intro, channel.outro]
    if order.script_text:
        return own | {"script": order.script_text}
    decided = work.result(StepName.TOPIC, TopicResult)
    if decided.brief:
        own["brief"] = decided.brief
    return own | {
        "topic": decided.topic,
        "article": [order.article_text, order.article_title],
        "sources": [] if order.article_text else [[source.title, source.text] for source in channel.sources],
        "minutes": order.minutes,
        "format": order.format,
        "channel": [channel.name, channel.niche, channel.audience, channel.tone],
    }


async def run(work: Work) -> ScriptResult:
    """Gather by the route the order names, lay the channel's lines around it, then the sentence edits over it."""
    order, channel = work.video.order, work.channel
    if order.script_text:
        result = await _own(work)
    elif order.article_text:
        result = await _article(work)
    else:
        result = await _modelled(work, "model", *_subject(work))
    result = with_lines(result, channel.intro, channel.outro)
    return _titled(_edited(result, order.sentence_edits), order.title)


async def _own(work: Work) -> ScriptResult:
    spoken = read_own_script(work.video.order.script_text)
    scenes = director.direct([one.sentence for one in spoken], [one.chapter for one in spoken])
    past = await recent_titles(work)
    topic = work.result(StepName.TOPIC, TopicResult).topic
    candidates = listing.titles([topic] if topic else [], scenes)
    title = candidates[0]
    script = Script(
        title=title,
        title_candidates=candidates,
        description=listing.description("", scenes),
        tags=listing.tags((), scenes),
        scenes=scenes,
        thumbnail_texts=listing.thumbnail_texts((), scenes, title),
        language=work.video.order.language,
        origin=Origin.CREATOR,
    )
    words = sum(spoken_words(scene.sentence) for scene in scenes)
    notes = [f"{len(scenes)} sentences, {words} words, spoken as they were written"]
    if title in past:
        notes.append(f"the channel has a video with the title {title!r} already")
    return ScriptResult(script, "own", (), (), tuple(notes))


async def _article(work: Work) -> ScriptResult:
    require_writer(work.tools)
    topic, sources = _subject(work)
    return await _modelled(work, "article", topic, sources)


def _subject(work: Work) -> tuple[str, tuple[Source, ...]]:
    """What the script is about, and what it rests on."""
    order = work.video.order
    if order.article_text:
        article = read_article(order.article_text, order.article_title)
        return article.title, (Source(article.title, article.text),)
    return work.result(StepName.TOPIC, TopicResult).topic, work.channel.sources


def first_question(work: Work) -> Question | None:
    """What the model is asked first; None: nothing, the creator's own words are spoken."""
    if work.video.order.script_text:
        return None
    topic, sources = _subject(work)
    return _question(work, topic, _fitting(sources, []), "")


@dataclass(frozen=True)
class _Asked:
    checked: rules.Checked
    role: str


async def _modelled(work: Work, route: str, topic: str, sources: Sequence[Source]) -> ScriptResult:
    order, writer = work.video.order, require_writer(work.tools)
    notes: list[str] = []
    size = prompts.length_for(_told_minutes(work))
    given = _fitting(sources, notes)
    first = await _draft(work, "cheap", topic, given, "")
    asked = [role for role, _ in first.tried]
    best = first.best
    notes += first.notes
    if best is None or best.checked.ask_again:
        why = "; ".join(best.checked.dropped[:5]) if best and best.checked.dropped else "it was too short or broken."
        second = await _draft(work, "strong" if size.long else "cheap", topic, given, why)
        asked += [role for role, _ in second.tried]
        notes += second.notes
        best = max((one for one in (best, second.best) if one), key=_kept_words, default=None)
    if best is None:
        raise DraftRefused(
            "the model gave no usable script in two tries",
            field="topic",
            fix=ASK_AGAIN,
            remake=StepName.SCRIPT,
        )
    if sum(beat.role == "beat" for beat in best.checked.draft.beats) < rules.LEAST_KEPT_BEATS:
        raise BadInput(
            f"the sources say too little about {topic!r}: {len(best.checked.dropped)} sentences stood in none of them",
            field="article" if route == "article" else "topic",
            fix="Choose a topic the sources carry, add a source to the channel, or give an article.",
            remake=StepName.SCRIPT,
        )
    notes += [f"left out {dropped}" for dropped in best.checked.dropped]
    script, traced, mended = written(best.checked, topic, given, await recent_titles(work), order.language)
    return ScriptResult(replace(script, origin=writer.origin), route, tuple(asked), traced, (*notes, *mended))


@dataclass(frozen=True)
class _Tried:
    best: _Asked | None
    tried: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


async def _draft(work: Work, role: str, topic: str, sources: Sequence[Source], complaint: str) -> _Tried:
    """One draft; the ladder goes from the strong role to the cheap one where the budget runs short."""
    question = _question(work, topic, sources, complaint)
    notes: list[str] = []
    try:
        if work.video.order.draft and not complaint:
            role = _HANDED_IN
            return _read(work, json.loads(work.video.order.draft), role, question.what, topic, sources, notes)
        way = await way_taken(work, StepName.SCRIPT) if role == "strong" else None
        try:
            answer = await ask(work, StepName.SCRIPT, _CHEAP if way else role, question)
        except BudgetRefused as refused:
            if role == "cheap" or way or not gives_way(refused, Category.OPENAI):
                raise
            way = await take_way(work, StepName.SCRIPT, refused, way="the cheap model", instead_of="the strong one")
            answer = await ask(work, StepName.SCRIPT, _CHEAP, question)
        if way:
            role = _CHEAP
            notes.append(f"written by {in_words(way)}")
        return _read(work, answer, role, question.what, topic, sources, notes)
    except (AnswerUnusable, DraftRefused) as error:
        return _Tried(
            None, ((role, question.what),), (*notes, f"the {role} model's answer was refused: {error.message}")
        )


def _question(work: Work, topic: str, sources: Sequence[Source], complaint: str) -> Question:
    minutes, brief = _told_minutes(work), work.result(StepName.TOPIC, TopicResult).brief
    return Question(
        prompts.script_messages(work.channel, topic, sources, minutes, complaint=complaint, brief=brief),
        prompts.script_schema(minutes),
        prompts.most_output_tokens(minutes),
        "script again" if complaint else "script",
    )


def _read(
    work: Work,
    answer: Mapping[str, object],
    role: str,
    what: str,
    topic: str,
    sources: Sequence[Source],
    notes: Sequence[str],
) -> _Tried:
    """An answer, checked. Raises DraftRefused."""
    checked = rules.check(read_draft(answer), sources, topic, prompts.length_for(_told_minutes(work)))
    return _Tried(_Asked(checked, role), ((role, what),), tuple(notes))


def _told_minutes(work: Work) -> float:
    """What the channel's own lines leave of the length."""
    lines = words_of(work.channel.intro, work.channel.outro)
    return work.video.order.minutes - min(lines / WORDS_PER_MINUTE, work.video.order.minutes / 2)


def _kept_words(asked: _Asked) -> int:
    return sum(spoken_words(beat.sentence) for beat in asked.checked.draft.beats)


def _fitting(sources: Sequence[Source], notes: list[str]) -> tuple[Source, ...]:
    """Sources that fit into a prompt, whole or cut at a paragraph."""
    kept: list[Source] = []
    left = MOST_SOURCE_CHARACTERS
    for source in sources:
        if left < 400:
            notes.append(f"source {source.title!r} was left out, the prompt is full")
            continue
        text = source.text
        if len(text) > left:
            text = text[:left].rsplit("\n\n", 1)[0] if "\n\n" in text[:left] else shortened(text, left)
            notes.append(f"only the first {len(text):,} characters of {source.title!r} were read")
        kept.append(replace(source, text=text))
        left -= len(text)
    if not kept:
        raise BadInput(
            "the channel has no sources to take facts from",
            field="topic",
            fix="Add a text or a feed to the channel, or order with an `article` or your own `script`.",
        )
    return tuple(kept)


def _titled(result: ScriptResult, title: str) -> ScriptResult:
    """The creator's title instead of the script's, which stays a candidate."""
    if not title:
        return result
    candidates = (title, *(other for other in result.script.title_candidates if other != title))
    return replace(result, script=replace(result.script, title=title, title_candidates=candidates))


def _edited(result: ScriptResult, edits: Sequence[tuple[int, str]]) -> ScriptResult:
    """The edits laid over the scenes; only an edited sentence's card is chosen anew, and its trace goes."""
    if not edits:
        return result
    scenes = list(result.script.scenes)
    traced = list(result.traced)
    for index, sentence in edits:
        if not 0 <= index < len(scenes):
            raise BadInput(
                f"there is no sentence {index + 1}", field="sentence", fix=f"This script has {len(scenes)} sentences."
            )
        text = " ".join(clean_text(sentence, "sentence").split())
        scenes[index] = director.redirect(scenes[index], text)
        traced = [trace if trace.scene_index != index else Trace(index, "your edit", text) for trace in traced]
    notes = tuple(f"sentence {index + 1} was edited" for index, _ in edits)
    return replace(
        result,
        script=replace(result.script, scenes=tuple(scenes)),
        traced=tuple(traced),
        notes=(*result.notes, *notes),
    )


def _tells(result: ScriptResult) -> dict[str, str]:
    return {"title": result.script.title}


STEP = Step(StepName.SCRIPT, ScriptResult, inputs, run, tells=_tells)
