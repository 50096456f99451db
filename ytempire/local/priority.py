"""How a process lets others go first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

NICE = 10


def give_way() -> None:
    """From here on this process and its children get what others leave of the CPU.

    Where Linux groups processes by session (sched_autogroup, see sched(7)) a nice value counts within its session only,
    so the session's own is set as well; the process should have one of its own.
    """
    os.nice(NICE)
    with suppress(OSError):  # no autogroups here
        Path("/proc/self/autogroup").write_text(str(NICE), "ascii")
