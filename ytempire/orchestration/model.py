"""The nouns of driving: what may happen to a step that failed."""

from __future__ import annotations

from dataclasses import dataclass


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


Outcome = Retry | Defer | Wait | Cancel | Fail | Keep
