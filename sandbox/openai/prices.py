"""What a call costs here: the sandbox's own dated price list, so that a caller's own sums are checked against it."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _lists() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(Path(__file__).with_name("prices.json").read_text("utf-8"))
    return sorted(loaded, key=lambda dated: str(dated["effective_from"]))


def models() -> tuple[str, ...]:
    """Every model on the newest list."""
    return tuple(_lists()[-1]["microusd_per_million_tokens"])


def cost_microusd(
    model: str, *, at: float, fresh: int, cached: int, written: int, output: int, tier: str = "default"
) -> int:
    """Micro-dollars for a call's tokens at a Unix time, rounded up; Flex and Batch are half price."""
    day = datetime.fromtimestamp(at, UTC).date().isoformat()
    valid = [dated for dated in _lists() if dated["effective_from"] <= day] or _lists()[:1]
    rate = valid[-1]["microusd_per_million_tokens"][model]
    whole = fresh * rate["input"] + cached * rate["cached"] + written * rate["cache_write"] + output * rate["output"]
    divisor = 2_000_000 if tier in ("flex", "batch") else 1_000_000
    return -(-int(whole) // divisor)
