"""The command line: one file per family of commands, all over the same door."""

from ytempire.cli.app import run

__all__ = ["run"]
