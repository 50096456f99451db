"""What a simulation needs from outside, in its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.orchestration.simulation.model import Fault, Job


class StandInVendors(Protocol):
    """The vendors' side of the stage: their time, their faults, their books."""

    async def set_clock(self, at: datetime) -> None:
        """Stand still at this instant."""
        ...

    async def strike(self, faults: Sequence[Fault], *, seed: int) -> None:
        """Let these faults strike, by a die that begins at `seed`."""
        ...

    async def struck(self) -> dict[str, int]:
        """How often each kind of fault struck so far."""
        ...

    async def books(self, marker: str) -> dict[str, Any]:
        """Bills, quota and effects; uploads that share a tag with this beginning count as one video twice."""
        ...


class Hands(Protocol):
    """Those who drive videos: any number of processes, each with a platform of its own."""

    async def drive(self, jobs: Sequence[Job], at: datetime) -> list[Job]:
        """Drive each at this instant as far as its queue goes; returns the jobs that came of it."""
        ...


ChannelsOf = Callable[[UUID, int], Sequence[Channel]]
"""(user, how many): the channels of a new user, with sources and backlog, not yet stored."""
SignIn = Callable[[Channel], Awaitable[object]]
"""Connects a stored channel to the stand-in of the video platform."""
