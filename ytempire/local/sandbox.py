"""The stand-in vendors as one more embedded service of this machine, shared by all commands on one state folder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import YtempireError
from ytempire.local import addresses
from ytempire.local.folder import make_folder, open_log
from ytempire.local.tied import end, start_tied

_START_WITHIN_S = 60.0


class SandboxFailed(YtempireError):  # noqa: N818
    """The sandbox did not come up; the message carries the end of its log."""

    code = "sandbox_failed"


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox."""

    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Clean stop."""
        end(self.process)


def sandbox_url(port: int) -> str:
    """Its address."""
    return f"http://{addresses.LOOPBACK}:{port}"


def start_sandbox(state_dir: Path, *, port: int = 0) -> Sandbox:
    """Start `python -m sandbox` with its books below `state_dir/sandbox`. `port` 0 picks a free one."""
    if port:
        addresses.require_free(port, what="the sandbox", field="port")
    home = make_folder(make_folder(state_dir) / "sandbox")
    port_file = home / "address.json"
    port_file.unlink(missing_ok=True)
    with open_log(state_dir, "sandbox") as log:
        log_file, before = Path(log.name), log.tell()
        process = start_tied(
            [
                sys.executable, "-m", "sandbox", "--state", (home / "books").resolve(),
                "--port", str(port), "--port-file", port_file.resolve(),
            ],
            output=log, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    deadline = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        if port_file.exists():
            url = str(json.loads(port_file.read_text())["url"])
            return Sandbox(int(url.rsplit(":", 1)[1]), process)
        time.sleep(0.02)
    end(process, within_s=5)
    with log_file.open("rb") as log:
        log.seek(before)
        tail = "\n".join(log.read().decode(errors="replace").strip().splitlines()[-8:])
    raise SandboxFailed(
        f"the sandbox did not start:\n{tail}", fix="The whole log: logs/sandbox.log in the state folder."
    )
