"""Runs ffmpeg: niced, limited, watched, and dead when it should be.

ffmpeg never sees a user's text: files are known to it by names of ours inside a scratch folder, and words stand in
ASS files. `protocol_whitelist` keeps it from the network whatever a playlist asks for.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from ytempire.kit.errors import RenderFailed, StorageFull

NICE = 19
TAIL_BYTES = 64_000
CONFINE = Path(__file__).with_name("confine.py")


@dataclass(frozen=True)
class Limits:
    """What one ffmpeg may take."""

    deadline_s: float
    cpu_s: int
    memory_bytes: int = 1_500_000_000
    file_bytes: int = 20_000_000_000


@dataclass(frozen=True)
class Ended:
    """How an ffmpeg ended: `code` as the shell counts (negative: signal), CPU in seconds, the end of what it said."""

    code: int
    cpu_s: float
    said: str


def ffmpeg_path() -> str:
    """The static ffmpeg that comes with imageio-ffmpeg, or the one that IMAGEIO_FFMPEG_EXE names.

    Found by its place: the package's own look-up runs it first, and remembers for good if that one run was killed.
    """
    named = os.environ.get("IMAGEIO_FFMPEG_EXE")
    if named:
        return named
    binaries = sorted((Path(imageio_ffmpeg.__file__).parent / "binaries").glob("ffmpeg-*"))
    return str(binaries[0]) if binaries else str(imageio_ffmpeg.get_ffmpeg_exe())


async def run(arguments: Sequence[str], *, cwd: Path, limits: Limits, what: str, allow_failure: bool = False) -> Ended:
    """Run ffmpeg in `cwd`, which holds all files it names.

    Raises RenderFailed naming the cause (`what` says what was being made), StorageFull if the disk is full. Cancelling
    kills the process and waits for it. With `allow_failure` a non-zero exit is returned instead.
    """
    fixed = ("-hide_banner", "-nostdin", "-y", "-protocol_whitelist", "file,pipe")
    ended = await _confined([ffmpeg_path(), *fixed, *arguments], cwd=cwd, limits=limits, what=what)
    if ended.code != 0 and not allow_failure:
        raise explained(ended, what=what, limits=limits)
    return ended


async def run_script(arguments: Sequence[str], *, cwd: Path, limits: Limits, what: str) -> Ended:
    """Run a Python script of ours under the same limits; whatever it prints is in `said`."""
    try:
        return await _confined([sys.executable, "-I", *arguments], cwd=cwd, limits=limits, what=what)
    except RenderFailed as error:  # its deadline
        return Ended(-signal.SIGKILL, 0.0, str(error))


async def _confined(program: Sequence[str], *, cwd: Path, limits: Limits, what: str) -> Ended:
    command = [
        *(sys.executable, "-I", "-S", str(CONFINE), str(os.getpid())),
        *(str(NICE), str(limits.memory_bytes), str(limits.cpu_s), str(limits.file_bytes)),
        *program,
    ]
    read_end, write_end = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: ASYNC220 - vfork and exec; waited for below through its pidfd
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=write_end, stderr=write_end
        )
    except OSError:
        os.close(read_end)
        raise
    finally:
        os.close(write_end)
    tail = bytearray()
    stop_reading = _collect(read_end, tail)
    try:
        async with asyncio.timeout(limits.deadline_s):
            code, cpu_s = await _wait(process)
    except TimeoutError:
        raise RenderFailed(
            f"{what} took longer than {limits.deadline_s:.0f} s and was stopped",
            fix="The machine may be overloaded; try again, or lower YTEMPIRE_RENDER_PROCESSES.",
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            _reap(process, 0)
        stop_reading()
    return Ended(code, cpu_s, tail.decode("utf-8", "replace"))


def explained(ended: Ended, *, what: str, limits: Limits) -> RenderFailed | StorageFull:
    """The error that a failed ffmpeg means, in plain words."""
    code, said = ended.code, ended.said
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return StorageFull(
            f"the disk is full: {what} could not be written", fix="Free some disk and run the same command again."
        )
    if code == -signal.SIGXCPU or ended.cpu_s >= limits.cpu_s:  # ffmpeg takes the signal as a wish to stop
        cause = f"it used more than {limits.cpu_s} s of CPU"
    elif code == -signal.SIGKILL:
        cause = "it was killed by signal 9 (by the system for want of memory, or by an operator)"
    elif code < 0:
        cause = f"it was killed by signal {-code} ({signal.Signals(-code).name})"
    elif "Cannot allocate memory" in said:
        cause = f"it needed more than {limits.memory_bytes // 1_000_000} MB of memory"
    else:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        cause = f"ffmpeg ended with code {code}: {' / '.join(lines[-3:])[:400] or 'it said nothing'}"
    return RenderFailed(f"{what} failed: {cause}", fix="Run the same command again: finished scenes are kept.")


def _collect(read_end: int, tail: bytearray) -> Callable[[], None]:
    """Keep the last TAIL_BYTES of a pipe; the returned function takes what is left and closes it."""
    os.set_blocking(read_end, False)
    loop = asyncio.get_running_loop()

    def take() -> bool:
        try:
            chunk = os.read(read_end, 65536)
        except BlockingIOError:
            return False
        tail.extend(chunk)
        del tail[:-TAIL_BYTES]
        if not chunk:
            loop.remove_reader(read_end)
        return bool(chunk)

    def stop() -> None:
        while take():
            pass
        loop.remove_reader(read_end)
        os.close(read_end)

    loop.add_reader(read_end, take)
    return stop


async def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Exit code and CPU seconds, without a thread where the system has pidfds."""
    if not hasattr(os, "pidfd_open"):
        while True:
            ended = _reap(process, os.WNOHANG)
            if ended:
                return ended
            await asyncio.sleep(0.02)
    loop = asyncio.get_running_loop()
    descriptor = os.pidfd_open(process.pid)
    over: asyncio.Future[None] = loop.create_future()

    def ended_now() -> None:
        if not over.done():
            over.set_result(None)

    loop.add_reader(descriptor, ended_now)
    try:
        await over
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    ended = _reap(process, 0)
    if ended is None:
        raise RuntimeError("the process had been waited for elsewhere")
    return ended


def _reap(process: subprocess.Popen[bytes], flags: int) -> tuple[int, float] | None:
    """wait4 by pid: the only wait that tells one child's CPU."""
    with contextlib.suppress(ChildProcessError):
        pid, status, usage = os.wait4(process.pid, flags)
        if pid == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime
    return None
