"""The nouns of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from ytempire.production.model import StepName


class RunState(StrEnum):
    """Where a run stands; every state but the first is an end."""

    DRIVING = "driving"
    PUBLISHED = "published"
    IN_REVIEW = "in_review"
    """A person decides; then our own driver goes on."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    TAKEN_OVER = "taken_over"
    """It was silent for too long: our own driver goes on."""


@dataclass(frozen=True)
class Run:
    """Another driver's hold on one video."""

    video_id: UUID
    user_id: UUID
    driver: str
    workflow: str
    execution: str
    state: RunState
    reason: str
    """Why it ended, in plain words."""
    goal: StepName | None
    """The step that was asked for last."""
    goal_reached: bool
    resume_url: str
    tell_at: datetime | None
    told: int
    claimed_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    @property
    def under_way(self) -> bool:
        """Whether our workers are at what was asked for."""
        return self.state is RunState.DRIVING and self.goal is not None and not self.goal_reached


@dataclass(frozen=True)
class ListedRun:
    """A run as the operator's list shows it."""

    video_id: UUID
    user_id: UUID
    driver: str
    workflow: str
    execution: str
    state: RunState
    reason: str
    goal: StepName | None
    claimed_at: datetime
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class RunRate:
    """How a workflow's runs for a user ended."""

    workflow: str
    user_id: UUID
    runs: int
    succeeded: int
    """Published, or waiting for a person as their channel wants it."""
    taken_over: int


@dataclass(frozen=True)
class Report:
    """What a driver says of one of its workflows. `message` and `node` are the driver's own words, and data only."""

    id: str
    event: Literal["run.failed", "run.finished", "workflow.failed"]
    workflow: str
    execution: str
    node: str = ""
    message: str = ""
    video_id: UUID | None = None
