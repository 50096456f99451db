"""What drives videos, put together once by bootstrap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ytempire.channels.ports import FeedReader
from ytempire.kit.live import Live
from ytempire.orchestration.ports import Teller, VendorRelay
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
    teller: Teller | None = None
    """Tells another driver what became of the steps that it asked for; None: nobody else drives."""
    runs_at_once: int = 20
    """Of all users, led by another driver."""
    silent_after_s: float = 900.0
    """Another driver that neither asks nor waits for so long loses its video to ours."""
    others_first_s: float = 1800.0
    """How long a slot lies for another driver that asks for work before ours takes it."""
    feeds: FeedReader | None = None
    """Reads a channel's feeds before its topic is proposed from them; None: they stay as they are."""
    relays: Mapping[str, VendorRelay] = field(default_factory=dict)
    """By vendor: what makes another driver's calls."""
