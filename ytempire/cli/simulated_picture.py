"""A picture of a simulation: four figures over its days, each with the limit that it must stay below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ytempire.orchestration.simulation import Report
from ytempire.production.looks import FONTS_DIR

_WIDTH, _HEIGHT, _EDGE = 1600, 1160, 70
_PAPER, _INK, _PALE, _RULE = "#ffffff", "#1c2430", "#6b7686", "#d9dee6"
_BARS, _LIMIT = ("#2f6f8f", "#5b8c5a", "#b0762b", "#7a5c99"), "#c0392b"
_FONT = "ManropeSemiBold.ttf"


@dataclass(frozen=True)
class _Panel:
    title: str
    says: str
    values: Sequence[float]
    limit: float
    limit_words: str
    unit: str = ""


def draw(report: Report, file: Path) -> None:
    """Write the picture as PNG."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    wanted = report.wishes
    pen.text(
        (_EDGE, 40),
        f"{report.published:,} of {wanted.videos_possible:,} videos published",
        _INK,
        font=_font(44),
    )
    words = (
        f"{wanted.days} days, {wanted.users} users with {wanted.channels} channels each,"
        f" {wanted.faults:.0%} of vendors' calls failing; days as UTC has them, quota as the Pacific has them"
    )
    pen.text((_EDGE, 100), words, _PALE, font=_font(22))
    width, height = (_WIDTH - 3 * _EDGE) // 2, 400
    for number, panel in enumerate(_panels(report)):
        left, top = _EDGE + number % 2 * (width + _EDGE), 170 + number // 2 * (height + 80)
        _draw_panel(pen, panel, (left, top, width, height), _BARS[number], [day.day for day in report.days])
    image.save(file, "PNG", optimize=True)


def _panels(report: Report) -> list[_Panel]:
    days, policy, users = report.days, report.policy, report.wishes.users
    units, cap = report.max_day.get("units", 0), policy.units - policy.reserve
    return [
        _Panel("videos published a day", "", [day.published for day in days], users, f"{users} users"),
        _Panel(
            "dollars a day",
            f"most {_dollars(report.max_day_microusd)}, in all {_dollars(report.total_microusd)}",
            [day.microusd / 1_000_000 for day in days],
            policy.platform_day_cap / 1_000_000,
            f"{_dollars(policy.platform_day_cap)} stops the day",
            "$",
        ),
        _Panel(
            "units of YouTube's quota a day", f"most {units:,}", [day.units for day in days], cap, f"{cap:,} allowed"
        ),
        _Panel(
            "uploads a day",
            f"most {report.max_day.get('uploads', 0):,}",
            [day.uploads for day in days],
            policy.uploads,
            f"{policy.uploads} allowed",
        ),
    ]


def _draw_panel(
    pen: ImageDraw.ImageDraw, panel: _Panel, box: tuple[int, int, int, int], colour: str, days: Sequence[str]
) -> None:
    left, top, width, height = box
    pen.text((left, top), panel.title, _INK, font=_font(26))
    if panel.says:
        pen.text((left + width, top + 4), panel.says, _PALE, font=_font(20), anchor="ra")
    floor, ceiling = top + height - 34, top + 62
    most = max([*panel.values, 0.0])
    # A limit far above would flatten the bars: then it is said, and the scale is the bars' own.
    near = panel.limit <= 4 * most or not most
    step = _step(max(panel.limit if near else 0.0, most), whole=not panel.unit)
    full = max(panel.limit if near else 0.0, most, step) * 1.04

    def level(value: float) -> float:
        return floor - (floor - ceiling) * value / full

    for number in range(int(full / step) + 1):
        value = number * step
        pen.line((left + 60, level(value), left + width, level(value)), _RULE)
        pen.text((left + 52, level(value)), _number(value, panel.unit), _PALE, font=_font(16), anchor="rm")
    slot = (width - 60) / max(1, len(panel.values))
    for index, value in enumerate(panel.values):
        at = left + 60 + slot * index
        pen.rectangle((at, level(value), at + max(1.0, slot * 0.78), floor), colour)
    if near:
        pen.line((left + 60, level(panel.limit), left + width, level(panel.limit)), _LIMIT, width=3)
    words = panel.limit_words if near else f"{panel.limit_words}: {panel.limit / most:,.0f} times the tallest bar"
    above = min([level(panel.limit), *map(level, panel.values)]) if near else ceiling  # no bar runs through the words
    pen.text((left + width, above - 6), words, _LIMIT, font=_font(17), anchor="rs")
    for index in range(0, len(days), max(1, len(days) // 5)):
        at = left + 60 + slot * index
        if at + pen.textlength(days[index], _font(16)) <= left + width:  # the last one may have no room
            pen.text((at, floor + 8), days[index], _PALE, font=_font(16))


def _step(most: float, *, whole: bool) -> float:
    """A round distance of the scale's lines, of which three to five fit."""
    rough = (most or 1.0) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    return max(1.0, float(math.ceil(step))) if whole else step


def _number(value: float, unit: str) -> str:
    return f"{unit}{value:,.2f}" if unit else f"{value:,.0f}"


def _dollars(microusd: int) -> str:
    return f"${microusd / 1_000_000:,.2f}"


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS_DIR / _FONT, size)
