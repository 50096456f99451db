"""The sandbox's own paths, by which a simulation sets its time, strikes faults and reads its books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx

from ytempire.orchestration.simulation import Fault


class SandboxVendors:
    """The port `StandInVendors`."""

    def __init__(self, url: str) -> None:
        self._web = httpx.AsyncClient(base_url=url, timeout=120, trust_env=False)

    async def set_up(self, *, youtube_units: int, youtube_uploads: int) -> None:
        """As a simulation needs it: voices hum, nothing takes time, accounts are large enough for months.

        YouTube grants so much a day.
        """
        await self._post(
            "/_settings",
            processing_s=0,
            elevenlabs_sound="hum",
            elevenlabs_character_limit=1_000_000_000,
            elevenlabs_concurrency=1_000,
            token_lifetime_s=3_599,
            units_per_day=youtube_units,
            uploads_per_day=youtube_uploads,
        )

    async def set_clock(self, at: datetime) -> None:
        """See `StandInVendors`."""
        await self._post("/_clock", absolute=at.isoformat(), frozen=True)

    async def strike(self, faults: Sequence[Fault], *, seed: int) -> None:
        """See `StandInVendors`."""
        for fault in faults:
            match = {"vendor": fault.vendor}
            await self._post(
                "/_faults", match=match, fault=fault.kind, times=-1, share=fault.share, seed=seed, **dict(fault.options)
            )

    async def struck(self) -> dict[str, int]:
        """See `StandInVendors`."""
        answer = await self._web.get("/_faults")
        hits: Counter[str] = Counter()
        for fault in answer.raise_for_status().json():
            hits[str(fault["fault"])] += int(fault["hits"])
        return dict(hits)

    async def books(self, marker: str) -> dict[str, Any]:
        """See `StandInVendors`."""
        answer = await self._web.get("/_books", params={"marker": marker})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def close(self) -> None:
        """Close the connection."""
        await self._web.aclose()

    async def _post(self, path: str, **said: object) -> None:
        (await self._web.post(path, json=said)).raise_for_status()
