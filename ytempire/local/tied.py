"""Child processes tied to the life of this one: whatever ends us, SIGKILL included, ends them.

Linux sends a child its "parent death signal" (prctl(2), PR_SET_PDEATHSIG). It is set by a small program that then
becomes the child, because `preexec_fn` is unsafe beside threads. It also drops root, after which the kernel would
have forgotten the signal. Two facts to know: the "parent" is the *thread* that started the child, so start children
from one that lives as long as they may; and a child gets a session of its own, so that Ctrl-C in a terminal reaches
only us and we stop our children in order. One that has nothing to stop in order keeps ours.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from ytempire.local.account import Account

_BECOME = """
import ctypes, os, sys
parent, death_signal, uid, gid = map(int, sys.argv[1:5])
library = ctypes.CDLL(None)
if uid >= 0:
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
if sys.platform == "linux":
    library.prctl(1, death_signal)
if os.getppid() != parent:
    sys.exit("the parent ended first")
os.execv(sys.argv[5], sys.argv[5:])
"""


def start_tied(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    cwd: Path = Path("/"),
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start `command` (its first part an absolute path) tied to this thread's life; both its outputs go to `output`.

    With `subprocess.PIPE` they are read from the process's `stdout`.
    """
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    return subprocess.Popen(
        [
            sys.executable, "-I", "-S", "-c", _BECOME, str(os.getpid()), str(int(death_signal)), str(uid), str(gid),
            *map(str, command),
        ],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
        pass_fds=pass_fds,
        start_new_session=own_session,
    )  # fmt: skip


def end(process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, within_s: float = 30) -> None:
    """Ask a child to stop, wait for it, and kill it if it does not."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(within_s)
