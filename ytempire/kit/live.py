"""Live values in Valkey: how far a step is, right now. Losing them loses no work, so trouble here stops nobody."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import UUID

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from ytempire.kit.errors import BadInput

_TTL_S = 120


class Live:
    """Progress of videos at work. Raises BadInput for what is no address."""

    def __init__(self, url: str) -> None:
        try:
            self._valkey = Valkey.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        except ValueError as error:
            raise BadInput(
                "this is not the address of a Valkey or Redis",
                field="REDIS_URL",
                fix="Write redis://:PASSWORD@HOST:6379",
            ) from error

    async def note(self, video_id: UUID, step: str, share: float) -> None:
        """Say that a step is done to this share (0–1)."""
        with suppress(ValkeyError, OSError):
            await self._valkey.set(f"progress:{video_id}", json.dumps([step, round(share, 3)]), ex=_TTL_S)

    async def read(self, video_id: UUID) -> tuple[str, float] | None:
        """The step at work and its share, if known."""
        with suppress(ValkeyError, OSError, ValueError):
            value = await self._valkey.get(f"progress:{video_id}")
            if value:
                step, share = json.loads(value)
                return str(step), float(share)
        return None

    async def answers(self) -> bool:
        """Whether Valkey is there."""
        try:
            return bool(await self._valkey.ping())
        except (ValkeyError, OSError):
            return False

    async def close(self) -> None:
        """Close the connection."""
        await self._valkey.aclose()
