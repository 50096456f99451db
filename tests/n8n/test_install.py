"""What installs n8n, without installing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil

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
