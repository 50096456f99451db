"""What another driver has made of a video's content: it asks what is needed, and hands in the result."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from ytempire.kit.errors import BadInput
from ytempire.orchestration import brief_for_script, brief_for_voice, hand_in_script, hand_in_voice
from ytempire.production import Handed
from ytempire.production.ports import Alignment
from ytempire.web.bodies import Given, example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Leading
from ytempire.web.routing import resource, takes_body

router = resource("videos")

_MESSAGE: dict[str, Any] = {"role": "system", "content": "You write scripts for short, honest, lively videos."}
_SCHEMA: dict[str, Any] = {"type": "object", "properties": {"hook": {"type": "object"}}}
_BRIEF: dict[str, Any] = {
    "needed": True,
    "why": "",
    "model": "gpt-6-luna",
    "messages": [_MESSAGE],
    "instructions": _MESSAGE["content"],
    "input": "<source>…</source> Write the script.",
    "json_schema": _SCHEMA,
    "schema_name": "script",
    "max_output_tokens": 4000,
}
_PART: dict[str, Any] = {"number": 1, "text": "A squid can glow. It glows from head to tail.", "characters": 45}
_VOICE_BRIEF: dict[str, Any] = {
    "needed": True,
    "why": "",
    "vendor": "elevenlabs",
    "voice_id": "JBFqnCBsd6RMkjVDRZzb",
    "model_id": "eleven_v4_turbo",
    "output_format": "pcm_24000",
    "parts": [_PART],
}
_ALIGNMENT: dict[str, Any] = {
    "characters": ["H", "i"],
    "character_start_times_seconds": [0.0, 0.08],
    "character_end_times_seconds": [0.08, 0.2],
}
_RECORDING: dict[str, Any] = {"text": "Hi", "audio_base64": "AAAA", "alignment": _ALIGNMENT}
_CALL = (
    "The call that it came by, as the relay's header `Ytempire-Call` names it: that very one has to be in the books."
)
_MOST_CHARACTERS = 100_000
_MOST_VALUES = 200_000
"""Three for each character of an hour of speech."""
_MOST_SOUND = 48_000_000
"""Bytes of ten minutes of speech (`pcm_24000`) in base64, with the times of their characters."""


class Message(BaseModel):
    """One message to the model."""

    model_config = example(_MESSAGE)
    role: str
    content: str


class ScriptBriefShown(BaseModel):
    """What the model is to be asked for this video's script."""

    model_config = example(_BRIEF)
    needed: bool
    why: str = Field(description="Why nothing is needed.")
    model: str
    messages: list[Message]
    instructions: str = Field(description="The messages of the system, as the responses API takes them.")
    input: str = Field(description="The other messages, joined.")
    json_schema: dict[str, JsonValue] = Field(description="Of the answer, to be kept strictly.")
    schema_name: str
    max_output_tokens: int


class ScriptHanded(Given):
    """What the model answered."""

    model_config = example({"answer": {"hook": {"sentence": "Can a squid glow?"}}})
    answer: JsonValue = Field(description="An object of the brief's schema, or its JSON text.")
    call: UUID | None = Field(None, description=_CALL)


class Taken(BaseModel):
    """What was handed in is part of the video; the step that uses it can be asked for."""

    model_config = example({"accepted": True, "next_step": "script"})
    accepted: bool
    next_step: str


class PartShown(BaseModel):
    """One text for one call."""

    model_config = example(_PART)
    number: int
    text: str
    characters: int


class VoiceBriefShown(BaseModel):
    """What a vendor is to speak for this video."""

    model_config = example(_VOICE_BRIEF)
    needed: bool
    why: str = Field(description="Why nothing is needed.")
    vendor: str
    voice_id: str
    model_id: str
    output_format: str
    parts: list[PartShown]


class AlignmentGiven(BaseModel):
    """When each character is spoken, as the vendor says it."""

    model_config = example(_ALIGNMENT)
    characters: list[str] = Field(max_length=_MOST_CHARACTERS)
    character_start_times_seconds: list[float] = Field(max_length=_MOST_CHARACTERS)
    character_end_times_seconds: list[float] = Field(max_length=_MOST_CHARACTERS)


class RecordingGiven(BaseModel):
    """A part of the brief as it was spoken."""

    model_config = example(_RECORDING)
    text: str = Field(max_length=_MOST_CHARACTERS)
    audio_base64: str = Field(description="The vendor's sound.")
    alignment: AlignmentGiven | None = Field(None, description="Without it the recording is refused.")
    output_format: str = Field("", max_length=40, description="Empty: the brief's.")
    call: UUID | None = Field(None, description=_CALL)


class VoiceHanded(Given):
    """Recordings of parts of the brief; what is missing is spoken when the step is made."""

    model_config = example({"recordings": [_RECORDING]})
    recordings: list[RecordingGiven] = Field(min_length=1, max_length=200)


@router.get("/{video_id}/script/brief")
async def script_brief(video_id: UUID, who: Leading, parts: PartsOf) -> ScriptBriefShown:
    """What the model is to be asked for the script; its topic has to be decided."""
    brief = await brief_for_script(parts.platform, who.user_id, video_id)
    asked = brief.question
    messages = asked.messages if asked else ()
    shown: dict[str, Any] = {
        "needed": asked is not None,
        "why": brief.why,
        "model": brief.model,
        "messages": [{"role": role, "content": text} for role, text in messages],
        "instructions": "\n\n".join(text for role, text in messages if role == "system"),
        "input": "\n\n".join(text for role, text in messages if role != "system"),
        "json_schema": asked.schema if asked else {},
        "schema_name": "script",
        "max_output_tokens": asked.max_output_tokens if asked else 0,
    }
    return ScriptBriefShown.model_validate(shown)


@router.put("/{video_id}/script")
async def hand_in_answer(video_id: UUID, handed: ScriptHanded, who: Leading, parts: PartsOf) -> Taken:
    """Hand in the model's answer; it has to be in the books, by the relay or booked by yourself.

    It is checked as our own model's answers are: a sentence stays only if its quote stands in a source.
    """
    await hand_in_script(parts.platform, who.user_id, video_id, handed.answer, handed.call)
    return Taken(accepted=True, next_step="script")


@router.get("/{video_id}/voice/brief")
async def voice_brief(video_id: UUID, who: Leading, parts: PartsOf) -> VoiceBriefShown:
    """What the vendor is to speak; the script has to be there."""
    brief = await brief_for_voice(parts.platform, who.user_id, video_id)
    texts = [PartShown(number=n, text=text, characters=len(text)) for n, text in enumerate(brief.texts, 1)]
    return VoiceBriefShown(
        needed=bool(texts),
        why=brief.why,
        vendor=brief.vendor,
        voice_id=brief.voice_id,
        model_id=brief.model,
        output_format=brief.output_format,
        parts=texts,
    )


@router.put("/{video_id}/voice")
@takes_body(_MOST_SOUND, most_values=_MOST_VALUES)
async def hand_in_recordings(video_id: UUID, handed: VoiceHanded, who: Leading, parts: PartsOf) -> Taken:
    """Hand in what the vendor spoke, with the time of each word; it has to be in the books."""
    read = [_read(n, one) for n, one in enumerate(handed.recordings)]
    await hand_in_voice(parts.platform, who.user_id, video_id, read, [one.call for one in handed.recordings])
    return Taken(accepted=True, next_step="voice")


def _read(number: int, given: RecordingGiven) -> Handed:
    try:
        sound = base64.b64decode(given.audio_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(
            f"recording {number + 1} holds no base64",
            field=f"recordings.{number}.audio_base64",
            fix="Hand in the vendor's `audio_base64` unchanged.",
        ) from error
    times = None
    if given.alignment:
        times = Alignment(**{name: tuple(value) for name, value in given.alignment.model_dump().items()})
    return Handed(given.text, sound, given.output_format, times)
