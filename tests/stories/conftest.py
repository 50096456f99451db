"""Fixtures that several stories share."""

from tests.stories.commands import command, state
from tests.stories.publishing_stage import film, sandbox, sandbox_process, stage

__all__ = ["command", "film", "sandbox", "sandbox_process", "stage", "state"]
