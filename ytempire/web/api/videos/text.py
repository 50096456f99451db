"""What a video says: its script, one sentence of it changed, and its voice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from pydantic import BaseModel, Field

from ytempire.kit.database import Connection
from ytempire.kit.errors import NotFound
from ytempire.orchestration import edit_sentence_in
from ytempire.production import look_at_script, look_at_voice, select_video
from ytempire.production.model import CardKind, Origin, Script, SpokenSentence, Video
from ytempire.web.bodies import Given, example
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.media_links import link_to
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("videos")

_SENTENCE: dict[str, Any] = {
    "number": 1,
    "sentence": "A squid can glow from head to tail.",
    "edited": False,
    "on_screen": "Glowing head to tail",
    "picture_idea": "squid glowing deep sea",
    "card": "hook",
    "chapter": "",
    "source": "Bioluminescence",
    "quote": "squid can glow along the whole body",
}
_SCRIPT: dict[str, Any] = {
    "title": "Why squid glow",
    "title_candidates": ["Why squid glow", "The light in a squid"],
    "description": "How and why squid make light.",
    "tags": ["squid", "deep sea"],
    "language": "en",
    "origin": "model",
    "sources": [{"title": "Bioluminescence", "url": "https://example.org/glow"}],
    "sentences": [_SENTENCE],
}
_SPOKEN: dict[str, Any] = {
    "number": 1,
    "sentence": "A squid can glow.",
    "duration_s": 1.42,
    "timing": "aligned",
    "origin": "local_voice",
    "words": [{"text": "A", "start_s": 0.06, "end_s": 0.12}],
    "audio": "https://example.org/api/v1/media/0a…/sentence-001.wav?of=…&bytes=62678&until=1795608000&sig=…",
    "audio_ends_at": "2026-11-25T13:00:00Z",
}


class SourceNamed(BaseModel):
    """A source as the description names it."""

    model_config = example(_SCRIPT["sources"][0])
    title: str
    url: str


class SentenceShown(BaseModel):
    """A spoken sentence and what is seen with it."""

    model_config = example(_SENTENCE)
    number: int = Field(description="From 1.")
    sentence: str
    edited: bool = Field(description="Changed by you; what is seen with it is chosen anew when it is made.")
    on_screen: str
    picture_idea: str
    card: CardKind
    chapter: str
    source: str = Field(description="Title of the source it rests on; empty: none.")
    quote: str = Field(description="The source's own words.")


class ScriptShown(BaseModel):
    """A video's text."""

    model_config = example(_SCRIPT)
    title: str
    title_candidates: list[str]
    description: str
    tags: list[str]
    language: str
    origin: Origin
    sources: list[SourceNamed]
    sentences: list[SentenceShown]


class NewSentence(Given):
    """What is said instead."""

    model_config = example({"sentence": "A squid can glow all over."})
    sentence: str = Field(max_length=1000)


class WordShown(BaseModel):
    """A spoken word, its times from the sentence's start."""

    model_config = example(_SPOKEN["words"][0])
    text: str
    start_s: float
    end_s: float


class SpokenShown(BaseModel):
    """A sentence as it is spoken."""

    model_config = example(_SPOKEN)
    number: int
    sentence: str
    duration_s: float
    timing: str = Field(description="How word times were found: `model`, `vendor`, `aligned` or `proportional`.")
    origin: Origin
    words: list[WordShown]
    audio: str | None = Field(description="Signed address of the sound; null: it has been cleared away.")
    audio_ends_at: datetime | None


class VoiceShown(BaseModel):
    """A video's voice."""

    model_config = example({"sentences": [_SPOKEN]})
    sentences: list[SpokenShown]


@router.get("/{video_id}/script")
async def script(video_id: UUID, _who: SignedIn, conn: Transaction, response: Response) -> ScriptShown:
    """The newest script, with the sentences as they were edited since."""
    video = await _video(conn, video_id)
    made = _script(video, await look_at_script(conn, video))
    with_etag(response, made)
    return made


@router.put("/{video_id}/script/sentences/{number}")
async def edit(
    video_id: UUID,
    number: Annotated[int, Path(ge=1, le=1000, description="Of the sentence, from 1.", examples=[1])],
    wanted: NewSentence,
    _who: SignedIn,
    conn: Transaction,
    parts: PartsOf,
    response: Response,
    if_match: IfMatch = None,
) -> ScriptShown:
    """Say another sentence; only what depends on it is made again. If-Match takes the script's ETag."""
    video = await _video(conn, video_id, to_change=True)
    before = await look_at_script(conn, video)
    require_match(if_match, _script(video, before))
    edited = await edit_sentence_in(conn, parts.platform, video, number, wanted.sentence)
    made = _script(edited, await look_at_script(conn, edited))
    with_etag(response, made)
    return made


@router.get("/{video_id}/voice")
async def voice(video_id: UUID, who: SignedIn, conn: Transaction, parts: PartsOf) -> VoiceShown:
    """The spoken sentences with the time of each word."""
    await _video(conn, video_id)
    spoken = await look_at_voice(conn, video_id)
    return VoiceShown(sentences=[_spoken(parts, who.user_id, n, one) for n, one in enumerate(spoken, 1)])


async def _video(conn: Connection, video_id: UUID, *, to_change: bool = False) -> Video:
    video = await select_video(conn, video_id, to_change=to_change)
    if video is None:
        raise NotFound(f"no video {video_id}", field="video", fix="List yours: GET /api/v1/videos.")
    return video


def _script(video: Video, script: Script) -> ScriptShown:
    edited = {index for index, _ in video.order.sentence_edits}
    plain = {name: getattr(script, name) for name in ScriptShown.model_fields if hasattr(script, name)}
    sources = [{"title": source.title, "url": source.url} for source in script.sources]
    sentences = [
        SentenceShown(
            number=index + 1,
            sentence=scene.sentence,
            edited=index in edited,
            on_screen=scene.on_screen,
            picture_idea=scene.picture_idea,
            card=scene.card,
            chapter=scene.chapter,
            source=_title(script, scene.source_index),
            quote=scene.source_quote,
        )
        for index, scene in enumerate(script.scenes)
    ]
    return ScriptShown.model_validate(plain | {"sources": sources, "sentences": sentences})


def _title(script: Script, index: int | None) -> str:
    return script.sources[index].title if index is not None and index < len(script.sources) else ""


def _spoken(parts: Parts, user_id: UUID, number: int, spoken: SpokenSentence) -> SpokenShown:
    speech = spoken.speech
    kept = parts.platform.tools.media.has(speech.media)
    audio, ends_at = link_to(parts, user_id, speech.media, f"sentence-{number:03}.wav") if kept else (None, None)
    return SpokenShown(
        number=number,
        sentence=spoken.sentence,
        duration_s=speech.duration_s,
        timing=speech.timing,
        origin=speech.origin,
        words=[WordShown(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in speech.words],
        audio=audio,
        audio_ends_at=ends_at,
    )
