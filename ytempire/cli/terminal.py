"""What a person sees: consoles without colour codes where there is no terminal, amounts, times, tables."""

from __future__ import annotations

import sys
from datetime import datetime

from rich.console import Console
from rich.table import Table

from ytempire.ledger.model import Receipt

_PLAIN_WIDTH = 110


def console() -> Console:
    """Standard output; plain text of a fixed width if it is no terminal."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=_PLAIN_WIDTH, no_color=True, force_terminal=False)


def error_console() -> Console:
    """Standard error, likewise."""
    if sys.stderr.isatty():
        return Console(stderr=True, highlight=False)
    return Console(stderr=True, highlight=False, width=_PLAIN_WIDTH, no_color=True, force_terminal=False)


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


def receipt_table(receipt: Receipt) -> Table:
    """A receipt as a table: each call with estimate, hold, actual, overrun, saving; sums and caps below."""
    table = Table(title="Receipt", title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("step")
    table.add_column("what", max_width=44, overflow="ellipsis", no_wrap=True)
    for name in ("estimate", "held", "actual", "overrun", "saved"):
        table.add_column(name, justify="right")
    table.add_column("state")
    for line in receipt.lines:
        table.add_row(
            line.step,
            line.what,
            dollars(line.estimate_microusd),
            dollars(line.held_microusd),
            dollars(line.actual_microusd),
            dollars(line.overrun_microusd) if line.overrun_microusd else "–",
            dollars(line.saved_microusd) if line.saved_microusd else "–",
            line.state,
        )
    table.add_section()
    table.add_row(
        "total",
        "",
        dollars(receipt.estimate_microusd),
        dollars(receipt.held_microusd),
        dollars(receipt.actual_microusd),
        dollars(receipt.overrun_microusd) if receipt.overrun_microusd else "–",
        dollars(receipt.saved_microusd) if receipt.saved_microusd else "–",
        f"of {dollars(receipt.cap_microusd)}",
        style="bold",
    )
    return table


def receipt_notes(receipt: Receipt) -> list[str]:
    """Lines below a receipt: shares by category, YouTube's quota."""
    shares = ", ".join(f"{name} {dollars(spent)} of {dollars(cap)}" for name, spent, cap in receipt.by_category)
    return [
        f"by category: {shares}",
        f"YouTube quota: {receipt.youtube_uploads} upload call(s), {receipt.youtube_units} units",
    ]
