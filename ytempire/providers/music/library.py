"""28 tracks of five moods from the package immich-memories-music.

Made by its authors with ACE-Step 1.5, MIT licence, no attribution asked for (LICENSE-MUSIC in the package).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from immich_memories_music import tracks_dir

from ytempire.kit.errors import NotFound


class Music:
    """Tracks by mood: calm, energetic, happy, nostalgic, tender."""

    @cached_property
    def _files(self) -> dict[str, Path]:
        """`calm/calm_acoustic_1` → its file."""
        root = tracks_dir()
        return {f"{file.parent.name}/{file.stem}": file for file in sorted(root.glob("*/*.opus"))}

    def moods(self) -> Sequence[str]:
        """The moods there are."""
        return sorted({name.partition("/")[0] for name in self._files})

    def tracks(self, mood: str) -> Sequence[str]:
        """Names of the tracks of a mood; all of them if the mood is unknown."""
        of_mood = [name for name in self._files if name.partition("/")[0] == mood]
        return of_mood or list(self._files)

    def path(self, name: str) -> Path:
        """A track's file. Raises NotFound."""
        file = self._files.get(name)
        if file is None:
            raise NotFound(f"there is no music {name!r}", field="music", fix=f"Choose one of {', '.join(self._files)}.")
        return file
