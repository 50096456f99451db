"""Fixtures that several stories share."""

from tests.stories.commands import command, state

__all__ = ["command", "state"]
