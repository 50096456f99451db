"""A process that gives way, and its children, stand behind the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ytempire.local.priority import NICE

TOLD = """
import os, subprocess
from ytempire.local.priority import give_way
give_way()
print(subprocess.run(["nice"], capture_output=True, text=True, check=True).stdout.strip())
print(open("/proc/self/autogroup").read().strip() if os.path.exists("/proc/self/autogroup") else "none")
"""


def test_who_gives_way_takes_its_children_along() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", TOLD],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )
    nice, group = ran.stdout.splitlines()
    assert int(nice) == NICE
    assert group == "none" or group.endswith(f"nice {NICE}")
