"""How money looks to a person, and to a program."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

from ytempire.cli.terminal import dollars, fitted
from ytempire.ledger import BudgetState, CategoryDay, MoneyDay, Policy, Standing, VideoMoney


def day_lines(day: MoneyDay, policy: Policy, *, rehearsal: bool) -> list[str]:
    """A money day: what is left, what it went to, what a person should know."""
    zone = policy.money_day_zone
    again = day.resets_at.astimezone(ZoneInfo(zone))
    lines = [f"{day.day}, until {again:%Y-%m-%d %H:%M} ({zone})"]
    if day.standing.state != "open":
        flag = " --rehearsal" if rehearsal else ""
        lines.append(f"nothing is made: {day.standing.why} (`ytempire costs resume{flag}`)")
    lines.append(_budget("you", day.budget))
    if day.platform:
        lines.append(_budget("the platform", day.platform.budget))
    lines += [
        f"  {row.category}: {dollars(row.spent_microusd)} for {row.bills} {'bill' if row.bills == 1 else 'bills'}"
        + (f", {dollars(row.saved_microusd)} saved by caches" if row.saved_microusd else "")
        for row in day.by_category
    ]
    share = day.mix.cheap_share
    if share is not None:
        calls = day.mix.cheap_calls + day.mix.strong_calls
        lines.append(
            f"of your latest {calls} model calls {share:.0%} went to the cheap model"
            f" (at least {day.mix.least_cheap_percent} % do)"
        )
    lines += [f"! {alert.at.astimezone(ZoneInfo(zone)):%H:%M} {alert.words}" for alert in day.alerts]
    return lines


def _budget(whose: str, state: BudgetState) -> str:
    raised = f", raised by {dollars(state.opened)}" if state.opened else ""
    held = f", {dollars(state.held)} held for calls under way" if state.held else ""
    spent = dollars(state.spent + state.overrun)
    return f"{whose}: {spent} of {dollars(state.cap + state.opened)} spent{raised}{held}, {dollars(state.left)} left"


def videos_table(videos: Sequence[VideoMoney], width: int) -> Table:
    """What each video cost; the title gives way where the terminal is narrow."""
    rows = [
        (
            str(video.video_id)[-8:],
            video.title or "–",
            video.state.replace("_", " "),
            dollars(video.spent_microusd),
            dollars(video.held_microusd),
            dollars(video.saved_microusd),
        )
        for video in videos
    ]
    return fitted(("id", "title", "state", "spent", "held", "saved"), rows, width, gives_way="title")


def days_table(rows: Sequence[CategoryDay], width: int) -> Table:
    """Days with their categories."""
    cells = [
        (str(row.day), row.category, dollars(row.spent_microusd), dollars(row.saved_microusd), str(row.bills))
        for row in rows
    ]
    return fitted(("day", "category", "spent", "saved", "bills"), cells, width, gives_way="category")


def standing_json(standing: Standing) -> dict[str, Any]:
    """Whether anything is made."""
    return {
        "state": standing.state,
        "why": standing.why,
        "since": standing.since.isoformat() if standing.since else None,
        "resumes_at": standing.resumes_at.isoformat() if standing.resumes_at else None,
    }


def day_json(day: MoneyDay) -> dict[str, Any]:
    """A money day."""
    return {
        "day": str(day.day),
        "resets_at": day.resets_at.isoformat(),
        "generation": standing_json(day.standing),
        "budget": _budget_json(day.budget),
        "platform": _budget_json(day.platform.budget) if day.platform else None,
        "by_category": [_category_json(row) for row in day.by_category],
        "cheap_share": day.mix.cheap_share,
        "alerts": [
            {"budget": alert.budget, "kind": alert.kind, "words": alert.words, "at": alert.at.isoformat()}
            for alert in day.alerts
        ],
    }


def _budget_json(state: BudgetState) -> dict[str, Any]:
    return {
        "cap_microusd": state.cap,
        "raised_microusd": state.opened,
        "held_microusd": state.held,
        "spent_microusd": state.spent + state.overrun,
        "left_microusd": state.left,
    }


def _category_json(row: CategoryDay) -> dict[str, Any]:
    return {
        "category": row.category,
        "spent_microusd": row.spent_microusd,
        "saved_microusd": row.saved_microusd,
        "bills": row.bills,
        "cached": row.cached,
    }


def days_json(rows: Sequence[CategoryDay]) -> list[dict[str, Any]]:
    """Days with their categories."""
    return [
        {"day": str(day), "by_category": [_category_json(row) for row in own]}
        for day, own in groupby(rows, key=lambda row: row.day)
    ]


def video_json(video: VideoMoney) -> dict[str, Any]:
    """What a video cost."""
    return {
        "video": str(video.video_id),
        "title": video.title,
        "state": video.state,
        "reason": video.reason,
        "spent_microusd": video.spent_microusd,
        "held_microusd": video.held_microusd,
        "saved_microusd": video.saved_microusd,
        "cap_microusd": video.cap_microusd,
        "by_category": dict(video.by_category),
    }
