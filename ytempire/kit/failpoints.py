"""Named points where a crash test kills this very process with SIGKILL.

A promise such as "nothing is paid twice whatever dies when" can only be tested by dying at each point of interest.
`YTEMPIRE_FAILPOINT=voice.after_call` kills at that point (`…:3` at its third passing). Unset, a point costs one
dictionary look-up. The idea is that of TiKV's and FreeBSD's fail points.
"""

from __future__ import annotations

import os
import signal

_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if the environment says so."""
    wanted = os.environ.get("YTEMPIRE_FAILPOINT")
    if not wanted:
        return
    point, _, nth = wanted.partition(":")
    if point != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
