"""The report as machines read it: one JSON object, units in names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ytempire.orchestration.simulation.outcome import Report
from ytempire.orchestration.simulation.rules import broken_promises


def facts_of(report: Report, *, cheap_model: str) -> dict[str, Any]:
    """The report as one JSON object, units in names."""
    models = _calls(report.calls, "openai")
    asked = sum(models.values())
    wanted, policy = report.wishes, report.policy
    hits, looked_up = (sum(counts) for counts in zip((0, 0), *report.caches.values(), strict=True))
    return {
        "videos_possible": wanted.videos_possible,
        "videos_ordered": report.ordered,
        "videos_published": report.published,
        "videos_failed": report.videos.get("failed", 0),
        "videos_cancelled": report.videos.get("cancelled", 0),
        "videos_elsewhere": {s: n for s, n in report.videos.items() if s not in {"published", "failed", "cancelled"}},
        "slots_not_served": report.not_served,
        "plan_sha256": report.plan,
        "slots_deferred": report.slots.get("came_late", 0),
        "longest_slot_wait_s": report.longest_slot_wait_s,
        "longest_video_wait_s": report.longest_video_wait_s,
        "total_usd": _dollars(report.total_microusd),
        "by_category_usd": {name: _dollars(amount) for name, amount in report.by_category.items()},
        "max_day_usd": _dollars(report.max_day_microusd),
        "max_day_held_and_spent_usd": _dollars(report.peaks.get("platform-day", 0)),
        "cap_day_usd": _dollars(policy.platform_day_cap),
        "max_video_usd": _dollars(report.max_video_microusd),
        "max_video_held_and_spent_usd": _dollars(report.peaks.get("video", 0)),
        "cap_video_usd": _dollars(policy.video_cap),
        "overrun_usd": _dollars(report.overrun_microusd),
        "bills_of_vendors_usd": {name: _dollars(amount) for name, amount in report.bills_microusd.items()},
        "calls_without_known_outcome": report.unknown_calls,
        "calls_paid_twice": report.paid_twice,
        "max_day_units": report.max_day.get("units", 0),
        "cap_day_units": policy.units - policy.reserve,
        "max_day_uploads": report.max_day.get("uploads", 0),
        "max_day_searches": report.max_day.get("search", 0),
        "max_day_at_youtube": report.max_day_at_vendor,
        "units_unheld": report.unheld_units,
        "uploads": report.uploads,
        "uploaded_twice": report.uploaded_twice,
        "success": _share(report.published, report.ordered),
        "automation": _share(report.published - report.by_creator - report.acted.get("retries", 0), report.published),
        "cache_hit_rate": _share(hits, looked_up),
        "cache_hit_rate_of": {name: _share(*counts) for name, counts in report.caches.items()},
        "cheap_share": _share(models.get(cheap_model, 0), asked),
        "model_calls": models,
        "vendor_calls": report.vendor_calls,
        "faults_struck": report.faults_struck,
        "steps_tried_again": report.steps_again,
        "owners_acted": report.acted,
        "holds_expired": report.expired_holds,
        "videos_per_user_min": min(report.published_by_user, default=0),
        "videos_per_user_max": max(report.published_by_user, default=0),
        "rotation_difference": report.rotation_difference,
        "ledger_differences": report.audit,
        "alerts": report.alerts,
        "reasons": [{"state": state, "reason": reason, "videos": videos} for state, reason, videos in report.reasons],
        "days": wanted.days,
        "users": wanted.users,
        "channels": wanted.channels,
        "faults": wanted.faults,
        "seed": wanted.seed,
        "begins": wanted.begins.isoformat(),
        "reached": report.reached,
        "interrupted": report.interrupted,
        "wall_s": round(report.wall_s, 1),
        "cpu_s": {name: round(spent, 1) for name, spent in report.cpu_s.items()},
        "broken": broken_promises(report),
    }


def _calls(rows: Sequence[Mapping[str, Any]], category: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        if row["category"] == category:
            found[row["model"]] = found.get(row["model"], 0) + row["calls"]
    return found


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _dollars(microusd: int) -> float:
    return round(microusd / 1_000_000, 6)
