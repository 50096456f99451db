"""What a person sees: consoles without colour codes where there is no terminal, amounts, times, tables."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime

from rich.console import Console
from rich.table import Table

from ytempire.ledger.model import Receipt, ReceiptLine
from ytempire.orchestration import RetryPlan

_PLAIN_WIDTH = 110


def console() -> Console:
    """Standard output; plain text of a fixed width if it is no terminal."""
    if sys.stdout.isatty():
        return Console(markup=False, highlight=False)
    return Console(markup=False, highlight=False, width=_PLAIN_WIDTH, no_color=True, force_terminal=False)


def error_console() -> Console:
    """Standard error, likewise."""
    if sys.stderr.isatty():
        return Console(stderr=True, markup=False, highlight=False)
    return Console(stderr=True, markup=False, highlight=False, width=_PLAIN_WIDTH, no_color=True, force_terminal=False)


def dollars(microusd: int) -> str:
    """`$0.012345`: to the micro-dollar, without trailing zeros beyond the cent."""
    sign = "-" if microusd < 0 else ""
    whole, part = divmod(abs(microusd), 1_000_000)
    digits = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}${whole}.{digits}"


def seconds(duration_s: float | None) -> str:
    """`3.2 s`, or a dash."""
    return "–" if duration_s is None else f"{duration_s:.1f} s"


def when(moment: datetime) -> str:
    """Local wall time, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def short_id(video_id: object) -> str:
    """The end of an id: enough to name a video."""
    return str(video_id)[-8:]


def retry_lines(plan: RetryPlan) -> list[str]:
    """What a retry makes anew, what that may cost, and what is not paid again."""
    if plan.remake:
        lines = [f"makes {plan.remake} anew, and after it what depends on it (so far {dollars(plan.again_microusd)})"]
    else:
        lines = [f"goes on with {plan.begins}"]
    if plan.kept:
        lines.append(f"kept and not paid again: {', '.join(plan.kept)} ({dollars(plan.kept_microusd)})")
    return lines


def receipt_table(receipt: Receipt) -> Table:
    """A receipt as a table: each call that has a price, sums and the cap below; empty columns are left out."""
    table = Table(title="Receipt", title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("step")
    table.add_column("what", max_width=40, overflow="ellipsis", no_wrap=True)
    amounts = ["estimate", "held", "actual"]
    amounts += [name for name in ("overrun", "saved") if getattr(receipt, f"{name}_microusd")]
    for name in amounts:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)

    def figures(of: Receipt | ReceiptLine) -> list[str]:
        return [dollars(getattr(of, f"{name}_microusd")) for name in amounts]

    for line in receipt.lines:
        if not _is_free(line):
            table.add_row(line.step, line.what, *figures(line), line.state)
    table.add_section()
    table.add_row("total", "", *figures(receipt), f"of {dollars(receipt.cap_microusd)}", style="bold")
    return table


def _is_free(line: ReceiptLine) -> bool:
    amounts = (line.estimate_microusd, line.held_microusd, line.actual_microusd, line.saved_microusd)
    return line.state != "unknown" and not any(amounts)


def receipt_notes(receipt: Receipt) -> list[str]:
    """Lines below a receipt: shares by category, YouTube's quota."""
    shares = ", ".join(f"{name} {dollars(spent)} of {dollars(cap)}" for name, spent, cap in receipt.by_category)
    free = Counter(line.step for line in receipt.lines if _is_free(line))
    notes = [f"free of charge: {', '.join(f'{count} {step} call(s)' for step, count in free.items())}"] if free else []
    return [
        *notes,
        f"by category: {shares}",
        f"YouTube quota: {receipt.youtube_uploads} upload call(s), {receipt.youtube_units} units",
    ]
