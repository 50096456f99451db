"""The nouns of a report: what became of a simulation, and day by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ytempire.ledger import Policy
from ytempire.orchestration.simulation.model import Wishes


@dataclass(frozen=True)
class Day:
    """One UTC day of the series."""

    day: str
    published: int
    microusd: int
    units: int
    uploads: int
    """Units and uploads of the Pacific day of the same date."""


@dataclass
class Report:
    """What became of it. Money in micro-dollars."""

    wishes: Wishes
    policy: Policy
    """The caps that were promised."""
    videos: dict[str, int] = field(default_factory=dict)
    """By state."""
    reasons: list[tuple[str, str, int]] = field(default_factory=list)
    """(state, reason, videos) of what failed or was cancelled."""
    published_by_user: list[int] = field(default_factory=list)
    rotation_difference: int = 0
    """Most: by how many videos a user's channel served most is ahead of the one served least."""
    slots: dict[str, int] = field(default_factory=dict)
    plan: str = ""
    """Hash of who was served when on which channel: the same for the same wishes."""
    not_served: dict[str, int] = field(default_factory=dict)
    """Slots without a video, by why."""
    longest_slot_wait_s: float = 0.0
    longest_video_wait_s: float = 0.0
    """From order to publication, of those that waited for no review."""
    total_microusd: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    held_by_category: dict[str, int] = field(default_factory=dict)
    """Set aside for calls that were under way at the end, whether or not their vendor has billed them."""
    max_day_microusd: int = 0
    max_video_microusd: int = 0
    overrun_microusd: int = 0
    held_microusd: int = 0
    peaks: dict[str, int] = field(default_factory=dict)
    """Most that any budget of a kind ever had held and spent together."""
    max_day: dict[str, int] = field(default_factory=dict)
    """YouTube's buckets, as our ledger counted."""
    quota_days: dict[tuple[str, str], int] = field(default_factory=dict)
    """By bucket and Pacific day, as our ledger counted."""
    quota_held: dict[tuple[str, str], int] = field(default_factory=dict)
    """The same of what was set aside for calls that were under way at the end."""
    unheld_units: int = 0
    """What the sandbox counted on any day beyond that: calls that nobody held."""
    max_day_at_vendor: dict[str, int] = field(default_factory=dict)
    """The same as the sandbox counted."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    bills_microusd: dict[str, int] = field(default_factory=dict)
    caches: dict[str, tuple[int, int]] = field(default_factory=dict)
    """(hits, look-ups) by namespace."""
    unknown_calls: int = 0
    paid_twice: int = 0
    uploads: int = 0
    uploaded_twice: int = 0
    by_creator: int = 0
    steps_again: int = 0
    alerts: dict[str, int] = field(default_factory=dict)
    faults_struck: dict[str, int] = field(default_factory=dict)
    vendor_calls: int = 0
    acted: dict[str, int] = field(default_factory=dict)
    expired_holds: int = 0
    lost: int = 0
    audit: list[str] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    reached: str = ""

    @property
    def published(self) -> int:
        """Videos that stand on the platform."""
        return self.videos.get("published", 0)

    @property
    def ordered(self) -> int:
        """Videos that a slot was claimed for."""
        return sum(self.videos.values())
