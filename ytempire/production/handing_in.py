"""Verbs for content that another driver had made: what it is to ask for, and what it hands in instead of our own calls.

Handed in are a model's answer to the script step's question, and recordings of the sentences with the time of each
word. They become part of the order, so the steps take them as they take a creator's own words, and check them as they
check a vendor's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ytempire.kit.errors import BadInput
from ytempire.production import script, voice
from ytempire.production.asking import Question, require_writer
from ytempire.production.model import Order, Recording
from ytempire.production.order import check_signs
from ytempire.production.ports import Alignment, Spoken
from ytempire.production.scripting.reading import read_draft
from ytempire.production.step import Work
from ytempire.production.wav import read_wav

MOST_DRAFT_CHARACTERS = 400_000
NAME_OF_SCHEMA = "script"
_LEAST_S, _MOST_S, _ROOM_S = 0.01, 0.5, 10.0
"""Of a spoken character, far from what any voice does; and what a recording may be longer."""
Change = Callable[[Order], Order]
"""What is handed in, laid over the order as it stands when it is taken: reading sound takes long."""


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


def with_draft(work: Work, answer: object) -> Change:
    """Lays a model's answer over the order, an object or its JSON text. Raises BadInput or DraftRefused."""
    if script.first_question(work) is None:
        raise BadInput("the creator's own words are spoken, no script is taken", field="answer", fix="Go on without.")
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except (ValueError, RecursionError) as error:
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
    for place, text in _texts(answer, "answer"):
        check_signs(text.replace("\r", ""), place)
    return lambda order: replace(order, draft=draft, sentence_edits=())


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Every text in an answer that fits the schema, with its place: what is said, shown and told of the video."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _texts(one, f"{place}.{name}")
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _texts(one, f"{place}.{at}")


async def voice_brief(work: Work) -> VoiceBrief:
    """What the voice step would have spoken by a vendor."""
    ordered = work.video.order.voice
    vendor, _, voice_id = ordered.partition(":")
    speaker = voice.require_voice(work.tools, ordered)
    if not speaker.output_format:
        return VoiceBrief("this machine's own voice speaks", vendor, voice_id, speaker.model)
    handed = {one.text for one in work.video.order.recordings if work.tools.media.has(one.media)}
    wanted = await voice.texts_to_speak(work)
    texts = [text for text in wanted if text not in handed]
    why = "" if texts else "recordings were handed in already" if wanted else "everything was spoken before"
    return VoiceBrief(why, vendor, voice_id, speaker.model, speaker.output_format, tuple(texts))


async def with_recordings(work: Work, handed: Sequence[Handed]) -> Change:
    """Lays recordings over the order. Raises BadInput naming the one whose sound or word times can't be right."""
    work.tools.media.require_space()
    speaker = voice.require_voice(work.tools, work.video.order.voice)
    wanted = await voice.texts_to_speak(work)
    read: dict[str, Spoken] = {}
    for number, one in enumerate(handed, 1):
        if one.text not in wanted:
            raise BadInput(
                f"recording {number} says what this video does not",
                field=f"recordings.{number - 1}.text",
                fix="Hand in the brief's texts as they stand there.",
            )
        if one.text in read:
            raise BadInput(
                f"recording {number} is of a text that was there before",
                field=f"recordings.{number - 1}.text",
                fix="Hand in each text once.",
            )
        spoken = await speaker.read(one.text, one.sound, one.output_format, one.alignment)
        if not spoken.words:
            raise BadInput(
                f"recording {number} comes without a time for each of its words",
                field=f"recordings.{number - 1}.alignment",
                fix="Call the vendor's address with-timestamps and hand in its `alignment` unchanged.",
            )
        _check_length(spoken, number)
        read[one.text] = spoken
    put = work.tools.media.put_bytes
    kept = [Recording(text, put(spoken.wav, ".wav"), spoken.words) for text, spoken in read.items()]

    def laid_over(order: Order) -> Order:
        others = [old for old in order.recordings if old.text not in read]
        return replace(order, recordings=(*others, *kept))

    return laid_over


def _check_length(spoken: Spoken, number: int) -> None:
    """Raise BadInput for times in which nobody can have said it, or a sound that is much longer."""
    letters = sum(len(word.text) for word in spoken.words)
    said_s = spoken.words[-1].end_s - spoken.words[0].start_s
    if said_s < _LEAST_S * letters or sum(word.end_s > word.start_s for word in spoken.words) * 2 < len(spoken.words):
        raise BadInput(
            f"recording {number} would say {letters} characters in {said_s:.2f} s",
            field=f"recordings.{number - 1}.alignment",
            fix="Hand in the `alignment` that came with this sound, unchanged.",
        )
    lasts_s = read_wav(spoken.wav).duration_s
    if lasts_s > _MOST_S * letters + _ROOM_S:
        raise BadInput(
            f"recording {number} lasts {lasts_s:.0f} s for {letters} characters",
            field=f"recordings.{number - 1}.audio_base64",
            fix="Hand in the sound of this text alone.",
        )
