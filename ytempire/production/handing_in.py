"""Verbs for content that another driver had made: what it is to ask for, and what it hands in instead of our own calls.

Handed in are a model's answer to the script step's question, and recordings of the sentences with the time of each
word. They become part of the order, so the steps take them as they take a creator's own words, and check them as they
check a vendor's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ytempire.kit.errors import BadInput
from ytempire.production import script, voice
from ytempire.production.asking import Question, require_writer
from ytempire.production.model import Order, Recording
from ytempire.production.ports import Alignment
from ytempire.production.scripting.reading import read_draft
from ytempire.production.step import Work

MOST_DRAFT_CHARACTERS = 400_000
NAME_OF_SCHEMA = "script"


@dataclass(frozen=True)
class ScriptBrief:
    """What a model is to be asked; `question` None: nothing, for the reason in `why`."""

    why: str
    model: str = ""
    question: Question | None = None


@dataclass(frozen=True)
class VoiceBrief:
    """What a vendor is to speak: texts of one call each; none: nothing, for the reason in `why`."""

    why: str
    vendor: str = ""
    voice_id: str = ""
    model: str = ""
    output_format: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """A recording as it comes: the vendor's sound, and when each character is spoken."""

    text: str
    sound: bytes
    output_format: str
    alignment: Alignment | None


def script_brief(work: Work) -> ScriptBrief:
    """The first question of the script step. Raises NotConfigured without a model."""
    if work.video.order.draft:
        return ScriptBrief("a script was handed in already")
    question = script.first_question(work)
    if question is None:
        return ScriptBrief("the creator's own words are spoken")
    writer = require_writer(work.tools)
    estimate = writer.estimate("cheap", question.messages, question.max_output_tokens, schema=question.schema)
    return ScriptBrief("", estimate.model, question)


def with_draft(work: Work, answer: object) -> Order:
    """The order with a model's answer, an object or its JSON text. Raises BadInput or DraftRefused naming the part."""
    if script.first_question(work) is None:
        raise BadInput("the creator's own words are spoken, no script is taken", field="answer", fix="Go on without.")
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except ValueError as error:
            raise BadInput(
                f"the answer is no JSON: {error}", field="answer", fix="Ask the model for the brief's schema, strictly."
            ) from None
    if not isinstance(answer, Mapping):
        raise BadInput("the answer is no JSON object", field="answer", fix="Hand in what the brief's schema describes.")
    draft = json.dumps(answer, ensure_ascii=False)
    if len(draft) > MOST_DRAFT_CHARACTERS:
        raise BadInput(
            f"the answer has {len(draft):,} characters", field="answer", fix=f"At most {MOST_DRAFT_CHARACTERS:,} fit."
        )
    read_draft(answer)
    return replace(work.video.order, draft=draft, sentence_edits=())


async def voice_brief(work: Work) -> VoiceBrief:
    """What the voice step would have spoken by a vendor."""
    ordered = work.video.order.voice
    vendor, _, voice_id = ordered.partition(":")
    speaker = voice.require_voice(work.tools, ordered)
    if not speaker.output_format:
        return VoiceBrief("this machine's own voice speaks", vendor, voice_id, speaker.model)
    texts = await voice.texts_to_speak(work)
    why = "" if texts else "everything was spoken before"
    return VoiceBrief(why, vendor, voice_id, speaker.model, speaker.output_format, tuple(texts))


async def with_recordings(work: Work, handed: Sequence[Handed]) -> Order:
    """The order with recordings. Raises BadInput naming the one without word times, or without sound."""
    speaker = voice.require_voice(work.tools, work.video.order.voice)
    wanted = await voice.texts_to_speak(work)
    kept: list[Recording] = []
    for number, one in enumerate(handed, 1):
        if one.text not in wanted:
            raise BadInput(
                f"recording {number} says what this video does not",
                field=f"recordings.{number - 1}.text",
                fix="Hand in the brief's texts as they stand there.",
            )
        spoken = await speaker.read(one.text, one.sound, one.output_format, one.alignment)
        if not spoken.words:
            raise BadInput(
                f"recording {number} comes without a time for each of its words",
                field=f"recordings.{number - 1}.alignment",
                fix="Call the vendor's address with-timestamps and hand in its `alignment` unchanged.",
            )
        media = work.tools.media.put_bytes(spoken.wav, ".wav")
        kept.append(Recording(one.text, media, spoken.words))
    others = [old for old in work.video.order.recordings if old.text not in {one.text for one in kept}]
    return replace(work.video.order, recordings=(*others, *kept))
