"""What a video looks like over time, as a pure value. Turning it into commands is a vendor's business.

Coordinates are pixels of the frame, times are seconds from the scene's start, colours `#rrggbb`, opacity 0–1.
A scene's value is all that its file depends on, so equal scenes are the same file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ytempire.kit.media_store import MediaRef
from ytempire.production.model import Cue


class Enter(StrEnum):
    """How a layer comes in (ease-out) and goes."""

    NONE = "none"
    FADE = "fade"
    RISE = "rise"
    """Fades in while moving up."""
    DROP = "drop"
    FROM_LEFT = "from_left"
    FROM_RIGHT = "from_right"
    POP = "pop"
    """Grows from 70 % past 100 % and settles."""
    WIPE = "wipe"
    """Revealed from left to right."""
    GROW_UP = "grow_up"
    """A bar growing from its foot."""
    GROW_RIGHT = "grow_right"


@dataclass(frozen=True)
class Timing:
    """When a layer is there and how it comes and goes; `end_s` None: until the scene ends."""

    start_s: float = 0.0
    end_s: float | None = None
    enter: Enter = Enter.NONE
    enter_s: float = 0.3
    ahead_s: float = 0.0
    """How much of the entrance is over when the layer appears: a scene begins with its things coming in, not bare."""
    leave: Enter = Enter.NONE
    leave_s: float = 0.18
    drift_px: tuple[float, float] = (0.0, 0.0)
    """A slow move over the layer's whole life."""
    stagger_s: float = 0.0
    """How much later each further line of a text comes in."""


@dataclass(frozen=True)
class Text:
    """Words, already broken into lines, shown exactly as they are whatever signs they hold.

    `anchor` is the numpad position of (x, y) within the block (ASS \\an); the block reaches from the top of the first
    line's capitals (7, 8, 9) to the last line's baseline (1, 2, 3), so that things align to what the eye sees.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    size_px: float
    colour: str
    font: str = "Manrope ExtraBold"
    anchor: int = 5
    opacity: float = 1.0
    outline_px: float = 0.0
    outline_colour: str = "#000000"
    shadow_px: float = 0.0
    rotation_deg: float = 0.0
    line_height: float = 1.16
    letter_spacing_px: float = 0.0
    emphasis: tuple[str, ...] = ()
    """Words drawn in `emphasis_colour`, compared without case and punctuation."""
    emphasis_colour: str = ""
    timing: Timing = Timing()


@dataclass(frozen=True)
class Counter:
    """A number that counts up from `start` to `stop` within `count_s`, with prefix and suffix."""

    start: float
    stop: float
    decimals: int
    prefix: str
    suffix: str
    count_s: float
    text: Text
    """Place and style; its lines are ignored."""
    grouped: bool = True
    """Thousands in groups; a year has none."""


@dataclass(frozen=True)
class Shape:
    """A filled outline: an ASS drawing (`m 0 0 l 10 0 …` or `b` curves) in pixels around its own (0, 0)."""

    path: str
    x: float
    y: float
    colour: str
    opacity: float = 1.0
    scale: float = 1.0
    rotation_deg: float = 0.0
    outline_px: float = 0.0
    outline_colour: str = "#000000"
    shadow_px: float = 0.0
    blur_px: float = 0.0
    timing: Timing = Timing()


@dataclass(frozen=True)
class Picture:
    """A raster with alpha, drawn into the box (x, y, width, height) without distortion.

    Pictures lie above all vector layers of their scene (those are one pass), so no layout puts text on one.
    """

    media: MediaRef
    x: float
    y: float
    width: float
    height: float
    opacity: float = 1.0
    timing: Timing = Timing()


Layer = Text | Counter | Shape | Picture


@dataclass(frozen=True)
class Gradient:
    """A soft, slowly moving gradient of two or three colours."""

    colours: tuple[str, ...]
    seed: int
    speed: float = 0.01
    kind: str = "linear"
    """`linear`, `radial`, `circular` or `spiral`."""


class Move(StrEnum):
    """How a photograph moves."""

    STILL = "still"
    PAN_UP = "pan_up"
    PAN_DOWN = "pan_down"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"


@dataclass(frozen=True)
class Inset:
    """Where a picture is shown whole, in pixels of the frame, with an edge around it; same shape as the picture."""

    x: int
    y: int
    width: int
    height: int
    edge_px: int = 0
    edge_colour: str = "#ffffff"


@dataclass(frozen=True)
class Photo:
    """A still that fills the frame and moves; `tint` is drawn over it with `tint_opacity`.

    With an `inset` it stands there whole, untinted and still; what fills the frame is the same picture blurred.
    """

    media: MediaRef
    move: Move = Move.PAN_UP
    tint: str = "#000000"
    tint_opacity: float = 0.0
    inset: Inset | None = None


@dataclass(frozen=True)
class Clip:
    """Moving picture that fills the frame, looped if it is too short, its own sound dropped; `inset` as of a Photo."""

    media: MediaRef
    start_s: float = 0.0
    tint: str = "#000000"
    tint_opacity: float = 0.0
    inset: Inset | None = None


Background = Gradient | Photo | Clip


@dataclass(frozen=True)
class CaptionStyle:
    """How captions look: `centre_y` of the block, the spoken word in `accent`, a soft box or an outline behind."""

    font: str
    size_px: float
    colour: str
    accent: str
    centre_x: float
    centre_y: float
    max_width: float
    outline_px: float
    outline_colour: str
    box_colour: str = ""
    box_opacity: float = 0.0
    uppercase: bool = False


@dataclass(frozen=True)
class Scene:
    """One scene: `frames` at the timeline's rate. Layers are drawn in order, captions above all."""

    frames: int
    background: Background
    layers: tuple[Layer, ...]
    cues: tuple[Cue, ...]
    captions: CaptionStyle
    layout: str = ""
    """Name of card and composition (`number/left-bleed`), for the sameness of neighbours and of a channel's videos."""


@dataclass(frozen=True)
class SpokenScene:
    """The sound of one scene: the sentence begins `lead_s` after the scene does."""

    speech: MediaRef
    lead_s: float


@dataclass(frozen=True)
class Soundtrack:
    """Voice per scene, one music track ducked under it, optional effects."""

    voice: tuple[SpokenScene | None, ...]
    music: MediaRef | None
    effects: tuple[tuple[float, str], ...] = ()
    """(seconds from the video's start, name of the effect)."""


@dataclass(frozen=True)
class Timeline:
    """A whole video."""

    width: int
    height: int
    fps: int
    scenes: tuple[Scene, ...]
    sound: Soundtrack

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return sum(scene.frames for scene in self.scenes) / self.fps

    def starts_s(self) -> tuple[float, ...]:
        """Each scene's start in seconds."""
        starts, frames = [], 0
        for scene in self.scenes:
            starts.append(frames / self.fps)
            frames += scene.frames
        return tuple(starts)
