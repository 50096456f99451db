"""A scene's vector layers and captions as one ASS document, drawn by libass in a single pass.

Motion is sampled per frame with true easing while a layer comes or goes and is one event for the time between, so the
renderer repeats cached bitmaps for most frames. User text never becomes a command (`ass_writing.escaped`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ytempire.production.looks import cap_height_em, width_px
from ytempire.production.timeline import Counter, Picture, Scene, Shape, Text
from ytempire.providers.ffmpeg.ass_captions import caption_events
from ytempire.providers.ffmpeg.ass_motion import Run, State, ease_out, frames_of, runs
from ytempire.providers.ffmpeg.ass_writing import alpha, colour, document, escaped, event, number

_COUNTS_PER_S = 15


def scene_document(scene: Scene, *, width: int, height: int, fps: int) -> str:
    """The scene's texts, counters, shapes and captions; pictures and background are drawn by others."""
    events: list[str] = []
    for index, layer in enumerate(scene.layers):
        if isinstance(layer, Text):
            events += _text(layer, index, scene.frames, fps)
        elif isinstance(layer, Counter):
            events += _counter(layer, index, scene.frames, fps)
        elif isinstance(layer, Shape):
            events += _shape(layer, index, scene.frames, fps)
        else:
            assert isinstance(layer, Picture)  # noqa: S101 - the union has no fifth member
    events += caption_events(scene.cues, scene.captions, scene.frames, fps, len(scene.layers))
    return document(width, height, events)


def _place(x: float, y: float, run: Run) -> str:
    """Where the layer is during a run: fixed, or moving in a straight line."""
    here, there = (x + run.state.dx, y + run.state.dy), (x + run.end.dx, y + run.end.dy)
    if math.dist(here, there) < 0.05:
        return f"\\pos({number(here[0])},{number(here[1])})"
    return f"\\move({number(here[0])},{number(here[1])},{number(there[0])},{number(there[1])})"


def _scaled(state: State, scale: float = 1.0) -> str:
    x, y = state.scale_x * scale, state.scale_y * scale
    if x == y == 1:
        return ""
    return f"\\fscx{number(x * 100)}\\fscy{number(y * 100)}"


def _seen(opacity: float) -> str:
    return "" if opacity >= 1 else f"\\alpha{alpha(opacity)}"


def _edges(layer: Text | Shape, opacity: float) -> str:
    tags = ""
    if layer.outline_px:
        tags += f"\\bord{number(layer.outline_px)}\\3c{colour(layer.outline_colour)}"
    if layer.shadow_px:
        tags += f"\\shad{number(layer.shadow_px)}\\4c&H000000&\\4a{alpha(0.35 * opacity)}"
    if layer.rotation_deg:
        tags += f"\\frz{number(-layer.rotation_deg)}"
    return tags


def _shape(shape: Shape, index: int, frames: int, fps: int) -> Iterator[str]:
    style = f"\\an7\\1c{colour(shape.colour)}"
    if shape.blur_px:
        style += f"\\blur{number(shape.blur_px)}"
    for run in runs(shape.timing, frames, fps):
        opacity = shape.opacity * run.state.opacity
        tags = (
            style
            + _place(shape.x, shape.y, run)
            + _scaled(run.state, shape.scale)
            + _seen(opacity)
            + _edges(shape, opacity)
            + _uncovered(run.state, shape.x, shape.y)
        )
        yield event(index, run.first, run.after, fps, f"{{{tags}\\p1}}{shape.path}")


def _uncovered(state: State, x: float, _y: float) -> str:
    """A wipe of a shape uncovers the frame from 1,000 px left to 1,000 px right of its own (0, 0)."""
    if state.shown >= 1:
        return ""
    return f"\\clip(0,0,{number(max(0.0, x - 1000 + 2000 * state.shown))},4000)"


def _text(text: Text, index: int, frames: int, fps: int) -> Iterator[str]:
    cap = cap_height_em(text.font) * text.size_px
    step = text.line_height * text.size_px
    tall = cap + step * (len(text.lines) - 1)
    row, column = (text.anchor - 1) // 3, (text.anchor - 1) % 3
    top = text.y - (tall, tall / 2, 0.0)[row]
    style = f"\\an{column + 1}\\fn{text.font}\\fs{number(text.size_px)}\\1c{colour(text.colour)}"
    if text.letter_spacing_px:
        style += f"\\fsp{number(text.letter_spacing_px)}"
    for line_index, line in enumerate(text.lines):
        base = top + cap + step * line_index
        body = _emphasised(line, text)
        wide = width_px(line, text.font, text.size_px, text.letter_spacing_px)
        left = text.x - wide * column / 2
        late = line_index * text.timing.stagger_s
        timing = replace(text.timing, ahead_s=max(0.0, text.timing.ahead_s - late))
        for run in runs(timing, frames, fps, max(0.0, late - text.timing.ahead_s)):
            grown = run.state.scale_y
            middle = top + tall / 2
            foot = middle + (base - middle) * grown + 0.2 * text.size_px * grown
            opacity = text.opacity * run.state.opacity
            tags = style + _place(text.x, foot, run) + _scaled(run.state) + _seen(opacity) + _edges(text, opacity)
            if text.rotation_deg:
                tags += f"\\org({number(text.x)},{number(text.y)})"
            if run.state.shown < 1:
                right = left - 8 + (wide + 16) * run.state.shown
                tags += f"\\clip({number(left - 40)},0,{number(right)},4000)"
            yield event(index, run.first, run.after, fps, f"{{{tags}}}{body}")


def _emphasised(line: str, text: Text) -> str:
    if not text.emphasis or not text.emphasis_colour:
        return escaped(line)
    wanted = {_bare(word) for word in text.emphasis}
    parts: list[str] = []
    for word in line.split(" "):
        shown = escaped(word)
        if _bare(word) in wanted:
            shown = f"{{\\1c{colour(text.emphasis_colour)}}}{shown}{{\\1c{colour(text.colour)}}}"
        parts.append(shown)
    return " ".join(parts)


def _bare(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum())


def figure(counter: Counter, value: float) -> str:
    """A number as shown, with a true minus sign."""
    digits = f"{abs(value):,.{counter.decimals}f}" if counter.grouped else f"{abs(value):.{counter.decimals}f}"
    sign = "\u2212" if value < 0 else ""
    return f"{sign}{counter.prefix}{digits}{counter.suffix}"


def _counter(counter: Counter, index: int, frames: int, fps: int) -> Iterator[str]:
    """One text per step of the count; the first carries the entrance, the last stays."""
    timing = counter.text.timing
    first, after = frames_of(timing, frames, fps)
    steps = max(1, round(counter.count_s * _COUNTS_PER_S))
    stride = max(1, round(fps / _COUNTS_PER_S))
    whole = [counter.start + (counter.stop - counter.start) * ease_out(step / steps) for step in range(steps)]
    whole.append(counter.stop)
    sized = counter.text
    for step, value in enumerate(whole):
        begin = first + step * stride
        end = after if step == steps else min(after, begin + stride)
        if end <= begin:
            continue
        shown = replace(sized, lines=(figure(counter, value),))
        for run in _within(list(runs(timing, frames, fps)), begin, end):
            piece = replace(shown, timing=replace(timing, drift_px=(0.0, 0.0)))
            yield from _piece(piece, index, run, fps)


def _within(all_runs: list[Run], begin: int, end: int) -> Iterator[Run]:
    for run in all_runs:
        first, after = max(run.first, begin), min(run.after, end)
        if after > first:
            yield Run(first, after, run.state, run.state)


def _piece(text: Text, index: int, run: Run, fps: int) -> Iterator[str]:
    cap = cap_height_em(text.font) * text.size_px
    row, column = (text.anchor - 1) // 3, (text.anchor - 1) % 3
    base = text.y + (0.0, cap / 2, cap)[row]
    opacity = text.opacity * run.state.opacity
    foot = base + 0.2 * text.size_px * run.state.scale_y
    tags = (
        f"\\an{column + 1}\\fn{text.font}\\fs{number(text.size_px)}\\1c{colour(text.colour)}"
        + _place(text.x, foot, run)
        + _scaled(run.state)
        + _seen(opacity)
        + _edges(text, opacity)
    )
    if text.letter_spacing_px:
        tags += f"\\fsp{number(text.letter_spacing_px)}"
    yield event(index, run.first, run.after, fps, f"{{{tags}}}{escaped(text.lines[0])}")
