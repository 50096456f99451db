"""How a layer moves: its state on each frame, with true easing, and the runs of frames in which nothing changes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ytempire.production.timeline import Enter, Timing


@dataclass(frozen=True)
class State:
    """What motion does to a layer on one frame."""

    dx: float = 0.0
    dy: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0
    opacity: float = 1.0
    shown: float = 1.0
    """Share that is uncovered from the left (wipe)."""


@dataclass(frozen=True)
class Run:
    """Frames `first` … before `after`; the layer goes straight from `state` to `end` (equal: it rests)."""

    first: int
    after: int
    state: State
    end: State


def ease_out(t: float) -> float:
    """Quick first, then settling."""
    return 1 - (1 - t) ** 3


def overshoot(t: float) -> float:
    """Past the goal by 6 % and back."""
    c = 1.2
    return 1 + (c + 1) * (t - 1) ** 3 + c * (t - 1) ** 2


_FAR_PX = 150.0
_NEAR_PX = 64.0


def entered(enter: Enter, t: float) -> State:
    """The state at share `t` (0–1) of an entrance."""
    if enter is Enter.NONE or t >= 1:
        return State()
    p = ease_out(t)
    seen = min(1.0, t * 1.8)
    match enter:
        case Enter.FADE:
            return State(opacity=p)
        case Enter.RISE:
            return State(dy=_NEAR_PX * (1 - p), opacity=seen)
        case Enter.DROP:
            return State(dy=-_NEAR_PX * (1 - p), opacity=seen)
        case Enter.FROM_LEFT:
            return State(dx=-_FAR_PX * (1 - p), opacity=seen)
        case Enter.FROM_RIGHT:
            return State(dx=_FAR_PX * (1 - p), opacity=seen)
        case Enter.POP:
            size = 0.7 + 0.3 * overshoot(t)
            return State(scale_x=size, scale_y=size, opacity=min(1.0, t * 2.5))
        case Enter.WIPE:
            return State(shown=p)
        case Enter.GROW_UP:
            return State(scale_y=max(0.001, p))
        case Enter.GROW_RIGHT:
            return State(scale_x=max(0.001, p))
    raise AssertionError(enter)


def frames_of(timing: Timing, scene_frames: int, fps: int, delay_s: float = 0.0) -> tuple[int, int]:
    """First frame, and the frame after the last, of a layer within its scene."""
    first = min(scene_frames, max(0, round((timing.start_s + delay_s) * fps)))
    after = scene_frames if timing.end_s is None else min(scene_frames, round(timing.end_s * fps))
    return first, max(first, after)


def runs(timing: Timing, scene_frames: int, fps: int, delay_s: float = 0.0) -> Iterator[Run]:
    """A layer's life: one run per frame while it comes and goes, one for all the time between."""
    first, after = frames_of(timing, scene_frames, fps, delay_s)
    if after <= first:
        return
    whole = 0 if timing.enter is Enter.NONE else math.ceil(timing.enter_s * fps)
    skipped = min(whole, round(timing.ahead_s * fps))
    coming = min(after - first, whole - skipped)
    going = 0 if timing.leave is Enter.NONE else min(after - first - coming, math.ceil(timing.leave_s * fps))

    def drifted(frame: int, state: State) -> State:
        share = (frame - first) / (after - first)
        x, y = timing.drift_px
        return State(
            state.dx + x * share,
            state.dy + y * share,
            state.scale_x,
            state.scale_y,
            state.opacity,
            state.shown,
        )

    for step in range(coming):
        state = drifted(first + step, entered(timing.enter, (skipped + step + 1) / (skipped + coming + 1)))
        yield Run(first + step, first + step + 1, state, state)
    start, stop = first + coming, after - going
    if stop > start:
        yield Run(start, stop, drifted(start, State()), drifted(stop, State()))
    for step in range(going):
        state = drifted(stop + step, entered(timing.leave, 1 - (step + 1) / (going + 1)))
        yield Run(stop + step, stop + step + 1, state, state)
