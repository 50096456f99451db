"""What a person reads fits the terminal; what a program reads has no padding."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from ytempire.cli.terminal import fitted, receipt_notes, receipt_table, show
from ytempire.kit.ids import new_id
from ytempire.ledger import Receipt, ReceiptLine


def receipt(*, saved: int = 0) -> Receipt:
    paid = ReceiptLine("script", "openai", "script (cheap)", 2_984, 2_984, 798, 0, 0, "settled")
    cut = ReceiptLine("render", "processing", "CPU time of rendering, at length", 278, 278, 278, 0, saved, "settled")
    free = ReceiptLine("voice", "elevenlabs", "1 sentence(s)", 0, 0, 0, 0, 0, "settled")
    split = (("openai", 798, 1_000_000), ("elevenlabs", 0, 500_000), ("processing", 278, 300_000))
    return Receipt(new_id(), (paid, *[free] * 11, cut), 3_262, 3_262, 1_076, 0, saved, 3_000_000, split, 1, 154)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("saved", [0, 123_456])
def test_a_receipt_keeps_one_line_for_each_call(width: int, saved: int) -> None:
    screen = Console(file=StringIO(), width=width, force_terminal=True, color_system=None)
    with screen.capture() as captured:
        show(screen, receipt_table(receipt(saved=saved), width))
    lines = captured.get().splitlines()
    assert len(lines) == 5  # title, header, two calls that cost something, total
    amounts = ["$0.003262", "$0.003262", "$0.001076", *(["$0.123456"] if saved else [])]
    assert [word for word in lines[-1].split() if word.startswith("$")][: len(amounts)] == amounts


def test_without_a_terminal_no_line_ends_in_spaces_or_is_broken() -> None:
    file = StringIO()
    screen = Console(file=file, width=100, force_terminal=False)
    show(screen, receipt_table(receipt(), 100))
    lines = file.getvalue().splitlines()
    assert lines == [line.rstrip() for line in lines]
    assert lines[-1].startswith("total")


def test_the_notes_are_short_and_leave_out_what_was_not_used() -> None:
    assert receipt_notes(receipt()) == [
        "free of charge: 11 calls of the voice step",
        "openai: $0.000798 of $1.00",
        "processing: $0.000278 of $0.30",
        "YouTube: 1 upload, 154 units of quota",
    ]


def test_only_the_column_that_gives_way_is_cut() -> None:
    screen = Console(file=StringIO(), width=40, force_terminal=True, color_system=None)
    rows = [("dec181f0", "published", "$0.001103", "章鱼有三个心脏 and a title that is long")]
    with screen.capture() as captured:
        show(screen, fitted(("video", "state", "cost", "title"), rows, 40, gives_way="title", right={"cost"}))
    [_, line] = captured.get().splitlines()
    assert line.split()[:3] == ["dec181f0", "published", "$0.001103"]
    assert line.rstrip().endswith("…")
    assert cell_len(line.rstrip()) <= 40
