"""Media files, stored under the hash of their content: the same bytes are kept once and never change.

The interface is small so that an object store can take its place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from ytempire.kit.errors import NotFound, StorageFull, YtempireError

_DIGITS = 64
_STORED = re.compile(r"[0-9a-f]{64}(\..*)?")


class MediaDamaged(YtempireError):  # noqa: N818
    """A file's content is another than its name says."""

    code = "media_damaged"


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

    def refs(self) -> Iterator[MediaRef]:
        """Every stored file."""
        ...

    def remove(self, ref: MediaRef) -> None:
        """Delete a file; one that is gone already is fine."""
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

    def take_from(self, other: LocalMediaStore, ref: MediaRef, *, link: bool) -> None:
        """Take a file over from another store, its content checked on the way.

        `link` shares the file itself where both stores lie on one disk, which takes no space. Raises NotFound if it is
        gone, MediaDamaged if its content is another than its name says.
        """
        source, target = other.path(ref), self._place(ref)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with source.open("rb") as file, _whole_or_not(target) as copy:
                shared = link and _linked(file, Path(copy.name))
                while piece := file.read(1 << 20):
                    digest.update(piece)
                    if not shared:
                        copy.write(piece)
                if digest.hexdigest() != ref.sha256:
                    raise MediaDamaged(f"media file {source} is not what it was when it was stored")
        except OSError as error:
            raise _named(error) from error

    def refs(self) -> Iterator[MediaRef]:
        """Every stored file; see MediaStore."""
        for file in sorted(self.root.glob("[0-9a-f][0-9a-f]/*")):
            with suppress(FileNotFoundError):
                if _STORED.fullmatch(file.name):
                    yield MediaRef(file.name[:_DIGITS], file.stat().st_size, file.name[_DIGITS:])

    def remove(self, ref: MediaRef) -> None:
        """Delete a file; see MediaStore."""
        self._place(ref).unlink(missing_ok=True)

    def written_at(self, ref: MediaRef) -> datetime | None:
        """When the file was stored; None if it is gone."""
        try:
            return datetime.fromtimestamp(self._place(ref).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

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


def _linked(source: IO[bytes], target: Path) -> bool:
    """Whether the empty file `target` could be replaced by a link to the source: not across disks, nor everywhere."""
    beside = target.with_name(f"{target.name}.link")
    try:
        os.link(source.name, beside)
    except OSError:
        return False
    beside.replace(target)
    return True


@contextmanager
def _whole_or_not(target: Path) -> Iterator[IO[bytes]]:
    """A file beside the target that takes its name once it is written, and is gone if that fails."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        os.close(handle)
        with Path(name).open("wb") as file:
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
