"""How often something may happen: counts in Valkey, shared by all processes, and beside it in this process.

The higher count decides. Losing Valkey therefore loses the sum over processes, never the limit: each process goes on
counting by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from ytempire.kit.errors import TooMany

_MOST_LOCAL = 100_000
_TELL_EVERY_S = 0.05


@dataclass(frozen=True)
class Rate:
    """At most `most` of `name` in each window of `window_s` seconds, per whoever it is counted for."""

    name: str
    most: int
    window_s: int


@dataclass(frozen=True)
class Taken:
    """What a count came to: `left` of the rate (0: this one was too many if not `allowed`), until the window ends."""

    rate: Rate
    allowed: bool
    left: int
    reset_s: int

    def require(self, message: str) -> None:
        """Raise TooMany if this one was too many."""
        if not self.allowed:
            raise TooMany(message, retry_after_s=self.reset_s)


class Rates:
    """Counts by rate and by whom. The windows are aligned to the clock, so that all processes agree on them."""

    def __init__(self, url: str) -> None:
        # An answer later than this costs every request more than the shared count is worth.
        self._valkey = Valkey.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._local: dict[str, int] = {}
        self._shared: dict[str, int] = {}
        """All processes' counts, as of when they were last told."""
        self._untold: dict[str, tuple[int, int]] = {}
        """What this process has counted since then: how many, and seconds of the window."""
        self._telling: asyncio.Task[None] | None = None

    async def take(self, rate: Rate, whose: str, now: datetime) -> Taken:
        """Count one more of it, exact over all processes: for guesses and attempts."""
        key, left_s = _window(rate, whose, now)
        counted = self._count(key)
        told = await self._tell({key: (1, rate.window_s)})
        return _taken(rate, max(counted, told.get(key, 0)), left_s)

    def count(self, rate: Rate, whose: str, now: datetime) -> Taken:
        """Count one more without waiting: what other processes counted is known a moment later. For plain requests."""
        key, left_s = _window(rate, whose, now)
        counted = self._count(key)
        before, _ = self._untold.get(key, (0, 0))
        self._untold[key] = (before + 1, rate.window_s)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon())
        return _taken(rate, max(counted, self._shared.get(key, 0) + before + 1), left_s)

    def _count(self, key: str) -> int:
        if key not in self._local and len(self._local) >= _MOST_LOCAL:
            self._local.clear()
            self._shared.clear()
        self._local[key] = counted = self._local.get(key, 0) + 1
        return counted

    async def _tell_soon(self) -> None:
        while self._untold:
            await asyncio.sleep(_TELL_EVERY_S)
            untold, self._untold = self._untold, {}
            self._shared.update(await self._tell(untold))

    async def _tell(self, counts: Mapping[str, tuple[int, int]]) -> dict[str, int]:
        """The sums of all processes, these counts among them; empty without Valkey."""
        try:
            async with self._valkey.pipeline(transaction=False) as all_at_once:
                for key, (count, window_s) in counts.items():
                    all_at_once.incrby(key, count)
                    all_at_once.expire(key, window_s)
                answers = await all_at_once.execute()
        except (ValkeyError, OSError):
            return {}
        return dict(zip(counts, map(int, answers[::2]), strict=True))

    async def close(self) -> None:
        """Close the connections."""
        if self._telling:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling
        await self._valkey.aclose()


def _window(rate: Rate, whose: str, now: datetime) -> tuple[str, int]:
    """The window's name, and the seconds until it ends."""
    window, into_s = divmod(int(now.timestamp()), rate.window_s)
    return f"rate:{rate.name}:{whose}:{window}", rate.window_s - into_s


def _taken(rate: Rate, counted: int, left_s: int) -> Taken:
    return Taken(rate, counted <= rate.most, max(0, rate.most - counted), left_s)
