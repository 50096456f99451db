"""What production needs from outside, in its own words. Paid results carry their meters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ytempire.kit.media_store import MediaRef
from ytempire.ledger.model import Meters
from ytempire.production.model import Check, Cue, Format, Origin, Shot, Word
from ytempire.production.timeline import Scene, Timeline


@dataclass(frozen=True)
class Written:
    """A model's structured answer."""

    answer: dict[str, object]
    meters: Meters
    vendor_id: str
    problem: str = ""
    """Why the answer can't be used although it is billed (refused, broken off, not of the schema); then it is empty."""


class Writer(Protocol):
    """A language model with structured output, in the roles `cheap` and `strong`."""

    origin: Origin
    can_look: bool
    """Whether the vendor keeps answers for `look`; if not, a call without an answer counts as spent."""

    def estimate(
        self,
        role: str,
        messages: Sequence[tuple[str, str]],
        max_output_tokens: int,
        *,
        schema: dict[str, object] | None = None,
    ) -> Meters:
        """Upper bound of the meters of one call."""
        ...

    async def write(
        self,
        role: str,
        messages: Sequence[tuple[str, str]],
        *,
        schema: dict[str, object],
        max_output_tokens: int,
        once: str,
    ) -> Written:
        """Ask; messages are (role, text). `once` marks the call at the vendor so that `look` finds it."""
        ...

    async def look(self, once: str, role: str) -> Written | None:
        """The answer of an earlier call with this mark, or None if the vendor never made one."""
        ...


@dataclass(frozen=True)
class Spoken:
    """Sound as mono PCM in a WAV file, with word times where the voice knows them."""

    wav: bytes
    sample_rate_hz: int
    words: tuple[Word, ...]
    """Empty if the voice gives none."""
    meters: Meters
    timing: str
    vendor_id: str = ""


@dataclass(frozen=True)
class Alignment:
    """When each character is spoken, as voices' vendors tell it; three lists of one length."""

    characters: tuple[str, ...]
    character_start_times_seconds: tuple[float, ...]
    character_end_times_seconds: tuple[float, ...]


class Voice(Protocol):
    """A speaking voice. `model` names what a cached result depends on besides text and voice."""

    origin: Origin
    model: str
    output_format: str
    """In which a vendor is asked for its sound; empty: this machine speaks itself."""
    most_characters: int
    """Longest text of one call."""
    at_once: int
    """How many calls of one video may be under way together."""

    def known(self) -> tuple[str, ...]:
        """Names of voices known here, without asking a vendor; the first is the usual one."""
        ...

    def estimate(self, text: str) -> Meters:
        """Meters of speaking this text."""
        ...

    def check(self, text: str, *, voice: str, language: str) -> None:
        """Raise BadInput if this voice can't speak the text."""
        ...

    async def speak(self, text: str, *, voice: str, once: str) -> Spoken:
        """Speak one or several sentences."""
        ...

    async def look(self, once: str, text: str, *, voice: str) -> Spoken | None:
        """The result of an earlier, unanswered call, or None if there was none."""
        ...

    async def read(self, text: str, sound: bytes, output_format: str, alignment: Alignment | None) -> Spoken:
        """What another program had this vendor speak. Raises BadInput for what is no sound of it."""
        ...


class Aligner(Protocol):
    """Finds when the words of a recording are spoken."""

    async def align(
        self, wav: Path, sentences: Sequence[tuple[float, float, Sequence[str]]]
    ) -> list[list[Word | None]]:
        """Per sentence (start_s, end_s, tokens): each token's time in the file, None where it was not found."""
        ...


class Embedder(Protocol):
    """Meaning as a unit vector."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector per text."""
        ...


@dataclass(frozen=True)
class PictureChoice:
    """A licensed picture of the library: vector icons are ASS paths in a `box_px` square, rasters are files."""

    name: str
    """`icon:…`, `emoji:…`, `illustration:…`."""
    score: float
    licence: str


class PictureLibrary(Protocol):
    """Icons, emoji and illustrations that ship with the platform, found by meaning."""

    def find(self, idea: str, *, avoid: Sequence[str], limit: int = 5, kind: str = "") -> list[PictureChoice]:
        """Best first, none that has nothing to do with the idea; `avoid` are names used lately, `kind` is preferred."""
        ...

    def path(self, name: str, size_px: float) -> str:
        """A vector icon's lines as an ASS drawing centred on (0, 0), in a square of `size_px`."""
        ...

    def icon(self, name: str) -> tuple[str, str]:
        """A vector icon in two tones: ASS drawings of its surface and its lines, centred in a square of 256 px."""
        ...

    def raster(self, name: str) -> Path:
        """A raster picture's file (WebP with alpha)."""
        ...


class MusicLibrary(Protocol):
    """Music that ships with the platform, by mood."""

    def moods(self) -> Sequence[str]:
        """The moods there are."""
        ...

    def tracks(self, mood: str) -> Sequence[str]:
        """Names of the tracks of a mood; all of them if the mood is unknown."""
        ...

    def path(self, name: str) -> Path:
        """A track's file."""
        ...


@dataclass(frozen=True)
class Probe:
    """What is in a media file."""

    kind: str
    """`image`, `clip` or `sound`."""
    width_px: int
    height_px: int
    duration_s: float
    has_sound: bool


Progress = Callable[[float], Awaitable[None]]
"""Told the done share, 0 to 1."""


@dataclass(frozen=True)
class Rendered:
    """A file made by the renderer, and the CPU it took (all children counted)."""

    media: MediaRef
    cpu_s: float


class Renderer(Protocol):
    """Turns timelines into files."""

    def scene_key(self, scene: Scene, *, width: int, height: int, fps: int) -> str:
        """Hash of everything that a scene's file depends on, encoder settings included."""
        ...

    def mix_key(self, timeline: Timeline) -> str:
        """Hash of everything that a timeline's sound depends on."""
        ...

    async def render_scene(self, scene: Scene, *, width: int, height: int, fps: int) -> Rendered:
        """One scene as a silent MP4 that can be joined without encoding."""
        ...

    async def mix(self, timeline: Timeline) -> Rendered:
        """The whole sound, ducked, at −14 LUFS, AAC in MP4."""
        ...

    async def join(self, scenes: Sequence[MediaRef], sound: MediaRef, *, fps: int) -> Rendered:
        """The finished file: faststart, no edit list."""
        ...

    async def probe(self, file: Path) -> Probe:
        """What a file holds. Raises BadInput if it is no usable picture, clip or sound."""
        ...

    def folder(self) -> AbstractAsyncContextManager[Path]:
        """A scratch folder beside the store that is gone afterwards, whatever happens."""
        ...

    async def take_in(self, file: Path) -> tuple[MediaRef, Probe]:
        """A creator's picture or clip as a clean file of our own encoding: PNG, or MP4 without sound.

        Raises BadInput naming the file and the mend.
        """
        ...

    async def thumbnail(self, scene: Scene, *, at_s: float, format: Format) -> Rendered:  # noqa: A002
        """A still of a scene at 1280×720, JPEG."""
        ...


class Inspector(Protocol):
    """Measures finished files."""

    async def inspect(
        self,
        video: Path,
        *,
        planned: Timeline,
        starts_s: Sequence[float],
        cues: Sequence[Cue],
        aligner: Aligner | None,
    ) -> list[Check]:
        """Every check of the gate on the finished file; cue times are from the video's start.

        `aligner` None: nothing can align this language, and the sync is "not measured".
        """
        ...

    async def inspect_thumbnail(self, image: Path, scene: Scene) -> list[Check]:
        """Size, words, legibility and contrast of a finished thumbnail, the scene it shows given."""
        ...


class SameVideos(Protocol):
    """What the channel used lately, so that nothing is repeated."""

    async def recent_shots(self) -> list[Shot]:
        """Shots of the channel's last ten videos."""
        ...

    async def recent_layouts(self) -> list[tuple[str, ...]]:
        """Layout sequences of the channel's last ten videos, newest first."""
        ...
