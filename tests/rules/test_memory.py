"""Freed memory goes back to the system."""

from __future__ import annotations

import asyncio
import ctypes

import psutil
import pytest

from ytempire.kit.memory import give_back


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this C library gives back by itself")
async def test_what_a_thread_has_freed_goes_back() -> None:
    kept: list[bytes] = []

    def used_in_bits() -> None:
        many = [bytes(2_000) for _ in range(50_000)]
        kept.extend(many[::500])  # so that it lies in between

    process = psutil.Process()
    await asyncio.to_thread(used_in_bits)
    before = process.memory_info().rss
    await give_back()
    assert before - process.memory_info().rss > 50_000_000
    assert len(kept) == 100
