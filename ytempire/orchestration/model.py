"""The nouns of driving: what may happen to a step that failed, what a person's retry does."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.production.model import StepName


@dataclass(frozen=True)
class Retry:
    """Try the step again after a while."""

    after_s: float


@dataclass(frozen=True)
class Defer:
    """Nothing is wrong with the video: it goes on when the day's money or quota is there again."""

    after_s: float
    reason: str


@dataclass(frozen=True)
class Wait:
    """A person decides."""

    reason: str


@dataclass(frozen=True)
class Cancel:
    """A rule ends the video."""

    reason: str


@dataclass(frozen=True)
class Fail:
    """The step can't be done; a person mends the cause and retries."""

    reason: str


@dataclass(frozen=True)
class Keep:
    """The video stays published as it is."""

    reason: str


@dataclass(frozen=True)
class RetryPlan:
    """What a person's retry does, in steps and micro-dollars."""

    begins: StepName
    """The first step that is made; after it follows whatever depends on it."""
    remake: StepName | None
    """Its result is at fault, or unwanted: made anew although it, or parts of it, stand recorded. None: just go on."""
    kept: tuple[StepName, ...]
    """Steps before `begins`, whose results are used again."""
    kept_microusd: int
    """What those cost: not paid again."""
    again_microusd: int
    """What `begins` and later steps cost so far: about the most that making them anew costs."""


Outcome = Retry | Defer | Wait | Cancel | Fail | Keep
