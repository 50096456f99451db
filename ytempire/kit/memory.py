"""Memory that was freed, given back to the system.

The C library keeps what was freed, for each thread that once asked for it. A worker whose threads in turn speak, listen
and measure pictures holds twice what it uses that way.
"""

from __future__ import annotations

import asyncio
import ctypes

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""glibc's, https://man7.org/linux/man-pages/man3/malloc_trim.3.html; other libraries give back by themselves."""


async def give_back() -> None:
    """Give it back now; takes some milliseconds, in which other threads go on."""
    if _TRIM is not None:
        await asyncio.to_thread(_TRIM, 0)
