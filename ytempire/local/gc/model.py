"""What may go, and what went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ytempire.kit.media_store import MediaRef


@dataclass(frozen=True)
class Terms:
    """Times before which something counts as old: a scene's last use, a final's read-back, an event."""

    scenes_before: datetime
    finals_before: datetime
    events_before: datetime
    answers_before: datetime
    """Answers to Idempotency-Keys that were kept until then."""

    @classmethod
    def of_days(cls, now: datetime, *, scenes: float, finals: float, events: float) -> Terms:
        """So many days ago."""
        return cls(*(now - timedelta(days=days) for days in (scenes, finals, events, 0)))


@dataclass(frozen=True)
class Artifact:
    """A kept scene or mix: whose, under which key, which file."""

    user_id: UUID
    kind: str
    key: str
    media: MediaRef


@dataclass(frozen=True)
class Seen:
    """What the rows say at one moment."""

    artifacts: tuple[Artifact, ...]
    """Scenes and mixes that are old and that no video at work can have used."""
    finals: tuple[MediaRef, ...]
    """Files of videos that rest for long."""
    needed: frozenset[str]
    """Every hash that any other row names, whatever for."""
    events: Mapping[UUID, int]
    """How many old events each user has."""
    answers: Mapping[UUID, int]
    """How many answers to repeated requests each user has whose time is over."""


@dataclass(frozen=True)
class Freed:
    """Files and events deleted, or that would be."""

    scenes: tuple[MediaRef, ...]
    finals: tuple[MediaRef, ...]
    unnamed: tuple[MediaRef, ...]
    """Old files that no row names: left by a process that was killed between storing and recording."""
    events: int = 0
    answers: int = 0
    """Rows of Idempotency-Keys whose time is over."""

    @property
    def size_bytes(self) -> int:
        """All of them."""
        return _size(self.scenes) + _size(self.finals) + _size(self.unnamed)

    def lines(self, *, dry_run: bool, scene_days: float, final_days: float) -> list[str]:
        """In words."""
        parts = (
            (self.scenes, f"scenes and mixes unused for {scene_days:g} days"),
            (self.finals, f"finished files {final_days:g} days after their read-back or end"),
            (self.unnamed, f"files older than {scene_days:g} days that nothing names"),
        )
        verb = "would free" if dry_run else "freed"
        said = [f"{verb} {self.size_bytes / 1_000_000:,.1f} MB"]
        said += [f"  {len(refs)} {what}: {_size(refs) / 1_000_000:,.1f} MB" for refs, what in parts if refs]
        said += [f"  and {self.events} events past the days that they are kept"] * bool(self.events)
        return said + [f"  and {self.answers} answers kept for repeated requests"] * bool(self.answers)


def _size(refs: Iterable[MediaRef]) -> int:
    return sum(ref.size_bytes for ref in refs)
