"""Live values in Valkey: how far a step is, right now. Losing them loses no work, so trouble here stops nobody."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from uuid import UUID

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from ytempire.kit.errors import BadInput

_TTL_S = 120
_CHANNEL = "progress"
_WAIT_S = 30.0


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

    async def note(self, user_id: UUID, video_id: UUID, step: str, share: float) -> None:
        """Say that a step is done to this share (0–1)."""
        share = round(share, 3)
        with suppress(ValkeyError, OSError):
            async with self._valkey.pipeline(transaction=False) as both:
                both.set(f"progress:{video_id}", json.dumps([step, share]), ex=_TTL_S)
                both.publish(_CHANNEL, json.dumps([str(user_id), str(video_id), step, share]))
                await both.execute()

    async def read(self, video_id: UUID) -> tuple[str, float] | None:
        """The step at work and its share, if known."""
        with suppress(ValkeyError, OSError, ValueError):
            value = await self._valkey.get(f"progress:{video_id}")
            if value:
                step, share = json.loads(value)
                return str(step), float(share)
        return None

    async def noted(self) -> AsyncGenerator[tuple[UUID, UUID, str, float]]:
        """(user, video, step, share) of every note from here on, all users'. Ends when Valkey can't be heard."""
        with suppress(ValkeyError, OSError):
            async with self._valkey.pubsub(ignore_subscribe_messages=True) as heard:
                await heard.subscribe(_CHANNEL)
                while True:
                    message = await heard.get_message(timeout=_WAIT_S)
                    if message:
                        user_id, video_id, step, share = json.loads(message["data"])
                        yield UUID(user_id), UUID(video_id), str(step), float(share)

    async def answers(self) -> bool:
        """Whether Valkey is there."""
        try:
            return bool(await self._valkey.ping())
        except (ValkeyError, OSError):
            return False

    async def close(self) -> None:
        """Close the connection."""
        await self._valkey.aclose()
