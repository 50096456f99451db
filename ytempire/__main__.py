"""The door: bootstrap builds everything, the command line is handed its callables."""

from __future__ import annotations

import sys

from ytempire.bootstrap import door
from ytempire.cli import run


def main() -> None:
    """Run one command of the command line."""
    sys.exit(run(door()))


if __name__ == "__main__":
    main()
