"""Outlines of plain shapes as ASS drawings (`m`, `l`, `b`), in pixels around their own (0, 0)."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

_ROUND = 0.5523
"""Handle length of a quarter circle drawn as a cubic, as a share of its radius."""


def _n(*values: float) -> str:
    return " ".join(f"{value:.1f}".rstrip("0").rstrip(".") if value else "0" for value in values)


def rectangle(width: float, height: float, radius: float = 0.0) -> str:
    """A rectangle with its upper left corner at (0, 0), corners rounded by `radius`."""
    r = max(0.0, min(radius, width / 2, height / 2))
    if r < 0.5:
        return f"m 0 0 l {_n(width, 0, width, height, 0, height)}"
    k = r * (1 - _ROUND)
    w, h = width, height
    return (
        f"m {_n(r, 0)} l {_n(w - r, 0)} b {_n(w - k, 0, w, k, w, r)} l {_n(w, h - r)} "
        f"b {_n(w, h - k, w - k, h, w - r, h)} l {_n(r, h)} b {_n(k, h, 0, h - k, 0, h - r)} "
        f"l {_n(0, r)} b {_n(0, k, k, 0, r, 0)}"
    )


def circle(radius: float) -> str:
    """A disc around (0, 0)."""
    return ellipse(radius, radius)


def ellipse(rx: float, ry: float) -> str:
    """A filled ellipse around (0, 0)."""
    kx, ky = rx * _ROUND, ry * _ROUND
    return (
        f"m {_n(0, -ry)} b {_n(kx, -ry, rx, -ky, rx, 0)} b {_n(rx, ky, kx, ry, 0, ry)} "
        f"b {_n(-kx, ry, -rx, ky, -rx, 0)} b {_n(-rx, -ky, -kx, -ry, 0, -ry)}"
    )


def _hole(radius: float) -> str:
    k = radius * _ROUND
    r = radius
    return (
        f"m {_n(0, -r)} b {_n(-k, -r, -r, -k, -r, 0)} b {_n(-r, k, -k, r, 0, r)} "
        f"b {_n(k, r, r, k, r, 0)} b {_n(r, -k, k, -r, 0, -r)}"
    )


def ring(radius: float, width: float) -> str:
    """A ring around (0, 0) of outer `radius`."""
    return f"{circle(radius)} {_hole(radius - width)}"


def polygon(points: Sequence[tuple[float, float]]) -> str:
    """A closed outline through points."""
    (x, y), *rest = points
    return f"m {_n(x, y)} l " + " ".join(_n(*point) for point in rest)


def star(points: int, radius: float, inner: float = 0.5, turn_deg: float = -90.0) -> str:
    """A star or burst around (0, 0); `inner` is the notch's radius as a share."""
    corners = []
    for index in range(points * 2):
        angle = math.radians(turn_deg + index * 180 / points)
        length = radius if index % 2 == 0 else radius * inner
        corners.append((math.cos(angle) * length, math.sin(angle) * length))
    return polygon(corners)


def blob(radius: float, seed: int, wobble: float = 0.18, knots: int = 6) -> str:
    """A soft, irregular closed curve around (0, 0)."""
    rng = random.Random(seed)
    points = []
    for index in range(knots):
        angle = 2 * math.pi * index / knots
        length = radius * (1 - wobble + 2 * wobble * rng.random())
        points.append((math.cos(angle) * length, math.sin(angle) * length))
    return smooth(points)


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """A closed Catmull–Rom curve through points."""
    count = len(points)
    path = [f"m {_n(*points[0])}"]
    for index in range(count):
        before, here, after, beyond = (points[(index + offset) % count] for offset in (-1, 0, 1, 2))
        first = (here[0] + (after[0] - before[0]) / 6, here[1] + (after[1] - before[1]) / 6)
        second = (after[0] - (beyond[0] - here[0]) / 6, after[1] - (beyond[1] - here[1]) / 6)
        path.append(f"b {_n(*first, *second, *after)}")
    return " ".join(path)


def cross(size: float, width: float) -> str:
    """A plus sign around (0, 0)."""
    s, w = size / 2, width / 2
    return polygon(
        ((-w, -s), (w, -s), (w, -w), (s, -w), (s, w), (w, w), (w, s), (-w, s), (-w, w), (-s, w), (-s, -w), (-w, -w))
    )


def check(size: float, width: float) -> str:
    """A tick around (0, 0)."""
    s = size / 2
    w = width / 2 * math.sqrt(2)
    return polygon(
        (
            (-s, 0),
            (-s + w, -w),
            (-s * 0.25, s * 0.75 - 2 * w),
            (s - w, -s * 0.5 - w),
            (s, -s * 0.5),
            (-s * 0.25, s * 0.75),
        )
    )


def quotes(size: float) -> str:
    """Opening quotation marks with their upper left corner at (0, 0), `size` wide."""
    one = size * 0.42
    marks = []
    for left in (0.0, size - one):
        r = one / 2
        k = r * _ROUND
        cy = one * 1.15
        marks.append(
            f"m {_n(left + r, cy - r)} b {_n(left + r + k, cy - r, left + one, cy - k, left + one, cy)} "
            f"b {_n(left + one, cy + k, left + r + k, cy + r, left + r, cy + r)} "
            f"b {_n(left + r - k, cy + r, left, cy + k, left, cy)} "
            f"b {_n(left, cy - r * 1.3, left + r * 0.7, cy - r * 2.1, left + r * 1.5, cy - r * 2.3)} "
            f"l {_n(left + r * 1.7, cy - r * 1.9)} "
            f"b {_n(left + r * 1.2, cy - r * 1.6, left + r, cy - r * 1.3, left + r, cy - r)}"
        )
    return " ".join(marks)


def moved(path: str, dx: float, dy: float) -> str:
    """A drawing shifted by (dx, dy)."""
    out: list[str] = []
    horizontal = True
    for word in path.split():
        if word in "mlb":
            out.append(word)
        else:
            out.append(f"{float(word) + (dx if horizontal else dy):.1f}")
            horizontal = not horizontal
    return " ".join(out)


def box_of(path: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a drawing's points, handles included."""
    numbers = [float(word) for word in path.split() if word not in "mlbnspc"]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
