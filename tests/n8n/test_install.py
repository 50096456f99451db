"""What installs n8n, without installing it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ytempire.local.n8n.install import Installed, InstallerSilent, Progress, run_npm

_INSTALLER = """
import sys
from pathlib import Path
from ytempire.local.n8n.install import Installed, run_npm
at = Installed(node=Path("/bin/sh"), npm=Path(sys.argv[1]), n8n=Path("/"), version="1")
run_npm(at, ["install"], cwd=Path("/"), cache=Path("/nonexistent"), seen=lambda line: print(line, end="", flush=True))
"""


def test_a_killed_installer_leaves_no_npm_that_writes_into_the_next_one_s_folder(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("echo $$; exec sleep 60\n")
    with subprocess.Popen([sys.executable, "-c", _INSTALLER, npm], stdout=subprocess.PIPE, text=True) as installer:
        assert installer.stdout
        left = psutil.Process(int(installer.stdout.readline()))
        installer.kill()
    gone, _ = psutil.wait_procs([left], timeout=10)
    assert gone == [left]


def test_an_npm_that_stands_still_is_ended_after_all_its_lines_were_heard(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("echo $$; echo one; printf two; exec sleep 60\n")
    at = Installed(node=Path("/bin/sh"), npm=npm, n8n=Path("/"), version="1")
    heard: list[str] = []
    with pytest.raises(InstallerSilent, match="the installer has said nothing for 1 s"):
        run_npm(at, ["install"], cwd=tmp_path, cache=tmp_path, seen=heard.append, silent_s=1)
    assert heard[1:] == ["one\n"]
    assert not psutil.pid_exists(int(heard[0]))


def test_who_waits_is_told_how_far_it_is_also_while_npm_says_nothing() -> None:
    said: list[str] = []
    progress = Progress(3, said.append, every_s=0.2)
    with progress.told():
        while not said:
            time.sleep(0.01)
        progress.line("npm http fetch GET 200 http://registry/a.tgz 20ms (cache miss)")
        while "unpacking" not in said[-1]:
            time.sleep(0.01)
    assert said[0] == "  0 of 3 packages fetched"
    assert said[-1] == "  1 of 3 packages fetched; unpacking them"
