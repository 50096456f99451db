"""What accounts need from outside: somebody who carries a letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A mail of plain text to one address."""

    to: str
    subject: str
    text: str = field(repr=False)
    """It may hold a one-time link."""


class Post(Protocol):
    """A mail server."""

    async def send(self, letter: Letter) -> None:
        """Hand it over. Raises VendorRefused with the reason, in bounded time."""
        ...
