"""A cache in Valkey: of what reading takes time, and of values that programs keep. Losing it costs time, never truth.

Every key is a tenant's. `get_or_make` makes a value once in each process however many ask at the same time, and makes
it without Valkey if that is away. An entry counts only while the generation it was made in lasts: `forget` begins a new
one, also for what is just being made.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from ytempire.kit.metrics import CACHE_LOOKUPS

_COUNTED_DAYS = 40
_GENERATION_S = 7 * 24 * 3600
"""Longer than any entry lives that a generation may end."""
_MOST_NAMESPACES = 200
"""Of a user and day that are counted: programs name their own, and could else fill the memory with names."""
MOST_BYTES_A_DAY = 32_000_000
"""That programs of one user may put: Valkey's memory is everybody's, and what is put there pushes others' out."""
_NONE = b"-"


@dataclass(frozen=True)
class LookUps:
    """How often a namespace was asked and had what was asked for."""

    namespace: str
    hits: int
    misses: int


class Cache:
    """`url` None: nothing is kept, everything is made."""

    def __init__(self, url: str | None = None, *, patience_s: float = 0.5) -> None:
        """An answer later than `patience_s` costs a request more than what it would spare: then there is none."""
        waits = {"socket_timeout": patience_s, "socket_connect_timeout": patience_s}
        self._valkey = Valkey.from_url(url, **waits) if url else None
        self._making: dict[str, asyncio.Future[bytes]] = {}

    async def get_or_make(
        self,
        namespace: str,
        user_id: UUID,
        key: str,
        make: Callable[[], Awaitable[bytes]],
        *,
        ttl_s: int,
        now: datetime,
    ) -> bytes:
        """The kept value, else the one that `make` gives, kept for so long. Raises what `make` raises."""
        name = _name("read", namespace, user_id, key)
        while name in self._making:  # whoever is at it makes it for all
            waited = self._making[name]
            try:
                return await asyncio.shield(waited)
            except asyncio.CancelledError:
                if not waited.cancelled():
                    raise  # we are the ones that were called off
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._making[name] = future
        try:
            value = await self._got_or_made(namespace, user_id, name, make, ttl_s=ttl_s, now=now)
        except asyncio.CancelledError:
            future.cancel()
            raise
        except Exception as error:
            future.set_exception(error)
            future.exception()  # seen, whether or not others wait
            raise
        else:
            future.set_result(value)
            return value
        finally:
            del self._making[name]

    async def _got_or_made(
        self,
        namespace: str,
        user_id: UUID,
        name: str,
        make: Callable[[], Awaitable[bytes]],
        *,
        ttl_s: int,
        now: datetime,
    ) -> bytes:
        generations = _generations(namespace, user_id)
        found = await self._read(name, *generations)
        if found is None:
            return await make()
        kept, *begun = found
        mark = b"|".join(one or _NONE for one in begun) + b"\n"
        if kept is not None and kept.startswith(mark):
            await self._count(namespace, user_id, now, hit=True)
            return kept[len(mark) :]
        value = await make()
        await self._write(name, mark + value, ttl_s)
        await self._count(namespace, user_id, now, hit=False)
        return value

    async def forget(self, namespace: str, user_id: UUID | None = None) -> None:
        """What was read before now counts no more, for that user or for all."""
        if self._valkey:
            of_all, of_user = _generations(namespace, user_id or UUID(int=0))
            name = of_user if user_id else of_all
            try:
                async with self._valkey.pipeline(transaction=True) as both:
                    both.incr(name)
                    both.expire(name, _GENERATION_S)
                    await both.execute()
            except (ValkeyError, OSError):
                return

    async def get(self, namespace: str, user_id: UUID, key: str, *, now: datetime) -> bytes | None:
        """A program's value, or None; counted."""
        found = await self._read(_name("kept", namespace, user_id, key))
        value = found[0] if found else None
        await self._count(namespace, user_id, now, hit=value is not None)
        return value

    async def put(self, namespace: str, user_id: UUID, key: str, value: bytes, *, ttl_s: int, now: datetime) -> bool:
        """Keep a program's value for so long; False if it can't be kept just now, or the user put too much today."""
        if not await self._may_put(user_id, len(value), now):
            return False
        return await self._write(_name("kept", namespace, user_id, key), value, ttl_s)

    async def delete(self, namespace: str, user_id: UUID, key: str) -> None:
        """Forget a program's value."""
        if self._valkey:
            try:
                await self._valkey.delete(_name("kept", namespace, user_id, key))
            except (ValkeyError, OSError):
                return

    async def forget_user(self, user_id: UUID) -> bool:
        """Delete all that is kept for a user, the counts too; False if Valkey is away: then it ends by itself."""
        if self._valkey:
            try:
                async for name in self._valkey.scan_iter(f"cache:*{user_id}*", count=1000):
                    await self._valkey.unlink(name)
            except (ValkeyError, OSError):
                return False
        return True

    async def rates(self, user_id: UUID, now: datetime, *, days: int) -> list[LookUps]:
        """The user's look-ups by namespace over the last days (UTC), today among them; none if Valkey is away."""
        sums: dict[str, dict[str, int]] = defaultdict(lambda: {"hit": 0, "miss": 0})
        if self._valkey:
            try:
                async with self._valkey.pipeline(transaction=False) as all_days:
                    for back in range(min(days, _COUNTED_DAYS)):
                        all_days.hgetall(_counts(user_id, now - timedelta(days=back)))
                    for counted in await all_days.execute():
                        for field, count in counted.items():
                            outcome, _, namespace = field.decode().partition(":")
                            sums[namespace][outcome] += int(count)
            except (ValkeyError, OSError):
                return []
        return [LookUps(name, counted["hit"], counted["miss"]) for name, counted in sorted(sums.items())]

    async def close(self) -> None:
        """Close the connections."""
        if self._valkey:
            await self._valkey.aclose()

    async def _read(self, *names: str) -> list[bytes | None] | None:
        if not self._valkey:
            return None
        try:
            return list(await self._valkey.mget(names))
        except (ValkeyError, OSError):
            return None

    async def _write(self, name: str, value: bytes, ttl_s: int) -> bool:
        if not self._valkey:
            return False
        try:
            return bool(await self._valkey.set(name, value, ex=ttl_s))
        except (ValkeyError, OSError):
            return False

    async def _may_put(self, user_id: UUID, size_bytes: int, now: datetime) -> bool:
        if not self._valkey:
            return False
        name = f"cache:bytes:{user_id}:{now.date()}"
        try:
            async with self._valkey.pipeline(transaction=True) as both:
                both.incrby(name, size_bytes)
                both.expire(name, 24 * 3600)
                taken, _ = await both.execute()
        except (ValkeyError, OSError):
            return False
        return int(taken) <= MOST_BYTES_A_DAY

    async def _count(self, namespace: str, user_id: UUID, now: datetime, *, hit: bool) -> None:
        outcome = "hit" if hit else "miss"
        if not self._valkey:
            return
        name = _counts(user_id, now)
        try:
            field = f"{outcome}:{namespace}"
            async with self._valkey.pipeline(transaction=False) as all_at_once:
                all_at_once.hincrby(name, field, 1)
                all_at_once.expire(name, (_COUNTED_DAYS + 1) * 24 * 3600)
                all_at_once.hlen(name)
                counted, _, fields = await all_at_once.execute()
            if counted == 1 and fields > 2 * _MOST_NAMESPACES:
                await self._valkey.hdel(name, field)
        except (ValkeyError, OSError):
            return
        CACHE_LOOKUPS.labels(_label(namespace), outcome).inc()


def _label(namespace: str) -> str:
    """Programs name their own: in metrics they are one, or labels would have no end."""
    return "program" if namespace.startswith("program.") else namespace


def _name(kind: str, namespace: str, user_id: UUID, key: str) -> str:
    """One name for one key: nothing in it can be read as another part."""
    digest = hashlib.sha256(f"{namespace}\n{key}".encode()).hexdigest()
    return f"cache:{kind}:{user_id}:{digest}"


def _generations(namespace: str, user_id: UUID) -> tuple[str, str]:
    return f"cache:gen:{namespace}", f"cache:gen:{namespace}:{user_id}"


def _counts(user_id: UUID, now: datetime) -> str:
    return f"cache:counts:{user_id}:{now.date()}"
