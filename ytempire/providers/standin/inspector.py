"""The ports `Inspector` and `Aligner` over media that hold nothing to measure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ytempire.production.model import Check, Cue, Word
from ytempire.production.ports import Aligner
from ytempire.production.timeline import Scene, Timeline

_NOT_MEASURED = "a stand-in holds nothing to measure"


class StandInInspector:
    """Measures nothing and says so; what the gate can check without the file, it still does itself."""

    async def inspect(
        self,
        video: Path,  # noqa: ARG002
        *,
        planned: Timeline,  # noqa: ARG002
        starts_s: Sequence[float],  # noqa: ARG002
        cues: Sequence[Cue],  # noqa: ARG002
        aligner: Aligner | None,  # noqa: ARG002
    ) -> list[Check]:
        """One check, not measured."""
        return [Check("the finished file", "", "", None, _NOT_MEASURED)]

    async def inspect_thumbnail(self, image: Path, scene: Scene) -> list[Check]:  # noqa: ARG002
        """One check, not measured."""
        return [Check("the thumbnail", "", "", None, _NOT_MEASURED)]


class StandInAligner:
    """Hears nothing, so word times are shared out by characters."""

    async def align(
        self,
        wav: Path,  # noqa: ARG002
        sentences: Sequence[tuple[float, float, Sequence[str]]],
    ) -> list[list[Word | None]]:
        """None for every token."""
        return [[None] * len(tokens) for _, _, tokens in sentences]
