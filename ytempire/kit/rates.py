"""How often something may happen: counts in Valkey, shared by all processes, and beside it in this process.

The higher count decides. Losing Valkey therefore loses the sum over processes, never the limit: each process goes on
counting by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from ytempire.kit.errors import TooMany

_MOST_LOCAL = 100_000


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

    async def take(self, rate: Rate, whose: str, now: datetime) -> Taken:
        """Count one more of it."""
        window, into_s = divmod(int(now.timestamp()), rate.window_s)
        key = f"rate:{rate.name}:{whose}:{window}"
        if key not in self._local and len(self._local) >= _MOST_LOCAL:
            self._local.clear()
        self._local[key] = count = self._local.get(key, 0) + 1
        count = max(count, await self._shared(key, rate.window_s))
        return Taken(rate, count <= rate.most, max(0, rate.most - count), rate.window_s - into_s)

    async def _shared(self, key: str, window_s: int) -> int:
        try:
            async with self._valkey.pipeline(transaction=True) as both:
                both.incr(key)
                both.expire(key, window_s)
                counted, _ = await both.execute()
                return int(counted)
        except (ValkeyError, OSError):
            return 0

    async def close(self) -> None:
        """Close the connections."""
        await self._valkey.aclose()
