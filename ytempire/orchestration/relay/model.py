"""The nouns of the relay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ytempire.ledger import Category


@dataclass(frozen=True)
class Relayed:
    """What the driver gets."""

    call_id: UUID
    cost_microusd: int
    repeated: bool
    """It was answered from the record."""
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a vendor's calls belong in a video."""

    step: str
    category: Category
