"""The finished file's copy in the creator's folder: whole or not there, and known to be possible before work begins."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from ytempire.kit.errors import BadInput, YtempireError


class CopyFailed(YtempireError):  # noqa: N818
    """The video is finished and kept, only its copy could not be written."""

    code = "copy_failed"


def require_writable(out: Path) -> None:
    """Raise BadInput if no video can be put there; the folder is made."""
    folder = out.parent if _names_a_file(out) else out
    probe = folder / f".ytempire-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadInput(
            f"{folder} can't be written: {error.strerror}", field="out", fix="Name another folder with --out."
        ) from error


def copy_out(made: Path, out: Path, name: str) -> Path:
    """Copy the file to `out`, which is a folder or the name of an .mp4 file. Raises CopyFailed; leaves no half file."""
    target = out if _names_a_file(out) else out / name
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, half)
        half.replace(target)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise CopyFailed(
            f"the video is finished, but can't be copied to {target}: {error.strerror}",
            field="out",
            fix=f"It is kept as {made}.",
        ) from error
    except BaseException:  # Ctrl-C in the middle of the copy
        half.unlink(missing_ok=True)
        raise
    return target.resolve()


def _names_a_file(out: Path) -> bool:
    return out.suffix.lower() == ".mp4" and not out.is_dir()
