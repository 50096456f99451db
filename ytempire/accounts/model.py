"""Who owns channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

LOCAL_USER_ID = UUID("00000000-0000-7000-8000-000000000001")
"""The one owner of an installation that is used from the command line only.

A fixed id needs no look-up across tenants and no lock: two processes that make it at once make the same row.
"""


@dataclass(frozen=True)
class User:
    """An owner of channels; the user is the tenant."""

    id: UUID
    name: str
    email: str | None
    time_zone: str
    """IANA name (`Europe/Berlin`): decides which day it is for this user."""
    created_at: datetime
