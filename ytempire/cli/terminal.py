"""What a person sees: consoles without colour codes where there is no terminal, amounts, times, tables."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table

from ytempire.ledger import Receipt, ReceiptLine
from ytempire.orchestration import RetryPlan

_PLAIN_WIDTH = 110
_LEAST_WIDTH = 8


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


def receipt_table(receipt: Receipt, width: int) -> Table:
    """A receipt as a table: each call that has a price, sums and the cap below; empty columns are left out.

    `what` gives way where the terminal is narrow: an amount is never cut.
    """
    amounts = ["estimate", "held", "actual"]
    amounts += [name for name in ("overrun", "saved") if getattr(receipt, f"{name}_microusd")]

    def figures(of: Receipt | ReceiptLine) -> list[str]:
        return [dollars(getattr(of, f"{name}_microusd")) for name in amounts]

    rows = [[line.step, line.what, *figures(line), line.state] for line in receipt.lines if not _is_free(line)]
    total = ["total", "", *figures(receipt), f"of {dollars(receipt.cap_microusd)}"]
    table = fitted(["step", "what", *amounts, ""], [*rows, total], width, gives_way="what", right=amounts)
    table.title, table.title_justify = "Receipt", "left"
    table.rows[-1].style = "bold"
    return table


def fitted(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, gives_way: str, right: Collection[str] = ()
) -> Table:
    """A table of which one column is cut to what the others leave of the terminal's width; the others are whole."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    fixed = 0
    for head, column in zip(heads, zip(heads, *rows, strict=True), strict=True):
        table.add_column(head, justify="right" if head in right else "left", no_wrap=True)
        fixed += 0 if head == gives_way else max(map(cell_len, column)) + 2
    most = max(_LEAST_WIDTH, width - fixed)
    for row in rows:
        table.add_row(*(_cut(text, most) if head == gives_way else text for head, text in zip(heads, row, strict=True)))
    return table


def _cut(text: str, most: int) -> str:
    return text if cell_len(text) <= most else f"{set_cell_size(text, most - 1).rstrip()}…"


def _is_free(line: ReceiptLine) -> bool:
    amounts = (line.estimate_microusd, line.held_microusd, line.actual_microusd, line.saved_microusd)
    return line.state != "unknown" and not any(amounts)


def receipt_notes(receipt: Receipt) -> list[str]:
    """Short lines below a receipt: what cost nothing, each category that was drawn on, YouTube's quota."""
    free = Counter(line.step for line in receipt.lines if _is_free(line))
    return [
        *(f"free of charge: {_counted(count, 'call')} of the {step} step" for step, count in free.items()),
        *(f"{name}: {dollars(spent)} of {dollars(cap)}" for name, spent, cap in receipt.by_category if spent),
        *(f"{way.step}: {way.way} instead of {way.instead_of}, because {way.because}" for way in receipt.cheaper),
        f"YouTube: {_counted(receipt.youtube_uploads, 'upload')}, {_counted(receipt.youtube_units, 'unit')} of quota",
    ]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def show(screen: Console, table: Table) -> None:
    """Print a table; where it is read by other programs, without the spaces that fill its last column."""
    if screen.is_terminal:
        screen.print(table)
        return
    with screen.capture() as captured:
        screen.print(table)
    for line in captured.get().splitlines():
        screen.print(line.rstrip(), markup=False, soft_wrap=True)
