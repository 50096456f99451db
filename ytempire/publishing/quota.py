"""How publishing calls the platform: quota held first, repeated only where waiting helps, counted as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import stamina

from ytempire.kit.errors import OutcomeUnknown, VendorRefused
from ytempire.ledger import Bucket, Ledger, QuotaCall, Share
from ytempire.production.model import StepName
from ytempire.production.step import Work

T = TypeVar("T")
JsonObject = dict[str, Any]

ATTEMPTS = 4
PATIENCE_S = 15.0
"""Longer waits are the driver's: the step ends and comes back."""
WAIT_FIRST_S = 0.25

READ, PAGE, INSERT, UPDATE, THUMBNAIL, CAPTION_LIST, CAPTION_INSERT = 1, 3, 50, 50, 50, 50, 400
"""Units: https://developers.google.com/youtube/v3/determine_quota_cost; a page of uploads is three list calls."""


READS_OF_A_VIDEO = 3
"""Processing, playlist, read-back; more only while YouTube is slow to process."""


def usual_quota(*, videos: int, in_playlists: int) -> dict[str, int]:
    """What publishing so many videos takes, by bucket and share; caption tracks are not waited for, so not counted."""
    publishing = THUMBNAIL * videos + INSERT * in_playlists
    reads = READS_OF_A_VIDEO * videos
    return {
        Bucket.UPLOADS: videos,
        Bucket.UNITS: publishing + reads,
        Share.PUBLISHING: publishing,
        Share.READS: reads,
    }


class Purse:
    """One run of the step, seen by the ledger."""

    def __init__(self, work: Work) -> None:
        self._ledger: Ledger = work.tools.ledger
        self._work = work
        self._reads = 0
        self.units_spent = 0

    async def upload(self, ordinal: int, perform: Callable[[], Awaitable[JsonObject]]) -> JsonObject:
        """The one call of the uploads bucket: start the `ordinal`-th session."""
        call = self._call(f"start:{ordinal}", "video upload", Bucket.UPLOADS, 1, Share.PUBLISHING)
        return await patiently(lambda: self._ledger.spend_quota(call, perform))

    async def write(
        self,
        name: str,
        what: str,
        units: int,
        perform: Callable[[], Awaitable[None]],
        *,
        share: Share = Share.PUBLISHING,
        look: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """A call that changes something, made once under its name. `look` tells whether it has happened already."""

        async def performed() -> JsonObject:
            await perform()
            self.units_spent += units
            return {"done": True}

        async def looked() -> JsonObject | None:
            return {"done": True} if look and await look() else None

        call = self._call(name, what, Bucket.UNITS, units, share)
        await patiently(lambda: self._ledger.spend_quota(call, performed, looked if look else None))

    async def read(
        self, what: str, perform: Callable[[], Awaitable[T]], *, units: int = READ, share: Share = Share.READS
    ) -> T:
        """A call that changes nothing; each time anew."""

        async def once() -> T:
            self._reads += 1
            answers: list[T] = []

            async def performed() -> JsonObject:
                answers.append(await perform())
                self.units_spent += units
                return {}

            name = f"read:{self._work.attempt}:{self._reads}"
            await self._ledger.spend_quota(self._call(name, what, Bucket.UNITS, units, share), performed)
            return answers[0]

        return await patiently(once)

    def _call(self, name: str, what: str, bucket: Bucket, units: int, share: Share) -> QuotaCall:
        video = self._work.video
        return QuotaCall(
            user_id=video.user_id,
            video_id=video.id,
            step=StepName.PUBLISH,
            bucket=bucket,
            what=what,
            once=f"{video.id}:{StepName.PUBLISH}:{name}",
            units=units,
            share=share,
            attempt=self._work.attempt,
        )


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Repeat a call while the vendor asks for a short wait, or its answer was lost; then raise what it raised."""
    async for attempt in stamina.retry_context(
        on=_wait_s, attempts=ATTEMPTS, timeout=None, wait_initial=WAIT_FIRST_S, wait_max=PATIENCE_S
    ):
        with attempt:
            return await call()
    raise AssertionError("stamina either returns or raises")


def _wait_s(error: Exception) -> bool | float:
    if isinstance(error, OutcomeUnknown):
        return True
    if isinstance(error, VendorRefused) and error.retry_after_s is not None:
        return error.retry_after_s if error.retry_after_s <= PATIENCE_S else False
    return False


async def pause(seconds: float) -> None:
    """Wait between two looks."""
    await asyncio.sleep(seconds)
