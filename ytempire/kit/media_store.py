"""Media files, stored under the hash of their content: the same bytes are kept once and never change.

The interface is small so that an object store can take its place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from ytempire.kit.errors import NotFound, StorageFull


@dataclass(frozen=True)
class MediaRef:
    """One stored file: `sha256` in hex, `size_bytes`, `suffix` with its dot (`.mp4`)."""

    sha256: str
    size_bytes: int
    suffix: str


class MediaStore(Protocol):
    """Where media live."""

    def put(self, source: Path, *, move: bool = False) -> MediaRef:
        """Store a file (moved there if `move`), atomically; storing the same bytes again is free."""
        ...

    def put_bytes(self, data: bytes, suffix: str) -> MediaRef:
        """Store bytes."""
        ...

    def path(self, ref: MediaRef) -> Path:
        """A readable local path. Raises NotFound if the file is gone."""
        ...

    def has(self, ref: MediaRef) -> bool:
        """Whether the file is there, whole."""
        ...

    def free_bytes(self) -> int:
        """Free disk."""
        ...


class LocalMediaStore:
    """Media below one local folder: `ab/abcdef….mp4`."""

    def __init__(self, root: Path, *, floor_bytes: int = 2_000_000_000) -> None:
        self.root = root
        self.floor_bytes = floor_bytes

    def put(self, source: Path, *, move: bool = False) -> MediaRef:
        """Store a file; see MediaStore."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        ref = MediaRef(digest, source.stat().st_size, source.suffix.lower())
        # What is moved here was just made: it takes the place of its namesake, which may be damaged.
        if self.has(ref) and not move:
            return ref
        target = self._place(ref)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if move and source.stat().st_dev == target.parent.stat().st_dev:
                source.replace(target)
                return ref
            with source.open("rb") as file, _whole_or_not(target) as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
        except OSError as error:
            raise _named(error) from error
        if move:
            source.unlink()
        return ref

    def put_bytes(self, data: bytes, suffix: str) -> MediaRef:
        """Store bytes; see MediaStore."""
        ref = MediaRef(hashlib.sha256(data).hexdigest(), len(data), suffix)
        if self.has(ref):
            return ref
        target = self._place(ref)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _whole_or_not(target) as file:
                file.write(data)
        except OSError as error:
            raise _named(error) from error
        return ref

    def path(self, ref: MediaRef) -> Path:
        """The file's path; see MediaStore."""
        if not self.has(ref):
            raise NotFound(
                f"media file {ref.sha256[:12]}{ref.suffix} is not in the store",
                fix="Run the step that makes it again.",
            )
        return self._place(ref)

    def has(self, ref: MediaRef) -> bool:
        """Whether a file of this hash and this size is there."""
        try:
            return self._place(ref).stat().st_size == ref.size_bytes
        except FileNotFoundError:
            return False

    def free_bytes(self) -> int:
        """Free disk below the root."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def require_space(self) -> None:
        """Raise StorageFull if free disk is below the floor."""
        free = self.free_bytes()
        if free < self.floor_bytes:
            raise StorageFull(
                f"{free // 1_000_000} MB of disk are free, the floor is {self.floor_bytes // 1_000_000} MB",
                fix="Free some disk, or lower YTEMPIRE_DISK_FLOOR_BYTES.",
            )

    def _place(self, ref: MediaRef) -> Path:
        return self.root / ref.sha256[:2] / f"{ref.sha256}{ref.suffix}"


@contextmanager
def _whole_or_not(target: Path) -> Iterator[IO[bytes]]:
    """A file beside the target that takes its name once it is written, and is gone if that fails."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _named(error: OSError) -> Exception:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageFull(
            f"the disk is full: {os.strerror(error.errno)}", fix="Free some disk and run the same command again."
        )
    return error
