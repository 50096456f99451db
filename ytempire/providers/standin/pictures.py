"""The port `PictureLibrary` without meaning: some picture for every idea, the same one for the same words."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from pathlib import Path

from ytempire.production.ports import PictureChoice

_MANY = 4_000
"""About as many as the real library has, so that neighbours seldom ask for the same."""
_SQUARE = "m 0 0 l 256 0 l 256 256 l 0 256"
_SCORE = 0.8


class StandInPictures:
    """Squares: comparing an idea with thousands of pictures takes longer than all a simulated video's steps."""

    def find(self, idea: str, *, avoid: Collection[str] = (), limit: int = 5, kind: str = "") -> list[PictureChoice]:  # noqa: ARG002
        """As many as wanted, none of those used lately; nothing for nothing."""
        if not idea.strip():
            return []
        first = zlib.crc32(idea.encode())
        named = (f"icon:stand-in-{(first + turn) % _MANY}" for turn in range(limit + len(avoid)))
        return [PictureChoice(name, _SCORE, "") for name in named if name not in avoid][:limit]

    def path(self, name: str, size_px: float) -> str:  # noqa: ARG002
        """A square."""
        side = f"{size_px:.1f}"
        return f"m 0 0 l {side} 0 l {side} {side} l 0 {side}"

    def icon(self, name: str) -> tuple[str, str]:  # noqa: ARG002
        """A square in two tones."""
        return _SQUARE, _SQUARE

    def raster(self, name: str) -> Path:
        """None is ever chosen. Raises KeyError."""
        raise KeyError(name)
