"""Whether a machine has the memory for one more heavy piece of work, and who began one lately."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ytempire.kit.clock import stopwatch_s
from ytempire.kit.errors import MemoryLow

_YOUNG_S = 20.0
"""So long after its beginning a piece of work is not counted in what the machine reports as taken."""
_CGROUP = Path("/sys/fs/cgroup")


def free_memory_bytes(cgroup: Path = _CGROUP) -> int:
    """What can be taken without swapping: of the machine, or of the container if that has less."""
    machine = int(psutil.virtual_memory().available)
    try:
        most = (cgroup / "memory.max").read_text().strip()
        if most == "max":
            return machine
        taken = int((cgroup / "memory.current").read_text())
        told = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # no container, or an older kind of one
        return machine
    return min(machine, int(most) - taken + int(told.get("inactive_file", 0)))


@dataclass
class Room:
    """Lets work begin while `floor_bytes` stay free beside the `each_bytes` that one takes."""

    floor_bytes: int
    each_bytes: int
    free_bytes: Callable[[], int] = free_memory_bytes
    _begun: list[float] = field(default_factory=list)

    def enter(self) -> None:
        """Note that one begins. Raises MemoryLow, and then nothing is noted."""
        now = stopwatch_s()
        self._begun = [began for began in self._begun if now - began < _YOUNG_S]
        free = self.free_bytes() - len(self._begun) * self.each_bytes
        if free < self.floor_bytes + self.each_bytes:
            raise MemoryLow(
                f"{max(0, free) // 1_000_000} MB of memory are free, a render takes"
                f" {self.each_bytes // 1_000_000} MB and {self.floor_bytes // 1_000_000} MB stay free",
                fix="It begins when others have ended; lower YTEMPIRE_MEMORY_FLOOR_BYTES if this goes on.",
            )
        self._begun.append(now)
