"""What orchestration needs from outside, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Teller(Protocol):
    """Reaches the driver."""

    @property
    def driver_at(self) -> str:
        """Where it is; empty: nowhere, so nothing is told."""
        ...

    async def tell(self, resume_url: str, what: Mapping[str, object]) -> int:
        """POST it; the answer's status. Raises FetchRefused if there is none."""
        ...
