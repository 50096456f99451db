"""When the drawn picture of an ASS document changes.

Drawing is what a frame costs (about 15 ns a pixel of every glyph and shape), while most frames look like the one
before. So frames are drawn only when something changes, and repeated in between.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

_TIME = re.compile(r"(\d+):(\d+):(\d+)\.(\d+)")
_ANIMATED = re.compile(r"\\(t|move|fade|fad|k[fo]?)\(?\s*([^)\\}]*)", re.IGNORECASE)


def changing_frames(document: str, *, frames: int, fps: int) -> frozenset[int]:
    """Frames of [0, frames) whose drawing may differ from the frame before."""
    found = {0}
    for first_s, last_s in _intervals(document):
        # libass shows an event from the first frame whose time, cut to milliseconds, is not before its start; the
        # millisecond less covers the rounding of 1/fps.
        first, last = (math.ceil((at_s * 1000 - less) * fps / 1000) for at_s, less in ((first_s, 1), (last_s, 0)))
        found.update(range(first, last + 1))
    return frozenset(frame for frame in found if 0 <= frame < frames)


def _intervals(document: str) -> Iterator[tuple[float, float]]:
    """Stretches in seconds within which the drawing changes; a cut is a stretch without length."""
    for line in document.splitlines():
        if not line.startswith("Dialogue:"):
            continue
        fields = line.split(",", 9)
        start, end = _seconds(fields[1]), _seconds(fields[2])
        yield start, start
        yield end, end
        for tag, inside in _ANIMATED.findall(fields[9]):
            yield from _animation(tag.lower(), inside, start, end)


def _animation(tag: str, inside: str, start: float, end: float) -> Iterator[tuple[float, float]]:
    numbers = []
    for part in inside.split(","):
        try:
            numbers.append(float(part))
        except ValueError:
            break
    if tag == "fad" and len(numbers) == 2:
        yield start, start + numbers[0] / 1000
        yield end - numbers[1] / 1000, end
    elif tag == "move" and len(numbers) == 6:
        yield start + numbers[4] / 1000, start + numbers[5] / 1000
    elif tag == "t" and len(numbers) >= 2:
        yield start + numbers[0] / 1000, start + numbers[1] / 1000
    else:
        yield start, end


def _seconds(text: str) -> float:
    match = _TIME.search(text)
    if not match:
        return 0.0
    hours, minutes, seconds, fraction = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(f"{seconds}.{fraction}")


def as_expression(frames: frozenset[int]) -> str:
    """A `select` expression over `n` that is true for these frames, as short as the stretches allow."""
    stretches: list[list[int]] = []
    for frame in sorted(frames):
        if stretches and frame == stretches[-1][1] + 1:
            stretches[-1][1] = frame
        else:
            stretches.append([frame, frame])
    return "+".join(f"between(n\\,{first}\\,{last})" for first, last in stretches)
