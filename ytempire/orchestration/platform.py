"""What drives videos, put together once by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.channels.ports import FeedReader
from ytempire.kit.live import Live
from ytempire.orchestration.queue import Queue
from ytempire.production.step import Step, Tools
from ytempire.webhooks import Courier


@dataclass(frozen=True)
class Platform:
    """The tools of production, the list of steps, the queue and the live values."""

    tools: Tools
    steps: tuple[Step, ...]
    queue: Queue
    live: Live
    rehearsal: bool
    courier: Courier | None = None
    """Tells webhooks of events."""
    feeds: FeedReader | None = None
    """Reads a channel's feeds before its topic is proposed from them; None: they stay as they are."""
