"""The stand-in vendors as one more embedded service of this machine, shared by all commands on one state folder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import BadInput, YtempireError
from ytempire.local import addresses
from ytempire.local.folder import make_folder, make_state_folder, open_log
from ytempire.local.tied import end, start_tied

_START_WITHIN_S = 60.0
_PORT_FILE = "last_port"


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
    """Start `python -m sandbox` with its books below `state_dir/sandbox`.

    `port` 0: the one it had before, or a free one.
    """
    home = make_folder(make_state_folder(state_dir) / "sandbox")
    if port:
        addresses.require_free(port, what="the sandbox", field="port")
        return _start(state_dir, home, port)
    former = _former_port(home)
    if former:
        with suppress(SandboxFailed):  # somebody took it in the meantime
            return _start(state_dir, home, former)
    return _start(state_dir, home, 0)


def _former_port(home: Path) -> int:
    """The port it had before, if that is free: addresses of watch pages told earlier stay good. Else 0."""
    try:
        port = int((home / _PORT_FILE).read_text())
        addresses.require_free(port, what="the sandbox", field="port")
    except (OSError, ValueError, OverflowError, BadInput):
        return 0
    return port


def _start(state_dir: Path, home: Path, port: int) -> Sandbox:
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
            at = int(url.rsplit(":", 1)[1])
            with suppress(OSError):  # a convenience: without it the next start picks another
                (home / _PORT_FILE).write_text(f"{at}\n")
            return Sandbox(at, process)
        time.sleep(0.02)
    end(process, within_s=5)
    with log_file.open("rb") as log:
        log.seek(before)
        tail = "\n".join(log.read().decode(errors="replace").strip().splitlines()[-8:])
    raise SandboxFailed(
        f"the sandbox did not start:\n{tail}", fix="The whole log: logs/sandbox.log in the state folder."
    )
