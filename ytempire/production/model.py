"""The nouns of production: an order, a video, its script, its speech, its finished files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ytempire.kit.media_store import MediaRef


class VideoState(StrEnum):
    """Where a video stands in its life."""

    PLANNED = "planned"
    PRODUCING = "producing"
    READY = "ready"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    FAILED = "failed"


class StepName(StrEnum):
    """The steps in order; each is a row and a verb."""

    TOPIC = "topic"
    SCRIPT = "script"
    VOICE = "voice"
    VISUALS = "visuals"
    CAPTIONS = "captions"
    RENDER = "render"
    THUMBNAIL = "thumbnail"
    QUALITY = "quality"
    REVIEW = "review"
    PUBLISH = "publish"


class Format(StrEnum):
    """Aspect ratio."""

    VERTICAL = "9:16"
    WIDE = "16:9"

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return (1080, 1920) if self is Format.VERTICAL else (1920, 1080)


class Origin(StrEnum):
    """Where a part came from: decides disclosure, and whether it may be published for real."""

    CREATOR = "creator"
    DRAWN = "drawn"
    """Motion graphics from our own shapes, licensed icons and illustrations."""
    STOCK = "stock"
    MODEL = "model"
    LOCAL_VOICE = "local_voice"
    VENDOR_VOICE = "vendor_voice"
    STAND_IN = "stand_in"


@dataclass(frozen=True)
class Order:
    """What the creator asked for: a topic, or their own script or article (at most one), and how it should look."""

    topic: str = ""
    title: str = ""
    """The creator's own title; empty: the best of the script's candidates."""
    script_text: str = ""
    article_text: str = ""
    article_title: str = ""
    format: Format = Format.VERTICAL
    minutes: float = 0.75
    voice: str = "local:heart"
    palette: str = "midnight"
    look: str = "bold"
    music_mood: str = "calm"
    language: str = "en"
    own_media: tuple[OwnMedia, ...] = ()
    sentence_edits: tuple[tuple[int, str], ...] = ()
    """(scene index, new sentence), applied over the script's result."""
    even_if_similar: bool = False
    """Make it although the channel had something like it."""
    publish_at: datetime | None = None
    """When a public channel's video is to appear; None: as soon as it is there."""
    in_playlist: bool = True
    """Whether it goes into the channel's playlist, if that has one; the plan leaves it out where the quota is short."""
    draft: str = ""
    """A model's answer that another driver handed in, as JSON text; empty: our own step asks."""
    recordings: tuple[Recording, ...] = ()
    """What another driver had spoken; what is not among them our own step has spoken."""
    approval: Approval | None = None
    """A person's yes that another driver waits for; None: none is wanted, or it was given."""
    remade: tuple[StepName, ...] = ()
    """Steps whose result a person had made anew, once for each time."""

    def take(self, step: StepName) -> int:
        """Which making of the step this is: 0 is the first. Results and paid calls of another take are not used."""
        return self.remade.count(step)

    def again(self, step: StepName) -> Order:
        """With another take of this step, made here. Edits are of the sentences of a script: another has others."""
        anew = replace(self, remade=(*self.remade, step))
        if step is StepName.SCRIPT:
            return replace(anew, sentence_edits=(), draft="", recordings=())
        return replace(anew, recordings=()) if step is StepName.VOICE else anew


@dataclass(frozen=True)
class Approval:
    """A person was asked elsewhere whether the video may go on. Without a yes it isn't published by itself."""

    asked_of: str
    """Who, or where, in the driver's words."""
    until: datetime
    """So long the driver's silence is the person's; then the video waits in its creator's inbox."""


@dataclass(frozen=True)
class Recording:
    """Sentences spoken in one recording, and when each word is: times in seconds from its start."""

    text: str
    media: MediaRef
    words: tuple[Word, ...]


@dataclass(frozen=True)
class OwnMedia:
    """A picture or clip of the creator's, already probed and stored, with the words that say what it shows."""

    media: MediaRef
    kind: str
    """`image` or `clip`."""
    words: str
    width_px: int
    height_px: int
    duration_s: float = 0.0
    licence: str = ""
    """Under which it is shown; the description names it."""


@dataclass(frozen=True)
class Video:
    """A video's row."""

    id: UUID
    user_id: UUID
    channel_id: UUID
    state: VideoState
    order: Order
    title: str
    reason: str
    """Why it is cancelled or failed, in plain words; empty otherwise."""
    rehearsal: bool
    created_at: datetime


class CardKind(StrEnum):
    """What a scene shows (LOOKS: cards)."""

    HOOK = "hook"
    STATEMENT = "statement"
    NUMBER = "number"
    BARS = "bars"
    COMPARE = "compare"
    LIST = "list"
    TIMELINE = "timeline"
    QUOTE = "quote"
    QUESTION = "question"
    DEFINITION = "definition"
    PICTURE = "picture"
    END = "end"


@dataclass(frozen=True)
class Datum:
    """A labelled value for counters, bars, comparisons, lists, timelines."""

    label: str
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class SceneScript:
    """One spoken sentence and what the viewer sees with it."""

    sentence: str
    card: CardKind
    on_screen: str
    """At most six words."""
    picture_idea: str
    """What a picture for this sentence would show, in a few nouns."""
    data: tuple[Datum, ...] = ()
    chapter: str = ""
    """Set on the first scene of a chapter."""
    source_index: int | None = None
    """Which of the script's sources the sentence rests on."""
    source_quote: str = ""
    """The words of the source it rests on."""


@dataclass(frozen=True)
class SourceNote:
    """A source as named in the description."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Script:
    """A video's text. `title` is the chosen one of the candidates."""

    title: str
    title_candidates: tuple[str, ...]
    description: str
    tags: tuple[str, ...]
    scenes: tuple[SceneScript, ...]
    thumbnail_texts: tuple[str, ...]
    """Three ideas of at most four words."""
    language: str = "en"
    sources: tuple[SourceNote, ...] = ()
    origin: Origin = Origin.MODEL


@dataclass(frozen=True)
class Word:
    """A spoken display token; times in seconds from the sentence's start."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Speech:
    """One spoken sentence: mono 16-bit WAV at the voice's own rate in the store, and its word times."""

    media: MediaRef
    duration_s: float
    words: tuple[Word, ...]
    timing: str
    """How the times were found: `model`, `vendor`, `aligned`, `proportional`."""
    origin: Origin = Origin.LOCAL_VOICE


@dataclass(frozen=True)
class SpokenSentence:
    """A sentence and how it is spoken."""

    sentence: str
    speech: Speech


class FileKind(StrEnum):
    """What a finished file is."""

    VIDEO = "video"
    THUMBNAIL = "thumbnail"
    CAPTIONS_SRT = "captions_srt"
    CAPTIONS_VTT = "captions_vtt"
    REFUSED_VIDEO = "refused_video"
    """Refused by the quality gate, so never published."""


@dataclass(frozen=True)
class MadeFile:
    """A file of a video; of several thumbnails the first is the one that is published."""

    kind: FileKind
    media: MediaRef
    number: int = 1


@dataclass(frozen=True)
class Cue:
    """A caption: 2–4 words shown together; times in seconds from its scene's start."""

    words: tuple[Word, ...]
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Shot:
    """Which picture a scene shows and why: the score is the similarity of sentence and picture words (0–1)."""

    scene_index: int
    picture: str
    """`icon:<name>`, `emoji:<name>`, `illustration:<name>`, `own:<sha256>`, or empty."""
    score: float
    origin: Origin
    licence: str = ""


@dataclass(frozen=True)
class Check:
    """One figure of the quality gate; `passed` None means not measured, and why is in `note`."""

    name: str
    figure: str
    limit: str
    passed: bool | None
    note: str = ""


@dataclass(frozen=True)
class QualityReport:
    """All checks of a finished file."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """No check failed (one that was not measured neither passes nor fails)."""
        return all(check.passed is not False for check in self.checks)


@dataclass(frozen=True)
class FinishedVideo:
    """What production hands to publishing."""

    video_id: UUID
    media: MediaRef
    thumbnails: tuple[MediaRef, ...]
    captions_srt: MediaRef
    captions_vtt: MediaRef
    script: Script
    duration_s: float
    format: Format
    origins: tuple[Origin, ...]
    """Of what is seen and heard; where the words came from is `script.origin`."""
    credits: tuple[str, ...] = field(default=())
    scene_starts_s: tuple[float, ...] = ()
    """When each scene begins in the finished file: what chapters are made of."""
