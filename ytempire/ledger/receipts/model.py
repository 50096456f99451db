"""The nouns of receipts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ytempire.ledger.ladder.model import CheaperWay


@dataclass(frozen=True)
class ReceiptLine:
    """One hold on a receipt, in micro-dollars; `saved_microusd` is what a cache made unnecessary.

    A call that failed and was made again has a line for each hold; its estimate stands on the first.
    """

    step: str
    category: str
    what: str
    estimate_microusd: int
    held_microusd: int
    actual_microusd: int
    overrun_microusd: int
    saved_microusd: int
    state: str
    """`held`, `settled`, `void`, `unknown` or `cached`."""


@dataclass(frozen=True)
class Receipt:
    """What a video cost: lines, sums, caps, and the YouTube units it took."""

    video_id: UUID
    lines: tuple[ReceiptLine, ...]
    estimate_microusd: int
    held_microusd: int
    actual_microusd: int
    overrun_microusd: int
    saved_microusd: int
    cap_microusd: int
    by_category: tuple[tuple[str, int, int], ...]
    """(category, spent, line's cap without margin) in micro-dollars."""
    youtube_uploads: int
    youtube_units: int
    cheaper: tuple[CheaperWay, ...] = ()
    """Where the video went a cheaper way, and why."""


@dataclass(frozen=True)
class VideoCost:
    """A video's money in micro-dollars."""

    held_microusd: int
    """Set aside for calls under way."""
    spent_microusd: int
    cap_microusd: int
