"""The state folder: made with clear errors, its secrets in files of mode 0600, its logs kept short."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path
from typing import IO

from ytempire.kit.errors import BadInput, StorageFull, YtempireError

_LOG_LIMIT_BYTES = 10_000_000


PASSABLE = 0o711
"""For what a service of another account lies below: it may enter, nobody may list. What is private lies in its own."""


def make_state_folder(path: Path) -> Path:
    """The state folder itself, made if needed. One that is there already keeps its mode: it may be the operator's."""
    try:
        path.mkdir(mode=PASSABLE, parents=True, exist_ok=True)
    except OSError as error:
        raise named(error, path) from error
    return _writable(path)


def make_folder(path: Path, mode: int = 0o700) -> Path:
    """A folder below the state folder, made if needed, with this mode. Raises StorageFull or BadInput with the mend.

    One that an earlier version made for all to read is closed; one of another account (a service's data) is its own.
    """
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        there = path.stat()
        if there.st_uid == os.geteuid() and stat.S_IMODE(there.st_mode) != mode:
            path.chmod(mode)
    except OSError as error:
        raise named(error, path) from error
    return _writable(path)


def _writable(path: Path) -> Path:
    if not os.access(path, os.W_OK | os.X_OK):
        raise _unwritable(path)
    return path


def secret_in(file: Path) -> str:
    """The secret kept in this file, made on first use; only this account can read it."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        kept = file.read_text().strip()
        if kept:
            return kept
        file.unlink()  # left empty by a crash between making and writing it: nothing was protected by it yet
        return secret_in(file)
    except OSError as error:
        raise named(error, file) from error
    value = secrets.token_urlsafe(24)
    with os.fdopen(handle, "w") as out:
        out.write(value)
    return value


def open_log(folder: Path, name: str) -> IO[bytes]:
    """`logs/NAME.log`, opened for appending; one older part of 10 MB is kept as `NAME.log.1`."""
    file = make_folder(folder / "logs") / f"{name}.log"
    try:
        if file.exists() and file.stat().st_size > _LOG_LIMIT_BYTES:
            file.replace(file.with_suffix(".log.1"))
        return file.open("ab")
    except OSError as error:
        raise named(error, file) from error


def named(error: OSError, path: Path) -> YtempireError:
    """The same trouble in words that name the folder and the mend."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(path)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return _unwritable(path)
    return BadInput(
        f"the state folder can't be used: {path}: {error.strerror}",
        field="YTEMPIRE_STATE_DIR",
        fix="Name a folder that can be made and written.",
    )


def disk_full(path: Path) -> StorageFull:
    """No space left where this path lies."""
    return StorageFull(
        f"the disk is full: nothing more can be written to {path}",
        fix="Free some disk, or set YTEMPIRE_STATE_DIR to a folder on a larger one.",
    )


def _unwritable(path: Path) -> BadInput:
    return BadInput(
        f"{path} can't be written by this account",
        field="YTEMPIRE_STATE_DIR",
        fix="Name a folder that this account owns, or change the folder's owner.",
    )
