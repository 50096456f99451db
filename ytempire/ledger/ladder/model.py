"""The noun of the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CheaperWay:
    """What a video's step went on with because its money was short."""

    step: str
    way: str
    instead_of: str
    because: str
    at: datetime
