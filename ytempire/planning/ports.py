"""What planning needs from the floors above it, in its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.kit.database import Connection, Database
from ytempire.ledger import Ledger


class OrderVideo(Protocol):
    """Orders a slot's video; it exists exactly if the transaction commits."""

    async def __call__(
        self, conn: Connection, channel: Channel, topic: str, publish_at: datetime, *, in_playlist: bool
    ) -> UUID:
        """The new video's id; an empty topic means: the backlog's next. `publish_at`: when it is to appear.

        `in_playlist`: whether it may go into the channel's playlist.

        Raises YtempireError: it can't be made.
        """
        ...


class QuotaOf(Protocol):
    """What publishing takes of YouTube's quota, by bucket and share (`uploads`, `units`, `publishing`, …)."""

    def __call__(self, *, videos: int, in_playlists: int) -> Mapping[str, int]:
        """For so many videos, of which so many go into a playlist."""
        ...


class HasRoom(Protocol):
    """Whether the driver may take one more video, asked while it has the turn."""

    async def __call__(self, conn: Connection) -> bool:
        """As of this transaction."""
        ...


async def _always(conn: Connection) -> bool:  # noqa: ARG001 - the port names it so
    return True


@dataclass(frozen=True)
class Planner:
    """What planning works with, put together once."""

    database: Database
    ledger: Ledger
    order: OrderVideo
    quota_of: QuotaOf
    rehearsal: bool
    """Whose plans are served: a shared database may hold both kinds."""
    has_room: HasRoom = _always
