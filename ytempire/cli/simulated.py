"""What a person sees of a simulation: what was made, what it cost, what the limits did, how well it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.table import Table

from ytempire.cli.terminal import dollars
from ytempire.orchestration.simulation import BUDGET_MICROUSD, Report

_KINDS = {"platform-day": "a day", "video": "a video"}


Rows = Iterator[tuple[str, str, str]]


def report_table(report: Report, facts: Mapping[str, Any]) -> Table:
    """The report as a table."""
    wanted = report.wishes
    table = Table(
        title=f"{wanted.days} days, {wanted.users} users with {wanted.channels} channels each,"
        f" {wanted.faults:.1%} of vendors' calls fail",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("", width=54)
    table.add_column("", justify="right", width=26)
    table.add_column("limit", justify="right", width=18)
    for part, rows in (
        ("Videos", _videos(report, facts)),
        ("Money", _money(report, facts)),
        ("YouTube's quota, most on one Pacific day", _quota(report)),
        ("How well it went", _quality(report, facts)),
    ):
        table.add_row(part, style="bold")
        for name, value, limit in rows:
            table.add_row(f"  {name}", value, limit)
        table.add_section()
    return table


def _videos(report: Report, facts: Mapping[str, Any]) -> Rows:
    yield "videos ordered", f"{report.ordered:,}", f"{report.wishes.videos_possible:,}"
    yield "videos published", f"{report.published:,}", f"{report.wishes.videos_possible:,}"
    for state in sorted(set(report.videos) - {"published"}):
        yield f"videos {state.replace('_', ' ')}", f"{report.videos[state]:,}", ""
    for why, slots in sorted(report.not_served.items()):
        yield f"days without a video: {why.replace('_', ' ')}", f"{slots:,}", ""
    yield "served later than at midnight", f"{facts['slots_deferred']:,}", ""
    yield "longest wait of a slot", _time(report.longest_slot_wait_s), ""
    yield "longest from order to publication (no review)", _time(report.longest_video_wait_s), ""
    yield "videos per user", f"{facts['videos_per_user_min']}–{facts['videos_per_user_max']}", ""
    yield "channels of one user differ by at most", f"{report.rotation_difference} videos", ""


def _money(report: Report, facts: Mapping[str, Any]) -> Rows:
    policy = report.policy
    yield "in all", _cents(report.total_microusd), f"{_cents(BUDGET_MICROUSD)} budget"
    expected = policy.video_cap * report.wishes.videos_possible
    yield "  as many videos at the cap of one", _cents(expected), ""
    yield "most on one day", _cents(report.max_day_microusd), _cents(policy.platform_day_cap)
    yield "most on one video", dollars(report.max_video_microusd), _cents(policy.video_cap)
    for kind, words in _KINDS.items():
        cap = policy.platform_day_cap if kind == "platform-day" else policy.video_cap
        yield f"most held and spent for {words}", dollars(report.peaks.get(kind, 0)), _cents(cap)
    for category, amount in sorted(report.by_category.items()):
        yield f"  {category}", _cents(amount), ""
    for vendor, bill in sorted(report.bills_microusd.items()):
        yield f"  billed by the stand-in of {vendor}", _cents(bill), ""
    yield "calls of unknown outcome, counted as spent", f"{report.unknown_calls:,}", ""
    yield "bills above their hold", dollars(report.overrun_microusd), ""
    yield "model calls paid twice", f"{facts['calls_paid_twice']:,}", "0"


def _quota(report: Report) -> Rows:
    policy = report.policy
    caps = {"uploads": policy.uploads, "units": policy.units - policy.reserve, "search": policy.searches}
    for bucket, cap in caps.items():
        used, counted = report.max_day.get(bucket, 0), report.max_day_at_vendor.get(bucket, 0)
        yield bucket, f"{used:,}, at the vendor {counted:,}", f"{cap:,}"
    yield "uploads in all; of a video twice", f"{report.uploads:,}; {report.uploaded_twice:,}", "0 twice"


def _quality(report: Report, facts: Mapping[str, Any]) -> Rows:
    yield "success: published of ordered", _percent(facts["success"]), ""
    yield "automation: published without a person", _percent(facts["automation"]), "95 %"
    yield "cache hits of cacheable look-ups", _percent(facts["cache_hit_rate"]), "40 %"
    for name, (hits, looked_up) in sorted(report.caches.items()):
        yield f"  {name.replace('_', ' ')}: {hits:,} of {looked_up:,}", _percent(facts["cache_hit_rate_of"][name]), ""
    yield "model calls on the cheap model", _percent(facts["cheap_share"]), "60 %"
    yield "calls to vendors", f"{report.vendor_calls:,}", ""
    yield "faults that struck", f"{sum(report.faults_struck.values()):,}", ""
    for kind, hits in sorted(report.faults_struck.items()):
        yield f"  {kind.replace('_', ' ')}", f"{hits:,}", ""
    yield "steps tried again", f"{report.steps_again:,}", ""
    acted = ", ".join(f"{count:,} {what}" for what, count in sorted(report.acted.items()))
    yield "what owners did", acted or "nothing", ""
    yield "differences in the ledger's books", f"{len(report.audit):,}", "0"
    for state, reason, videos in report.reasons[:8]:
        yield f"  {state}: {reason[:60]}", f"{videos:,}", ""
    cpu_s = sum(report.cpu_s.values())
    yield "took", f"{report.wall_s:,.0f} s, {cpu_s:,.0f} CPU s", ""


def _cents(microusd: int) -> str:
    return f"${microusd / 1_000_000:,.2f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, rest = divmod(round(seconds / 60), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
