"""The nouns of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ytempire.kit.errors import StandInRefused


@dataclass(frozen=True)
class Provenance:
    """Which parts of a video are stand-ins; the real platform takes it only if none is."""

    stand_in_parts: tuple[str, ...] = ()
    rehearsal: bool = False

    def require_real(self) -> None:
        """Raise StandInRefused unless every part is real and the video was not made in rehearsal."""
        if self.stand_in_parts or self.rehearsal:
            why = [*(f"its {part} came from a stand-in" for part in self.stand_in_parts)]
            why += ["it was made in rehearsal"] if self.rehearsal else []
            raise StandInRefused(
                f"the video may not reach the real YouTube: {', '.join(why)}",
                fix="Make it again outside rehearsal, with the vendors' keys set.",
            )


class UploadState(StrEnum):
    """Where an upload stands."""

    PLANNED = "planned"
    STARTED = "started"
    """A session is stored; bytes may have been sent."""
    FINISHING = "finishing"
    """The last piece may have been sent: a video may exist that we have no id of."""
    DONE = "done"


@dataclass(frozen=True)
class Upload:
    """A video's one upload. The session's address is a bearer capability, so the store keeps it sealed."""

    video_id: UUID
    user_id: UUID
    channel_id: UUID
    marker: str
    state: UploadState
    session_no: int
    """How many sessions were opened; a worker that knows an older one may not store another."""
    session: str
    platform_id: str
    file_sha256: str
    created_at: datetime
    last_piece_at: datetime | None


@dataclass(frozen=True)
class Comparison:
    """One field read back after publishing."""

    field: str
    wanted: str
    got: str
    repaired: bool


@dataclass(frozen=True)
class Disclosure:
    """Whether realistic synthetic content is disclosed, and why (not)."""

    needed: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PublishResult:
    """What the publish step leaves."""

    platform_id: str
    url: str
    stand_in: bool
    disclosure: bool
    disclosure_reasons: tuple[str, ...]
    notes: tuple[str, ...]
    """What was changed on the way out (a character taken out of the title) or not done, in plain words."""
    units_spent: int
    """Of the units bucket, by this run of the step."""
    title: str = ""
    """Our title of this version: what the video is called while it stands there. Empty in records of before."""
    visibility: Annotated[str, Field(exclude=True)] = ""
    read_back: Annotated[tuple[Comparison, ...], Field(exclude=True)] = ()
    """What the platform told stands in `publications` alone, where a disconnect deletes it, not in a step's record."""
