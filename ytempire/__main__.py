"""The door: bootstrap builds everything, the command line is handed its callables."""

from __future__ import annotations

import signal
import sys

from ytempire.bootstrap import door
from ytempire.cli import run
from ytempire.kit.logs import log_for_people


def main() -> None:
    """Run one command of the command line; a supervisor's SIGTERM ends it as Ctrl-C does, in order."""
    log_for_people()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    sys.exit(run(door()))


if __name__ == "__main__":
    main()
