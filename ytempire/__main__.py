"""The door: bootstrap builds everything, the command line is handed its callables."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from ytempire.bootstrap import door
from ytempire.cli import run
from ytempire.kit.logs import log_for_people


def main() -> None:
    """Run one command of the command line; a supervisor's SIGTERM ends it as Ctrl-C does, in order."""
    log_for_people()
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(door()))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell's background job: asyncio has no handler there
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
