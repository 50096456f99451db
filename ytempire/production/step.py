"""What a step is: a name, what its result depends on, and the verb that makes it.

A step may run twice. Its result is recorded under video + step + hash of its inputs; whoever drives the steps only
decides order, time and retry.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pydantic import TypeAdapter

from ytempire.channels.model import Channel
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.room import Room
from ytempire.ledger import Ledger
from ytempire.production.looks.backdrop import Backdrop, paint
from ytempire.production.model import StepName, Video
from ytempire.production.ports import (
    Aligner,
    Embedder,
    Inspector,
    MusicLibrary,
    PictureLibrary,
    Progress,
    Renderer,
    Voice,
    Writer,
)

R = TypeVar("R")


@dataclass(frozen=True)
class Tools:
    """What production works with; built once, in bootstrap."""

    database: Database
    clock: Clock
    media: LocalMediaStore
    ledger: Ledger
    writer: Writer | None
    """None: no model is configured, so only the creator's own words can become a video."""
    voices: Mapping[str, Voice]
    """By the part of a voice's name before the colon: `local`, `elevenlabs`."""
    aligner: Aligner
    embedder: Embedder
    pictures: PictureLibrary
    music: MusicLibrary
    renderer: Renderer
    inspector: Inspector
    render_processes: int
    room: Room | None = None
    """Memory for one more render; None: it isn't looked at."""
    paint: Callable[[Backdrop], bytes] = paint
    """Paints the ground behind scenes."""


@dataclass(frozen=True)
class Work:
    """One video in the hands of one step."""

    video: Video
    channel: Channel
    results: Mapping[StepName, object]
    """Results of the steps before, as their dataclasses."""
    tools: Tools
    attempt: int
    progress: Progress

    def take_of(self, step: StepName) -> tuple[str, ...]:
        """What tells a step's results and paid calls from those of its earlier takes; empty in the first.

        It names the video, too: what was made anew for it is not what another video finds.
        """
        take = self.video.order.take(step)
        return (f"{self.video.id}:take:{take}",) if take else ()

    def seed(self, step: StepName) -> int:
        """What decides between equals in a step: another for each video and each take."""
        return (self.video.id.int + self.video.order.take(step) * 7_919) % 1_000_003

    def result(self, step: StepName, kind: type[R]) -> R:
        """The result of an earlier step."""
        value = self.results[step]
        if not isinstance(value, kind):
            raise TypeError(f"step {step} left a {type(value).__name__}, not a {kind.__name__}")
        return value


def _tells_nothing(_: object) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Step:
    """A step of a video's life. `inputs` gives a JSON-able value that its result depends on."""

    name: StepName
    result: type[Any]
    inputs: Callable[[Work], object]
    run: Callable[[Work], Awaitable[Any]]
    queue: str = "light"
    """`light`, or `render` for what needs a render slot."""
    tells: Callable[[Any], dict[str, str]] = _tells_nothing
    """What the result says about the whole video: `title`, `topic`."""

    @cached_property
    def _json(self) -> TypeAdapter[Any]:
        """Made once: it takes longer than all other bookkeeping of a step."""
        return TypeAdapter(self.result)

    def dump(self, value: object) -> dict[str, Any]:
        """The result as JSON."""
        dumped: dict[str, Any] = self._json.dump_python(value, mode="json")
        return dumped

    def load(self, value: object) -> object:
        """The result from JSON."""
        loaded: object = self._json.validate_python(value)
        return loaded
