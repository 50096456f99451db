"""The port `Teller`: an execution that waits is resumed by a POST to its resume URL, which n8n has signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ytempire.kit.http import Fetcher

_DEADLINE_S = 15.0


@dataclass(frozen=True)
class HttpTeller:
    """Posts to addresses below `driver_at`, which the operator named: it may lie on this machine or network."""

    driver_at: str
    _fetcher: Fetcher = field(default_factory=lambda: Fetcher(permits=lambda _: True, deadline_s=_DEADLINE_S))

    async def tell(self, resume_url: str, what: Mapping[str, object]) -> int:
        """See `Teller`."""
        return await self._fetcher.post(
            resume_url,
            field="resume_url",
            body=json.dumps(what).encode(),
            headers={"Content-Type": "application/json"},
        )
