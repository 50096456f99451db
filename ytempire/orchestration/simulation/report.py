"""Verb: read from the books what became of a simulation. Nothing is counted while it plays that a book knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ytempire.kit.database import read_only
from ytempire.kit.ids import content_hash
from ytempire.ledger import Policy
from ytempire.orchestration.simulation import store
from ytempire.orchestration.simulation.model import Wishes
from ytempire.orchestration.simulation.outcome import Day, Report
from ytempire.orchestration.simulation.run import Played, Stage

MARKER = "yte-"
"""What the upload markers of `publishing` begin with."""


async def read_report(stage: Stage, wishes: Wishes, promised: Policy, played: Played, *, dump_url: str) -> Report:
    """The report of what was played so far."""
    report = Report(wishes, promised, acted=dict(played.acted), expired_holds=played.expired, lost=played.lost)
    report.reached = played.at.isoformat()
    report.audit = await stage.platform.tools.ledger.audit()
    async with read_only(dump_url, field="simulation") as conn:
        read = {
            name: await store.rows(conn, query, days=wishes.days)
            for name, query in vars(store).items()
            if name.isupper() and not name.startswith("_") and isinstance(query, str)
        }
    _plan(report, read)
    _money(report, read)
    await _vendors(report, stage)
    _series(report, read)
    return report


def _plan(report: Report, read: Mapping[str, list[dict[str, Any]]]) -> None:
    report.videos = {row["state"]: row["videos"] for row in read["VIDEOS"]}
    report.reasons = [(row["state"], row["reason"], row["videos"]) for row in read["REASONS"]]
    report.published_by_user = [row["published"] for row in read["BY_USER"]]
    report.rotation_difference = int(read["ROTATION"][0]["difference"] or 0)
    (slots,) = read["SLOTS"]
    report.longest_slot_wait_s = store.seconds_of(slots.pop("longest_wait"))
    report.slots = slots
    report.plan = content_hash([list(row.values()) for row in read["PLAN"]])
    report.not_served = {row["why"] or "open": row["slots"] for row in read["NOT_SERVED"]}
    report.longest_video_wait_s = store.seconds_of(read["LONGEST"][0]["without_review"])
    report.steps_again, report.by_creator = read["STEPS"][0]["again"], read["STEPS"][0]["by_creator"]


def _money(report: Report, read: Mapping[str, list[dict[str, Any]]]) -> None:
    days, (videos,) = read["MONEY_DAYS"], read["MONEY_VIDEOS"]
    report.total_microusd = sum(row["microusd"] for row in days)
    report.max_day_microusd = max((row["microusd"] for row in days), default=0)
    report.max_video_microusd = int(videos["most"])
    report.overrun_microusd, report.held_microusd = int(videos["overrun"]), int(videos["held"])
    report.by_category = {row["category"]: row["microusd"] for row in read["BY_CATEGORY"]}
    report.held_by_category = {row["category"]: row["held"] for row in read["BY_CATEGORY"]}
    report.peaks = {row["name"]: int(row["most"]) for row in read["PEAKS"]}
    for row in read["QUOTA_DAYS"]:
        report.quota_days[row["name"], row["day"]] = row["used"]
        report.quota_held[row["name"], row["day"]] = row["held"]
        report.max_day[row["name"]] = max(report.max_day.get(row["name"], 0), row["used"])
    report.calls = read["CALLS"]
    report.caches = {row["namespace"]: (row["hits"], row["hits"] + row["misses"]) for row in read["CACHES"]}
    report.unknown_calls = sum(row["unknown"] for row in report.calls)
    for row in read["ALERTS"]:
        report.alerts[f"{row['kind']} {row['budget']}"] = row["alerts"]


async def _vendors(report: Report, stage: Stage) -> None:
    report.faults_struck = await stage.vendors.struck()
    books = await stage.vendors.books(MARKER)
    report.vendor_calls = sum(int(row["count"]) for row in books["calls"])
    report.bills_microusd = {vendor: int(of["cost_microusd"]) for vendor, of in books["vendors"].items()}
    # The voice vendor takes no mark of ours: the same words for two users are two calls there.
    report.paid_twice = sum(int(one["times"]) - 1 for one in books["paid_twice"] if one["vendor"] == "openai")
    report.uploads, report.uploaded_twice = len(books["uploads"]), len(books["uploaded_twice"])
    for row in books["quota"]:
        bucket, day = str(row["bucket"]), str(row["day"])
        if day < (report.wishes.begins - timedelta(days=1)).isoformat():
            continue  # connecting
        known = report.quota_days.get((bucket, day), 0) + report.quota_held.get((bucket, day), 0)
        report.unheld_units += max(0, int(row["used"]) - known)
        report.max_day_at_vendor[bucket] = max(report.max_day_at_vendor.get(bucket, 0), int(row["used"]))


def _series(report: Report, read: Mapping[str, list[dict[str, Any]]]) -> None:
    published = {str(row["day"]): row["published"] for row in read["DAYS"]}
    money = {row["day"]: row["microusd"] for row in read["MONEY_DAYS"]}
    quota = report.quota_days
    for day in sorted({*published, *money, *(day for _, day in quota)}):
        used = [quota.get((bucket, day), 0) for bucket in ("units", "uploads")]
        report.days.append(Day(day, published.get(day, 0), money.get(day, 0), *used))
