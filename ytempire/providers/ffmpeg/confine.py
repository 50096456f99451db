"""Becomes ffmpeg after putting limits on itself. Run as a script, never imported by the platform.

A small launcher instead of `preexec_fn`: code between fork and exec of a threaded Python may deadlock, and is
deprecated for that reason. It costs about 16 ms of CPU.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """`PARENT_PID NICE MEMORY_BYTES CPU_S FILE_BYTES PROGRAM ARGUMENTS…`."""
    parent, nice, memory, cpu_s, file_bytes = map(int, arguments[:5])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
    os.nice(nice)
    # RLIMIT_AS would count reserved address space of every thread; RLIMIT_DATA counts what may be written.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    os.execv(arguments[5], arguments[5:])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
