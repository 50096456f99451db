"""The nouns of money and quota. Dollars are integer micro-dollars, quota is whole units; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Category(StrEnum):
    """What a video's $3.00 is split into."""

    OPENAI = "openai"
    ELEVENLABS = "elevenlabs"
    THUMBNAIL = "thumbnail"
    PROCESSING = "processing"


@dataclass(frozen=True)
class Meters:
    """What a vendor counts. Providers report meters; only the ledger turns them into money."""

    vendor: str
    """`openai`, `elevenlabs`, `local`."""
    model: str
    input_tokens: int = 0
    """All input tokens, cached ones included."""
    cached_input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    images: int = 0
    cpu_ms: int = 0


@dataclass(frozen=True)
class Hold:
    """Money or units set aside before a call."""

    id: UUID
    video_id: UUID | None
    category: str
    amount: int
    taken_at: datetime


@dataclass(frozen=True)
class ReceiptLine:
    """One call on a receipt, in micro-dollars; `saved_microusd` is what a cache made unnecessary."""

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
